/** What a model is: one system's way to apply a live patch. */
import type { KernelVersion } from './version';
import type { EventQueue } from './queue';
import type { Random } from './random';
import type { Recorder } from './recorder';
import type { Costs, ModelName, Outcome, SimulationInput } from './types';

/** Everything a model works with during one simulation. */
export interface Simulation {
  readonly input: SimulationInput;
  readonly version: KernelVersion;
  readonly queue: EventQueue;
  readonly random: Random;
  readonly costs: Costs;
  readonly uptimeNs: number;
  readonly recorder: Recorder;
}

export interface ModelRun {
  /** Whether nothing more can happen. */
  readonly finished: () => boolean;
  /** To be read once the simulation is over. */
  readonly result: () => {
    readonly outcome: Outcome;
    readonly appliedNs: number | undefined;
    readonly completeNs: number | undefined;
    readonly pauseNs: number;
    readonly attempts: number;
  };
}

/**
 * A consistency model by V. Pavlik's two axes: when may an entity switch to the new code, and what switches at once
 * (commit 43347d56c8d9 of the kernel names them for livepatch).
 */
export interface Model {
  readonly name: ModelName;
  readonly when: 'leave function' | 'leave patched set' | 'leave kernel';
  readonly what: 'function' | 'thread' | 'kernel';
  /** Why this input cannot be simulated by this model, one sentence; undefined when it can. */
  readonly refuse: (input: SimulationInput, version: KernelVersion) => string | undefined;
  /** Plans the first events; the engine then carries out the queue. */
  readonly start: (simulation: Simulation) => ModelRun;
  /** What the model leaves out or takes for granted, one sentence each. */
  readonly assumptions: readonly string[];
}
