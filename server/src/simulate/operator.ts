/** The operator: carries out the input's actions, each at its time or when the lock it needs is free. */
import type { ModelRun, Simulation } from './model';
import { NS_PER_MS } from './time';
import type { Action } from './types';

/** @returns how many actions have not happened yet */
export function planActions({ input, queue, recorder }: Simulation, run: ModelRun): () => number {
  let left = 0;

  function act(action: Action): string {
    if (action.kind !== 'poke') return run.act(action);
    const thread = run.world.threads.find(({ pid }) => pid === action.pid);
    return thread !== undefined && run.world.poke(thread) ? 'ok' : 'no effect';
  }

  for (const action of input.actions ?? []) {
    left++;
    const carryOut = (): void => {
      const freeNs = run.lockedUntilNs();
      if (action.kind !== 'poke' && queue.now() < freeNs) {
        if (freeNs !== Infinity) queue.at(freeNs, carryOut);
        else recorder.action(action.kind, 'hangs');
        return;
      }
      left--;
      recorder.action(action.kind, act(action));
    };
    // After what the kernel does at the same instant, so that an action at 0 ms finds the load under way.
    queue.at(Math.max(1, action.atMs * NS_PER_MS), carryOut);
  }
  return () => left;
}
