// What a product runs and what a flow would change there, kept up with the text and the feed; never touches the page.
import { sentenceOf } from "../../shared/api";
import type { Application, Preview } from "../../shared/records";

/** Milliseconds after the last change of the text. */
export const PAUSE = 400;
/** Milliseconds until what is known calls itself of an earlier text. */
const SOON = 50;

export interface Wanted {
  /** "" for none: then nothing is asked. */
  product: string;
  /** The flow's name, its trigger environment and its text, saved or not. */
  flow: string;
  trigger: string;
  text: string;
  /** Whether the text is free of errors; while it is not, what was answered before stays. */
  ready: boolean;
}

export interface PreviewRequest {
  flow: string;
  product: string;
  manifest: string;
  application?: string;
}

export interface Asked {
  applications: (product: string, signal: AbortSignal) => Promise<Application[]>;
  preview: (request: PreviewRequest, signal: AbortSignal) => Promise<Preview>;
}

export interface AliveState {
  product: string;
  /** Those that run somewhere; undefined until they are known. */
  applications: readonly Application[] | undefined;
  /** The newest answer; while a newer one is on its way, an older one. */
  preview: Preview | undefined;
  /** Whether the preview is not yet the present text's. */
  loading: boolean;
  /** Why there is no newer answer. */
  error: string | undefined;
}

const NOTHING: AliveState = { product: "", applications: undefined, preview: undefined, loading: false, error: undefined };
const NOBODY: Wanted = { product: "", flow: "", trigger: "", text: "", ready: false };

/** What of the applications decides a preview; health and times of looking do not. */
const deciding = (rows: readonly Application[]): string =>
  JSON.stringify(rows.map((one) => [one.runtime, one.namespace, one.name, one.environment, one.version, one.revision, one.commit, one.syncStatus]));

export class AliveStore {
  private state = NOTHING;
  private wanted = NOBODY;
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private mark: ReturnType<typeof setTimeout> | undefined;
  private reading: AbortController | undefined;
  private readAgain = false;
  private previewing: AbortController | undefined;

  constructor(private readonly ask: Asked) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): AliveState => this.state;

  /** Follow another product or text from now on. */
  want(next: Wanted): void {
    const before = this.wanted;
    this.wanted = next;
    if (next.product !== before.product) {
      this.stop();
      this.show({ ...NOTHING, product: next.product, loading: next.product !== "" });
      if (next.product !== "") void this.readApplications();
      return;
    }
    if (next.product === "") return;
    const same = next.text === before.text && next.flow === before.flow && next.trigger === before.trigger;
    if (same && next.ready === before.ready) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.readPreview(), PAUSE);
    // Told once, not with every letter, and after the change itself is painted: hundreds of nodes listen.
    if (this.state.loading) return;
    clearTimeout(this.mark);
    this.mark = setTimeout(() => this.show({ ...this.state, loading: true }), SOON);
  }

  /** Something changed that this product may run: look again. A burst of calls is one look and one after it. */
  refresh(): void {
    if (this.wanted.product !== "") void this.readApplications();
  }

  close(): void {
    this.stop();
    this.wanted = NOBODY;
    this.state = NOTHING;
  }

  private stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.mark);
    this.reading?.abort();
    this.previewing?.abort();
    this.reading = this.previewing = undefined;
    this.readAgain = false;
  }

  private show(next: AliveState): void {
    this.state = next;
    for (const listener of this.listeners) listener();
  }

  private async readApplications(): Promise<void> {
    if (this.reading) {
      this.readAgain = true;
      return;
    }
    const abort = (this.reading = new AbortController());
    let rows: Application[] | undefined;
    try {
      rows = (await this.ask.applications(this.wanted.product, abort.signal)).filter((one) => one.missingSince === null);
    } catch (failure) {
      if (abort.signal.aborted) return;
      this.show({ ...this.state, loading: false, error: sentenceOf(failure) });
    }
    if (abort.signal.aborted) return;
    this.reading = undefined;
    const again = this.readAgain;
    this.readAgain = false;
    if (rows) this.take(rows);
    if (again) void this.readApplications();
  }

  private take(rows: readonly Application[]): void {
    const before = this.state.applications;
    // What failed is tried again with every look.
    const failed = this.state.error !== undefined;
    if (before && !failed && JSON.stringify(before) === JSON.stringify(rows)) return;
    this.show({ ...this.state, applications: rows });
    if (before && !failed && deciding(before) === deciding(rows)) return;
    clearTimeout(this.timer);
    void this.readPreview();
  }

  private async readPreview(): Promise<void> {
    clearTimeout(this.mark);
    const { flow, product, text, trigger, ready } = this.wanted;
    const { applications } = this.state;
    // Both come back here: the text once it is free of errors, the applications once they are known.
    if (!ready) return this.show({ ...this.state, loading: false });
    if (!applications) return this.reading ? undefined : this.readApplications();
    this.previewing?.abort();
    const abort = (this.previewing = new AbortController());
    const there = applications.filter((one) => one.environment === trigger);
    const first = there[0];
    const application = first && there.length > 1 ? { application: `${first.runtime}/${first.namespace}/${first.name}` } : {};
    this.show({ ...this.state, loading: true });
    try {
      const preview = await this.ask.preview({ flow, product, manifest: text, ...application }, abort.signal);
      if (!abort.signal.aborted) this.show({ ...this.state, preview, loading: false, error: undefined });
    } catch (failure) {
      if (!abort.signal.aborted) this.show({ ...this.state, loading: false, error: sentenceOf(failure) });
    }
  }
}
