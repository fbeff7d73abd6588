/** Puts a machine together for a model: the world, and the two things by which the model steers it. */
import type { Call } from './call';
import { createCalls, type Calls } from './calls';
import { createConsistency, type Consistency } from './consistency';
import type { Simulation } from './model';
import { createWorld, type World } from './world';
import type { Hooks } from './world-parts';

export interface Rig {
  readonly world: World;
  readonly calls: Calls;
  readonly consistency: Consistency;
}

const nothing = (): void => undefined;

/**
 * @param resolve the model's rule: which patch's code a call runs, 0 for the original
 * @param hooks the instants the model wants to know of
 */
export function rigUp(simulation: Simulation, resolve: (call: Call) => number, hooks: Partial<Hooks> = {}): Rig {
  const { input, patches, recorder } = simulation;
  const startsPatched = input.direction === 'unpatch';
  const known = patches.map(({ patch, functions }) => ({ patch, functions: new Set(functions.map(({ name }) => name)) }));
  const watched = new Set(known.flatMap(({ functions }) => [...functions]));
  const consistency = createConsistency(known, recorder, startsPatched ? 'new' : 'old');
  const calls = createCalls({ watched, resolve, consistency, initialVersion: startsPatched ? 1 : 0 });
  const world = createWorld({
    ...simulation,
    machine: input.machine,
    calls,
    hooks: {
      enterKernel: nothing, exitToUser: nothing, loopTop: nothing, leaveIdle: nothing, condResched: nothing, freezableSleep: nothing, forked: nothing,
      exited: (thread) => { recorder.exited(thread); },
      atRest: () => false,
      ...hooks,
    },
  });
  return { world, calls, consistency };
}
