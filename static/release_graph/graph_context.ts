// What every card needs of the island around it.
import { createContext, use } from "react";
import type { Release } from "../shared/release/release";

export interface GraphContextValue {
  release: Release;
  /** Name of the environment whose panel is open. */
  selected: string | undefined;
  open: (environment: string) => void;
  /** Whether cards keep a row for versions: all of them or none. */
  hasVersions: boolean;
}

const GraphContext = createContext<GraphContextValue | undefined>(undefined);
export const GraphProvider = GraphContext.Provider;

export function useGraph(): GraphContextValue {
  const value = use(GraphContext);
  if (!value) throw new Error("A card stands outside of the release graph.");
  return value;
}
