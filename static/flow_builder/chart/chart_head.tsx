// Over the chart: whose policies are previewed, and which of chart and YAML are shown.
import type { JSX } from "react";
import { Icon } from "../../shared/icon";
import type { Product } from "../../shared/records";
import type { View } from "../flow_builder";
import { PreviewTrouble } from "./preview_trouble";

interface Props {
  view: View;
  onView: (view: View) => void;
  products: readonly Product[] | undefined;
  product: string;
  onProduct: (product: string) => void;
  /** What is in the way of a preview or a release, each a sentence. */
  troubles: readonly string[];
  /** A release is on the chart: what was decided for it is no preview. */
  releaseShown: boolean;
  settingsShown: boolean;
  onShowSettings: () => void;
}

export function ChartHead(props: Props): JSX.Element {
  const { view, onView, releaseShown, settingsShown, onShowSettings } = props;
  return (
    <div className="pane-head">
      {!settingsShown && (
        <button className="btn quiet icon xs show-settings" type="button" aria-label="Show settings" title="Settings" onClick={onShowSettings}>
          <Icon name="rail" />
        </button>
      )}
      {releaseShown ? <h2>Release</h2> : <PreviewOf {...props} />}
      <ViewSwitch view={view} onView={onView} />
    </div>
  );
}

function PreviewOf({ products, product, onProduct, troubles }: Props): JSX.Element {
  return (
    <>
      {/* A product's name tells what it is in a narrow window, too; none does not. */}
      <label className={`preview-label xs dim nowrap ${product === "" ? "" : "hide-s"}`} htmlFor="preview-product">
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
      {troubles.length > 0 && <PreviewTrouble sentences={troubles} />}
    </>
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
