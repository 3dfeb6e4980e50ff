// What every part of the builder may do: change the flow, select an environment; the parts hold no state of the flow.
import { createContext, useContext } from "react";
import type { Environment } from "../shared/records";
import type { Flow } from "./model/flow";
import type { Perform } from "./text/use_perform";

export interface Builder {
  /** The flow as last read; while the text cannot be read, the last one that could. */
  flow: Flow;
  environments: readonly Environment[] | undefined;
  environmentsError: string | undefined;
  reloadEnvironments: () => void;
  workflows: readonly string[] | undefined;
  /** Whether the change was made; a refusal is shown to the person. */
  perform: Perform;
  /** The one whose settings and lines are shown. */
  selected: string | undefined;
  /** All that are selected, it among them. */
  chosen: readonly string[];
  /** Whose lines the editor's cursor stands in. */
  atCursor: string | undefined;
  select: (environment: string | undefined) => void;
  /** Several instead of those before. */
  choose: (environments: readonly string[]) => void;
  /** Into the selection, or out of it. */
  toggle: (environment: string) => void;
  /** The chart shows a release, which nothing on it changes. */
  releaseShown: boolean;
  /** Asks about dependents first, where there are any. */
  askDelete: (environments: readonly string[]) => void;
}

export const BuilderContext = createContext<Builder | undefined>(undefined);

export function useBuilder(): Builder {
  const builder = useContext(BuilderContext);
  if (!builder) throw new Error("The parts of the builder stand inside it.");
  return builder;
}
