// That the chart shows an older text, as the one beside it cannot be read; lies over the canvas, which stays where it is.
import type { JSX } from "react";
import { Icon } from "../../shared/icon";

export function StaleStrip({ line, onPress }: { line: number; onPress: () => void }): JSX.Element {
  return (
    <div className="over-canvas">
      <button className="strip bad stale-strip" type="button" onClick={onPress}>
        <Icon name="alert" className="i-14" />
        <span>
          <b>{`Line ${line} cannot be read.`}</b> The chart shows the last text that could be.
        </span>
      </button>
    </div>
  );
}
