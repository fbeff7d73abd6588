/** A simulation on the client's request: from the plan, on the built-in machine, cancellable. */
import type { CancellationToken, WorkDoneProgressReporter } from 'vscode-languageserver';
import type { Analysis } from '../result';
import { patchedFunctions } from '../plan/patchedSet';
import { builtinMachine, DEFAULT_KERNEL_VERSION, simulate } from '../simulate/index';
import type { SimulateParams, SimulateResult } from './protocol';
import type { Settings } from './settings';

export async function runSimulation(
  analysis: Analysis,
  params: SimulateParams,
  defaults: Settings['simulate'],
  token: CancellationToken,
  progress: WorkDoneProgressReporter | undefined,
): Promise<SimulateResult> {
  const functions = patchedFunctions(analysis.plan).filter(({ name }) => params.functions === undefined || params.functions.includes(name));
  if (functions.length === 0) return { empty: 'The edit replaces no function, so there is nothing to simulate.' };
  progress?.begin('Simulating the transition', undefined, undefined, true);
  try {
    // A turn of the event loop lets a cancellation that is on its way arrive.
    await new Promise<void>((resolve) => setImmediate(resolve));
    const machine = builtinMachine({
      cpus: params.cpus ?? defaults.cpus,
      hz: params.hz ?? defaults.hz,
      kernelVersion: params.kernelVersion ?? analysis.kernelVersion ?? DEFAULT_KERNEL_VERSION,
    });
    const result = simulate({ model: 'livepatch', patch: { name: 'livepatch_edit', functions }, machine, seed: params.seed ?? defaults.seed }, { shouldStop: () => token.isCancellationRequested });
    if (!result.ok) throw new Error(result.message);
    return { trace: result.trace, verdict: analysis.verdict };
  } finally {
    progress?.done();
  }
}
