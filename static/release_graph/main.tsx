// Starts the release graph where the release page has a place for it.
import "./release_graph.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { releaseOfPage } from "../shared/release/release";
import { ReleaseGraph } from "./island";

const place = document.getElementById("release-graph");
if (place) {
  createRoot(place).render(
    <StrictMode>
      <ReleaseGraph first={releaseOfPage()} />
    </StrictMode>,
  );
}
