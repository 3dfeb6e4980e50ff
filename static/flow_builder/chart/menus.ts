// Which menu of the chart is open and for what.
import { createContext, useContext } from "react";
import { anchorOf, type Anchor } from "../../shared/popover";
import type { PolicyKey } from "../model/flow";

export type Menu =
  | { kind: "add"; after: string; anchor: Anchor; chosen: readonly string[] }
  /** On which of the arrows to an environment something is added; where only one arrives, there is nothing to choose. */
  | { kind: "arrows"; to: string; anchor: Anchor }
  | { kind: "before"; before: string; anchor: Anchor; chosen: readonly string[] }
  /** `fromMenu`: chosen among the arrows to an environment, not pressed on the arrow. */
  | { kind: "insert"; from: string; to: string; anchor: Anchor; chosen: readonly string[]; fromMenu?: boolean }
  /** What can be done with an environment, by the right button or the menu key; `stop` is around its dock, too. */
  | { kind: "node"; environment: string; anchor: Anchor; stop: Anchor }
  | { kind: "policy"; environment: string; key: PolicyKey; anchor: Anchor };

/** Around an environment of the chart and the dock in front of it. */
export const anchorOfStop = (node: Element): Anchor => anchorOf(node.closest(".stop") ?? node);

/** Where something dragged over the chart would go. */
export type DropTarget = { kind: "after"; environment: string } | { kind: "between"; from: string; to: string };

export interface ChartMenus {
  menu: Menu | undefined;
  open: (menu: Menu) => void;
  drop: DropTarget | undefined;
  /** While a dependency is dragged from an environment: where from, and who cannot wait for that one. */
  dragged: { from: string; refused: ReadonlySet<string> } | undefined;
  /** The chart shows a release: it offers no change. */
  releaseShown: boolean;
  /** The chart is seen from so far that no word on it can be read. */
  isFar: boolean;
  /** `add`: into the selection or out of it, instead of alone. */
  select: (environment: string, add: boolean) => void;
  /** The keys arrived at it. */
  focused: (environment: string) => void;
}

export const ChartMenusContext = createContext<ChartMenus | undefined>(undefined);

export function useChartMenus(): ChartMenus {
  const menus = useContext(ChartMenusContext);
  if (!menus) throw new Error("Menus open inside the chart.");
  return menus;
}
