// Why the environment is where it is, and what to do: the cause first, the way out after it.
import type { JSX } from "react";
import { Icon } from "../../shared/icon";
import type { Environment, Release } from "../../shared/release/release";
import { causeOf } from "../cause_words";

export function Cause({ release, environment }: { release: Release; environment: Environment }): JSX.Element | null {
  const cause = causeOf(environment, release);
  if (!cause) return null;
  return (
    <section className="sect cause" aria-label="Cause">
      <div className={`note ${cause.tone}`.trim()}>
        <Icon name={cause.icon} />
        <div>
          <b>{cause.lead}</b>
          {cause.rest !== "" && (
            <>
              <br />
              {cause.rest}
            </>
          )}
        </div>
      </div>
    </section>
  );
}
