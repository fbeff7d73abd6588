/** What the operator does meanwhile, through sysfs and kill. Each gets a result: `ok`, or the error a shell would show. */
import { NS_PER_MS } from '../../time';
import type { Action } from '../../types';
import type { Klp } from './state';
import { disablePatch, forceTransition, reverseTransition, sendSignals } from './transition';

export function planActions(klp: Klp): void {
  const { queue, input, recorder } = klp.simulation;
  for (const action of input.actions ?? []) {
    klp.actionsLeft++;
    const carryOut = (): void => {
      // Writers to sysfs wait for klp_mutex; loading holds it until pass 0 is over.
      if (action.kind !== 'poke' && queue.now() < klp.mutexFreeNs) {
        if (klp.mutexFreeNs !== Infinity) queue.at(klp.mutexFreeNs, carryOut);
        else recorder.action(action.kind, 'hangs');
        return;
      }
      klp.actionsLeft--;
      recorder.action(action.kind, act(klp, action));
    };
    // After what the kernel does at the same instant, so that an action at 0 ms finds the load under way.
    queue.at(Math.max(1, action.atMs * NS_PER_MS), carryOut);
  }
}

function act(klp: Klp, action: Action): string {
  const going = klp.target !== -1;
  const { features } = klp;
  switch (action.kind) {
    case 'reverse':
      if (!going) return 'Invalid argument';
      reverseTransition(klp);
      return 'ok';
    case 'disable':
      // enabled_store() refuses to write what is already there.
      if (!klp.enabled) return 'Invalid argument';
      if (going) reverseTransition(klp);
      else disablePatch(klp);
      return 'ok';
    case 'force':
      if (!features.forceFile) return 'No such file or directory';
      if (!going) return 'Invalid argument';
      forceTransition(klp);
      return 'ok';
    case 'signal':
      if (!features.signalFile) return 'No such file or directory';
      if (!going) return 'Invalid argument';
      sendSignals(klp);
      return 'ok';
    case 'poke': {
      const thread = klp.world.threads.find(({ pid }) => pid === action.pid);
      return thread !== undefined && klp.world.poke(thread) ? 'ok' : 'no effect';
    }
  }
}
