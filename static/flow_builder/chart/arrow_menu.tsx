// On which arrow to an environment something is added, for those who cannot press it: each of them, or all. Adds nothing.
import type { JSX } from "react";
import { Icon } from "../../shared/icon";
import { Popover } from "../../shared/popover";
import type { Menu } from "./menus";

interface Props {
  menu: Extract<Menu, { kind: "arrows" }>;
  sources: readonly string[];
  open: (menu: Menu) => void;
  onClose: () => void;
}

export function ArrowMenu({ menu: { to, anchor }, sources, open, onClose }: Props): JSX.Element {
  const title = `Add before ${to}`;
  return (
    <Popover anchor={anchor} side="left" role="menu" label={title} className="menu arrow-menu" onClose={onClose}>
      <div className="menu-label">{title}</div>
      <button type="button" role="menuitem" onClick={() => open({ kind: "before", before: to, anchor, chosen: [] })}>
        <Icon name="plus" />
        {sources.length === 2 ? "On both arrows" : `On all ${sources.length} arrows`}
      </button>
      {sources.map((from) => (
        <button key={from} type="button" role="menuitem" onClick={() => open({ kind: "insert", from, to, anchor, chosen: [], fromMenu: true })}>
          <Icon name="arrow-r" />
          <span className="cut">{`On the arrow from ${from}`}</span>
        </button>
      ))}
    </Popover>
  );
}
