/** Many runs as the JSON that scripts read (`simulate --repeat N --format json`): what stands beside the first run's own document. */
import type { Distribution, Quantiles } from '../simulate/batch';
import type { JsonBlocker } from './simulation';

export interface JsonRepeat {
  /** How many were asked for; fewer were run when it was cancelled. */
  readonly asked: number;
  readonly runs: number;
  readonly distributions: readonly JsonDistribution[];
}

export interface JsonDistribution {
  readonly model: string;
  readonly outcomes: Distribution['outcomes'];
  /** Of all runs, from 0 to 1. */
  readonly stuck_share: number;
  readonly complete_ms: Quantiles;
  readonly pause_ms: Quantiles;
  readonly tries: Quantiles;
  readonly signals: Quantiles;
  /** Each run's, by seed; null where it did not complete. */
  readonly complete_ms_by_seed: readonly (number | null)[];
  readonly left: readonly { readonly comm: string; readonly reason: JsonBlocker['reason']; readonly function?: string; readonly hypothetical?: true; readonly runs: number; readonly tasks: number }[];
}

export function repeatJson(distributions: readonly Distribution[], asked: number): JsonRepeat {
  return {
    asked,
    runs: distributions[0]?.runs.length ?? 0,
    distributions: distributions.map(({ model, runs, outcomes, completeMs, pauseMs, tries, signals, left }) => ({
      model,
      outcomes,
      stuck_share: outcomes.stuck / runs.length,
      complete_ms: completeMs,
      pause_ms: pauseMs,
      tries,
      signals,
      complete_ms_by_seed: runs.map((run) => run.completeMs),
      left,
    })),
  };
}
