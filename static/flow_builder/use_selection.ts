// Which environments are selected, one as a rule, several to do the same to all; and whose settings are shown.
import { useCallback, useMemo, useState } from "react";

export interface Selection {
  /** The one whose settings are shown and whose lines are marked: the last one chosen. */
  selected: string | undefined;
  /** All of them, in the order of choosing. */
  chosen: readonly string[];
  select: (environment: string | undefined) => void;
  /** Several instead of those before; the last one is the one shown. */
  choose: (environments: readonly string[]) => void;
  /** Into the selection, or out of it. */
  toggle: (environment: string) => void;
  tab: "flow" | "environment";
  setTab: (tab: "flow" | "environment") => void;
}

const NOTHING: readonly string[] = [];

/** Names that the flow no longer has fall out of the selection. */
export function useSelection(names: ReadonlySet<string>): Selection {
  const [wanted, setWanted] = useState<readonly string[]>(NOTHING);
  const chosen = useMemo(() => (wanted.every((name) => names.has(name)) ? wanted : wanted.filter((name) => names.has(name))), [wanted, names]);
  const [tab, setTab] = useState<"flow" | "environment">("flow");
  const choose = useCallback((environments: readonly string[]) => {
    setWanted(environments);
    setTab(environments.length === 0 ? "flow" : "environment");
  }, []);
  const select = useCallback((environment: string | undefined) => choose(environment === undefined ? NOTHING : [environment]), [choose]);
  const toggle = useCallback(
    (environment: string) => choose(chosen.includes(environment) ? chosen.filter((one) => one !== environment) : [...chosen, environment]),
    [choose, chosen],
  );
  return { selected: chosen.at(-1), chosen, select, choose, toggle, tab, setTab };
}
