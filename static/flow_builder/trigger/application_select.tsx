// Which application of the trigger environment is promoted, with its health, version and last commit.
import { useId, type JSX } from "react";
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
  /** Undefined while it is not known which there are. */
  applications: readonly Application[] | undefined;
  /** Why it is not known. */
  error: string | undefined;
  value: string;
  onChange: (identity: string) => void;
}

export function ApplicationSelect(props: Props): JSX.Element {
  const { environment, applications, error, value, onChange } = props;
  const id = useId();
  const rows = applications ?? [];
  const chosen = rows.find((one) => identityOf(one) === value);
  const health = HEALTH[chosen?.healthStatus ?? ""] ?? { icon: "hl-unknown", tone: "c-idle" };
  return (
    <div className="field">
      <label htmlFor={id}>{`Application in ${environment}`}</label>
      <span className="input drawn">
        {chosen && <Icon name={health.icon} className={health.tone} label={chosen.healthStatus} />}
        <span className={chosen ? "cut" : "cut faint"}>
          {chosen ? <Chosen application={chosen} /> : placeholder(props)}
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
      {error !== undefined && (
        <p className="error-text">
          <Icon name="alert" />
          {error}
        </p>
      )}
    </div>
  );
}

function placeholder({ product, environment, applications, error }: Props): string {
  if (product === "") return "Choose a product first";
  if (applications) return `${product} has none in ${environment}`;
  return error === undefined ? "Loading" : "Not known";
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
