// Starts the release graph where the release page has a place for it.
import "./release_graph.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ReleaseGraph } from "./island";
import { releaseOfPage } from "./release";

const place = document.getElementById("release-graph");
if (place) {
  createRoot(place).render(
    <StrictMode>
      <ReleaseGraph first={releaseOfPage()} />
    </StrictMode>,
  );
}
