// Two texts beside each other, line by line, with the lines marked that the other one lacks; never says which is right.
import type { JSX } from "react";

export interface SideLine {
  text: string;
  changed: boolean;
}

export function Side(props: { title: string; words: string; lines: readonly SideLine[]; tone: "ins" | "rem" }): JSX.Element {
  return (
    <section className="diff" aria-label={props.title}>
      <div className="diff-head">
        <span className="semi">{props.title}</span>
        <span className="push faint">{props.words}</span>
      </div>
      <div className="diff-body" tabIndex={0}>
        {props.lines.map((line, at) => (
          <div className={line.changed ? `dl ${props.tone}` : "dl"} key={at}>
            <i>{at + 1}</i>
            <span>{line.text}</span>
          </div>
        ))}
      </div>
    </section>
  );
}
