// Which application of the trigger environment is promoted, with its health, version and last commit.
import { useId, type JSX } from "react";
import type { Resource } from "../../shared/hooks";
import { Icon } from "../../shared/icon";
import type { Application } from "../../shared/records";
import { ago } from "../../shared/times";

const HEALTH: Record<string, { icon: string; tone: string }> = {
  Healthy: { icon: "hl-healthy", tone: "c-ok" },
  Progressing: { icon: "hl-progressing", tone: "c-move" },
  Degraded: { icon: "hl-degraded", tone: "c-bad" },
  Suspended: { icon: "hl-suspended", tone: "c-wait" },
  Missing: { icon: "hl-missing", tone: "c-wait" },
};

export const identityOf = (one: Application | undefined): string => (one ? `${one.runtime}/${one.namespace}/${one.name}` : "");

interface Props {
  environment: string;
  product: string;
  applications: Resource<Application[]>;
  value: string;
  onChange: (identity: string) => void;
}

export function ApplicationSelect({ environment, product, applications, value, onChange }: Props): JSX.Element {
  const id = useId();
  const rows = applications.data ?? [];
  const chosen = rows.find((one) => identityOf(one) === value);
  const health = HEALTH[chosen?.healthStatus ?? ""] ?? { icon: "hl-unknown", tone: "c-idle" };
  return (
    <div className="field">
      <label htmlFor={id}>{`Application in ${environment}`}</label>
      <span className="input drawn">
        {chosen && <Icon name={health.icon} className={health.tone} label={chosen.healthStatus} />}
        <span className={chosen ? "cut" : "cut faint"}>
          {chosen ? <Chosen application={chosen} /> : placeholder(product, applications.loading, environment)}
        </span>
        <Icon name="updown" />
        <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
          {rows.length === 0 && <option value="">None</option>}
          {rows.map((one) => (
            <option key={identityOf(one)} value={identityOf(one)}>
              {[one.name, one.version].filter(Boolean).join(" ")}
            </option>
          ))}
        </select>
      </span>
      {applications.error !== undefined && (
        <p className="error-text">
          <Icon name="alert" />
          {applications.error}
        </p>
      )}
    </div>
  );
}

function placeholder(product: string, loading: boolean, environment: string): string {
  if (product === "") return "Choose a product first";
  return loading ? "Loading" : `${product} has none in ${environment}`;
}

function Chosen({ application }: { application: Application }): JSX.Element {
  const { name, version, commit: sha, commitAt } = application;
  const commit = [sha?.slice(0, 7), commitAt === null ? null : ago(commitAt)].filter(Boolean).join(", ");
  return (
    <>
      {name} {version !== null && <span className="ver">{version}</span>} <span className="faint">{commit}</span>
    </>
  );
}
