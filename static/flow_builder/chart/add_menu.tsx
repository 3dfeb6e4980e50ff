// The list of environments to add after a node or between two, several at once; a new one can be made at its end.
import { useLayoutEffect, useRef, useState, type JSX, type KeyboardEvent, type RefObject } from "react";
import { BusyButton } from "../../shared/dialog";
import { Icon } from "../../shared/icon";
import { KindWord, Place } from "../../shared/place";
import { Popover, type Anchor } from "../../shared/popover";
import type { Environment } from "../../shared/records";
import { useBuilder } from "../builder_context";
import { filtered, freeEnvironments } from "./free_environments";

const FILTER_FROM = 9;

interface Props {
  title: string;
  anchor: Anchor;
  side: "left" | "right";
  chosen: readonly string[];
  onChoose: (chosen: readonly string[]) => void;
  onAdd: (environments: readonly string[]) => void;
  onNew: () => void;
  /** Removes the arrow on which something would be inserted. */
  onRemove: (() => void) | undefined;
  onClose: () => void;
}

export function AddMenu({ title, anchor, side, chosen, onChoose, onAdd, onNew, onRemove, onClose }: Props): JSX.Element {
  const { flow, environments, environmentsError, reloadEnvironments } = useBuilder();
  const form = useRef<HTMLFormElement>(null);
  useFirstOnceThere(form, environments !== undefined);
  // Undefined until something is typed.
  const [typed, setTyped] = useState<string | undefined>();
  const filter = typed ?? "";
  const free = freeEnvironments(flow, environments);
  const { rows, only } = filtered(free, filter);
  const noneFree = environments && free.length === 0 ? "Every environment is in this flow already." : "";
  const toggle = (name: string): void =>
    onChoose(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]);
  const onFilterKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !only) return;
    event.preventDefault();
    onAdd(chosen.includes(only.name) ? chosen : [...chosen, only.name]);
  };
  /** What the button for it does; who takes back what was typed, letter by letter, means the letters. */
  const onKeyDown = (event: KeyboardEvent): void => {
    const removes = (event.key === "Delete" || event.key === "Backspace") && !event.repeat;
    const isInFilter = event.target instanceof HTMLInputElement && event.target.type === "text";
    if (!onRemove || !removes || (isInFilter ? typed !== undefined : filter !== "")) return;
    event.preventDefault();
    onRemove();
  };
  return (
    <Popover anchor={anchor} side={side} label={title} onClose={onClose} className="menu add-menu">
      <form
        ref={form}
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          if (noneFree === "") onAdd(chosen.length === 0 && only ? [only.name] : chosen);
        }}
      >
        <div className="menu-label">{title}</div>
        {free.length >= FILTER_FROM && (
          <div className="input sm filter">
            <Icon name="search" />
            <input aria-label="Filter environments" placeholder="Filter" value={filter} onKeyDown={onFilterKey}
              onChange={(event) => setTyped(event.target.value)} />
          </div>
        )}
        {environmentsError !== undefined && (
          <div className="note bad">
            <Icon name="alert" />
            <div>
              {environmentsError}{" "}
              <button className="btn sm" type="button" onClick={reloadEnvironments}>
                Try again
              </button>
            </div>
          </div>
        )}
        {!environments && environmentsError === undefined && <p className="hint none">Loading the environments…</p>}
        {noneFree !== "" && <p className="hint none">{noneFree}</p>}
        <div className="rows">
          {rows.map((one) => (
            <Row key={one.name} environment={one} checked={chosen.includes(one.name)} onToggle={toggle} />
          ))}
        </div>
        <hr />
        <button className="new" type="button" onClick={onNew}>
          <Icon name="plus" />
          Add new environment
        </button>
        {onRemove && (
          <button className="new" type="button" onClick={onRemove}>
            <Icon name="x" />
            Remove this dependency
            <span className="push kbd">Delete</span>
          </button>
        )}
        <div className="foot">
          <button className="btn sm" type="button" onClick={onClose}>
            Cancel
          </button>
          <BusyButton busy={false} className="sm primary" type="submit" refused={noneFree}>
            {chosen.length > 1 ? `Add ${chosen.length} environments` : "Add"}
          </BusyButton>
        </div>
      </form>
    </Popover>
  );
}

/** The keys wait where the popover put them until the list has come, and go on to its first row then; where a person went, they stay. */
function useFirstOnceThere(form: RefObject<HTMLFormElement | null>, there: boolean): void {
  const put = useRef<Element | null>(null);
  const waits = useRef(!there);
  useLayoutEffect(() => {
    put.current = document.activeElement;
  }, []);
  useLayoutEffect(() => {
    if (!there || !waits.current) return;
    waits.current = false;
    // Nowhere they are after "Try again", which went with what had failed.
    if (document.activeElement === put.current || document.activeElement === document.body) form.current?.querySelector("input")?.focus();
  }, [form, there]);
}

function Row(props: { environment: Environment; checked: boolean; onToggle: (name: string) => void }): JSX.Element {
  const { environment, checked, onToggle } = props;
  return (
    <label className="pick-row">
      <input type="checkbox" className="sr" checked={checked} onChange={() => onToggle(environment.name)} />
      <span className={checked ? "check is-on" : "check"}>{checked && <Icon name="check" />}</span>
      <Place kind={environment.kind} />
      <span className="cut med" title={environment.name}>{environment.name}</span>
      <span className="push">
        <KindWord kind={environment.kind} />
      </span>
    </label>
  );
}
