// What can be done with an environment on the chart, each with its key; opened by the right button or the menu key.
import type { JSX } from "react";
import { Icon } from "../../shared/icon";
import { Popover, type Anchor } from "../../shared/popover";
import { useBuilder } from "../builder_context";
import type { Menu } from "./menus";

interface Props {
  environment: string;
  anchor: Anchor;
  stop: Anchor;
  open: (menu: Menu) => void;
  onClose: () => void;
}

export function NodeMenu({ environment, anchor, stop, open, onClose }: Props): JSX.Element {
  const { flow, perform, askDelete, chosen } = useBuilder();
  const step = flow.steps.find((one) => one.environment === environment);
  const several = chosen.includes(environment) ? chosen.filter((name) => name !== flow.trigger) : [environment];
  const choose = (act: () => void): void => {
    onClose();
    act();
  };
  const item = (icon: string, words: string, key: string, act: () => void): JSX.Element => (
    <button type="button" role="menuitem" className={icon === "trash" ? "danger" : ""} onClick={() => choose(act)}>
      <Icon name={icon} />
      {words}
      <span className="push kbd">{key}</span>
    </button>
  );
  return (
    <Popover anchor={anchor} role="menu" label={environment} className="menu node-menu" onClose={onClose}>
      {item("plus", "Add after it", "A", () => open({ kind: "add", after: environment, anchor, chosen: [] }))}
      {step && item("plus", "Add before it", "B", () => open({ kind: "arrows", to: environment, anchor: stop }))}
      {step && (
        <>
          <hr />
          {item("arrow-u", "Move up in the text", "Alt ↑", () => perform({ kind: "reorder", environment, to: step.index - 1 }))}
          {item("arrow-d", "Move down in the text", "Alt ↓", () => perform({ kind: "reorder", environment, to: step.index + 1 }))}
          <hr />
          {item("trash", several.length > 1 ? `Delete ${several.length} environments` : "Delete from flow", "Delete", () => askDelete(several))}
        </>
      )}
    </Popover>
  );
}
