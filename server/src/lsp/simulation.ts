/** A simulation on the client's request: from the plan, on the machine of a workload, cancellable. */
import { LSPErrorCodes, ResponseError, type CancellationToken, type WorkDoneProgressReporter } from 'vscode-languageserver';
import { letOthersRun } from '../kernel/letOthersRun';
import type { Analysis } from '../result';
import { patchedFunctions } from '../plan/patchedSet';
import { CANCELLED, DEFAULT_KERNEL_VERSION, MODEL_NAMES, simulateInSteps, viewOf, withSleepers, workloadNamed, WORKLOADS, type ModelName, type SimulationInput, type SimulationResult } from '../simulate/index';
import type { SimulateParams, SimulateResult, SimulationOffers } from './protocol';
import { mostCpus, type Settings } from './settings';

/** A preview is a part of a window, of some hundred pixels; nobody reads through more lanes than these. */
const ROOM = { columns: 1000, lanes: 200 };

const OFFERS: SimulationOffers = { models: MODEL_NAMES, workloads: WORKLOADS.map(({ name, title }) => ({ name, title })) };

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
  const workload = params.workload === undefined ? WORKLOADS[0] : workloadNamed(params.workload);
  if (workload === undefined) throw new Error(`There is no workload "${params.workload}"; available: ${WORKLOADS.map(({ name }) => name).join(', ')}.`);
  const cpus = params.cpus ?? (workload === WORKLOADS[0] ? defaults.cpus : workload.defaults.cpus);
  if (!Number.isInteger(cpus) || cpus < 1 || cpus > mostCpus) throw new Error(`A machine of ${cpus} CPUs cannot be simulated: 1 to ${mostCpus} can.`);
  const { window } = params;
  if (window !== undefined && !(window.fromNs >= 0 && window.fromNs < window.toNs)) throw new Error(`There is no time from ${window.fromNs} to ${window.toNs} ns to be drawn.`);
  progress?.begin('Simulating the transition', 0, undefined, true);
  try {
    const machine = withSleepers(workload.machine({ cpus, hz: params.hz ?? defaults.hz, kernelVersion: params.kernelVersion ?? analysis.kernelVersion ?? DEFAULT_KERNEL_VERSION }), analysis.sleepers.filter((sleeper) => functions.some(({ name }) => name === sleeper.function)));
    const input: SimulationInput = { model: (params.model ?? 'livepatch') as ModelName, patch: { name: 'livepatch_edit', functions }, machine, seed: params.seed ?? defaults.seed };
    const result = await stepwise(input, token, (percent) => progress?.report(percent));
    if (!result.ok) throw result.cancelled ? cancelled() : new Error(result.message);
    return { trace: viewOf(result.trace, { ...ROOM, ...(window !== undefined && { window }) }), verdict: analysis.verdict, offers: OFFERS };
  } finally {
    progress?.done();
  }
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
