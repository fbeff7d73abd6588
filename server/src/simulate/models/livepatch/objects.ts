/** Redirecting an object's functions and putting them back, for objects there and for modules that come and go. */
import type { ModuleState, PatchedFunction } from '../../types';
import { EBUSY, EINVAL } from '../errno';
import { objectsOf, postPatch, postUnpatch, prePatch, preUnpatch } from './callbacks';
import { log, redirected, type Klp, type KlpPatch } from './state';

/** klp_patch_object(): 0, or a negative errno with the object as it was. */
export function patchObject(klp: Klp, patch: KlpPatch, object: string): number {
  const those = redirected(patch).filter((fn) => fn.object === object);
  for (const [i, fn] of those.entries()) {
    const { name, noFtrace } = fn;
    const error = noFtrace === true ? EINVAL : registerError(klp, fn);
    if (error === 0) {
      klp.versions.push(name, patch.number);
      continue;
    }
    log(klp, 'warn', noFtrace === true ? `failed to find location for function '${name}'` : `failed to register ftrace handler for function '${name}' (${error})`);
    for (const done of those.slice(0, i)) klp.versions.remove(done.name, patch.number);
    return error;
  }
  patch.patched.add(object);
  return 0;
}

/** What register_ftrace_function() returns; a function that is patched already has its handler. */
function registerError({ versions, held, ftraceEnabled, features }: Klp, { name, ftraceError = 0 }: PatchedFunction): number {
  if (versions.depth(name) > 0) return 0;
  const busy = (features.permanentFtrace && !ftraceEnabled) || [...held.values()].some((names) => names.includes(name));
  return busy ? EBUSY : ftraceError;
}

/** klp_unpatch_object(). */
export function unpatchObject(klp: Klp, patch: KlpPatch, object: string): void {
  for (const fn of redirected(patch)) if (fn.object === object) klp.versions.remove(fn.name, patch.number);
  patch.patched.delete(object);
}

export function unpatchObjects(klp: Klp, patch: KlpPatch): void {
  for (const object of [...patch.patched]) unpatchObject(klp, patch, object);
}

/** Before 5.1, a patch that is disabled stays on the list. */
const concerns = ({ transition }: Klp, patch: KlpPatch, module: string): boolean => (patch.enabled || patch === transition) && objectsOf(patch).includes(module);

/** klp_module_coming(): 0, or the error with which the module is not loaded. */
export function moduleComing(klp: Klp, module: string): number {
  klp.objects.add(module);
  for (const patch of klp.patches.filter((each) => concerns(klp, each, module))) {
    log(klp, 'notice', `applying patch '${patch.patch.name}' to loading module '${module}'`);
    let error = prePatch(klp, patch, module, 'coming');
    if (error !== 0) log(klp, 'warn', `pre-patch callback failed for object '${module}'`);
    else {
      error = patchObject(klp, patch, module);
      if (error !== 0) {
        log(klp, 'warn', `failed to apply patch '${patch.patch.name}' to module '${module}' (${error})`);
        postUnpatch(klp, patch, module, 'coming');
      }
    }
    if (error !== 0) {
      log(klp, 'warn', `patch '${patch.patch.name}' failed for module '${module}', refusing to load module '${module}'`);
      cleanUp(klp, module, 'coming', patch);
      return error;
    }
    if (patch !== klp.transition) postPatch(klp, patch, module, 'coming');
  }
  return 0;
}

/** klp_module_going(). */
export function moduleGoing(klp: Klp, module: string): void {
  cleanUp(klp, module, 'going');
}

/** klp_cleanup_module_patches_limited(): all patches, or those older than `limit`. */
function cleanUp(klp: Klp, module: string, state: ModuleState, limit?: KlpPatch): void {
  for (const patch of klp.patches) {
    if (patch === limit) break;
    if (!concerns(klp, patch, module)) continue;
    if (patch !== klp.transition) preUnpatch(klp, patch, module, state);
    log(klp, 'notice', `reverting patch '${patch.patch.name}' on unloading module '${module}'`);
    unpatchObject(klp, patch, module);
    postUnpatch(klp, patch, module, state);
  }
  klp.objects.delete(module);
}
