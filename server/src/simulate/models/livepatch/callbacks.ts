/** A patch's callbacks, one set for each object; they run in the order of its objects, and take no time. */
import type { Callback, ModuleState, ObjectCallbacks } from '../../types';
import { callbackReturn, callbackText } from '../shared/callbackText';
import type { Klp, KlpPatch } from './state';

/** The objects of a patch, vmlinux included if it is one, in the order of its functions and callbacks. */
export function objectsOf({ functions, nops, patch }: KlpPatch): readonly string[] {
  return [...new Set([...(patch.callbacks ?? []), ...functions, ...nops].map(({ object }) => object))].toSorted((a, b) => Number(b === 'vmlinux') - Number(a === 'vmlinux'));
}

export function loadedObjectsOf(klp: Klp, patch: KlpPatch): readonly string[] {
  return objectsOf(patch).filter((object) => klp.objects.has(object));
}

/** klp_pre_patch_callback(): 0, or a negative errno. */
export function prePatch(klp: Klp, patch: KlpPatch, object: string, module: ModuleState): number {
  const callback = callbacksOf(klp, patch, object)?.prePatch;
  call(klp, callback, module);
  const result = callbackReturn(callback ?? {}, patch.patch.parameters, patch.parameters);
  if (result === 0) patch.prepared.add(object);
  return result;
}

export function postPatch(klp: Klp, patch: KlpPatch, object: string, module: ModuleState): void {
  call(klp, callbacksOf(klp, patch, object)?.postPatch, module);
}

export function preUnpatch(klp: Klp, patch: KlpPatch, object: string, module: ModuleState): void {
  call(klp, callbacksOf(klp, patch, object)?.preUnpatch, module);
}

/** klp_post_unpatch_callback(): only where pre_patch ran, and once. */
export function postUnpatch(klp: Klp, patch: KlpPatch, object: string, module: ModuleState): void {
  if (patch.prepared.delete(object)) call(klp, callbacksOf(klp, patch, object)?.postUnpatch, module);
}

function callbacksOf(klp: Klp, { patch }: KlpPatch, object: string): ObjectCallbacks | undefined {
  return klp.features.callbacks ? patch.callbacks?.find((each) => each.object === object) : undefined;
}

function call(klp: Klp, callback: Callback | undefined, module: ModuleState): void {
  for (const line of callback?.prints ?? []) klp.simulation.recorder.log('notice', callbackText(line, module, (state) => hasPreviousState(klp, state)));
}

/** klp_get_prev_state(): whether a patch older than the one in transition lists the state. */
function hasPreviousState({ patches, transition }: Klp, id: number): boolean {
  const at = patches.findIndex((patch) => patch === transition);
  return patches.slice(0, Math.max(0, at)).some(({ patch }) => patch.states?.some((state) => state.id === id) === true);
}
