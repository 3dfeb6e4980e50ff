// What a person sees once a release is on its way, with the way to it.
import type { JSX } from "react";
import { Dialog } from "../../shared/dialog";
import { Icon } from "../../shared/icon";
import type { Release } from "../../shared/records";

interface Props {
  flow: string;
  release: Release;
  environments: number;
  onClose: () => void;
}

export function Started({ flow, release, environments, onClose }: Props): JSX.Element {
  return (
    <Dialog
      title={`Release ${release.number} is on its way`}
      onClose={onClose}
      foot={
        <>
          <button className="btn" type="button" onClick={onClose}>
            Back to the flow
          </button>
          <a className="btn primary" href={release.url} data-autofocus>
            View release details
            <Icon name="arrow-r" />
          </a>
        </>
      }
    >
      <div className="dialog-body started" role="status">
        <Icon name="st-succeeded" className="c-ok i-20" />
        <p>{`${flow} was triggered for ${environments === 1 ? "1 environment" : `${environments} environments`}. The release succeeds when every one of them has.`}</p>
      </div>
    </Dialog>
  );
}
