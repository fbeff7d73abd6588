/** Simulations on the client's request: of the plan, or of functions by name, on the machine of a scenario; cancellable. The last one of a folder is kept, so that other parts of it are told without simulating again. */
import { randomUUID } from 'node:crypto';
import type { CancellationToken, WorkDoneProgressReporter } from 'vscode-languageserver';
import type { Analysis } from '../result';
import { MODEL_NAMES, viewOf, WORKLOADS, type ModelName, type TraceView } from '../simulate/index';
import type { SimulateParams, SimulateResult, SimulationDetail, SimulationOffers, SimulationPartResult } from './protocol';
import { readScenario } from './scenario';
import type { FolderSession } from './session';
import { mostCpus } from './settings';
import { runAll, type Run } from './runs';

/** A preview is a part of a window, of some hundred pixels; nobody reads through more lanes than these. */
const ROOM = { columns: 1000, lanes: 200 };

const OFFERS: SimulationOffers = { models: MODEL_NAMES, workloads: WORKLOADS.map(({ name, title, defaults }) => ({ name, title, ...defaults })), hz: [100, 250, 300, 1000], mostCpus };

interface Kept {
  readonly id: string;
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
    const kept = await this.#keptFor(asking, params);
    if ('empty' in kept) return kept;
    const { id, run } = kept;
    const { systems, refused, verdict, scenario } = run;
    return { id, trace: partOf(run, {}), systems, refused, verdict, scenario, offers: OFFERS };
  }

  /** Of the last simulation of the session, if that is the one meant. Throws one sentence when the detail is at fault. */
  part(session: FolderSession, id: string, detail: SimulationDetail): SimulationPartResult {
    const kept = this.#kept.get(session);
    return kept?.id === id ? partOf(kept.run, detail) : null;
  }

  /** The traces of a request: the last ones when nothing that they rest on has changed. */
  async run(asking: Asking, params: SimulateParams): Promise<Run | { readonly empty: string }> {
    const kept = await this.#keptFor(asking, params);
    return 'empty' in kept ? kept : kept.run;
  }

  async #keptFor(asking: Asking, params: SimulateParams): Promise<Kept | { readonly empty: string }> {
    const { session, analysis } = asking;
    const read = await readScenario(session, analysis, params);
    if ('empty' in read) return read;
    const last = this.#kept.get(session);
    if (last?.key === read.key && last.analysis?.deref() === analysis) return last;
    const run = await runAll(asking, read);
    const kept: Kept = { id: randomUUID(), key: read.key, analysis: analysis === undefined ? undefined : new WeakRef(analysis), run };
    this.#kept.set(session, kept);
    return kept;
  }
}

function partOf({ traces, tasks }: Run, { system, window, filter }: SimulationDetail): TraceView {
  if (window !== undefined && !(window.fromNs >= 0 && window.fromNs < window.toNs)) throw new Error(`There is no time from ${window.fromNs} to ${window.toNs} ns to be drawn.`);
  const trace = traces.find(({ model }) => model === system) ?? traces[0];
  return viewOf(trace, { ...ROOM, ...(window !== undefined && { window }), ...(filter !== undefined && { filter }) }, tasks);
}

/** The traces of one system, or all. Rejects for one that was not run. */
export function chosen({ traces, refused }: Run, system: ModelName | undefined): Run['traces'] {
  const [only] = traces.filter(({ model }) => model === system);
  if (system === undefined) return traces;
  if (only === undefined) throw new Error(refused.find(({ model }) => model === system)?.why ?? `${system} is not one of the systems that were simulated.`);
  return [only];
}
