/**
 * Transitions, step by step as kernel/livepatch/transition.c makes them. Each function here names the kernel's
 * function it mirrors; docs/simulator/livepatch.md has the table.
 */
import { jiffiesAt, jiffiesToNs, retryJiffies } from '../../time';
import { forEveryone } from '../../world';
import { loadedObjectsOf, postPatch, postUnpatch } from './callbacks';
import { unpatchObjects } from './objects';
import { makePass } from './pass';
import { countOnCpus, log, logOf, verb, type Klp, type KlpPatch } from './state';
import { unpatchTailNs } from './tail';

/** SIGNALS_TIMEOUT: every how many passes the kernel signals the remaining tasks. */
export const SIGNALS_TIMEOUT = 15;

/** klp_init_transition(). */
export function initTransition(klp: Klp, patch: KlpPatch, target: 0 | 1): void {
  klp.target = target;
  logOf(klp, patch, 'debug', `initializing ${verb(target)} transition`);
  const replaced = patch.patch.replace === true && target === 1 ? klp.patches.filter((each) => each !== patch) : [];
  klp.consistency.aim(patch.number, target === 1 ? 'new' : 'old', replaced.map(({ number }) => number));
  if (patch.patch.immediate === true) return;
  forEveryone(klp.world, (thread) => {
    thread.patchState = target === 1 ? 0 : 1;
    klp.simulation.recorder.mark(thread);
  });
}

/** klp_start_transition(). */
export function setTransitionGoing(klp: Klp, patch: KlpPatch): void {
  const { recorder } = klp.simulation;
  logOf(klp, patch, 'notice', klp.features.startText === 'starting' ? `starting ${verb(klp.target)} transition` : `${verb(klp.target)}...`);
  recorder.newDirection();
  if (patch.patch.immediate === true) return;
  klp.left = [];
  klp.pendingIdle = 0;
  klp.pendingBusy = 0;
  forEveryone(klp.world, (thread) => {
    if (thread.patchState !== klp.target) {
      thread.pending = true;
      if (thread.kind !== 'idle') klp.left.push(thread);
      countOnCpus(klp, thread, 1);
    }
    recorder.mark(thread);
  });
  klp.signalsCnt = 0;
  klp.world.cpus.planExits();
}

/** klp_try_complete_transition(): one pass, and what follows from it. */
export function tryCompleteTransition(klp: Klp): void {
  const { queue, input, uptimeNs } = klp.simulation;
  const patch = klp.transition;
  if (patch === undefined) return;
  if (patch.patch.immediate === true) {
    forEveryone(klp.world, (thread) => { klp.consistency.switched(thread, patch.number); });
    completeTransition(klp, patch);
    return;
  }
  const { complete, tookNs } = makePass(klp);
  klp.mutexFreeNs = queue.now() + tookNs;
  queue.at(klp.mutexFreeNs, () => {
    const { cpus } = klp.world;
    cpus.workerDone(klp.worker);
    if (complete) {
      completeTransition(klp, patch);
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
  if (klp.signalsCnt === SIGNALS_TIMEOUT || !klp.features.autoSignals) log(klp, 'notice', 'signaling remaining tasks');
  recorder.signal();
  recorder.note(`A user task is nudged by ${klp.features.nudge}; a kthread that sleeps interruptibly is woken.`);
  for (const thread of klp.left) if (thread.where !== 'gone' && thread.pending) klp.world.signal(thread);
}

/** klp_complete_transition(). */
export function completeTransition(klp: Klp, patch: KlpPatch, finished?: () => void): void {
  const { queue, costs } = klp.simulation;
  const { target } = klp;
  logOf(klp, patch, 'debug', `completing ${verb(target)} transition`);
  if (target === klp.wanted) klp.appliedNs ??= queue.now();
  if (patch.patch.replace === true && target === 1) unpatchReplaced(klp, patch);
  const tail = target === 1 ? costs.patchTailNs : unpatchTailNs(klp);
  klp.mutexFreeNs = queue.now() + tail;
  if (tail === Infinity) return;
  queue.at(klp.mutexFreeNs, () => {
    finishTransition(klp, patch, target === 1);
    finished?.();
  });
}

/** klp_unpatch_replaced_patches() and klp_discard_nops(). */
function unpatchReplaced(klp: Klp, patch: KlpPatch): void {
  for (const older of klp.patches.filter((each) => each !== patch)) {
    older.enabled = false;
    klp.consistency.replaced(older.number);
    unpatchObjects(klp, older);
  }
  for (const { name } of patch.nops) klp.versions.remove(name, patch.number);
  patch.nops = [];
}

/** The rest of klp_complete_transition(), after the grace period. */
function finishTransition(klp: Klp, patch: KlpPatch, patching: boolean): void {
  const { queue, recorder } = klp.simulation;
  if (!patching) unpatchObjects(klp, patch);
  klp.left = [];
  forEveryone(klp.world, (thread) => {
    thread.patchState = -1;
    thread.pending = false;
    recorder.mark(thread);
  });
  for (const object of loadedObjectsOf(klp, patch)) {
    if (patching) postPatch(klp, patch, object, 'live');
    else postUnpatch(klp, patch, object, 'live');
  }
  logOf(klp, patch, 'notice', `${verb(patching ? 1 : 0)} complete`);
  klp.target = -1;
  klp.transition = undefined;
  klp.consistency.settle(patch.number);
  klp.ended = patching === (klp.wanted === 1) ? 'complete' : 'reversed';
  if (klp.ended === 'complete') klp.completeNs ??= queue.now();
  freePatches(klp, patch, patching);
}

/** klp_free_replaced_patches_async(), klp_free_patch_async(): sysfs goes, and the module may be removed unless it is pinned. */
function freePatches(klp: Klp, patch: KlpPatch, patching: boolean): void {
  const keep = klp.features.strictStack ? klp.patches : klp.patches.filter((each) => (patching ? patch.patch.replace !== true || each === patch : each !== patch));
  for (const each of klp.patches.filter((one) => !keep.includes(one))) {
    if (each.forced) klp.pinned.add(each.patch.name);
    else klp.consistency.freed(each.number);
  }
  klp.patches.splice(0, klp.patches.length, ...keep);
}
