// Asks what becomes of the environments that depend on one that is to be deleted from the flow.
import { useState, type JSX } from "react";
import { Dialog } from "../shared/dialog";
import { Icon } from "../shared/icon";
import type { Dependents } from "./gestures/gesture";
import type { Flow } from "./model/flow";
import { allDependents, directDependents } from "./model/graph";

interface Props {
  flow: Flow;
  environment: string;
  onDelete: (dependents: Dependents) => void;
  onClose: () => void;
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

export function DeleteDialog({ flow, environment, onDelete, onClose }: Props): JSX.Element {
  const predecessors = flow.steps.find((step) => step.environment === environment)?.dependsOn ?? [];
  const direct = directDependents(flow, environment).map((step) => step.environment);
  const all = allDependents(flow, environment);
  const [become, setBecome] = useState<Dependents["become"]>("reconnected");
  const [to, setTo] = useState(predecessors[0] ?? flow.trigger);
  return (
    <Dialog
      title={`Delete ${environment} from the flow`}
      onClose={onClose}
      onSubmit={() => onDelete(become === "removed" ? { become } : { become, to })}
      foot={
        <>
          <button className="btn" type="button" data-autofocus onClick={onClose}>
            Cancel
          </button>
          <button className="btn danger-solid" type="submit">
            {become === "removed" ? `Delete ${all.length + 1} environments` : `Delete ${environment}`}
          </button>
        </>
      }
    >
      <div className="dialog-body">
        <p>{`${listed(direct)} ${direct.length === 1 ? "depends" : "depend"} on ${environment}.`}</p>
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
                  <b className="med">{to}</b>
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
