// What a product runs and what a flow would change there, kept up with the text and the feed; never touches the page.
import { sentenceOf } from "../../shared/api";
import type { Application, Preview } from "../../shared/records";
import { OneAtATime } from "./one_at_a_time";

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
  /** The text that `preview` and `error` are about; undefined where they are not about the same one. */
  previewed: string | undefined;
  /** Whether the preview is not yet the present text's. */
  loading: boolean;
  /** Why there is no newer answer. */
  error: string | undefined;
}

const NOTHING: AliveState = { product: "", applications: undefined, preview: undefined, previewed: undefined, loading: false, error: undefined };
const NOBODY: Wanted = { product: "", flow: "", trigger: "", text: "", ready: false };

/** What of the applications decides a preview; health and times of looking do not. */
const deciding = (rows: readonly Application[]): string =>
  JSON.stringify(rows.map((one) => [one.runtime, one.namespace, one.name, one.environment, one.version, one.revision, one.commit, one.syncStatus]));

const sameText = (one: Wanted, other: Wanted): boolean => one.text === other.text && one.flow === other.flow && one.trigger === other.trigger;

export class AliveStore {
  private state = NOTHING;
  private wanted = NOBODY;
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private mark: ReturnType<typeof setTimeout> | undefined;
  private readonly reads = new OneAtATime((signal) => this.readApplications(signal));
  private readonly previews = new OneAtATime((signal) => this.readPreview(signal));

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
      if (next.product !== "") this.reads.begin();
      return;
    }
    if (next.product === "") return;
    if (sameText(next, before) && next.ready === before.ready) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.preview(), PAUSE);
    // Told once, not with every letter, and after the change itself is painted: hundreds of nodes listen.
    if (this.state.loading) return;
    clearTimeout(this.mark);
    this.mark = setTimeout(() => this.show({ ...this.state, loading: true }), SOON);
  }

  /** Something changed that this product may run: look again. A burst of calls is one look and one after it. */
  refresh(): void {
    if (this.wanted.product !== "") this.reads.begin();
  }

  close(): void {
    this.stop();
    this.wanted = NOBODY;
    this.state = NOTHING;
  }

  private stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.mark);
    this.reads.stop();
    this.previews.stop();
  }

  private show(next: AliveState): void {
    this.state = next;
    for (const listener of this.listeners) listener();
  }

  private async readApplications(signal: AbortSignal): Promise<void> {
    try {
      const rows = await this.ask.applications(this.wanted.product, signal);
      if (!signal.aborted) this.take(rows.filter((one) => one.missingSince === null));
    } catch (failure) {
      if (!signal.aborted) this.show({ ...this.state, loading: false, error: sentenceOf(failure) });
    }
  }

  private take(rows: readonly Application[]): void {
    const before = this.state.applications;
    // What failed is tried again with every look.
    const failed = this.state.error !== undefined;
    if (before && !failed && JSON.stringify(before) === JSON.stringify(rows)) return;
    this.show({ ...this.state, applications: rows });
    if (before && !failed && deciding(before) === deciding(rows)) return;
    this.preview();
  }

  /** Preview the present text; while an older one's answer is on its way, the text that is present when that came. */
  private preview(): void {
    clearTimeout(this.timer);
    clearTimeout(this.mark);
    // Both come back here: the text once it is free of errors, the applications once they are known.
    if (!this.wanted.ready) return this.show({ ...this.state, loading: false });
    if (!this.state.applications) return this.reads.busy ? undefined : this.reads.begin();
    this.show({ ...this.state, loading: true });
    this.previews.begin();
  }

  private async readPreview(signal: AbortSignal): Promise<void> {
    const asked = this.wanted;
    const { flow, product, text, trigger, ready } = asked;
    if (!ready) return;
    // A change that still waits for its pause goes along.
    clearTimeout(this.timer);
    clearTimeout(this.mark);
    const there = (this.state.applications ?? []).filter((one) => one.environment === trigger);
    const first = there[0];
    const application = first && there.length > 1 ? { application: `${first.runtime}/${first.namespace}/${first.name}` } : {};
    let answer: Pick<AliveState, "preview" | "error">;
    try {
      answer = { preview: await this.ask.preview({ flow, product, manifest: text, ...application }, signal), error: undefined };
    } catch (failure) {
      if (signal.aborted) return;
      answer = { preview: this.state.preview, error: sentenceOf(failure) };
    }
    if (signal.aborted) return;
    const isEarlier = this.wanted.ready && !sameText(asked, this.wanted);
    const loading = this.wanted.ready && (this.previews.waiting || isEarlier);
    // What was wrong with an earlier text is not said of this one; what was said before is no word on that one either.
    const told = isEarlier ? { error: this.state.error, previewed: undefined } : { previewed: text };
    this.show({ ...this.state, ...answer, ...told, loading });
  }
}
