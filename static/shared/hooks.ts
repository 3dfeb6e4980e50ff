// Small React hooks that several islands share.
import { useCallback, useEffect, useState } from "react";
import { afterPaint } from "./after_paint";
import { sentenceOf } from "./api";

export interface Resource<T> {
  data: T | undefined;
  /** Why there is no newer data, as a sentence; what was known before stays in `data`. */
  error: string | undefined;
  loading: boolean;
  reload: () => void;
}

/** Loads when `load` changes and on `reload`; an older answer never replaces a newer one. `load` must be stable. */
export function useResource<T>(load: ((signal: AbortSignal) => Promise<T>) | undefined): Resource<T> {
  const [state, setState] = useState<{ data: T | undefined; error: string | undefined; loading: boolean }>({
    data: undefined,
    error: undefined,
    loading: load !== undefined,
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!load) {
      setState({ data: undefined, error: undefined, loading: false });
      return;
    }
    const abort = new AbortController();
    setState((before) => ({ ...before, loading: true, error: undefined }));
    load(abort.signal).then(
      (data) => !abort.signal.aborted && setState({ data, error: undefined, loading: false }),
      (error: unknown) => {
        if (!abort.signal.aborted) setState((before) => ({ ...before, error: sentenceOf(error), loading: false }));
      },
    );
    return () => abort.abort();
  }, [load, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { ...state, reload };
}

/** A value as it stood when the page was last painted, for what may follow a frame later. */
export function usePainted<T>(value: T): T {
  const [painted, setPainted] = useState(value);
  useEffect(() => {
    if (painted === value) return;
    return afterPaint(() => setPainted(value));
  }, [value, painted]);
  return painted;
}

/** A choice of this person on this browser, such as a pane's width. */
export function useRemembered<T extends string | number | boolean>(key: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => {
    const stored = window.localStorage.getItem(key);
    return stored === null ? initial : (JSON.parse(stored) as T);
  });
  const remember = useCallback(
    (next: T) => {
      window.localStorage.setItem(key, JSON.stringify(next));
      setValue(next);
    },
    [key],
  );
  return [value, remember];
}

/** Asks before the page is left while `dirty`; not where the page says itself that it leaves, as after deleting the thing. */
export function useUnsavedGuard(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    const stop = (): void => window.removeEventListener("beforeunload", ask);
    window.addEventListener("beforeunload", ask);
    document.addEventListener("page:leave", stop);
    return () => {
      stop();
      document.removeEventListener("page:leave", stop);
    };
  }, [dirty]);
}

export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => window.matchMedia(query).matches);
  useEffect(() => {
    const media = window.matchMedia(query);
    const update = (): void => setMatches(media.matches);
    media.addEventListener("change", update);
    return () => media.removeEventListener("change", update);
  }, [query]);
  return matches;
}

/** Whether keys pressed there are written, so that they mean nothing else. */
export const writes = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.closest("input, textarea, select") !== null);

/** Esc closes the topmost: a dialog or menu over the page comes first, and in a field the key is the field's. */
export function useEscape(active: boolean, close: () => void): void {
  useEffect(() => {
    if (!active) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || event.defaultPrevented || writes(event.target) || document.querySelector("dialog[open], :popover-open")) return;
      event.preventDefault();
      close();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [active, close]);
}
