// Shows something after a moment's rest on a place, and lets the pointer reach it; keeps what was asked for by key.

/** Milliseconds. */
export const REST = 300;
export const GRACE = 200;

export class HoverIntent<T extends { key: string }> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private shown: T | undefined;
  private pinned = false;

  constructor(private readonly show: (what: T | undefined) => void) {}

  /** The pointer rests on a place. */
  over(what: T): void {
    if (this.pinned) return;
    // Back from what is shown: it stays where it is.
    if (this.shown?.key === what.key) this.hold();
    else this.later(REST, what);
  }

  /** It left the place, for another or for what is shown. */
  leave(): void {
    if (this.pinned) return;
    this.later(GRACE, undefined);
  }

  /** It is on what is shown. */
  hold(): void {
    clearTimeout(this.timer);
  }

  /** By key: shown at once, and until it is closed. */
  pin(what: T): void {
    this.pinned = true;
    this.set(what);
  }

  /** Whether there was something to close. */
  close(): boolean {
    const was = this.shown !== undefined;
    this.pinned = false;
    this.set(undefined);
    return was;
  }

  private later(delay: number, what: T | undefined): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.set(what), delay);
  }

  private set(what: T | undefined): void {
    clearTimeout(this.timer);
    if (this.shown === undefined && what === undefined) return;
    this.shown = what;
    this.show(what);
  }
}
