// Asks what becomes of the environments that depend on those that are to be deleted from the flow.
import { useState, type JSX } from "react";
import { Dialog } from "../shared/dialog";
import { Icon } from "../shared/icon";
import type { Dependents } from "./gestures/gesture";
import type { Flow } from "./model/flow";
import { allDependents, outsideDependents } from "./model/graph";

interface Props {
  flow: Flow;
  environments: readonly string[];
  onDelete: (dependents: Dependents) => void;
  onClose: () => void;
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

const counted = (environments: number): string => (environments === 1 ? "1 environment" : `${environments} environments`);

export function DeleteDialog({ flow, environments, onDelete, onClose }: Props): JSX.Element {
  const gone = listed(environments);
  // One of its predecessors, where a single one goes; of several, each dependent gets the nearest that stay.
  const predecessors = environments.length > 1 ? [] : flow.steps.find((step) => step.environment === environments[0])?.dependsOn ?? [];
  const direct = outsideDependents(flow, environments);
  const all = allDependents(flow, environments);
  const [become, setBecome] = useState<Dependents["become"]>("reconnected");
  const [to, setTo] = useState(predecessors[0]);
  return (
    <Dialog
      title={`Delete ${environments.length > 1 ? counted(environments.length) : gone} from the flow`}
      onClose={onClose}
      onSubmit={() => onDelete(become === "removed" ? { become } : { become, ...(to !== undefined && { to }) })}
      foot={
        <>
          <button className="btn" type="button" data-autofocus onClick={onClose}>
            Cancel
          </button>
          <button className="btn danger-solid" type="submit">
            {become === "removed" ? `Delete ${counted(all.length + environments.length)}` : `Delete ${environments.length > 1 ? counted(environments.length) : gone}`}
          </button>
        </>
      }
    >
      <div className="dialog-body">
        <p>{`${listed(direct)} ${direct.length === 1 ? "depends" : "depend"} on ${environments.length > 1 ? "what is deleted" : gone}.`}</p>
        <fieldset className="ways">
          <legend className="sr">What becomes of them</legend>
          <label className="choice way">
            <input type="radio" name="become" checked={become === "reconnected"} onChange={() => setBecome("reconnected")} />
            <span>
              <span className="med">Reconnect {direct.length === 1 ? "it" : "them"}</span>
              <span className="row xs dim">
                {listed(direct)} will depend on
                {predecessors.length > 1 ? (
                  <span className="select">
                    <select className="input sm" aria-label="Reconnect to" value={to} onChange={(event) => setTo(event.target.value)}>
                      {predecessors.map((name) => <option key={name}>{name}</option>)}
                    </select>
                    <Icon name="updown" />
                  </span>
                ) : (
                  <b className="med">{to ?? "the nearest environments that stay"}</b>
                )}
              </span>
            </span>
          </label>
          <label className="choice way">
            <input type="radio" name="become" checked={become === "removed"} onChange={() => setBecome("removed")} />
            <span>
              <span className="med">Delete {all.length === 1 ? "it" : "them"} too</span>
              <span className="xs dim">{`Takes ${listed(all)} out of the flow. The environments themselves stay.`}</span>
            </span>
          </label>
        </fieldset>
      </div>
    </Dialog>
  );
}
