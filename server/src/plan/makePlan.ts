/** Changes + kernel facts -> the patch plan. */
import type { FileChanges, FunctionChange } from '../change/changes';
import type { BuildObject, Knowledge } from '../kernel/knowledge';
import type { FunctionFact } from '../syntax/facts';
import { compareTexts } from '../syntax/text';
import { closureOf, type Reached, type Seed, type Versions } from './closure';
import { enumChanges } from './enumConstants';
import { ownSymbol } from './inlining';
import type { Plan, PlannedFunction, PlanObject, Unjudged } from './plan';
import { recordUsers } from './recordUsers';
import { unitOf } from './unit';
import { unjudgedIn, unjudgedRest } from './unjudged';

/** Constants of one enum of a header whose users are looked for. */
const MOST_CONSTANTS = 8;

/** Pure: the same changes and the same knowledge give the same plan. What is not known yet is left out of it. */
export function makePlan(changes: readonly FileChanges[], versions: Versions, knowledge: Knowledge): Plan {
  const unjudged: Unjudged[] = [];
  const found = new Map<string, PlannedFunction>();
  const seedObjects = new Map<string, Set<string>>();

  const signatures = new Set(changes.flatMap((change) => change.functions.flatMap(({ kind, after }) => (kind === 'signature' ? [after.name] : []))));
  for (const change of changes) {
    unjudged.push(...unjudgedIn(change, signatures));
    const emptied = unjudgedRest(change, versions.get(change.path)?.after);
    if (emptied !== undefined) unjudged.push(emptied);
    for (const functionChange of change.functions) plan(functionChange, change.path);
    for (const macro of change.macros) {
      const fact = macro.after ?? macro.before;
      follow({ kind: 'macro', name: fact.name, path: change.path, range: fact.nameRange });
    }
    for (const { fact, users } of recordUsers(change, versions.get(change.path)?.after)) follow({ kind: 'record', name: fact.name, path: change.path, range: fact.nameRange, users });
    for (const { after, moved } of enumChanges(change, versions)) {
      // Each constant of a header is a search of the tree.
      if (change.path.endsWith('.h') && moved.length > MOST_CONSTANTS) unjudged.push({ path: change.path, range: after.nameRange, reason: `${moved.length} constants of enum ${after.name} get other values: who uses them was not followed` });
      else for (const { name, range } of moved) follow({ kind: 'constant', name, path: change.path, range });
    }
  }
  return { objects: byObject(), unjudged: distinct(unjudged) };

  function plan(change: FunctionChange, path: string): void {
    const fact = change.after ?? change.before;
    const facts = change.after === undefined ? versions.get(path)?.before : versions.get(path)?.after;
    found.set(`${path} ${fact.name} ${fact.ordinal}`, {
      name: fact.name,
      path,
      fact,
      ...(change.before === undefined ? {} : { original: change.before }),
      change: change.kind,
      via: [],
      ownSymbol: facts === undefined ? 'yes' : ownSymbol(fact, unitOf(facts)),
      inKernel: change.before === undefined ? 'no' : symbolBefore(path, change.before, 'yes'),
    });
    // A function that is new or gone has callers whose own text changed.
    if (change.before !== undefined && change.after !== undefined) follow({ kind: 'function', name: fact.name, path, range: fact.nameRange, before: change.before, after: change.after });
  }

  function follow(seed: Seed): void {
    const closure = closureOf(seed, versions, knowledge);
    unjudged.push(...closure.unjudged);
    for (const reached of closure.reached) {
      const key = `${reached.path} ${reached.fact.name} ${reached.fact.ordinal}`;
      const known = found.get(key);
      if (known === undefined || (known.change === 'reached' && known.via.length > reached.via.length)) found.set(key, asReached(reached));
      if (seed.path.endsWith('.h') && reached.path.endsWith('.c')) {
        const seedKey = `${seed.path} ${seed.name}`;
        for (const object of objectNames(reached.path)) seedObjects.set(seedKey, (seedObjects.get(seedKey) ?? new Set()).add(object));
      }
    }
  }

  function asReached(reached: Reached): PlannedFunction {
    return { name: reached.fact.name, path: reached.path, fact: reached.fact, original: reached.fact, change: 'reached', via: reached.via, ownSymbol: reached.ownSymbol, inKernel: symbolBefore(reached.path, reached.fact, reached.ownSymbol) };
  }

  /** Whether a function that the baseline has stands in the running kernel under its own name; `otherwise` for one of a file that is no part of the edit. */
  function symbolBefore(path: string, { name, ordinal }: FunctionFact, otherwise: PlannedFunction['inKernel']): PlannedFunction['inKernel'] {
    const before = versions.get(path)?.before;
    const fact = before?.functions.find((one) => one.name === name && one.ordinal === ordinal);
    return before === undefined || fact === undefined ? otherwise : ownSymbol(fact, unitOf(before));
  }

  function objectOf(path: string): BuildObject | undefined {
    return knowledge.ask({ kind: 'object', path });
  }

  function objectNames(path: string): string[] {
    const object = objectOf(path);
    return object?.name === undefined ? [] : [object.name, ...(object.alsoIn ?? [])];
  }

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
        for (const name of seedObjects.get(`${planned.path} ${planned.name}`) ?? []) add(name, undefined, planned);
        continue;
      }
      const object = objectOf(planned.path);
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
