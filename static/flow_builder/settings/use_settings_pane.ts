// Whether the settings are shown: where there is room, else for as long as they are wanted.
import { useCallback, useState } from "react";
import { flushSync } from "react-dom";
import { useEscape, useMedia, useRemembered } from "../../shared/hooks";
import { byId } from "../../site/dom";

export interface ShownSettings {
  shown: boolean;
  /** They leave chart and YAML little room: Esc gives it back. */
  squeezes: boolean;
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
  const squeezes = narrow && shown && view === "both";
  useEscape(squeezes, hide);
  return { shown, squeezes, show, hide };
}
