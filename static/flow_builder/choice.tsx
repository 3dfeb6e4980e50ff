// One of the values that a menu offers, with a mark where it is the present one.
import type { JSX } from "react";
import { Icon } from "../shared/icon";

export function Choice(props: { icon: string; checked: boolean; onChoose: () => void; children: string; note?: string | undefined }): JSX.Element {
  const { icon, checked, onChoose, children, note } = props;
  return (
    <button type="button" role="menuitemradio" aria-checked={checked} className={checked ? "is-active" : ""} onClick={onChoose}>
      <Icon name={icon} />
      {children}
      {checked ? (
        <span className="push">
          <Icon name="check" />
        </span>
      ) : (
        note !== undefined && <span className="note-end">{note}</span>
      )}
    </button>
  );
}
