// The menu that is open over the chart, and the dialog for a new environment that one of them leads to.
import { useState, type JSX } from "react";
import { useBuilder } from "../builder_context";
import type { Gesture } from "../gestures/gesture";
import { OnDemand, useAhead } from "../on_demand";
import { AddMenu } from "./add_menu";
import { ArrowMenu } from "./arrow_menu";
import { arrowsTo, type Chart } from "./chart_model";
import type { Menu } from "./menus";
import { NodeMenu } from "./node_menu";
import { PolicyMenu } from "./policy_menu";
import { toast } from "../../site/toasts";

const loadDialog = (): Promise<typeof import("../environments/new_environment_dialog")> => import("../environments/new_environment_dialog");

type AddMenuKind = Exclude<Menu, { kind: "policy" | "node" | "arrows" }>;

function gestureOf(menu: AddMenuKind): Gesture {
  const environments = menu.chosen;
  if (menu.kind === "add") return { kind: "add", after: menu.after, environments };
  if (menu.kind === "before") return { kind: "addBefore", before: menu.before, environments };
  return { kind: "insert", from: menu.from, to: menu.to, environments };
}

function titleOf(menu: AddMenuKind): string {
  if (menu.kind === "add") return `Add after ${menu.after}`;
  return menu.kind === "before" ? `Add before ${menu.before}` : `Insert between ${menu.from} and ${menu.to}`;
}

interface Props {
  chart: Chart;
  menu: Menu | undefined;
  setMenu: (menu: Menu | undefined) => void;
}

export function ChartPopovers({ chart, menu: opened, setMenu }: Props): JSX.Element | null {
  const { environments, perform, reloadEnvironments } = useBuilder();
  const [pending, setPending] = useState<AddMenuKind | undefined>();
  useAhead(loadDialog);
  const close = (): void => setMenu(undefined);
  const sources = opened?.kind === "arrows" ? arrowsTo(chart, opened.to) : [];
  const menu: Menu | undefined =
    opened?.kind === "arrows" && sources.length < 2 ? { kind: "before", before: opened.to, anchor: opened.anchor, chosen: [] } : opened;
  if (pending) {
    const back = (chosen: readonly string[]): void => {
      setPending(undefined);
      setMenu({ ...pending, chosen });
    };
    return (
      <OnDemand load={loadDialog} onClose={() => back(pending.chosen)}>
        {({ NewEnvironmentDialog }) => (
          <NewEnvironmentDialog
            environments={environments ?? []}
            onClose={() => back(pending.chosen)}
            onCreated={(name) => {
              reloadEnvironments();
              back([...pending.chosen, name]);
            }}
          />
        )}
      </OnDemand>
    );
  }
  if (menu?.kind === "policy") {
    return <PolicyMenu environment={menu.environment} setting={menu.key} anchor={menu.anchor} onClose={close} />;
  }
  if (menu?.kind === "node") return <NodeMenu environment={menu.environment} anchor={menu.anchor} stop={menu.stop} open={setMenu} onClose={close} />;
  if (menu?.kind === "arrows") return <ArrowMenu menu={menu} sources={sources} open={setMenu} onClose={close} />;
  if (!menu) return null;
  const add = (chosen: readonly string[]): void => {
    if (chosen.length === 0) {
      toast("error", "No environment is chosen", "Choose one or more in the list.", "gesture");
      return;
    }
    if (perform(gestureOf({ ...menu, chosen }))) close();
  };
  return (
    <AddMenu
      title={titleOf(menu)}
      anchor={menu.anchor}
      side={menu.kind === "before" || (menu.kind === "insert" && menu.fromMenu) ? "left" : "right"}
      chosen={menu.chosen}
      onChoose={(chosen) => setMenu({ ...menu, chosen })}
      onAdd={add}
      onNew={() => {
        setPending(menu);
        close();
      }}
      onClose={close}
      onRemove={
        menu.kind === "insert"
          ? () => {
              if (perform({ kind: "undepend", environment: menu.to, on: menu.from })) close();
            }
          : undefined
      }
    />
  );
}
