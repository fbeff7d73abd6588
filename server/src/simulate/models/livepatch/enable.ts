/** Enabling and disabling a patch, up to where the transition is under way (kernel/livepatch/core.c). */
import { loadedObjectsOf, prePatch, preUnpatch } from './callbacks';
import { patchObject } from './objects';
import { log, logOf, redirected, type Klp, type KlpPatch } from './state';
import { completeTransition, initTransition, setTransitionGoing, tryCompleteTransition } from './transition';

/** From "enabling" to "initializing": 0.1 to 0.8 ms on Debian 6.1.192 in QEMU; nothing rests on it. */
const PREPARE_NS = 200_000;

/** __klp_enable_patch(), once nothing speaks against it. */
export function enablePatch(klp: Klp, patch: KlpPatch, returned?: (error: number) => void): void {
  const { costs, queue } = klp.simulation;
  log(klp, 'notice', `enabling patch '${patch.patch.name}'`);
  const here = redirected(patch).filter(({ object }) => klp.objects.has(object)).length;
  begin(klp, patch, 1, queue.now() + PREPARE_NS, costs.registerFunctionNs * here, returned);
}

/** __klp_disable_patch(). */
export function disablePatch(klp: Klp, patch: KlpPatch): void {
  klp.worker = klp.world.cpus.loader;
  begin(klp, patch, 0, klp.simulation.queue.now(), 0);
}

/** The part enabling and disabling share: initialize, start, and make pass 0 in the caller's own context. */
function begin(klp: Klp, patch: KlpPatch, target: 0 | 1, atNs: number, patchNs: number, returned?: (error: number) => void): void {
  const { queue } = klp.simulation;
  klp.wanted = target;
  klp.ended = undefined;
  klp.transition = patch;
  klp.mutexFreeNs = atNs + patchNs;
  const initialize = (): void => {
    initTransition(klp, patch, target);
    if (target === 0) for (const object of loadedObjectsOf(klp, patch)) if (patch.patched.has(object)) preUnpatch(klp, patch, object, 'live');
  };
  const start = (): void => {
    const error = target === 1 ? patchObjects(klp, patch) : 0;
    if (error !== 0) {
      cancelTransition(klp, patch, () => {
        // Its module's init function failed: not even before 5.1 is it left on the list.
        if (klp.patches.includes(patch)) klp.patches.splice(klp.patches.indexOf(patch), 1);
        returned?.(error);
      });
      return;
    }
    setTransitionGoing(klp, patch);
    patch.enabled = target === 1;
    returned?.(0);
    tryCompleteTransition(klp);
  };
  // What takes no time is done before klp_mutex is free: nobody else, at the same instant either, finds a transition that has not begun.
  if (atNs === queue.now()) initialize();
  else queue.at(atNs, initialize);
  if (atNs + patchNs === queue.now()) start();
  else queue.at(atNs + patchNs, start);
}

/** The loop over the objects in __klp_enable_patch(); a negative errno when it has to be taken back. */
function patchObjects(klp: Klp, patch: KlpPatch): number {
  for (const object of loadedObjectsOf(klp, patch)) {
    let error = prePatch(klp, patch, object, 'live');
    if (error !== 0) log(klp, 'warn', `pre-patch callback failed for object '${object}'`);
    else {
      error = patchObject(klp, patch, object);
      if (error !== 0) log(klp, 'warn', `failed to patch object '${object}'`);
    }
    if (error === 0) continue;
    log(klp, 'warn', `failed to enable patch '${patch.patch.name}'`);
    return error;
  }
  return 0;
}

/** klp_cancel_transition(). */
function cancelTransition(klp: Klp, patch: KlpPatch, finished: () => void): void {
  logOf(klp, patch, 'debug', 'canceling patching transition, going to unpatch');
  klp.target = 0;
  completeTransition(klp, patch, finished);
}
