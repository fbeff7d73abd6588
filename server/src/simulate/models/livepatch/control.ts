/** What can be done to a transition that is under way. */
import { forEveryone } from '../../world';
import { log, logOf, updatePatchState, verb, type Klp, type KlpPatch } from './state';
import { setTransitionGoing } from './transition';

/** klp_reverse_transition(): turns around without a pass; the retry work that is already queued makes the next one. */
export function reverseTransition(klp: Klp, patch: KlpPatch): void {
  const back = klp.target === 1 ? 0 : 1;
  logOf(klp, patch, 'debug', `reversing transition from ${verb(klp.target)} to ${verb(back)}`);
  forEveryone(klp.world, (thread) => { thread.pending = false; });
  patch.enabled = !patch.enabled;
  klp.target = back;
  klp.consistency.aim(patch.number, back === 1 ? 'new' : 'old');
  setTransitionGoing(klp, patch);
}

/** klp_force_transition(): switches everybody; the next pass finds nobody left. What is being removed stays pinned. */
export function forceTransition(klp: Klp, patch: KlpPatch): void {
  const { recorder } = klp.simulation;
  log(klp, 'warn', 'forcing remaining tasks to the patched state');
  const pinned = klp.target === 0 ? [patch] : patch.patch.replace === true ? klp.patches.filter((each) => each !== patch) : [];
  if (pinned.length > 0) recorder.note('The module can no longer be removed: a patch that was forced away stays pinned (klp_patch.forced).');
  for (const each of pinned) each.forced = true;
  forEveryone(klp.world, (thread) => { updatePatchState(klp, thread, 'forced'); });
}
