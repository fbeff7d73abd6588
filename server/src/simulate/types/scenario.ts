/** What to simulate besides the edit, as people write it down: a `.klpsim.json` file, the preview's controls. docs/schemas/klpsim.schema.json has its bounds and defaults. */
import type { ModelName } from './input';
import type { Machine, Preemption, Task, Unwinder } from './machine';
import type { Relation } from './patch';

/** At most one of `workload`, `machine` and `snapshot` says who runs. What is left out is the tree's, the settings', or usual. */
export interface ScenarioFile {
  readonly $schema?: string;
  /** What is patched, `f` or `module:f`; absent: what the edit's plan replaces. */
  readonly functions?: readonly string[];
  /** The systems that are compared; the first one is looked at closely. Default: upstream's livepatch alone. */
  readonly systems?: readonly ModelName[];
  readonly workload?: string;
  /** How many tasks the workload has. */
  readonly tasks?: number;
  readonly machine?: WrittenMachine;
  /** A file of recorded stacks, its path counted from the scenario's folder. */
  readonly snapshot?: string;
  readonly kernelVersion?: string;
  readonly cpus?: number;
  readonly hz?: number;
  readonly preemption?: Preemption;
  readonly unwinder?: Unwinder;
  readonly reliableStacks?: boolean;
  readonly seed?: number;
  /** What the operator does meanwhile, each `KIND@TIME` or `KIND:WHAT@TIME` as actionText.ts reads it. */
  readonly actions?: readonly string[];
  /** What of the patch must not meet in different versions. */
  readonly relations?: readonly Relation[];
  readonly giveUpAfterMs?: number;
}

/** What has a default may be left out. */
export type WrittenTask = Pick<Task, 'pid' | 'comm'> & Partial<Task>;
export type WrittenMachine = Partial<Omit<Machine, 'tasks'>> & { readonly tasks: readonly WrittenTask[] };
