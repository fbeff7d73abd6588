/** How far a run has come: what every model has to tell in the end. */
import type { ModelRun, Simulation } from '../../model';
import type { Outcome } from '../../types';

export interface Progress {
  attempts: number;
  appliedNs: number | undefined;
  completeNs: number | undefined;
  /** Undefined while something is still going on. */
  ended: 'complete' | 'failed' | undefined;
}

export const noProgress = (): Progress => ({ attempts: 1, appliedNs: undefined, completeNs: undefined, ended: undefined });

/** What came out: `unsafe` when it was applied and something broke by it. */
export function resultOf({ recorder }: Simulation, { attempts, appliedNs, completeNs, ended }: Progress): ReturnType<ModelRun['result']> {
  const broken = recorder.violations().length > 0;
  const outcome: Outcome = ended === undefined ? 'stuck' : ended === 'failed' ? 'failed' : broken ? 'unsafe' : 'complete';
  return { outcome, appliedNs, completeNs, attempts };
}
