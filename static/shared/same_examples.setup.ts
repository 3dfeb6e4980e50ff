// Where changes are judged, properties that name no seed are tried on the same examples each time.
import fc from "fast-check";

if (process.env["CI"] === "true") fc.configureGlobal({ seed: 1 });
