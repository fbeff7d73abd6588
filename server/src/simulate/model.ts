/** What a model is: one system's way to change a running kernel. */
import type { EventQueue } from './queue';
import type { NumberedPatch } from './patches';
import type { Random } from './random';
import type { Recorder } from './recorder';
import type { TaskRandom } from './task-random';
import type { Action, Costs, Invariant, ModelName, Outcome, SimulationInput, Switching } from './types';
import type { KernelVersion } from './version';
import type { World } from './world';

/** Everything a model works with during one simulation. */
export interface Simulation {
  readonly input: SimulationInput;
  /** The patch of the input first, then those that actions load, in their order. */
  readonly patches: readonly NumberedPatch[];
  readonly version: KernelVersion;
  readonly queue: EventQueue;
  readonly random: Random;
  readonly taskRandom: TaskRandom;
  readonly costs: Costs;
  readonly uptimeNs: number;
  readonly recorder: Recorder;
}

/** What only upstream's livepatch has an answer to. */
export type UpstreamAction = Extract<Action, { readonly kind: 'parameter' | 'ftrace' | 'call' | 'sysfs' }>;

/** What the operator can do to a system; `poke` goes past it, straight to the task. */
export type SystemAction = Exclude<Action, { readonly kind: 'poke' } | UpstreamAction>;

export interface ModelRun {
  readonly world: World;
  /** Whether nothing more can happen by itself. */
  readonly finished: () => boolean;
  /** Carries out an action: `ok`, or the error a shell would show; undefined when `answer` is called with it once the command returns. */
  readonly act: (action: SystemAction, answer: (result: string) => void) => string | undefined;
  readonly actUpstream?: (action: UpstreamAction) => string;
  /** Until when whoever acts has to wait, in ns (a lock is held); Infinity: for ever. */
  readonly lockedUntilNs: () => number;
  /** To be read once the simulation is over. */
  readonly result: () => {
    readonly outcome: Outcome;
    readonly appliedNs: number | undefined;
    readonly completeNs: number | undefined;
    readonly attempts: number;
  };
}

export interface Model extends Switching {
  readonly name: ModelName;
  /** How it is driven: what looks at the tasks, how often, and who retries. */
  readonly driven: string;
  /** What stands still meanwhile. */
  readonly pauses: string;
  /** The invariants it gives its word for; the others may break without being a defect of it. */
  readonly promises: readonly Invariant[];
  /** The costs it works with; a trace names these. */
  readonly costs: readonly (keyof Costs)[];
  /** When the operator gives up, unless the input says; default `DEFAULT_GIVE_UP_MS`. */
  readonly giveUpAfterMs?: number;
  /** Why this input cannot be simulated by this model, one sentence; undefined when it can. */
  readonly refuse: (input: SimulationInput, version: KernelVersion) => string | undefined;
  /** Plans the first events; the engine then carries out the queue. */
  readonly start: (simulation: Simulation) => ModelRun;
  /** What the model leaves out or takes for granted, one sentence each. */
  readonly assumptions: readonly string[];
}
