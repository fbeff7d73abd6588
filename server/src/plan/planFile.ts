/** What the changes of one file have a live patch replace, in whatever files that is. */
import type { FileChanges, FunctionChange } from '../change/changes';
import type { Around } from '../kernel/kept';
import type { Declared, FileFacts, FunctionFact, Range } from '../syntax/facts';
import { closureOf, type Reached, type Seed } from './closure';
import { enumChanges } from './enumConstants';
import { flips } from './flips';
import { Frames } from './frames';
import { isLeftOut } from './leftOut';
import { firstDifference, LINE, movedUsers } from './lineShift';
import { onlyMade } from './madeHolders';
import type { PlannedFunction, Unjudged } from './plan';
import { Reach } from './reach';
import { recordUsers } from './recordUsers';
import { unitOf } from './unit';
import { unjudgedRest } from './unjudged';

const TOP: Range = { start: 0, end: 0 };

/** Constants of one enum of a header whose users are looked for. */
const MOST_CONSTANTS = 8;

/** Macros of one header whose users are looked for: a comment opened for a moment takes thousands away. */
const MOST_MACROS = 200;

export interface FilePlan {
  /** Its own functions that differ, and those that hold a copy of what differs. */
  readonly functions: readonly PlannedFunction[];
  /** For what stands in a header, by its name: the objects whose functions hold it. */
  readonly holders: ReadonlyMap<string, ReadonlySet<string>>;
  readonly unjudged: readonly Unjudged[];
}

/** Tells functions of a plan apart. */
export const keyOfFunction = ({ path, fact }: Pick<PlannedFunction, 'path' | 'fact'>): string => `${path} ${fact.name} ${fact.ordinal}`;

/** The shorter way to a function is the one that is shown. */
export const isBetter = (one: PlannedFunction, known: PlannedFunction | undefined): boolean => known === undefined || (known.change === 'reached' && known.via.length > one.via.length);

/**
 * Pure. What is not known yet is left out.
 *
 * @param countsLines functions in which `__LINE__` moved are replaced, too
 */
export function planFile(change: FileChanges, around: Around, countsLines = false): FilePlan {
  const { path } = change;
  const { versions, knowledge, textOf } = around;
  const unjudged: Unjudged[] = [];
  const found = new Map<string, PlannedFunction>();
  const holders = new Map<string, Set<string>>();
  const { before, after } = versions.get(path) ?? {};
  const reach = new Reach();
  const frames = new Frames(path, around);

  const emptied = unjudgedRest(change, after);
  if (emptied !== undefined) unjudged.push(emptied);
  for (const functionChange of change.functions) own(functionChange);
  if (before !== undefined && after !== undefined) for (const flip of flips(change, before, after)) follow({ kind: 'function', name: flip.after.name, path, range: flip.after.nameRange, ...flip });
  if (path.endsWith('.h') && change.macros.length > MOST_MACROS) {
    unjudged.push({ path, range: change.macros[0]?.after?.nameRange ?? TOP, reason: `${change.macros.length} macros of ${path} change: who uses them was not followed` });
  } else {
    for (const macro of change.macros) {
      if (areLeftOut(macro)) continue;
      const fact = macro.after ?? macro.before;
      follow({ kind: 'macro', name: fact.name, path, range: fact.nameRange });
    }
  }
  for (const { fact, users } of recordUsers(change, around)) follow({ kind: 'record', name: fact.name, path, range: fact.nameRange, users });
  for (const { after: fact, moved } of enumChanges(change, versions)) {
    // Each constant of a header is a search of the tree.
    if (path.endsWith('.h') && moved.length > MOST_CONSTANTS) unjudged.push({ path, range: fact.nameRange, reason: `${moved.length} constants of enum ${fact.name} get other values: who uses them was not followed` });
    else for (const { name, range } of moved) follow({ kind: 'constant', name, path, range });
  }
  if (countsLines && path.endsWith('.c') && before !== undefined && after !== undefined) followLines(before, after);
  unjudged.push(...reach.unjudged(path, TOP));
  return { functions: [...found.values()], holders, unjudged };

  function own(one: FunctionChange): void {
    if (areLeftOut(one)) return;
    const fact = one.after ?? one.before;
    const facts = one.after === undefined ? before : after;
    const planned: PlannedFunction = {
      name: fact.name,
      path,
      fact,
      ...(one.before === undefined ? {} : { original: one.before }),
      change: one.kind,
      via: [],
      ownSymbol: facts === undefined ? 'yes' : frames.ownSymbol(fact, unitOf(facts)),
      inKernel: one.before === undefined ? 'no' : symbolBefore(path, one.before, 'yes'),
    };
    found.set(keyOfFunction(planned), planned);
    // A function that is new or gone has callers whose own text changed, unless it comes from elsewhere, such as a header.
    if (one.after !== undefined && (one.before !== undefined || (before !== undefined && unitOf(before).callCount(fact.name) > 0))) follow({ kind: 'function', name: fact.name, path, range: fact.nameRange, ...(one.before === undefined ? {} : { before: one.before }), after: one.after });
  }

  function followLines(old: FileFacts, now: FileFacts): void {
    const users = movedUsers(old, now);
    if (users.length === 0) return;
    const start = firstDifference(textOf(path, 'before') ?? '', textOf(path, 'after') ?? '');
    follow({ kind: 'line', name: LINE, path, range: { start, end: start }, users });
  }

  function areLeftOut(one: { readonly before?: Declared; readonly after?: Declared }): boolean {
    return [one.before, one.after].every((fact) => fact === undefined || isLeftOut(fact, knowledge));
  }

  function follow(seed: Seed): void {
    const closure = closureOf(seed, versions, knowledge, reach);
    unjudged.push(...closure.unjudged);
    for (const reached of closure.reached) {
      const planned = asReached(reached);
      if (isBetter(planned, found.get(keyOfFunction(planned)))) found.set(keyOfFunction(planned), planned);
      if (path.endsWith('.h') && reached.path.endsWith('.c')) {
        for (const object of objectNames(reached.path)) holders.set(seed.name, (holders.get(seed.name) ?? new Set()).add(object));
      }
    }
  }

  function objectNames(file: string): string[] {
    const object = knowledge.ask({ kind: 'object', path: file });
    return object?.name === undefined ? [] : [object.name, ...(object.alsoIn ?? [])];
  }

  function asReached({ path: file, fact, via, ownSymbol: symbol }: Reached): PlannedFunction {
    return { name: fact.name, path: file, fact, original: fact.writtenOut === undefined ? fact : (factBefore(file, fact) ?? fact), change: 'reached', via, ownSymbol: symbol, inKernel: symbolBefore(file, fact, symbol) };
  }

  /** Whether a function that the baseline has stands in the running kernel under its own name; `otherwise` for one of a file that is no part of the edit. */
  function symbolBefore(file: string, now: FunctionFact, otherwise: PlannedFunction['inKernel']): PlannedFunction['inKernel'] {
    const base = versions.get(file)?.before;
    const fact = factBefore(file, now);
    return base === undefined || fact === undefined ? otherwise : (file === path ? frames : new Frames(file, around)).ownSymbol(fact, unitOf(base));
  }

  function factBefore(file: string, { name, ordinal, writtenOut }: FunctionFact): FunctionFact | undefined {
    const base = versions.get(file)?.before;
    if (base === undefined) return undefined;
    return writtenOut === undefined ? base.functions.find((one) => one.name === name && one.ordinal === ordinal) : onlyMade(name, unitOf(base));
  }
}
