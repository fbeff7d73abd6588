/** One pass over all tasks: the loops of klp_try_complete_transition(), and klp_try_switch_task(). */
import type { Thread } from '../../thread';
import type { Blocker } from '../../types';
import { checkStack, haveReliableStack } from './stack-check';
import { updatePatchState, type Klp, type Verdict } from './state';

export interface PassResult {
  readonly complete: boolean;
  /** How long the pass took; a pass longer than a quarter of a second pushes the next one to a later second. */
  readonly tookNs: number;
}

export function makePass(klp: Klp): PassResult {
  const { simulation, world, worker } = klp;
  const { recorder, queue, costs } = simulation;
  const blockers: Blocker[] = [];
  let looked = 0;
  let switched = 0;

  const attempt = (thread: Thread): boolean => {
    if (thread.patchState === klp.target) return true;
    const atNs = queue.now() + ++looked * costs.checkTaskNs;
    const blocker = trySwitchTask(klp, thread);
    if (blocker === undefined) {
      switched++;
      return true;
    }
    const verdict = verdictOn(klp, thread, blocker);
    blockers.push(verdict.blocker);
    if (verdict.line !== undefined) recorder.log('debug', verdict.line, atNs);
    return false;
  };

  klp.left = klp.left.filter((thread) => thread.where !== 'gone' && !attempt(thread));
  for (const idle of world.idle) {
    if (!attempt(idle) && klp.features.wakesIdle) world.cpus.wakeIdle(idle.cpu);
  }
  for (const idle of world.offline) updatePatchState(klp, idle, 'offline');

  recorder.pass({ index: klp.passes++, atNs: queue.now(), cpu: worker, switched, blockers });
  return { complete: blockers.length === 0, tookNs: looked * costs.checkTaskNs };
}

/** klp_try_switch_task(): undefined when the thread switched. */
function trySwitchTask(klp: Klp, thread: Thread): Blocker | undefined {
  const { input } = klp.simulation;
  const { pid, comm } = thread;
  if (klp.target === -1 || !haveReliableStack(input.machine)) return { pid, comm, reason: 'unreliable' };
  if (klp.world.cpus.isRunning(thread, klp.worker)) return { pid, comm, reason: 'running' };
  const verdict = checkStack(klp, thread);
  if (verdict.reason !== 'clean') return { pid, comm, ...verdict };
  updatePatchState(klp, thread, 'stack check');
  return undefined;
}

/** What was said of a thread at the last pass is most often what is said at the next one: the same object then, however many passes there are. */
function verdictOn(klp: Klp, thread: Thread, blocker: Blocker): Verdict {
  const said = klp.verdicts.get(thread);
  if (said?.blocker.reason === blocker.reason && said.blocker.function === blocker.function) return said;
  const text = debugText(blocker, haveReliableStack(klp.simulation.input.machine));
  const verdict: Verdict = { blocker, line: text === undefined ? undefined : `livepatch: klp_try_switch_task: ${thread.comm}:${thread.pid} ${text}` };
  klp.verdicts.set(thread, verdict);
  return verdict;
}

/** The kernel's own words; without reliable stacks it says nothing, and it has no word for what only we do not know. */
function debugText(blocker: Blocker, reliable: boolean): string | undefined {
  switch (blocker.reason) {
    case 'running':
      return 'is running';
    case 'sleeping':
      return `is sleeping on function ${blocker.function ?? ''}`;
    case 'unreliable':
      return reliable ? 'has an unreliable stack' : undefined;
    case 'unknown':
      return undefined;
  }
}

/** __klp_sched_try_switch(): a pending task judges its own stack, 6.4 to 6.15 a kernel thread in cond_resched(), from 6.16 on whoever goes to sleep freezable. */
export function schedTrySwitch(klp: Klp, thread: Thread, where: 'cond_resched' | 'freezable sleep'): void {
  const { input } = klp.simulation;
  if (klp.features.triesItself !== where || !thread.pending || klp.target === -1 || !haveReliableStack(input.machine)) return;
  if (checkStack(klp, thread).reason === 'clean') updatePatchState(klp, thread, where);
}
