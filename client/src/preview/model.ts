import type { SimulationDetail, SimulationView } from '../../../server/src/lsp/protocol';
import type { PreviewRequest, PreviewState } from '../../webview/messages';
import { messageOf } from '../messageOf';
import { Picture } from './picture';
import { byScenarioOf, type Simulator, type Viewers } from './ports';

/** An edit is simulated again when its plan was the same for so long. */
export const SETTLE_MS = 400;
/** A run that takes less is not announced: the picture only changes. */
export const BUSY_MS = 250;
/** Each step sends the whole state. */
const PERCENT_STEP = 5;

interface Run {
  readonly request: PreviewRequest;
  readonly basis: string | undefined;
  /** Because the edit changed, not because somebody asked. */
  readonly isAutomatic: boolean;
  readonly abort: AbortController;
  percent?: number;
}

/**
 * What the preview shows, wherever it is shown: a request, its simulation, and the run that will take its place. A picture
 * stays until there is a better one; of several runs the latest counts. Free of VS Code, so that tests can drive it.
 */
export class PreviewModel {
  /** What was asked for last and could be had. */
  #request: PreviewRequest | undefined;
  #detail: SimulationDetail = {};
  readonly #picture = new Picture();
  #run: Run | undefined;
  #look: AbortController | undefined;
  #isBusy = false;
  #busyTimer: NodeJS.Timeout | undefined;
  #settleTimer: NodeJS.Timeout | undefined;
  /** Of the last run, whatever became of it: what was cancelled or failed is not tried again by itself. */
  #tried: string | undefined;

  constructor(
    private readonly simulator: Simulator,
    private readonly viewers: Viewers,
  ) {}

  get state(): PreviewState {
    const { percent } = this.#run ?? {};
    const busy = { message: this.#run?.isAutomatic === true ? 'Simulating the edit as it is now…' : 'Simulating the transition…', ...(percent !== undefined && { percent }) };
    return this.#picture.state(this.#isBusy ? busy : undefined, () => this.simulator.invitation());
  }

  /** What was asked for last; empty when nothing was. */
  get request(): PreviewRequest {
    return this.#run?.request ?? this.#request ?? {};
  }

  get shown(): SimulationView | undefined {
    return this.#picture.shown?.view;
  }

  /** The system that is looked at, where one was chosen. */
  get system(): SimulationDetail['system'] {
    return this.#detail.system;
  }

  /** By the scenario chosen last, unless the request brings one. The part of time that was looked at belongs to the picture before. */
  async simulate(request: PreviewRequest): Promise<void> {
    const { system, filter } = this.#detail;
    this.#detail = { ...(system !== undefined && { system }), ...(filter !== undefined && { filter }) };
    await this.#start(byScenarioOf(this.request, request), false);
  }

  /** What a view remembers over a reload: made again as soon as there is an edit to make it from. */
  async restore(request: PreviewRequest): Promise<void> {
    if (this.#request !== undefined || this.#run !== undefined) return;
    this.#request = request;
    if (this.simulator.basis(request) !== undefined) await this.#start(request, false);
    else {
      this.#picture.say({ kind: 'running', message: 'Waiting for the edit…' });
      this.#show();
    }
  }

  /** The edit, its plan or the settings are others, or somebody looks again. */
  editChanged(): void {
    clearTimeout(this.#settleTimer);
    const request = this.#run?.request ?? this.#request;
    if (request === undefined) {
      this.#show();
      return;
    }
    const basis = this.simulator.basis(request);
    if (basis === undefined || basis === this.#run?.basis) return;
    if (basis === this.#picture.shown?.basis && this.#run?.isAutomatic !== false) this.#takeBack(basis);
    else if (basis !== this.#tried) this.#settleTimer = setTimeout(() => { if (this.viewers.look()) void this.#start(this.request, true); }, SETTLE_MS);
  }

  /** Ends the run; the picture before stays. */
  cancel(): void {
    const run = this.#run;
    if (run === undefined) return;
    this.#end();
    const { shown } = this.#picture;
    if (shown === undefined) this.#picture.say(undefined);
    else if (run.basis !== shown.basis) this.#picture.stale = 'The edit has changed since.';
    this.#show();
  }

  /** Another part of the same simulation. While one is under way, its end gives that part. */
  async look(detail: SimulationDetail): Promise<void> {
    this.#detail = detail;
    this.#look?.abort();
    const { shown } = this.#picture;
    if (shown === undefined || this.#run !== undefined) return;
    const look = new AbortController();
    this.#look = look;
    const result = await this.simulator.simulate(shown.request, detail, () => undefined, look.signal).catch((error: unknown) => ({ empty: messageOf(error) }));
    if (look.signal.aborted || this.#picture.shown !== shown) return;
    if ('empty' in result) this.#picture.stale = result.empty;
    else {
      this.#picture.change({ view: result });
      if (shown.basis === this.simulator.basis(shown.request)) this.#picture.stale = undefined;
    }
    this.#show();
  }

  /** Marks whom a function holds up; nobody without a name. */
  highlight(name: string | undefined): void {
    this.#picture.highlight = name;
    this.#show();
  }

  /** The shown scenario is now in a file; nothing else about it changed. */
  savedAs(request: PreviewRequest): void {
    this.#request = request;
    this.#picture.change({ request });
    this.#show();
  }

  dispose(): void {
    clearTimeout(this.#settleTimer);
    this.#look?.abort();
    this.#end();
  }

  async #start(request: PreviewRequest, isAutomatic: boolean): Promise<void> {
    clearTimeout(this.#settleTimer);
    this.#look?.abort();
    this.#end();
    const run: Run = { request, basis: this.simulator.basis(request), isAutomatic, abort: new AbortController() };
    this.#run = run;
    this.#tried = run.basis;
    this.#busyTimer = setTimeout(() => { this.#announce(); }, BUSY_MS);
    if (this.#picture.shown === undefined) this.#announce();
    const detail = this.#detail;
    try {
      const result = await this.simulator.simulate(request, detail, (percent) => { this.#progress(run, percent); }, run.abort.signal);
      if (this.#run !== run) return;
      this.#end();
      this.#request = request;
      this.#picture.take(result, request, run.basis);
    } catch (error) {
      if (this.#run !== run) return;
      this.#end();
      // A scenario that cannot be run is not the one to go on from.
      this.#request = this.#picture.shown?.request ?? request;
      this.#picture.fail(messageOf(error));
    }
    this.#show();
    if (this.#detail !== detail) void this.look(this.#detail);
  }

  /** The edit is again as it was: what was simulated of it is good. */
  #takeBack(basis: string): void {
    this.#end();
    this.#tried = basis;
    this.#picture.stale = undefined;
    this.#show();
  }

  #end(): void {
    clearTimeout(this.#busyTimer);
    this.#isBusy = false;
    this.#run?.abort.abort();
    this.#run = undefined;
  }

  #announce(): void {
    this.#isBusy = true;
    this.#show();
  }

  #progress(run: Run, percent: number): void {
    if (this.#run !== run || percent < (run.percent ?? 0) + PERCENT_STEP) return;
    run.percent = percent;
    if (this.#isBusy) this.#show();
  }

  #show(): void {
    this.viewers.show(this.state);
  }
}
