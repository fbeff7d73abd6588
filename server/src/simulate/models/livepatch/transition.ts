/**
 * One machine's transitions, step by step as kernel/livepatch/{core,transition}.c does them. Each function here names
 * the kernel's function it mirrors; docs/simulator.md has the table.
 */
import { jiffiesAt, jiffiesToNs, retryJiffies } from '../../time';
import { makePass } from './pass';
import { checkStack, haveReliableStack } from './stack-check';
import { everyone, updatePatchState, verb, type Klp } from './state';
import { unpatchTailNs } from './tail';

/** SIGNALS_TIMEOUT: every how many passes the kernel signals the remaining tasks. */
const SIGNALS_TIMEOUT = 15;
/** From "enabling" to "initializing": 0.1 to 0.8 ms on Debian 6.1.192 in QEMU; nothing rests on it. */
const PREPARE_NS = 200_000;

/** klp_enable_patch(), __klp_enable_patch(). */
export function enablePatch(klp: Klp): void {
  const { recorder, input, costs, queue } = klp.simulation;
  if (!haveReliableStack(input.machine)) {
    recorder.log('warn', "This architecture doesn't have support for the livepatch consistency model.");
    recorder.log('warn', 'The livepatch transition may never complete.');
  }
  recorder.log('notice', `enabling patch '${input.patch.name}'`);
  begin(klp, 1, queue.now() + PREPARE_NS, costs.registerFunctionNs * input.patch.functions.length);
}

/** __klp_disable_patch(). */
export function disablePatch(klp: Klp): void {
  klp.worker = klp.world.cpus.loader;
  begin(klp, 0, klp.simulation.queue.now(), 0);
}

/** The part enabling and disabling share: initialize, start, and make pass 0 in the caller's own context. */
function begin(klp: Klp, target: 0 | 1, atNs: number, patchNs: number): void {
  const { queue } = klp.simulation;
  klp.wanted = target;
  klp.ended = undefined;
  klp.mutexFreeNs = atNs + patchNs;
  queue.at(atNs, () => { initTransition(klp, target); });
  queue.at(atNs + patchNs, () => {
    setTransitionGoing(klp);
    klp.enabled = target === 1;
    tryCompleteTransition(klp);
  });
}

/** klp_init_transition(). */
function initTransition(klp: Klp, target: 0 | 1): void {
  const { recorder, input } = klp.simulation;
  klp.target = target;
  recorder.log('debug', `'${input.patch.name}': initializing ${verb(target)} transition`);
  for (const thread of everyone(klp)) {
    thread.patchState = target === 1 ? 0 : 1;
    recorder.mark(thread);
  }
}

/** klp_start_transition(). */
function setTransitionGoing(klp: Klp): void {
  const { recorder, input } = klp.simulation;
  const text = klp.features.startText === 'starting' ? `starting ${verb(klp.target)} transition` : `${verb(klp.target)}...`;
  recorder.log('notice', `'${input.patch.name}': ${text}`);
  recorder.newDirection();
  for (const thread of everyone(klp)) {
    if (thread.patchState !== klp.target) thread.pending = true;
    recorder.mark(thread);
  }
  klp.signalsCnt = 0;
  klp.world.cpus.planExits();
}

/** klp_try_complete_transition(): one pass, and what follows from it. */
function tryCompleteTransition(klp: Klp): void {
  const { queue, input, uptimeNs } = klp.simulation;
  const { complete, tookNs } = makePass(klp);
  klp.mutexFreeNs = queue.now() + tookNs;
  queue.at(klp.mutexFreeNs, () => {
    const { cpus } = klp.world;
    cpus.workerDone(klp.worker);
    if (complete) {
      completeTransition(klp);
      return;
    }
    if (klp.features.autoSignals && klp.signalsCnt > 0 && klp.signalsCnt % SIGNALS_TIMEOUT === 0) sendSignals(klp);
    klp.signalsCnt++;
    const { hz } = input.machine;
    const retry = retryJiffies(jiffiesAt(uptimeNs + queue.now(), hz), hz, klp.worker);
    queue.at(jiffiesToNs(retry, hz) - uptimeNs, () => { transitionWork(klp); });
  });
}

/** klp_transition_work_fn(). */
function transitionWork(klp: Klp): void {
  if (klp.target !== -1) tryCompleteTransition(klp);
}

/** klp_send_signals(). */
export function sendSignals(klp: Klp): void {
  const { recorder } = klp.simulation;
  if (klp.signalsCnt === SIGNALS_TIMEOUT || !klp.features.autoSignals) recorder.log('notice', 'signaling remaining tasks');
  recorder.signal();
  recorder.note(`A user task is nudged by ${klp.features.nudge}; a kthread that sleeps interruptibly is woken.`);
  for (const thread of klp.world.threads) if (thread.where !== 'gone' && thread.pending) klp.world.signal(thread);
}

/** klp_complete_transition(). */
function completeTransition(klp: Klp): void {
  const { queue, recorder, input } = klp.simulation;
  const { target } = klp;
  recorder.log('debug', `'${input.patch.name}': completing ${verb(target)} transition`);
  if (target === klp.wanted) klp.appliedNs ??= queue.now();
  const tail = target === 1 ? klp.simulation.costs.patchTailNs : unpatchTailNs(klp);
  klp.mutexFreeNs = queue.now() + tail;
  if (tail === Infinity) return;
  queue.at(klp.mutexFreeNs, () => {
    klp.target = -1;
    for (const thread of everyone(klp)) {
      thread.patchState = -1;
      recorder.mark(thread);
    }
    recorder.log('notice', `'${input.patch.name}': ${verb(target)} complete`);
    klp.ended = target === klp.wanted ? 'complete' : 'reversed';
    if (klp.ended === 'complete') klp.completeNs ??= queue.now();
  });
}

/** klp_reverse_transition(): turns around without a pass; the retry work that is already queued makes the next one. */
export function reverseTransition(klp: Klp): void {
  const { recorder, input } = klp.simulation;
  const back = klp.target === 1 ? 0 : 1;
  recorder.log('debug', `'${input.patch.name}': reversing transition from ${verb(klp.target)} to ${verb(back)}`);
  for (const thread of everyone(klp)) thread.pending = false;
  klp.enabled = !klp.enabled;
  klp.target = back;
  setTransitionGoing(klp);
}

/** klp_force_transition(): switches everybody; the next pass finds nobody left. */
export function forceTransition(klp: Klp): void {
  const { recorder, input } = klp.simulation;
  recorder.log('warn', 'forcing remaining tasks to the patched state');
  if (klp.target === 0) recorder.note('The module can no longer be removed: a patch that was forced away stays pinned (klp_patch.forced).');
  for (const thread of everyone(klp)) {
    if (!thread.pending || klp.target === -1) continue;
    const verdict = checkStack(thread, input.patch.functions, klp.target, input.machine);
    if (verdict.reason === 'sleeping') recorder.violation('I3', thread, `was forced while ${verdict.function} is on its stack`);
    updatePatchState(klp, thread, 'forced');
  }
}
