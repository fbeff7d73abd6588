/** The operator: carries out the input's actions, each at its time or when the lock it needs is free. */
import type { ModelRun, Simulation, UpstreamAction } from './model';
import { afterwards, answerTo, commandOf, type Target } from './shell';
import { NS_PER_MS } from './time';
import type { Action } from './types';

const isUpstream = (action: Action): action is UpstreamAction => ['parameter', 'ftrace', 'call', 'sysfs'].includes(action.kind);

/** @returns how many actions have not happened yet */
export function planActions({ input, queue, recorder }: Simulation, run: ModelRun): () => number {
  let left = 0;
  let target: Target = { loaded: [input.patch.name], enabled: input.direction !== 'unpatch' };

  function act(action: Action, answer: (result: string) => void): string | undefined {
    if (action.kind === 'poke') {
      const thread = run.world.threads.find(({ pid }) => pid === action.pid);
      return thread !== undefined && run.world.poke(thread) ? 'ok' : 'no effect';
    }
    return isUpstream(action) ? (run.actUpstream?.(action) ?? 'not simulated') : run.act(action, answer);
  }

  const echo = (line: string | undefined): void => {
    if (input.echo === true && line !== undefined) recorder.log('notice', line);
  };

  for (const action of input.actions ?? []) {
    left++;
    const carryOut = (): void => {
      const freeNs = run.lockedUntilNs();
      if (action.kind !== 'poke' && queue.now() < freeNs) {
        if (freeNs !== Infinity) queue.at(freeNs, carryOut);
        else recorder.action(action.kind, 'hangs');
        return;
      }
      const answer = (result: string): void => {
        left--;
        recorder.action(action.kind, result);
        if (result === 'ok') target = afterwards(action, target);
        echo(answerTo(action, result));
      };
      echo(commandOf(action, target));
      const result = act(action, answer);
      if (result !== undefined) answer(result);
    };
    // After what the kernel does at the same instant, so that an action at 0 ms finds the load under way.
    queue.at(Math.max(1, action.atMs * NS_PER_MS), carryOut);
  }
  return () => left;
}
