import type { SimulateResult, SimulationView } from '../../../server/src/lsp/protocol';
import type { PreviewRequest, PreviewState } from '../../webview/messages';

/** A simulation, what was asked for, and what of the edit it rests on. */
interface Shown {
  readonly view: SimulationView;
  readonly request: PreviewRequest;
  readonly basis: string | undefined;
}

/** What stands there: a simulation, or words where there is none yet; and what is said beside it. */
export class Picture {
  /** Why it is not, or may not be, what one would get now. */
  stale: string | undefined;
  /** A function whose blockers are marked. */
  highlight: string | undefined;
  #shown: Shown | undefined;
  #words: PreviewState | undefined;

  get shown(): Shown | undefined {
    return this.#shown;
  }

  /**
   * @param busy what is said of the run that takes its place, once it is announced
   * @param otherwise what to say where nothing was drawn or said
   */
  state(busy: { readonly message: string; readonly percent?: number } | undefined, otherwise: () => PreviewState): PreviewState {
    if (this.#shown === undefined) return busy === undefined ? (this.#words ?? otherwise()) : { kind: 'running', ...busy };
    const { view, request } = this.#shown;
    return { kind: 'simulation', view, request, ...(busy !== undefined && { busy }), ...(this.stale !== undefined && { stale: this.stale }), ...(this.highlight !== undefined && { highlight: this.highlight }) };
  }

  /** Where there is no simulation; undefined for what is usually said. */
  say(words: PreviewState | undefined): void {
    this.#words = words;
  }

  /** What a run came to. */
  take(result: SimulateResult, request: PreviewRequest, basis: string | undefined): void {
    this.stale = undefined;
    if ('empty' in result) {
      this.#shown = undefined;
      this.#words = { kind: 'empty', message: result.empty, canSimulate: false };
    } else this.#shown = { view: result, request, basis };
  }

  /** A run that came to nothing: the picture before stays. */
  fail(message: string): void {
    if (this.#shown !== undefined) this.stale = message;
    else this.#words = { kind: 'error', message };
  }

  /** The same simulation, asked for by another name. */
  rename(request: PreviewRequest): void {
    if (this.#shown !== undefined) this.#shown = { ...this.#shown, request };
  }
}
