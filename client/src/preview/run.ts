import type { PreviewRequest, ShownSimulation } from '../../webview/messages';

/** A run that takes less is not announced: the picture only changes. */
export const BUSY_MS = 250;
/** Each step sends the whole state. */
const PERCENT_STEP = 5;

/** A simulation under way: announced once it takes a while, with how far it is. */
export class Run {
  readonly #abort = new AbortController();
  readonly #timer = setTimeout(() => { this.announce(); }, BUSY_MS);
  #isAnnounced = false;
  #percent: number | undefined;

  /** @param isAutomatic because the edit changed, not because somebody asked; @param announced called when `busy` is another */
  constructor(
    readonly request: PreviewRequest,
    readonly basis: string | undefined,
    readonly isAutomatic: boolean,
    private readonly announced: () => void,
  ) {}

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** What is said of it. */
  get busy(): ShownSimulation['busy'] {
    if (!this.#isAnnounced) return undefined;
    const percent = this.#percent;
    return { message: this.isAutomatic ? 'Simulating the edit as it is now…' : 'Simulating the transition…', ...(percent !== undefined && { percent }) };
  }

  announce(): void {
    this.#isAnnounced = true;
    this.announced();
  }

  /** @param percent of the work that is done, 0 to 100 */
  progress(percent: number): void {
    if (this.signal.aborted || percent < (this.#percent ?? 0) + PERCENT_STEP) return;
    this.#percent = percent;
    if (this.#isAnnounced) this.announced();
  }

  /** Nothing is said of it from now on. */
  end(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }
}
