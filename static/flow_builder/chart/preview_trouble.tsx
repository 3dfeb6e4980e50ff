// Beside the product: what is in the way of a preview or a release, cut to the room that there is; a press shows all of it.
import { useState, type JSX } from "react";
import { Icon } from "../../shared/icon";
import { anchorOf, Popover, type Anchor } from "../../shared/popover";

const LABEL = "What is in the way";

export function PreviewTrouble({ sentences }: { sentences: readonly string[] }): JSX.Element {
  const [anchor, setAnchor] = useState<Anchor | undefined>();
  return (
    <>
      <button className="btn quiet sm trouble-button" type="button" aria-haspopup="dialog" aria-expanded={anchor !== undefined} title={LABEL}
        onClick={(event) => setAnchor(anchorOf(event.currentTarget))}>
        <Icon name="alert" className="i-14" />
        <span className="cut">{sentences.join(" ")}</span>
      </button>
      {anchor && (
        <Popover anchor={anchor} label={LABEL} className="troubles" onClose={() => setAnchor(undefined)}>
          {sentences.map((one) => <p key={one}>{one}</p>)}
        </Popover>
      )}
    </>
  );
}
