// What the release wrote to Git for this environment: the commit, and each file's difference.
import { useState, type JSX } from "react";
import { Icon } from "../../shared/icon";
import type { DiffHunk, DiffLine, FileDiff } from "../../shared/records";
import { commitsOf } from "../../shared/release/environment_words";
import type { Application, Environment } from "../../shared/release/release";
import { Section } from "./section";

const SIGN = { context: " ", removed: "−", added: "+" } as const;
const CLASS = { context: "dl", removed: "dl rem", added: "dl ins" } as const;

export function Change({ environment }: { environment: Environment }): JSX.Element {
  const { applications } = environment;
  const files = filesOf(applications);
  const commits = commitsOf(environment);
  const total = (key: "added" | "removed"): number => files.reduce((sum, file) => sum + file[key], 0);
  return (
    <Section
      title="Change"
      aside={
        files.length > 0 && (
          <>
            <span className="aside">{files.length === 1 ? "1 file" : `${files.length} files`}</span>
            <span className="plus">+{total("added")}</span>
            <span className="minus">−{total("removed")}</span>
          </>
        )
      }
    >
      {commits.map((sha) => (
        <p key={sha} className="commit">
          <Icon name="commit" className="i-14" label="Commit" />
          <span className="sha">{sha}</span>
        </p>
      ))}
      {files.length === 0 && <p className="faint xs">{nothing(applications)}</p>}
      {files.map((file, at) => (
        <File key={`${environment.name} ${file.path}`} file={file} first={at === 0} />
      ))}
    </Section>
  );
}

/** Applications of one environment may share files; each file is shown once. */
function filesOf(applications: readonly Application[]): FileDiff[] {
  return [...new Map(applications.flatMap((one) => one.diff).map((file) => [file.path, file])).values()];
}

function nothing(applications: readonly Application[]): string {
  return applications.every((one) => one.noChanges) && applications.length > 0
    ? "Git carried the promoted values already: nothing was written."
    : "Nothing has been written yet.";
}

function File({ file, first }: { file: FileDiff; first: boolean }): JSX.Element {
  const [open, setOpen] = useState(first);
  return (
    <div className={open ? "diff" : "diff is-folded"}>
      <button className="diff-head" type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name={open ? "chev-d" : "chev-r"} className="i-14" />
        <span className="cut path" title={file.path}>
          {file.path}
        </span>
        {file.isNew && <span className="chip fill">new</span>}
        <span className="push plus">+{file.added}</span>
        <span className="minus">−{file.removed}</span>
      </button>
      {open && (
        <div className="diff-body" tabIndex={0} role="group" aria-label={`Change of ${file.path}`}>
          {file.hunks.map((hunk, at) => (
            <Hunk key={`${hunk.oldStart} ${hunk.newStart}`} hunk={hunk} gap={at > 0} />
          ))}
        </div>
      )}
    </div>
  );
}

function Hunk({ hunk, gap }: { hunk: DiffHunk; gap: boolean }): JSX.Element {
  return (
    <>
      {gap && (
        <div className="dl gap">
          <i>…</i>
          <i>…</i>
        </div>
      )}
      {hunk.lines.map((line) => (
        <Line key={`${line.oldNumber ?? ""} ${line.newNumber ?? ""}`} line={line} />
      ))}
    </>
  );
}

function Line({ line }: { line: DiffLine }): JSX.Element {
  return (
    <div className={CLASS[line.kind]}>
      <i>{line.oldNumber}</i>
      <i>{line.newNumber}</i>
      <b>{SIGN[line.kind]}</b>
      <span>{line.segments.map((part, at) => (part.changed ? <mark key={at}>{part.text}</mark> : part.text))}</span>
    </div>
  );
}
