/** A simulation on the client's request: from the plan, on the built-in machine, cancellable. */
import { LSPErrorCodes, ResponseError, type CancellationToken, type WorkDoneProgressReporter } from 'vscode-languageserver';
import type { Analysis } from '../result';
import { patchedFunctions } from '../plan/patchedSet';
import { builtinMachine, DEFAULT_KERNEL_VERSION, simulate } from '../simulate/index';
import type { SimulateParams, SimulateResult } from './protocol';
import { mostCpus, type Settings } from './settings';

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
  const cpus = params.cpus ?? defaults.cpus;
  if (!Number.isInteger(cpus) || cpus < 1 || cpus > mostCpus) throw new Error(`A machine of ${cpus} CPUs cannot be simulated: 1 to ${mostCpus} can.`);
  progress?.begin('Simulating the transition', undefined, undefined, true);
  try {
    // A turn of the event loop lets a cancellation that is on its way arrive.
    await new Promise<void>((resolve) => setImmediate(resolve));
    const machine = builtinMachine({ cpus, hz: params.hz ?? defaults.hz, kernelVersion: params.kernelVersion ?? analysis.kernelVersion ?? DEFAULT_KERNEL_VERSION });
    const shouldStop = (): boolean => token.isCancellationRequested;
    const result = shouldStop()
      ? ({ ok: false, cancelled: true, message: 'Cancelled.' } as const)
      : simulate({ model: 'livepatch', patch: { name: 'livepatch_edit', functions }, machine, seed: params.seed ?? defaults.seed }, { shouldStop });
    if (!result.ok) throw result.cancelled ? cancelled() : new Error(result.message);
    return { trace: result.trace, verdict: analysis.verdict };
  } finally {
    progress?.done();
  }
}

/** What `work` gives, or a rejection at once when the client takes its request back. */
export async function unlessCancelled<T>(token: CancellationToken, work: Promise<T>): Promise<T> {
  if (token.isCancellationRequested) throw cancelled();
  return Promise.race([work, new Promise<never>((_, reject) => token.onCancellationRequested(() => { reject(cancelled()); }))]);
}

const cancelled = (): ResponseError => new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled.');
