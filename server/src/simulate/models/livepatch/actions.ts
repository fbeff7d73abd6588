/** What the operator does, through insmod, sysfs and modprobe. Each gets a result: `ok`, or the error a shell would show. */
import type { SystemAction } from '../../model';
import { loadedBy } from '../../patches';
import { EBUSY, EINVAL, ENOENT, errorText } from '../errno';
import { forceTransition, reverseTransition } from './control';
import { disablePatch, enablePatch } from './enable';
import { loadPatch } from './load';
import { moduleComing, moduleGoing } from './objects';
import type { Klp, KlpPatch } from './state';
import { sendSignals } from './transition';

/** @param answer takes the result of a load, which insmod has only once the transition has begun or was canceled */
export function act(klp: Klp, action: SystemAction, answer: (result: string) => void): string | undefined {
  const error = carryOut(klp, action, (returned) => { answer(errorText(returned)); });
  return error === undefined ? undefined : errorText(error);
}

function carryOut(klp: Klp, action: SystemAction, returned: (error: number) => void): number | undefined {
  const { features, transition } = klp;
  switch (action.kind) {
    case 'enable':
    case 'replace': {
      const patch = loadedBy(action);
      if (patch === undefined) return writeEnabled(klp, klp.patches.find((each) => each.patch.name === action.patch), true);
      const numbered = klp.simulation.patches.find((each) => each.patch === patch);
      if (numbered === undefined) return ENOENT;
      loadPatch(klp, action.kind === 'replace' ? { ...numbered, patch: { ...patch, replace: true } } : numbered, returned);
      return undefined;
    }
    case 'disable': {
      const patch = action.patch === undefined ? (transition ?? klp.patches.at(-1)) : klp.patches.find((each) => each.patch.name === action.patch);
      return writeEnabled(klp, patch, false);
    }
    case 'reverse':
      if (transition === undefined) return EINVAL;
      reverseTransition(klp, transition);
      return 0;
    case 'force':
      if (!features.forceFile) return ENOENT;
      if (transition === undefined) return EINVAL;
      forceTransition(klp, transition);
      return 0;
    case 'signal':
      if (!features.signalFile) return ENOENT;
      if (transition === undefined) return EINVAL;
      sendSignals(klp);
      return 0;
    case 'load module':
      return loadModule(klp, action);
    case 'unload module':
      return unloadModule(klp, action.module, action.prints);
  }
}

/** enabled_store(): refuses what is already there, turns a transition around, otherwise begins one. */
function writeEnabled(klp: Klp, patch: KlpPatch | undefined, enabled: boolean): number {
  // The directory of a patch that is gone is gone too; the operator of a machine without one is told the same by the shell.
  if (patch === undefined || patch.enabled === enabled) return EINVAL;
  if (patch === klp.transition) {
    reverseTransition(klp, patch);
    return 0;
  }
  if (enabled && !klp.features.strictStack) return EINVAL;
  if (klp.transition !== undefined) return EBUSY;
  const at = klp.patches.indexOf(patch);
  // 4.12 to 5.0: enabled from the bottom up, disabled from the top down.
  if (klp.features.strictStack && klp.patches.some((each, i) => (enabled ? i < at && !each.enabled : i > at && each.enabled))) return EBUSY;
  if (enabled) enablePatch(klp, patch);
  else disablePatch(klp, patch);
  return 0;
}

function loadModule(klp: Klp, { module, prints, holds = [] }: Extract<SystemAction, { kind: 'load module' }>): number {
  const error = moduleComing(klp, module);
  if (error !== 0) return error;
  if (holds.some((name) => klp.versions.depth(name) > 0)) {
    moduleGoing(klp, module);
    return EBUSY;
  }
  klp.held.set(module, holds);
  print(klp, prints);
  return 0;
}

function unloadModule(klp: Klp, module: string, prints: readonly string[] = []): number {
  const patch = klp.patches.find((each) => each.patch.name === module);
  if (klp.pinned.has(module)) return EBUSY;
  if (patch !== undefined && (patch.enabled || patch.forced || patch === klp.transition)) return EBUSY;
  if (patch !== undefined) {
    klp.consistency.freed(patch.number);
    klp.patches.splice(klp.patches.indexOf(patch), 1);
    return 0;
  }
  if (!klp.objects.has(module)) return 0;
  print(klp, prints);
  klp.held.delete(module);
  moduleGoing(klp, module);
  return 0;
}

function print(klp: Klp, lines: readonly string[] = []): void {
  for (const line of lines) klp.simulation.recorder.log('notice', line);
}
