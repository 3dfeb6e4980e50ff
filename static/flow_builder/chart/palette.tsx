// Environments that are not in the flow: dragged onto the chart or an arrow, or added by a press.
import { useState, type JSX, type KeyboardEvent, type WheelEvent } from "react";
import { Icon } from "../../shared/icon";
import { isProduction, Place } from "../../shared/place";
import { useBuilder } from "../builder_context";
import { filtered, freeEnvironments } from "./free_environments";
import { oweFocus } from "./use_kept_focus";

export const DRAG_TYPE = "application/x-lockstep-environment";

const FILTER_FROM = 12;

/** A wheel that only turns up and down goes along the row, too. */
function scrollAlong({ currentTarget, ctrlKey, shiftKey, deltaX, deltaY }: WheelEvent<HTMLElement>): void {
  if (!ctrlKey && !shiftKey && Math.abs(deltaY) > Math.abs(deltaX)) currentTarget.scrollLeft += deltaY;
}

export function Palette(): JSX.Element | null {
  const { flow, environments, perform, select, selected } = useBuilder();
  const [dragged, setDragged] = useState<string | undefined>();
  const [filter, setFilter] = useState("");
  const free = freeEnvironments(flow, environments);
  if (free.length === 0) return null;
  const { rows, only } = filtered(free, filter);
  const isInFlow = selected !== undefined && (selected === flow.trigger || flow.steps.some((step) => step.environment === selected));
  const after = isInFlow ? selected : flow.trigger;
  /** What was pressed goes from here: the keys go on from where it went. */
  const add = (name: string): void => {
    const gesture = flow.trigger === "" ? ({ kind: "trigger", environment: name } as const) : ({ kind: "add", after, environments: [name] } as const);
    if (!perform(gesture)) return;
    setFilter("");
    select(name);
    oweFocus(name);
  };
  const onFilterKey = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Escape" && filter !== "") setFilter("");
    else if (event.key === "Enter" && only) {
      event.currentTarget.blur();
      add(only.name);
    } else return;
    event.preventDefault();
  };
  return (
    <div className="float palette">
      <div className="row">
        <h3>Environments not in this flow</h3>
        {(free.length >= FILTER_FROM || filter !== "") && (
          <div className="input sm filter">
            <Icon name="search" />
            <input aria-label="Filter environments" placeholder="Filter" value={filter} onKeyDown={onFilterKey} onChange={(event) => setFilter(event.target.value)} />
          </div>
        )}
        <span className="push faint xxs">{flow.trigger === "" ? "The first one triggers the flow" : "Drag onto the chart or an edge"}</span>
      </div>
      <div className="items" onWheel={scrollAlong}>
        {rows.length === 0 && <p className="hint none">No name has that in it.</p>}
        {rows.map((one) => (
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
