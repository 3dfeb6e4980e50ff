// Over the chart: whose policies are previewed, and which of chart and YAML are shown.
import type { JSX } from "react";
import { Icon } from "../../shared/icon";
import type { Product } from "../../shared/records";
import { clockText } from "../../site/clocks";
import type { View } from "../flow_builder";

interface Props {
  view: View;
  onView: (view: View) => void;
  products: readonly Product[] | undefined;
  product: string;
  onProduct: (product: string) => void;
  previewError: string | undefined;
  /** Since when nothing newer is known of what runs; undefined while live. */
  staleSince: Date | undefined;
  settingsShown: boolean;
  onShowSettings: () => void;
}

export function ChartHead(props: Props): JSX.Element {
  const { view, onView, products, product, onProduct, previewError, staleSince, settingsShown, onShowSettings } = props;
  return (
    <div className="pane-head">
      {!settingsShown && (
        <button className="btn quiet icon xs" type="button" aria-label="Show settings" title="Settings" onClick={onShowSettings}>
          <Icon name="rail" />
        </button>
      )}
      <label className="xs dim nowrap hide-s" htmlFor="preview-product">
        Preview policies for
      </label>
      <span className="select preview-product">
        <select id="preview-product" className={product === "" ? "input sm is-any" : "input sm"} aria-label="Preview policies for"
          value={product} onChange={(event) => onProduct(event.target.value)}>
          <option value="">No product</option>
          {products?.map((one) => <option key={one.name}>{one.name}</option>)}
        </select>
        <Icon name="updown" />
      </span>
      {previewError !== undefined && !staleSince && (
        <span className="xs c-wait cut row tight" title={previewError}>
          <Icon name="alert" className="i-14" />
          <span className="cut">{previewError}</span>
        </span>
      )}
      {staleSince && (
        <span className="xs dim row tight" role="status" title={previewError}>
          <Icon name="offline" className="i-14" />
          <span className="nowrap"><span className="hide-s">Stale since </span>{clockText(staleSince)}</span>
        </span>
      )}
      <ViewSwitch view={view} onView={onView} />
    </div>
  );
}

export function ViewSwitch({ view, onView }: { view: View; onView: (view: View) => void }): JSX.Element {
  return (
    <div className="seg push" role="group" aria-label="View">
      {([["chart", "Chart"], ["both", "Both"], ["yaml", "YAML"]] as const).map(([value, words]) => (
        <button key={value} type="button" aria-pressed={view === value} onClick={() => onView(value)}>
          {words}
        </button>
      ))}
    </div>
  );
}
