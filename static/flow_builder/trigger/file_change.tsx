// One file's change, line by line, with the changed part inside a line marked.
import type { JSX } from "react";
import { Icon } from "../../shared/icon";
import type { DiffLine, FileDiff } from "../../shared/records";

const CLASSES = { context: "dl", removed: "dl rem", added: "dl ins" };
const SIGNS = { context: " ", removed: "−", added: "+" };

export function FileChange({ file }: { file: FileDiff }): JSX.Element {
  return (
    <div className="diff">
      <div className="diff-head">
        <Icon name="file" className="i-14" />
        <span className="cut">{file.path}</span>
        {file.isNew && <span className="chip">new</span>}
        <span className="push plus">+{file.added}</span>
        <span className="minus">−{file.removed}</span>
      </div>
      <div className="diff-body">
        {file.hunks.map((hunk, at) => (
          <div key={`${hunk.oldStart}-${hunk.newStart}`}>
            {at > 0 && (
              <div className="dl gap">
                <i>…</i>
                <i />
                <b />
                <span />
              </div>
            )}
            {hunk.lines.map((line) => <Line key={`${line.kind}-${line.oldNumber}-${line.newNumber}`} line={line} />)}
          </div>
        ))}
      </div>
    </div>
  );
}

function Line({ line }: { line: DiffLine }): JSX.Element {
  return (
    <div className={CLASSES[line.kind]}>
      <i>{line.oldNumber}</i>
      <i>{line.newNumber}</i>
      <b>{SIGNS[line.kind]}</b>
      <span>{line.segments.map((part, at) => (part.changed ? <mark key={at}>{part.text}</mark> : part.text))}</span>
    </div>
  );
}
