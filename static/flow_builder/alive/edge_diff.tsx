// What a commit would change in the environment that an arrow leads to; floats beside the arrow and takes no focus
// from there, but does where it was asked for by key.
import { useLayoutEffect, useRef, useState, type CSSProperties, type JSX, type KeyboardEvent } from "react";
import { createPortal } from "react-dom";
import { Icon } from "../../shared/icon";
import { KindWord, Place } from "../../shared/place";
import type { PreviewEnvironment } from "../../shared/records";
import { FileChange } from "../trigger/file_change";
import { beside, type Box } from "./beside";
import { useAliveHere, type Alive } from "./use_alive";

interface Props {
  environment: string;
  /** What it must not lie on: the pointer and the arrow's own button, or the node. */
  place: Box;
  /** Asked for by key: it scrolls by key, and gives the focus back when it closes. */
  byKey: boolean;
  onClose: () => void;
  onEnter: () => void;
  onLeave: () => void;
}

export function EdgeDiff({ environment, place, byKey, onClose, onEnter, onLeave }: Props): JSX.Element {
  const alive = useAliveHere();
  const box = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [style, setStyle] = useState<CSSProperties>({ opacity: 0, left: 0, top: 0 });
  const seen = alive.preview?.environments.find((one) => one.name === environment);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const size = { width: element.offsetWidth, height: element.scrollHeight };
    const { left, top, height } = beside(place, size, { width: window.innerWidth, height: window.innerHeight });
    setStyle({ left, top, maxHeight: height });
  }, [place, seen]);
  useLayoutEffect(() => {
    const element = body.current;
    if (!byKey || !element) return;
    const returnTo = document.activeElement;
    element.focus({ preventScroll: true });
    return () => {
      if (document.activeElement === element && returnTo instanceof HTMLElement) returnTo.focus({ preventScroll: true });
    };
  }, [byKey]);
  // It stands at the page's end: Tab goes on from where the focus came from.
  const onKeyDown = (event: KeyboardEvent): void => {
    const isLetter = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "Tab" || (isLetter && event.key.toLowerCase() === "d")) onClose();
  };
  return createPortal(
    <div ref={box} className="popover floating edge-diff" role="group" aria-label={`What ${environment} would get`} style={style}
      onPointerEnter={onEnter} onPointerLeave={onLeave}>
      <div className="row">
        <Place kind={seen?.kind} />
        <h3 className="cut">{environment}</h3>
        {seen && <KindWord kind={seen.kind} />}
        {seen && <Versions seen={seen} />}
      </div>
      {/* Scrolls by key too, where it is long. */}
      <div ref={body} className="body" tabIndex={0} role="region" aria-label={`Change of ${environment}`} onKeyDown={onKeyDown}>
        {seen ? <Change seen={seen} alive={alive} /> : <p className="note">{unseenWords(environment, alive)}</p>}
      </div>
    </div>,
    document.body,
  );
}

function Versions({ seen: { versionFrom, versionTo } }: { seen: PreviewEnvironment }): JSX.Element {
  return (
    <span className="push row tight">
      {versionFrom !== null && versionFrom !== "" && <span className="ver faint">{versionFrom}</span>}
      {versionFrom && versionTo && <Icon name="arrow-r" className="i-12" />}
      {versionTo !== null && versionTo !== "" && <span className="ver">{versionTo}</span>}
    </span>
  );
}

function Change({ seen, alive }: { seen: PreviewEnvironment; alive: Alive }): JSX.Element {
  const { files, problems, downgrade } = seen;
  const source = alive.preview?.source ?? undefined;
  return (
    <>
      {alive.loading && <p className="xs dim">This is of an earlier text. The newer one is on its way.</p>}
      {problems.map((one) => (
        <div className="note bad" key={one.message}>
          <Icon name="alert" />
          <div>{one.message}</div>
        </div>
      ))}
      {downgrade && (
        <div className="note wait">
          <Icon name="alert" />
          <div>{`${seen.name} would go back to an older version.`}</div>
        </div>
      )}
      {files.length === 0 && problems.length === 0 && (
        <p className="note">
          <Icon name="st-nochange" />
          <span>{source ? `No changes: ${seen.name} has these values already.` : `${alive.trigger} has nothing to promote yet.`}</span>
        </p>
      )}
      {files.map((file) => <FileChange key={file.path} file={file} />)}
    </>
  );
}

/** One sentence for those who cannot see it float. */
export function spokenChange(environment: string, alive: Alive): string {
  const seen = alive.preview?.environments.find((one) => one.name === environment);
  if (!seen) return unseenWords(environment, alive);
  const { problems, files, versionFrom, versionTo } = seen;
  if (problems[0]) return `${environment}: ${problems[0].message}`;
  if (files.length === 0) return `${environment}: no changes`;
  const versions = versionFrom && versionTo ? `${versionFrom} to ${versionTo}, ` : "";
  return `${environment}: ${versions}${files.length === 1 ? "1 file changes" : `${files.length} files change`}`;
}

function unseenWords(environment: string, { product, preview, loading, error, trigger }: Alive): string {
  if (product === "") return "Choose a product over the chart to see what it would get.";
  if (environment === trigger) return `${trigger} is where the flow starts: nothing is committed there.`;
  if (loading) return "The change is being looked up.";
  if (error !== undefined) return error;
  return preview ? "It is not previewed while the text has errors." : "Nothing is known of it yet.";
}
