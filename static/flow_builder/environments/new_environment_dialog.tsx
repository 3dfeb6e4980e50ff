// A small dialog that makes an environment without leaving the builder.
import { useState, type JSX } from "react";
import { api, sentenceOf } from "../../shared/api";
import { BusyButton, Dialog } from "../../shared/dialog";
import { Icon } from "../../shared/icon";
import { isLabel, LABEL_RULE, nearestLabel } from "../../shared/manifest/names";
import type { Environment, Kind } from "../../shared/records";
import { Field } from "../settings/flow_form";

interface Props {
  environments: readonly Environment[];
  onClose: () => void;
  onCreated: (name: string) => void;
}

export function NewEnvironmentDialog({ environments, onClose, onCreated }: Props): JSX.Element {
  const clusters = [...new Set(environments.flatMap((one) => one.targets.map((target) => target.cluster)))];
  const [name, setName] = useState("");
  const [kind, setKind] = useState<Kind>("NON_PROD");
  const [cluster, setCluster] = useState(clusters[0] ?? "");
  const [namespaces, setNamespaces] = useState("");
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const nameError = wrongName(name, environments);
  const clusterError = cluster.trim() === "" ? "Name the cluster that its applications are deployed to." : undefined;
  const create = async (): Promise<void> => {
    setTried(true);
    if (nameError ?? clusterError) return;
    setBusy(true);
    setError(undefined);
    const target = { cluster: cluster.trim(), namespaces: namespaces.split(/[\s,]+/).filter(Boolean) };
    try {
      await api<Environment>("/api/environments/", { method: "POST", json: { name, kind, tags: [], targets: [target] } });
      onCreated(name);
    } catch (problem) {
      setError(sentenceOf(problem));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title="Add new environment"
      onClose={onClose}
      onSubmit={() => void create()}
      className="small"
      foot={
        <>
          <button className="btn" type="button" onClick={onClose}>
            Cancel
          </button>
          <BusyButton busy={busy} className="primary" type="submit">
            Add environment
          </BusyButton>
        </>
      }
    >
      <div className="dialog-body">
        <Text label="Name" value={name} onChange={setName} error={tried ? nameError : undefined} />
        <fieldset>
          <legend className="label">Kind</legend>
          <div className="row wide">
            {([["NON_PROD", "Non-production"], ["PROD", "Production"]] as const).map(([value, word]) => (
              <label className="choice" key={value}>
                <input type="radio" name="kind" checked={kind === value} onChange={() => setKind(value)} />
                {word}
              </label>
            ))}
          </div>
        </fieldset>
        <Text label="Cluster" value={cluster} onChange={setCluster} error={tried ? clusterError : undefined} list={clusters} />
        <Text label="Namespaces" optional value={namespaces} onChange={setNamespaces} hint="Several with commas between. None means the whole cluster." />
        {error !== undefined && (
          <div className="note bad" role="alert">
            <Icon name="alert" />
            <div>{error}</div>
          </div>
        )}
      </div>
    </Dialog>
  );
}

function wrongName(name: string, environments: readonly Environment[]): string | undefined {
  if (environments.some((one) => one.name === name)) return `There is an environment ${name} already.`;
  if (isLabel(name)) return undefined;
  const meant = nearestLabel(name);
  return `Name the environment: ${LABEL_RULE}.${meant === undefined ? "" : ` Did you mean ${meant}?`}`;
}

function Text(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  hint?: string;
  optional?: boolean;
  list?: readonly string[];
}): JSX.Element {
  const { label, value, onChange, error, hint, optional = false, list } = props;
  return (
    <Field label={label} optional={optional} hint={hint} error={error}>
      {(id, state) => (
        <>
          <input id={id} className={error === undefined ? "input" : "input is-error"} value={value} autoComplete="off" spellCheck={false} {...state}
            onChange={(event) => onChange(event.target.value)} {...(list && { list: `${id}-list` })} />
          {list && (
            <datalist id={`${id}-list`}>
              {list.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}
