import type { SimulationDetail, SimulationView } from '../../../server/src/lsp/protocol';
import type { PreviewRequest, PreviewState, ShownSimulation } from '../../webview/messages';
import { messageOf } from '../messageOf';
import { Looks } from './looks';
import { Picture } from './picture';
import { byScenarioOf, type Simulator, type Viewers } from './ports';
import { Run } from './run';

/** An edit is simulated again when its plan was the same for so long. */
export const SETTLE_MS = 400;

/**
 * What the preview shows, wherever it is shown: a request, its simulation, and the run that will take its place. A picture
 * stays until there is a better one; of several runs the latest counts. Each viewer looks at a part of its own. Free of VS Code, so that tests can drive it.
 */
export class PreviewModel<Viewer> {
  /** What was asked for last and could be had. */
  #request: PreviewRequest | undefined;
  readonly #looks: Looks<Viewer>;
  readonly #picture = new Picture();
  #run: Run | undefined;
  #settleTimer: NodeJS.Timeout | undefined;
  /** Of the last run, whatever became of it: what was cancelled or failed is not tried again by itself. */
  #tried: string | undefined;

  constructor(
    private readonly simulator: Simulator,
    private readonly viewers: Viewers<Viewer>,
  ) {
    this.#looks = new Looks(simulator);
  }

  /** As a viewer sees it. */
  state(viewer: Viewer): PreviewState {
    const state = this.#picture.state(this.busy, () => this.simulator.invitation());
    return state.kind === 'simulation' ? { ...state, view: this.#looks.of(viewer, state.view) } : state;
  }

  /** What was asked for last; empty when nothing was. */
  get request(): PreviewRequest {
    return this.#run?.request ?? this.#request ?? {};
  }

  /** What is simulated: all of the first system's run, whatever part of it viewers look at. */
  get shown(): SimulationView | undefined {
    return this.#picture.shown?.view;
  }

  /** Of a run that takes so long that it is announced. */
  get busy(): ShownSimulation['busy'] {
    return this.#run?.busy;
  }

  /** The system that a viewer looks at, where one was chosen. */
  systemOf(viewer: Viewer): SimulationDetail['system'] {
    return this.#looks.systemOf(viewer);
  }

  /** By the scenario chosen last, unless the request brings one. */
  async simulate(request: PreviewRequest): Promise<void> {
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

  /** Another part of the simulation that is shown, for one viewer; also while a run that will take its place is under way. */
  async look(viewer: Viewer, detail: SimulationDetail): Promise<void> {
    const { shown } = this.#picture;
    if (shown === undefined) return;
    const turned = await this.#looks.turn(viewer, shown, detail).catch((error: unknown) => new Error(messageOf(error)));
    if (turned === 'come') this.viewers.changed(viewer);
    if (this.#picture.shown?.view !== shown.view || this.#run !== undefined) return;
    if (turned instanceof Error) {
      this.#picture.stale = turned.message;
      this.#show();
    } else if (turned === 'gone') await this.#start(shown.request, true);
  }

  /** A viewer is no more. */
  forget(viewer: Viewer): void {
    this.#looks.forget(viewer);
  }

  /** Marks whom a function holds up; nobody without a name. */
  highlight(name: string | undefined): void {
    this.#picture.highlight = name;
    this.#show();
  }

  /** The shown scenario is now in a file; nothing else about it changed. */
  savedAs(request: PreviewRequest): void {
    this.#request = request;
    this.#picture.rename(request);
    this.#show();
  }

  dispose(): void {
    clearTimeout(this.#settleTimer);
    this.#end();
  }

  async #start(request: PreviewRequest, isAutomatic: boolean): Promise<void> {
    clearTimeout(this.#settleTimer);
    this.#end();
    const run = new Run(request, this.simulator.basis(request), isAutomatic, () => { this.#show(); });
    this.#run = run;
    this.#tried = run.basis;
    if (this.#picture.shown === undefined) run.announce();
    try {
      const result = await this.simulator.simulate(request, (percent) => { run.progress(percent); }, run.signal);
      const turn = 'empty' in result ? undefined : await this.#looks.prepare(result, request);
      if (this.#run !== run) return;
      this.#end();
      turn?.();
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
  }

  /** The edit is again as it was: what was simulated of it is good. */
  #takeBack(basis: string): void {
    this.#end();
    this.#tried = basis;
    this.#picture.stale = undefined;
    this.#show();
  }

  #end(): void {
    this.#run?.end();
    this.#run = undefined;
  }

  #show(): void {
    this.viewers.changed();
  }
}
