// Every key of the builder in one place, opened by `?`.
import { Fragment, type JSX } from "react";
import { Dialog } from "../shared/dialog";

/** In this order they fill two columns: those of the chart take about as much room as all others. */
const GROUPS: readonly { title: string; keys: readonly (readonly [keys: readonly string[], words: string])[] }[] = [
  {
    title: "On the chart",
    keys: [
      [["← →"], "Go along the arrows"],
      [["↑ ↓"], "Go to the neighbour above or below"],
      [["A"], "Add environments after the selected one"],
      [["B"], "Add before it, on one arrow to it or on all; removes a dependency, too"],
      [["Alt ↑", "Alt ↓"], "Move it up or down in the text; parallel ones change places"],
      [["I", "O"], "Go to an arrow that leads to it, or to one that leads on"],
      [["D"], "Show what the selected environment would get; ↑ ↓ and Page Down scroll it, Esc closes it"],
      [["Enter"], "Settings of the selected environment"],
      [["Delete", "Backspace"], "Delete what is selected from the flow"],
      [["Shift ← →", "Shift ↑ ↓"], "Select several; Shift with the mouse, too"],
      [["Ctrl A"], "Select all"],
      [["F"], "Fit the flow into the pane"],
      [["Esc"], "Select nothing"],
    ],
  },
  {
    title: "On an arrow of the chart",
    keys: [
      [["↑ ↓"], "Go to the next arrow of the same environment"],
      [["← →"], "Go on to an arrow before it or after it"],
      [["Enter"], "Insert environments on it"],
      [["Delete", "Backspace"], "Remove it; also when it was selected with the mouse"],
      [["Esc"], "Go back to the environment"],
    ],
  },
  {
    title: "In the YAML editor",
    keys: [
      [["Ctrl Space"], "Offer fields, environments and workflows"],
      [["Ctrl F"], "Search and replace"],
      [["F3", "Shift F3"], "Next and previous match"],
      [["Tab", "Shift Tab"], "Indent more and less"],
      [["Ctrl Shift [", "Ctrl Shift ]"], "Fold and unfold"],
      [["Alt ↑", "Alt ↓"], "Move the line"],
      [["Ctrl M"], "Tab leaves the editor, until pressed again"],
    ],
  },
  {
    title: "Everywhere",
    keys: [
      [["Ctrl S"], "Save"],
      [["Ctrl Shift S"], "Save under another name"],
      [["Ctrl Z"], "Undo"],
      [["Ctrl Shift Z", "Ctrl Y"], "Redo"],
      [["F6", "Shift F6"], "Go to the next pane, or back: settings, chart, YAML"],
      [["?"], "This list"],
      [["Esc"], "Close what is on top, then go from a release back to editing"],
    ],
  },
  { title: "On the divider", keys: [[["← →"], "Make the YAML pane wider or narrower"]] },
];

export function KeysDialog({ onClose }: { onClose: () => void }): JSX.Element {
  return (
    <Dialog title="Keys" onClose={onClose} onSubmit={onClose} className="keys-dialog"
      foot={
        <button className="btn primary" type="submit">
          Close
        </button>
      }>
      {/* Scrolls by key where the window is low. */}
      <div className="dialog-body keys-body" tabIndex={0} data-autofocus>
        <div className="keys">
          {GROUPS.map(({ title, keys }) => (
            <section key={title} aria-label={title}>
              <h3>{title}</h3>
              <dl>
                {keys.map(([names, words]) => (
                  <Fragment key={words}>
                    <dt>
                      {names.map((name) => (
                        <kbd className="kbd" key={name}>{name}</kbd>
                      ))}
                    </dt>
                    <dd>{words}</dd>
                  </Fragment>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
    </Dialog>
  );
}
