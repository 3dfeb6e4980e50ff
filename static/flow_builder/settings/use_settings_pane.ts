// Whether the settings are shown: beside the chart where there is room, else over it until they are closed.
import { useCallback, useState } from "react";
import { flushSync } from "react-dom";
import { useEscape, useMedia, useRemembered } from "../../shared/hooks";
import { byId } from "../../site/dom";

export interface ShownSettings {
  shown: boolean;
  /** They lie over the chart. */
  covers: boolean;
  show: () => void;
  hide: () => void;
}

/** In a narrow window they begin closed, whatever was chosen in a wide one. */
export function useSettingsPane(view: "chart" | "both" | "yaml"): ShownSettings {
  const narrow = useMedia("(max-width: 1180px)");
  const [remembered, remember] = useRemembered<boolean>("lockstep.builder.settings", true);
  const [drawer, setDrawer] = useState(false);
  const shown = narrow ? drawer : remembered;
  const set = narrow ? setDrawer : remember;
  const show = useCallback(() => set(true), [set]);
  const hide = useCallback(() => {
    const hadFocus = document.activeElement?.closest(".settings") != null;
    flushSync(() => set(false));
    if (hadFocus) (document.querySelector<HTMLElement>(".show-settings") ?? byId("main"))?.focus({ preventScroll: true });
  }, [set]);
  const covers = narrow && shown && view === "both";
  useEscape(covers, hide);
  return { shown, covers, show, hide };
}
