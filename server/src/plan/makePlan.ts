/** Changes + kernel facts -> the patch plan. */
import type { FileChanges } from '../change/changes';
import { keepNothing, type Around, type Keep } from '../kernel/kept';
import type { BuildObject } from '../kernel/knowledge';
import { compareTexts } from '../syntax/text';
import type { Plan, PlannedFunction, PlanObject, Unjudged } from './plan';
import { isBetter, keyOfFunction, planFile } from './planFile';
import { unjudgedIn } from './unjudged';

/**
 * Pure: the same changes and the same knowledge give the same plan. What is not known yet is left out of it.
 *
 * @param keep gives what the changes of a file that is as it was do once more
 * @param countsLines whether the build tool takes functions for changed in which `__LINE__` moved: kpatch-build does
 */
export function makePlan(changes: readonly FileChanges[], around: Around, keep: Keep = keepNothing, countsLines = false): Plan {
  const found = new Map<string, PlannedFunction>();
  const holders = new Map<string, ReadonlySet<string>>();
  const unjudged: Unjudged[] = [];
  for (const change of changes) {
    const part = keep(`plan ${change.path}`, [change, countsLines], around, (seen) => planFile(change, seen, countsLines));
    unjudged.push(...unjudgedIn(change, around), ...part.unjudged);
    for (const [name, objects] of part.holders) holders.set(`${change.path} ${name}`, objects);
    for (const planned of part.functions) {
      const key = keyOfFunction(planned);
      // What is edited itself is that first of all.
      if (planned.change !== 'reached' || isBetter(planned, found.get(key))) found.set(key, planned);
    }
  }
  return { objects: byObject(), unjudged: distinct(unjudged) };

  function byObject(): PlanObject[] {
    const objects = new Map<string, { object: BuildObject | undefined; functions: PlannedFunction[] }>();
    const add = (name: string, object: BuildObject | undefined, planned: PlannedFunction): void => {
      const entry = objects.get(name);
      if (entry === undefined) objects.set(name, { object, functions: [planned] });
      else entry.functions.push(planned);
    };
    for (const planned of found.values()) {
      // What stands in a header, or left no symbol on the way, is part of the functions that hold its copy.
      if (planned.change === 'reached' && (planned.ownSymbol === 'no' || planned.path.endsWith('.h'))) continue;
      if (planned.path.endsWith('.h')) {
        for (const name of holders.get(`${planned.path} ${planned.name}`) ?? []) add(name, undefined, planned);
        continue;
      }
      const object = around.knowledge.ask({ kind: 'object', path: planned.path });
      // The running kernel has nothing of it: what is edited there symbol-missing speaks of.
      if (object?.isBuilt === false) continue;
      if (object !== undefined && object.name === undefined) unjudged.push({ path: planned.path, range: planned.fact.nameRange, reason: object.note ?? `which object ${planned.path} is linked into could not be told` });
      add(object?.name ?? 'vmlinux', object, planned);
      for (const other of object?.alsoIn ?? []) add(other, object, planned);
    }
    return [...objects]
      .map(([name, { object, functions }]): PlanObject => ({
        name,
        isModule: name !== 'vmlinux',
        ...(object?.note === undefined ? {} : { note: object.note }),
        functions: functions.sort((one, other) => compareTexts(one.path, other.path) || one.fact.range.start - other.fact.range.start),
      }))
      .sort((one, other) => Number(one.isModule) - Number(other.isModule) || compareTexts(one.name, other.name));
  }
}

function distinct(list: readonly Unjudged[]): Unjudged[] {
  const seen = new Set<string>();
  return list.filter((entry) => !seen.has(`${entry.path} ${entry.reason}`) && seen.add(`${entry.path} ${entry.reason}`));
}
