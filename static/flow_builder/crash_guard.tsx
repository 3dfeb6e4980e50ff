// What is shown when the builder itself fails: why, and the text that nobody saved, to be copied.
import { Component, type JSX, type ReactNode } from "react";
import { Icon } from "../shared/icon";
import { newest } from "./text/flow_text";

interface State {
  failure: Error | undefined;
}

export class CrashGuard extends Component<{ children: ReactNode }, State> {
  override state: State = { failure: undefined };

  static getDerivedStateFromError(failure: Error): State {
    return { failure };
  }

  override render(): ReactNode {
    return this.state.failure ? <Crashed failure={this.state.failure} /> : this.props.children;
  }
}

function Crashed({ failure }: { failure: Error }): JSX.Element {
  return (
    <div className="empty grow-y" role="alert">
      <Icon name="alert" className="art" />
      <h3>The Flow Builder stopped</h3>
      <p>{`It met something that it cannot draw (${failure.message}). Copy the text below before loading the page again.`}</p>
      <textarea className="input mono" aria-label="Text of the flow" readOnly rows={16} cols={80} value={newest.text} />
      <button className="btn" type="button" onClick={() => window.location.reload()}>
        Load the page again
      </button>
    </div>
  );
}
