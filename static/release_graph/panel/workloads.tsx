// The workloads of the environment as the runtime sees them at this moment; nothing where it reports none.
import type { JSX } from "react";
import { healthLook } from "../../shared/release/looks";
import { Mark } from "../../shared/release/marks";
import type { Application, Resource } from "../../shared/release/release";
import { Section } from "./section";

export function Workloads({ applications }: { applications: readonly Application[] }): JSX.Element | null {
  const resources = applications.flatMap((one) => one.resources);
  if (resources.length === 0) return null;
  return (
    <Section title="Workloads" aside={<span className="aside">now</span>}>
      <ol className="step-list">
        {resources.map((one) => (
          <Line key={`${one.kind} ${one.name}`} resource={one} />
        ))}
      </ol>
    </Section>
  );
}

function Line({ resource }: { resource: Resource }): JSX.Element {
  return (
    <li>
      <Mark look={healthLook(resource.health)} />
      <div className="grow">
        <div className="row">
          <span className="cut" title={resource.name}>
            <span className="faint">{resource.kind}</span> {resource.name}
          </span>
          {resource.ready !== "" && <span className="push faint nowrap">{resource.ready.replace("/", " of ")} ready</span>}
        </div>
        {resource.image !== "" && <p className="said mono cut" title={resource.image}>{resource.image}</p>}
        {resource.message !== "" && <p className={resource.health === "Degraded" ? "said bad" : "said"}>{resource.message}</p>}
      </div>
    </li>
  );
}
