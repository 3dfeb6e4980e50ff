// Below a node: the version of the chosen product that runs there, how far it is behind, or that it has nothing there.
import { memo, useMemo, type JSX } from "react";
import { Icon } from "../../shared/icon";
import { productFacts, runningWords, type ProductFacts } from "./facts";
import { useAliveHere } from "./use_alive";
import "./alive.css";

export const factsId = (environment: string): string => `facts-of-${environment}`;

export function NodeFacts({ environment }: { environment: string }): JSX.Element | null {
  const alive = useAliveHere();
  const { trigger, product, applications, preview } = alive;
  const facts = useMemo(
    () => productFacts(environment, trigger, { product, applications, preview }),
    [environment, trigger, product, applications, preview],
  );
  if (!facts) return null;
  return (
    <div className={alive.staleSince ? "facts is-stale-data" : "facts"} id={factsId(environment)}>
      {facts.missing !== undefined ? (
        <span className="missing" title={facts.missing}>
          <Icon name="hl-missing" />
          No application
        </span>
      ) : (
        <Running environment={environment} facts={facts} />
      )}
    </div>
  );
}

const Running = memo(function Running({ environment, facts }: { environment: string; facts: ProductFacts }): JSX.Element {
  const { versions, applications, behind, problem } = facts;
  const several = applications.length > 1;
  return (
    <>
      {(versions.length > 0 || behind) && (
        <span className="now">
          {versions.length > 0 && (
            <span className="ver cut" title={`Runs in ${environment} now: ${runningWords(facts)}`}>
              {versions.join(", ")}
            </span>
          )}
          {behind && (
            <span className="behind" role="img" title={behind.words} aria-label={behind.words}>
              <Icon name="arrow-d" />
              {behind.count}
            </span>
          )}
        </span>
      )}
      {/* Before the names, which leave their place empty until they are looked for: a warning below it seems the next node's. */}
      {problem !== undefined && (
        <span className="missing" title={problem}>
          <Icon name="alert" />
          Cannot be triggered
          <span className="sr">: {problem}</span>
        </span>
      )}
      <span className={several ? "names cut" : "names cut on-look"} title={runningWords(facts)}>
        {applications.map((one) => one.name).join(", ")}
      </span>
    </>
  );
});
