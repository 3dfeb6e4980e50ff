// Hands a release's states to the chart's nodes and edges, with the time that their durations count to.
import { createContext, use, useMemo, type JSX, type ReactNode } from "react";
import { NowProvider, useTicking } from "../../shared/release/now";
import { isOver } from "../../shared/release/release";
import { isMoving, nodeStates, type EnvironmentState, type NodeStates } from "./node_states";
import type { ShownRelease } from "./use_live_release";

const NONE: NodeStates = new Map();
const StatesContext = createContext<NodeStates>(NONE);

/** Stands around the builder: each tick draws durations alone, the children stay as they are. */
export function LiveProvider({ live, children }: { live: ShownRelease | undefined; children: ReactNode }): JSX.Element {
  const release = live?.release;
  const now = useTicking(release !== undefined && !isOver(release), live?.staleSince?.getTime());
  const states = useMemo(() => (release ? nodeStates(release) : NONE), [release]);
  return (
    <NowProvider value={now}>
      <StatesContext value={states}>{children}</StatesContext>
    </NowProvider>
  );
}

/** Undefined while no release is shown, and where the shown one does not know the environment. */
export const useNodeState = (environment: string): EnvironmentState | undefined => use(StatesContext).get(environment);

export const useIsMoving = (from: string, to: string): boolean => isMoving(use(StatesContext), from, to);

/** Whether a release works on an environment at the moment. */
export function useIsWorking(): (environment: string) => boolean {
  const states = use(StatesContext);
  return (environment) => states.get(environment)?.look.role === "move";
}
