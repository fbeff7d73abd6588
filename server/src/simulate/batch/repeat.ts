/** One patch on one machine, again and again with different seeds. */
import { simulate } from '../simulate';
import type { ModelName, SimulationInput } from '../types';
import type { Batch } from './batch';
import { outlineOf, type RunOutline } from './outline';

export interface RepeatOrder {
  readonly kind: 'repeat';
  /** Each can simulate the input. */
  readonly models: readonly ModelName[];
  /** Its seed is the first one's: repetition i has seed + i, and is the run that this seed alone gives. */
  readonly input: Omit<SimulationInput, 'model'>;
  readonly repeat: number;
}

/** An item is one seed: its run by each model, in their order. */
export function repeatBatch({ models, input, repeat }: RepeatOrder): Batch<readonly RunOutline[]> {
  return {
    count: repeat,
    run: (index, shouldStop) => {
      const runs: RunOutline[] = [];
      for (const model of models) {
        const result = simulate({ ...input, model, seed: input.seed + index }, { shouldStop });
        if (!result.ok && result.cancelled) return undefined;
        if (!result.ok) throw new Error(result.message);
        runs.push(outlineOf(result.trace));
      }
      return runs;
    },
  };
}
