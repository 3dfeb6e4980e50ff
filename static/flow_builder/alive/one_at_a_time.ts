// A question that many things lead to is asked once at a time: the server works on each to its end, also when nobody waits for it any more.

export class OneAtATime {
  private asking: AbortController | undefined;
  private again = false;

  /** `ask` looks up what is wanted when it is called, and leaves everything as it is once it was aborted. */
  constructor(private readonly ask: (signal: AbortSignal) => Promise<void>) {}

  get busy(): boolean {
    return this.asking !== undefined;
  }

  /** Whether it is asked anew when the present one ends. */
  get waiting(): boolean {
    return this.again;
  }

  /** Ask now, or once the present one has ended; however often it is called meanwhile, once. */
  begin(): void {
    if (this.asking) this.again = true;
    else void this.run();
  }

  /** Nothing more comes of what was asked. */
  stop(): void {
    this.asking?.abort();
    this.asking = undefined;
    this.again = false;
  }

  private async run(): Promise<void> {
    const abort = (this.asking = new AbortController());
    try {
      await this.ask(abort.signal);
    } finally {
      if (!abort.signal.aborted) {
        const { again } = this;
        this.asking = undefined;
        this.again = false;
        if (again) this.begin();
      }
    }
  }
}
