// A modal dialog on the platform's own element: focus stays inside, Esc closes it and focus returns.
import { useId, useLayoutEffect, useRef, useState, type JSX, type ReactNode } from "react";
import { Icon } from "./icon";

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  foot: ReactNode;
  className?: string;
  onSubmit?: () => void;
  /** Why it cannot be closed now, as a sentence; whoever tries to hears it. Left out where it can. */
  held?: string | undefined;
}

export function Dialog({ title, onClose, children, foot, className = "", onSubmit, held }: Props): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const { tries, close, tell } = useHeld(held, onClose);
  const titleId = useId();
  // Gives the focus back before whatever opens in its place takes it.
  useLayoutEffect(() => {
    const element = dialog.current;
    const returnTo = document.activeElement;
    if (element && !element.open) element.showModal();
    // The platform would focus the first button, which closes; a question names its safe answer, a form its first field.
    const first = element?.querySelector<HTMLElement>("[data-autofocus]") ?? element?.querySelector<HTMLElement>(".dialog-body input, .primary");
    first?.focus();
    return () => {
      element?.close();
      if (returnTo instanceof HTMLElement && returnTo.isConnected) returnTo.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`dialog ${className}`.trim()}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => event.target === event.currentTarget && tell()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit?.();
        }}
      >
        <header className="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <button className="btn quiet icon push" type="button" aria-label="Close" aria-disabled={held !== undefined} title={held} onClick={close}>
            <Icon name="x" />
          </button>
        </header>
        <span className="sr" role="status">
          {/* Another element with each try, so that it is said again. */}
          {tries > 0 && <span key={tries}>{held}</span>}
        </span>
        {children}
        <footer className="dialog-foot">{foot}</footer>
      </form>
    </dialog>
  );
}

/** Closes, or says why not. */
function useHeld(held: string | undefined, onClose: () => void): { tries: number; close: () => void; tell: () => void } {
  const [tries, setTries] = useState(0);
  const isHeld = held !== undefined;
  // With the page that shows it, not a moment later: an Esc after the answer is there means to close it.
  useLayoutEffect(() => {
    if (!isHeld) return;
    // The platform lets a second Esc close it whatever is said of the first, and with the focus nowhere the key never passes the dialog.
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      setTries((before) => before + 1);
    };
    document.addEventListener("keydown", onKeyDown, { capture: true });
    return () => {
      document.removeEventListener("keydown", onKeyDown, { capture: true });
      setTries(0);
    };
  }, [isHeld]);
  const tell = (): void => {
    if (isHeld) setTries((before) => before + 1);
  };
  return { tries, close: isHeld ? tell : onClose, tell };
}

/**
 * A button that shows the turning arc while its request runs, and takes no second press meanwhile unless it queues.
 * Refused, it looks as what cannot be done and says why; it can be pressed all the same, and then leads to the reason.
 */
export function BusyButton(props: {
  busy: boolean;
  /** What is pressed meanwhile is done afterwards. */
  queues?: boolean;
  className: string;
  icon?: string;
  /** Why it would not do what it says, as a sentence; "" or left out where it would. */
  refused?: string | undefined;
  /** What is told with it though it can be pressed; "" or left out where there is nothing to tell. */
  hint?: string | undefined;
  children: ReactNode;
  onClick?: () => void;
  type?: "button" | "submit";
}): JSX.Element {
  const { busy, queues = false, className, icon, refused = "", hint = "", children, onClick, type = "button" } = props;
  const id = useId();
  const isRefused = refused !== "";
  const told = refused || hint;
  const classes = ["btn", ...className.split(" "), busy ? "is-busy" : ""].filter((one) => one !== "" && !(isRefused && one === "primary"));
  return (
    <>
      <button
        className={classes.join(" ")}
        type={type}
        aria-busy={busy}
        aria-disabled={isRefused}
        aria-describedby={told === "" ? undefined : id}
        title={told || undefined}
        onClick={(event) => {
          if (busy && !queues) event.preventDefault();
          else onClick?.();
        }}
      >
        {busy ? <Icon name="st-running" className="spin" /> : icon ? <Icon name={icon} /> : null}
        {children}
      </button>
      {told !== "" && <span id={id} hidden>{told}</span>}
    </>
  );
}
