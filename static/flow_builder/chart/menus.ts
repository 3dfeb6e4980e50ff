// Which menu of the chart is open and for what.
import { createContext, useContext } from "react";
import type { Anchor } from "../../shared/popover";
import type { PolicyKey } from "../model/flow";

export type Menu =
  | { kind: "add"; after: string; anchor: Anchor; chosen: readonly string[] }
  /** On which of the arrows to an environment something is added; where only one arrives, there is nothing to choose. */
  | { kind: "arrows"; to: string; anchor: Anchor }
  | { kind: "before"; before: string; anchor: Anchor; chosen: readonly string[] }
  | { kind: "insert"; from: string; to: string; anchor: Anchor; chosen: readonly string[] }
  /** What can be done with an environment, by the right button or the menu key. */
  | { kind: "node"; environment: string; anchor: Anchor }
  | { kind: "policy"; environment: string; key: PolicyKey; anchor: Anchor };

/** Where something dragged over the chart would go. */
export type DropTarget = { kind: "after"; environment: string } | { kind: "between"; from: string; to: string };

export interface ChartMenus {
  menu: Menu | undefined;
  open: (menu: Menu) => void;
  drop: DropTarget | undefined;
  /** The chart shows a release: it offers no change. */
  shown: boolean;
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
