// Environments that are not in the flow: dragged onto the chart or an arrow, or added by a press.
import { useState, type JSX } from "react";
import { Icon } from "../../shared/icon";
import { isProduction, Place } from "../../shared/place";
import { useBuilder } from "../builder_context";

export const DRAG_TYPE = "application/x-lockstep-environment";

export function Palette(): JSX.Element | null {
  const { flow, environments, perform, selected } = useBuilder();
  const [dragged, setDragged] = useState<string | undefined>();
  const inFlow = new Set([flow.trigger, ...flow.steps.map((step) => step.environment)]);
  const free = environments?.filter((one) => !inFlow.has(one.name)) ?? [];
  if (free.length === 0) return null;
  const after = selected !== undefined && inFlow.has(selected) ? selected : flow.trigger;
  const add = (name: string): boolean =>
    flow.trigger === "" ? perform({ kind: "trigger", environment: name }) : perform({ kind: "add", after, environments: [name] });
  return (
    <div className="float palette">
      <div className="row">
        <h3>Environments not in this flow</h3>
        <span className="push faint xxs">{flow.trigger === "" ? "The first one triggers the flow" : "Drag onto the chart or an edge"}</span>
      </div>
      <div className="items">
        {free.map((one) => (
          <button
            key={one.name}
            className={dragged === one.name ? "pitem is-dragged" : "pitem"}
            type="button"
            draggable
            title={flow.trigger === "" ? `Start the flow at ${one.name}` : `Add ${one.name} after ${after}, or drag it`}
            onDragStart={(event) => {
              event.dataTransfer.setData(DRAG_TYPE, one.name);
              event.dataTransfer.effectAllowed = "copy";
              setDragged(one.name);
            }}
            onDragEnd={() => setDragged(undefined)}
            onClick={() => add(one.name)}
          >
            <Icon name="grip" className="i-14" />
            <Place kind={one.kind} />
            <span>{one.name}</span>
            <span className="sr">{isProduction(one.kind) ? "production" : "non-production"}</span>
          </button>
        ))}
      </div>
    </div>
  );
}
