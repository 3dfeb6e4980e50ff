// The menu that is open over the chart, and the dialog for a new environment that one of them leads to.
import { useState, type JSX } from "react";
import { useBuilder } from "../builder_context";
import { NewEnvironmentDialog } from "../environments/new_environment_dialog";
import { AddMenu } from "./add_menu";
import type { Menu } from "./menus";
import { PolicyMenu } from "./policy_menu";
import { toast } from "../../site/toasts";

interface Props {
  menu: Menu | undefined;
  setMenu: (menu: Menu | undefined) => void;
}

export function ChartPopovers({ menu, setMenu }: Props): JSX.Element | null {
  const { environments, perform, reloadEnvironments } = useBuilder();
  const [pending, setPending] = useState<Exclude<Menu, { kind: "policy" }> | undefined>();
  const close = (): void => setMenu(undefined);
  if (pending) {
    const back = (chosen: readonly string[]): void => {
      setPending(undefined);
      setMenu({ ...pending, chosen });
    };
    return (
      <NewEnvironmentDialog
        environments={environments ?? []}
        onClose={() => back(pending.chosen)}
        onCreated={(name) => {
          reloadEnvironments();
          back([...pending.chosen, name]);
        }}
      />
    );
  }
  if (menu?.kind === "policy") {
    return <PolicyMenu environment={menu.environment} setting={menu.key} anchor={menu.anchor} onClose={close} />;
  }
  if (!menu) return null;
  const add = (): void => {
    if (menu.chosen.length === 0) {
      toast("error", "No environment is chosen", "Choose one or more in the list.");
      return;
    }
    const done =
      menu.kind === "add"
        ? perform({ kind: "add", after: menu.after, environments: menu.chosen })
        : perform({ kind: "insert", from: menu.from, to: menu.to, environments: menu.chosen });
    if (done) close();
  };
  return (
    <AddMenu
      title={menu.kind === "add" ? `Add after ${menu.after}` : `Insert between ${menu.from} and ${menu.to}`}
      anchor={menu.anchor}
      chosen={menu.chosen}
      onChoose={(chosen) => setMenu({ ...menu, chosen })}
      onAdd={add}
      onNew={() => {
        setPending(menu);
        close();
      }}
      onClose={close}
    />
  );
}
