// Where changes are judged, properties that name no seed are tried on the same examples each time.
import fc from "fast-check";

if (/^(1|true)$/i.test(process.env["CI"] ?? "")) fc.configureGlobal({ seed: 1 });
