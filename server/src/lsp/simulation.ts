/** Simulations on the client's request: of the plan, or of functions by name, on the machine of a scenario; cancellable. The last one of a folder is kept, so that other parts of it are told without simulating again. */
import type { CancellationToken, WorkDoneProgressReporter } from 'vscode-languageserver';
import type { Analysis } from '../result';
import { MODEL_NAMES, viewOf, WORKLOADS, type ModelName } from '../simulate/index';
import type { ExportParams, SimulateParams, SimulateResult, SimulationOffers } from './protocol';
import { readScenario } from './scenario';
import type { FolderSession } from './session';
import { mostCpus } from './settings';
import { runAll, type Run } from './runs';

/** A preview is a part of a window, of some hundred pixels; nobody reads through more lanes than these. */
const ROOM = { columns: 1000, lanes: 200 };

const OFFERS: SimulationOffers = { models: MODEL_NAMES, workloads: WORKLOADS.map(({ name, title, defaults }) => ({ name, title, ...defaults })), hz: [100, 250, 300, 1000], mostCpus };

interface Kept {
  /** What it rests on beside the analysis. */
  readonly key: string;
  readonly analysis: WeakRef<Analysis> | undefined;
  readonly run: Run;
}

/** What a request brings beside its parameters. */
export interface Asking {
  readonly session: FolderSession;
  /** With nothing left open; undefined where there is no tree or no baseline. */
  readonly analysis: Analysis | undefined;
  readonly token: CancellationToken;
  readonly progress?: WorkDoneProgressReporter | undefined;
}

export class Simulations {
  readonly #kept = new WeakMap<FolderSession, Kept>();

  /** Rejects with one sentence when the parameters are at fault, and as cancelled when the token says so. */
  async simulate(asking: Asking, params: SimulateParams): Promise<SimulateResult> {
    const { window, filter, system } = params.detail ?? {};
    if (window !== undefined && !(window.fromNs >= 0 && window.fromNs < window.toNs)) throw new Error(`There is no time from ${window.fromNs} to ${window.toNs} ns to be drawn.`);
    const run = await this.run(asking, params);
    if ('empty' in run) return run;
    const { traces, systems, tasks, refused, verdict, scenario } = run;
    const trace = traces.find(({ model }) => model === system) ?? traces[0];
    return { trace: viewOf(trace, { ...ROOM, ...(window !== undefined && { window }), ...(filter !== undefined && { filter }) }, tasks), systems, refused, verdict, scenario, offers: OFFERS };
  }

  /** The traces of a request: the last ones when nothing that they rest on has changed. */
  async run(asking: Asking, params: Omit<ExportParams, 'format'>): Promise<Run | { readonly empty: string }> {
    const { session, analysis } = asking;
    const read = await readScenario(session, analysis, params);
    if ('empty' in read) return read;
    const kept = this.#kept.get(session);
    if (kept?.key === read.key && kept.analysis?.deref() === analysis) return kept.run;
    const run = await runAll(asking, read);
    this.#kept.set(session, { key: read.key, analysis: analysis === undefined ? undefined : new WeakRef(analysis), run });
    return run;
  }
}

/** The traces of one system, or all. Rejects for one that was not run. */
export function chosen({ traces, refused }: Run, system: ModelName | undefined): Run['traces'] {
  const [only] = traces.filter(({ model }) => model === system);
  if (system === undefined) return traces;
  if (only === undefined) throw new Error(refused.find(({ model }) => model === system)?.why ?? `${system} is not one of the systems that were simulated.`);
  return [only];
}
