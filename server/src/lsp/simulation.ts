/** A simulation on the client's request: from the plan, on the machine of a workload, cancellable. */
import { LSPErrorCodes, ResponseError, type CancellationToken, type WorkDoneProgressReporter } from 'vscode-languageserver';
import { letOthersRun } from '../kernel/letOthersRun';
import type { Analysis } from '../result';
import { patchedFunctions } from '../plan/patchedSet';
import { CANCELLED, DEFAULT_KERNEL_VERSION, MODEL_NAMES, simulateInSteps, systemView, viewOf, withSleepers, workloadNamed, WORKLOADS, type ModelName, type ScenarioFile, type SimulationInput, type SimulationResult, type Trace } from '../simulate/index';
import type { SimulateParams, SimulateResult, SimulationOffers } from './protocol';
import { mostCpus, type Settings } from './settings';

/** A preview is a part of a window, of some hundred pixels; nobody reads through more lanes than these. */
const ROOM = { columns: 1000, lanes: 200 };

const OFFERS: SimulationOffers = { models: MODEL_NAMES, workloads: WORKLOADS.map(({ name, title, defaults }) => ({ name, title, ...defaults })), hz: [100, 250, 300, 1000], mostCpus };

/** Rejects with one sentence when the parameters are at fault, and as cancelled when the token says so. */
export async function runSimulation(
  analysis: Analysis,
  params: SimulateParams,
  defaults: Settings['simulate'],
  token: CancellationToken,
  progress: WorkDoneProgressReporter | undefined,
): Promise<SimulateResult> {
  const functions = patchedFunctions(analysis.plan).filter(({ name }) => params.functions === undefined || params.functions.includes(name));
  if (functions.length === 0) return { empty: 'The edit replaces no function, so there is nothing to simulate.' };
  const { window, filter, system } = params.detail ?? {};
  if (window !== undefined && !(window.fromNs >= 0 && window.fromNs < window.toNs)) throw new Error(`There is no time from ${window.fromNs} to ${window.toNs} ns to be drawn.`);
  const scenario = completed(params.scenario ?? {}, analysis, defaults);
  const workload = workloadNamed(scenario.workload);
  if (workload === undefined) throw new Error(`There is no workload "${scenario.workload}"; available: ${WORKLOADS.map(({ name }) => name).join(', ')}.`);
  const { cpus, hz, kernelVersion, seed } = scenario;
  if (!Number.isInteger(cpus) || cpus < 1 || cpus > mostCpus) throw new Error(`A machine of ${cpus} CPUs cannot be simulated: 1 to ${mostCpus} can.`);
  const machine = withSleepers(workload.machine({ cpus, hz, kernelVersion, ...(scenario.tasks !== undefined && { tasks: scenario.tasks }) }), analysis.sleepers.filter((sleeper) => functions.some(({ name }) => name === sleeper.function)));
  progress?.begin('Simulating the transition', 0, undefined, true);
  try {
    const traces: Trace[] = [];
    const refused: { readonly model: ModelName; readonly why: string }[] = [];
    for (const [at, model] of scenario.systems.entries()) {
      const result = await stepwise({ model, patch: { name: 'livepatch_edit', functions }, machine, seed }, token, (percent) => progress?.report(Math.floor((100 * at + percent) / scenario.systems.length)));
      if (result.ok) traces.push(result.trace);
      else if (result.cancelled) throw cancelled();
      else refused.push({ model, why: result.message });
    }
    const trace = traces.find(({ model }) => model === system) ?? traces[0];
    if (trace === undefined) throw new Error(refused[0]?.why);
    return { trace: viewOf(trace, { ...ROOM, ...(window !== undefined && { window }), ...(filter !== undefined && { filter }) }, machine.tasks), systems: traces.map(systemView), refused, verdict: analysis.verdict, scenario, offers: OFFERS };
  } finally {
    progress?.done();
  }
}

type Completed = ScenarioFile & Required<Pick<ScenarioFile, 'systems' | 'workload' | 'kernelVersion' | 'cpus' | 'hz' | 'seed'>>;

/** A named workload brings the CPUs it usually has; the settings' count where nobody names one. */
function completed(scenario: ScenarioFile, analysis: Analysis, defaults: Settings['simulate']): Completed {
  const named = scenario.workload === undefined ? undefined : workloadNamed(scenario.workload);
  return { systems: ['livepatch'], workload: 'mixed', kernelVersion: analysis.kernelVersion ?? DEFAULT_KERNEL_VERSION, hz: defaults.hz, seed: defaults.seed, cpus: named?.defaults.cpus ?? defaults.cpus, ...scenario };
}

/** Between two steps the event loop turns, so that a cancellation on its way arrives and typing is answered. */
async function stepwise(input: SimulationInput, token: CancellationToken, report: (percent: number) => void): Promise<SimulationResult> {
  const steps = simulateInSteps(input);
  let told = 0;
  for (;;) {
    await letOthersRun();
    if (token.isCancellationRequested) return CANCELLED;
    const step = steps.next();
    if (step.done === true) return step.value;
    const percent = Math.floor(100 * step.value);
    if (percent > told) report(percent);
    told = percent;
  }
}

/** What `work` gives, or a rejection at once when the client takes its request back. */
export async function unlessCancelled<T>(token: CancellationToken, work: Promise<T>): Promise<T> {
  if (token.isCancellationRequested) throw cancelled();
  return Promise.race([work, new Promise<never>((_, reject) => token.onCancellationRequested(() => { reject(cancelled()); }))]);
}

const cancelled = (): ResponseError => new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled.');
