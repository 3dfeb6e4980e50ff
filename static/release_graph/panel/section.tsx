// One part of the panel under its own heading, folded and unfolded by it.
import { useId, useState, type JSX, type ReactNode } from "react";
import { Icon } from "../../shared/icon";

interface Props {
  title: string;
  /** Small words beside the title. */
  aside?: ReactNode;
  children: ReactNode;
}

export function Section({ title, aside, children }: Props): JSX.Element {
  const [open, setOpen] = useState(true);
  const id = useId();
  return (
    <section className="sect">
      <h3>
        <button className="sect-head" type="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          <Icon name={open ? "chev-d" : "chev-r"} />
          {title}
          {aside}
        </button>
      </h3>
      <div className="sect-body" id={id} hidden={!open}>
        {children}
      </div>
    </section>
  );
}
