// Builds the browser code: one entry per island and one for every page; never touches templates.
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const ENTRIES = {
  flow_builder: "static/flow_builder/main.tsx",
  release_graph: "static/release_graph/main.tsx",
  site: "static/site/main.ts",
};

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: "/static/dist/",
  plugins: [react()],
  build: {
    outDir: "static/dist",
    manifest: "manifest.json",
    // The Flow Builder loads its editor and chart as one piece: it needs both at once, and the rest later.
    chunkSizeWarningLimit: 680,
    rolldownOptions: {
      input: Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, here(path)])),
    },
  },
  test: {
    include: ["static/**/*.test.ts"],
    setupFiles: ["static/shared/same_examples.setup.ts"],
    environment: "node",
    testTimeout: 60_000,
  },
});
