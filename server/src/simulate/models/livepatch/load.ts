/** Loading a patch module: klp_enable_patch() up to where the transition begins. */
import type { NumberedPatch } from '../../patches';
import type { SimulatedPatch } from '../../types';
import { EBUSY, EINVAL } from '../errno';
import { enablePatch } from './enable';
import { haveReliableStack } from './stack-check';
import { log, type Klp, type KlpPatch } from './state';

export function klpPatch(numbered: NumberedPatch): KlpPatch {
  return { ...numbered, nops: [], enabled: false, parameters: new Map(), forced: false, patched: new Set(), prepared: new Set() };
}

/** @param returned called when insmod returns: with 0 once the transition has begun, or a negative errno when nothing has changed */
export function loadPatch(klp: Klp, numbered: NumberedPatch, returned: (error: number) => void): void {
  const { patch } = numbered;
  const { features, simulation } = klp;
  if (!haveReliableStack(simulation.input.machine) && !(patch.immediate === true && features.immediate)) {
    log(klp, 'warn', "This architecture doesn't have support for the livepatch consistency model.");
    if (features.unreliableStacks !== 0) {
      returned(features.unreliableStacks);
      return;
    }
    log(klp, 'warn', 'The livepatch transition may never complete.');
  }
  if (features.states && !isCompatible(klp, patch)) {
    log(klp, 'warn', `Livepatch patch (${patch.name}) is not compatible with the already installed livepatches.`);
    returned(EINVAL);
    return;
  }
  if (klp.transition !== undefined) {
    returned(EBUSY);
    return;
  }
  if ((patch.replace === true && !features.atomicReplace) || (patch.immediate === true && !features.immediate)) {
    klp.simulation.recorder.note(`Linux ${klp.simulation.input.machine.kernelVersion} knows no ${patch.replace === true ? 'atomic replace' : 'immediate patch'}; "${patch.name}" is taken as an ordinary one.`);
  }
  const loaded = klpPatch({ ...numbered, patch: { ...patch, replace: patch.replace === true && features.atomicReplace, immediate: patch.immediate === true && features.immediate } });
  if (loaded.patch.replace === true) addNops(klp, loaded);
  klp.patches.push(loaded);
  enablePatch(klp, loaded, returned);
}

/** klp_is_patch_compatible(): a state that an installed patch changed must not go back, and one that replaces must know them all. */
function isCompatible(klp: Klp, { states = [], replace = false }: SimulatedPatch): boolean {
  return klp.patches.every((older) =>
    (older.patch.states ?? []).every((old) => {
      const known = states.find(({ id }) => id === old.id);
      return known === undefined ? !replace : known.version >= old.version;
    }),
  );
}

/** klp_add_nops(). */
function addNops(klp: Klp, patch: KlpPatch): void {
  const known = new Set(patch.functions.map(({ name, object }) => `${object} ${name}`));
  for (const { name, object } of klp.patches.flatMap(({ functions }) => functions)) {
    if (known.has(`${object} ${name}`)) continue;
    known.add(`${object} ${name}`);
    patch.nops = [...patch.nops, { name, object }];
  }
}
