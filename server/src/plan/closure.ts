/**
 * The closure: every function whose machine code a changed function or macro reaches through inlining and expansion,
 * with the way it takes. Within a file from the file's own facts; from a header through the whole tree, by asking.
 */
import type { Versions } from '../kernel/kept';
import type { Knowledge } from '../kernel/knowledge';
import type { FunctionFact, Range } from '../syntax/facts';
import { Frames } from './frames';
import { copying, headInliningOf, inliningOf, inliningWhereHanded, LEAST_LIKELY, type Inlining } from './inlining';
import { isLeftOut } from './leftOut';
import { madeBeside, madeHolders } from './madeHolders';
import type { Step, Unjudged } from './plan';
import type { Reach } from './reach';
import { unitOf, type Caller, type Unit } from './unit';

export interface Seed {
  readonly kind: Step['kind'];
  readonly name: string;
  readonly path: string;
  readonly range: Range;
  /** For records the functions of its own file whose code goes by where its members are, for `__LINE__` those that use it. */
  readonly users?: readonly FunctionFact[];
  /** For functions: before and after, one may be missing. */
  readonly before?: FunctionFact;
  readonly after?: FunctionFact;
}

export interface Reached {
  readonly path: string;
  readonly fact: FunctionFact;
  readonly via: readonly Step[];
  /** `no` when every trace of it is in its own callers: no symbol is left to replace. */
  readonly ownSymbol: 'yes' | 'no' | 'likely';
}

export interface Closure {
  readonly reached: readonly Reached[];
  readonly unjudged: readonly Unjudged[];
}

/** @param reach the bound that is shared by all the file changes; what lies beyond is said there */
export function closureOf(seed: Seed, versions: Versions, knowledge: Knowledge, reach: Reach): Closure {
  const reached = new Map<string, Reached>();
  const unjudged: Unjudged[] = [];
  const visited = new Set<string>();
  const queue: Open[] = [
    { name: seed.name, path: seed.path, via: [], facts: [seed.before, seed.after].filter((fact) => fact !== undefined), kind: seed.kind, changesHead: seed.before?.head?.hash !== seed.after?.head?.hash, likelihood: 1 },
  ];

  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { name, path, via, facts, kind, changesHead } = next;
    for (const unit of unitsUsing(name, path, kind, facts)) {
      if (kind === 'function') followHandings(next, unit);
      const inlining = kind === 'function' ? inlinedBy(facts, unit, changesHead) : { macro: expansion, constant: valueChanges, record: membersMove, line: lineMoves }[kind];
      const likelihood = next.likelihood * (inlining?.likelihood ?? 0);
      if (inlining === undefined || likelihood < LEAST_LIKELY) continue;
      const step: Step = { name, path, range: facts.at(-1)?.nameRange ?? seed.range, reason: inlining.reason, isSure: inlining.isSure, kind };
      if (kind === 'record' || kind === 'line') {
        for (const caller of seed.users ?? []) follow({ caller, macros: [] }, unit, [...via, step], likelihood);
        if (kind === 'record') followMade(next, unit, [...via, step], likelihood);
        continue;
      }
      const callers = unit.versions.flatMap((one) => (kind === 'function' ? one.callersOf(name) : one.usersOfMacro(name)));
      const now = latest(callers, unit.versions);
      for (const caller of now) follow(caller, unit, [...via, step], likelihood);
      if (kind === 'macro') tellOfOpened(name, unit, now);
      // Who uses a header's macro need not name what it expands to.
      if (unit.path.endsWith('.h')) for (const macro of unit.versions.flatMap((one) => one.macrosOver(name))) followMacro(macro, unit.path, [...via, step], likelihood);
      followMade(next, unit, [...via, step], likelihood);
    }
  }
  return { reached: [...reached.values()], unjudged };

  function follow({ caller, macros }: Caller, unit: Use, via: readonly Step[], likelihood: number): void {
    const key = `${unit.path} ${caller.name} ${caller.ordinal}`;
    if (visited.has(key) || (caller.name === seed.name && unit.path === seed.path) || isLeftOut(caller, knowledge)) return;
    visited.add(key);
    if (!reach.admits(key)) return;
    const way = [...via, ...macros.map((name): Step => ({ name, path: unit.path, range: caller.nameRange, reason: expansion.reason, isSure: true, kind: 'macro' }))];
    const symbol = unit.frames.ownSymbol(caller, unit.current);
    reached.set(key, { path: unit.path, fact: caller, via: way, ownSymbol: symbol });
    queue.push({ name: caller.name, path: unit.path, via: way, facts: [caller], kind: 'function', changesHead: isInHead(way.at(-1), caller), likelihood });
  }

  /** Into what it is handed to and who hands it. */
  function followHandings({ name, path, via, facts, likelihood }: Open, unit: Use): void {
    for (const one of unit.versions) {
      for (const handing of one.handings(name)) {
        const fact = one.named(name);
        const inlining = fact === undefined ? undefined : inliningWhereHanded(fact, handing, one);
        if (inlining === undefined || likelihood * inlining.likelihood < LEAST_LIKELY) continue;
        const { through } = handing;
        const { into } = copying(handing, one);
        const step: Step = { name, path, range: facts.at(-1)?.nameRange ?? seed.range, reason: inlining.reason, isSure: inlining.isSure, kind: 'function' };
        const within: Step[] = into === through ? [] : [{ name: through.name, path: unit.path, range: through.nameRange, reason: inliningOf(through, one).reason, isSure: inlining.isSure, kind: 'function' }];
        for (const caller of latest([{ caller: into, macros: [] }], unit.versions)) follow(caller, unit, [...via, step, ...within], likelihood * inlining.likelihood);
      }
    }
  }

  function followMade({ name, path, kind }: { readonly name: string; readonly path: string; readonly kind: Seed['kind'] }, unit: Use, via: readonly Step[], likelihood: number): void {
    const { holders, unknown: [made, ...others] } = madeHolders(name, kind, unit.versions, path === unit.path);
    for (const caller of holders) follow({ caller, macros: caller.definedBy === undefined || caller.definedBy === name ? [] : [caller.definedBy] }, unit, via, likelihood);
    if (made !== undefined) unjudged.push({ path: seed.path, range: seed.range, functions: [made, ...others].map((one) => one.name), reason: `${name} is part of functions that macros make, such as ${made.name} by ${made.definedBy} in ${unit.path}, whose text is not known: these are not judged` });
    const [beside] = kind === 'macro' || kind === 'constant' ? madeBeside(name, unit.versions, path === unit.path) : [];
    if (beside !== undefined) unjudged.push({ path: seed.path, range: seed.range, reason: `${beside.macro === name ? '' : `${name} is part of `}what ${beside.macro}(${beside.args[0] ?? ''}) makes in ${unit.path}${beside.macro === name ? ' changes' : ''}: that is not judged` });
  }

  /** What follows a changed macro in braces is a function whose header changed: its parameters, its section, whether it is traced. */
  function tellOfOpened(name: string, unit: Use, users: readonly Caller[]): void {
    const opened = users.find(({ caller: { definedBy }, macros }) => definedBy !== undefined && (definedBy === name || macros.includes(definedBy)));
    if (opened !== undefined) unjudged.push({ path: seed.path, range: seed.range, reason: `${name} is part of the header of functions that a macro opens, such as ${opened.caller.name} in ${unit.path}: what it declares is not judged` });
  }

  function followMacro(name: string, path: string, via: readonly Step[], likelihood: number): void {
    const key = `${path} macro ${name}`;
    if (visited.has(key) || (name === seed.name && path === seed.path)) return;
    visited.add(key);
    queue.push({ name, path, via, facts: [], kind: 'macro', changesHead: true, likelihood });
  }

  /** The files whose functions may hold a copy of `name`: its own .c file, or whoever includes its header. */
  function unitsUsing(name: string, path: string, kind: Seed['kind'], facts: readonly FunctionFact[]): Use[] {
    const own = useOf(path);
    if (!path.endsWith('.h') || kind === 'record' || kind === 'line') return own === undefined ? [] : [own];
    if (kind === 'function' && facts.every((fact) => fact.inline === 'no' || fact.inline === 'never')) return own === undefined ? [] : [own];
    if (!reach.mayAsk(name)) return own === undefined ? [] : [own];
    const answer = knowledge.ask({ kind: 'users', word: name, from: path, of: seed.path });
    if (answer === undefined) return own === undefined ? [] : [own];
    if (answer.incomplete !== undefined) unjudged.push({ path: seed.path, range: seed.range, reason: `who uses ${name} is not known in full: ${answer.incomplete}` });
    const uses = own === undefined ? [] : [own];
    for (const file of answer.files) {
      reach.bring(file.path, file.facts);
      if (file.path === path) continue;
      const use = useOf(file.path);
      // A file with a function of that name calls its own.
      if (use !== undefined && !use.current.facts.functions.some((fact) => fact.name === name)) uses.push(use);
    }
    return uses;
  }

  function useOf(path: string): Use | undefined {
    const edited = versions.get(path);
    const after = edited === undefined ? reach.brought(path) : edited.after;
    const current = after ?? edited?.before;
    if (current === undefined) return undefined;
    const both = [edited?.before, after].filter((facts) => facts !== undefined).map(unitOf);
    return { path, current: unitOf(current), versions: both, frames: new Frames(path, { versions, knowledge }) };
  }
}

/** What is to be followed. */
interface Open {
  readonly name: string;
  readonly path: string;
  readonly via: readonly Step[];
  readonly facts: readonly FunctionFact[];
  readonly kind: Seed['kind'];
  readonly changesHead: boolean;
  readonly likelihood: number;
}

interface Use {
  readonly path: string;
  readonly current: Unit;
  /** Baseline and edit: a copy that either of them holds is a copy to replace. */
  readonly versions: readonly Unit[];
  readonly frames: Frames;
}

/** What a macro does is no guess. */
const expansion: Inlining = { inlined: true, reason: 'a macro', isSure: true, likelihood: 1 };

const valueChanges: Inlining = { inlined: true, reason: 'its value changes', isSure: true, likelihood: 1 };

const membersMove: Inlining = { inlined: true, reason: 'its members move', isSure: true, likelihood: 1 };

const lineMoves: Inlining = { inlined: true, reason: 'it moved', isSure: true, likelihood: 1 };

/** How it is inlined in the baseline or in the edit, the surer of the two, and whether in one of them only; undefined when in neither. */
function inlinedBy(facts: readonly FunctionFact[], use: Use, changesHead: boolean): Inlining | undefined {
  // The baseline's function in the baseline first, the edit's in the edit last.
  const all = use.versions.flatMap((unit) => facts.map((fact) => use.frames.inliningOf(fact, unit)));
  const inlined = all.filter((inlining) => inlining.inlined);
  const found = inlined.find((inlining) => inlining.isSure) ?? inlined[0];
  const isNow = all.at(-1)?.inlined;
  if (found === undefined && changesHead) return use.versions.flatMap((unit) => facts.map((fact) => headInliningOf(fact, unit))).find((head) => head.inlined);
  if (found === undefined || all[0]?.inlined === isNow) return found;
  return { ...found, reason: `${found.reason}, ${isNow === true ? 'only now' : 'until now'}` };
}

/** Whether what a function holds a copy of stands in its head, as far as calls tell. */
function isInHead(held: Step | undefined, { head, calls }: FunctionFact): boolean {
  if (head === undefined) return false;
  const uses = calls.filter((call) => call.name === held?.name || call.hands?.some(({ name }) => name === held?.name) === true);
  return uses.length === 0 || uses.some((call) => call.at < head.end);
}

/** Callers of both versions, each once, as the edit has them where it does; those the edit no longer has are dropped. */
function latest(callers: readonly Caller[], versions: readonly Unit[]): Caller[] {
  const now = versions.at(-1)?.facts.functions ?? [];
  const found = new Map<FunctionFact, Caller>();
  for (const { caller, macros } of callers) {
    const current = now.find((fact) => fact.name === caller.name && fact.ordinal === caller.ordinal);
    if (current !== undefined && !found.has(current)) found.set(current, { caller: current, macros });
  }
  return [...found.values()];
}
