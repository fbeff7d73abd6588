/**
 * A file of lib/ left as it was, and the callers outside of it given the edit's version of what they call, under a new name and in their own files. What
 * the copies need of the file comes along: its static functions and its includes.
 */
import type { FileChanges } from '../../change/changes';
import { unitOf } from '../../plan/unit';
import type { FileFacts, FunctionFact } from '../../syntax/facts';
import { behindIncludesOf, copyName, functionNamed } from '../edited';
import type { Fix, TextChange } from '../finding';
import { textOfUser, usesIn, type HelperUser } from '../privateCopy';
import type { RuleContext } from '../rule';
import { initMarker } from './initMarkers';
import { isIrreplaceable } from './irreplaceable';
import { asCopy } from './copyText';
import { unpatchablePlace } from './unpatchablePlaces';

export interface LibraryCopies {
  readonly fix: Fix;
  /** Functions outside, with what they call. */
  readonly users: readonly (HelperUser & { readonly callee: string })[];
}

/** More files are not for a fix to change, nor worth reading for one. */
const MOST_FILES = 4;
const MOST_CANDIDATES = 20;
/** What a copy has no use for. */
const OWN_INCLUDES: ReadonlySet<string> = new Set(['linux/export.h', 'linux/module.h']);

/** Undefined where a copy would not compile or would be another thing: it rests on data, macros or types of the file, or somebody has the function's address. */
export function libraryCopies(context: RuleContext, change: FileChanges): LibraryCopies | undefined {
  const { path } = change;
  const after = context.versions.get(path)?.after;
  // The vDSO has code in lib/, too, and boot code has functions of the same names.
  if (after === undefined || !/^(lib|arch\/[^/]+\/lib)\/(?!vdso\/).*\.c$/.test(path) || !isCodeAlone(change)) return undefined;
  const affected = affectedBy(change, after);
  if (affected === undefined) return undefined;
  const copied = withCallees(affected, after);
  if (!copied.every((fact) => isCopyable(fact, copied, after))) return undefined;
  const lists = affected.filter(({ isStatic }) => !isStatic).map((fact) => usersOutside(context, path, fact.name));
  const users = lists.flatMap((list) => list ?? []);
  const files = new Map(users.map((user) => [user.path, user.facts]));
  if (lists.includes(undefined) || users.length === 0 || files.size > MOST_FILES) return undefined;
  const [old, now] = [context.textOf(path, 'before'), context.textOf(path, 'after')];
  const texts = new Map([...files.keys()].map((file) => [file, textOfUser(context, file)]));
  if (old === undefined || now === undefined || [...texts.values()].includes(undefined)) return undefined;
  const isTaken = [...files.values()].some((facts) => copied.some(({ name }) => functionNamed(facts, copyName(context, name)) !== undefined));
  if (isTaken) return undefined;
  const edits = (): TextChange[] => [
    { path, range: { start: 0, end: now.length }, text: old },
    ...[...files].map(([file, facts]) => copiesFor(context, file, facts, users.filter((user) => user.path === file).map(({ callee }) => callee), copied, after, now)),
    ...users.flatMap(({ path: file, fact, callee }) => usesIn(texts.get(file) ?? '', fact, callee).map((start): TextChange => ({ path: file, range: { start, end: start + callee.length }, text: copyName(context, callee) }))),
  ];
  return { fix: { edits }, users };
}

/** Bodies, new static functions and includes: nothing that the file would miss when it goes back to what it was. */
function isCodeAlone({ status, functions, includes, residueChanged, records, variables, enums, typedefs, macros, registrations, exports, prototypes }: FileChanges): boolean {
  const others = [records, variables, enums, typedefs, macros, registrations, exports, prototypes];
  return status === 'modified' && !residueChanged && others.every((list) => list.length === 0) && includes.every(({ kind }) => kind === 'added') && functions.every(({ kind, after }) => kind === 'changed' || (kind === 'added' && after.isStatic));
}

/** The changed functions and those of the file that call them, in order. */
function affectedBy({ functions }: FileChanges, facts: FileFacts): FunctionFact[] | undefined {
  const unit = unitOf(facts);
  const found = new Set<FunctionFact>(functions.flatMap(({ kind, after }) => (kind === 'changed' ? [after] : [])));
  for (const { name } of found) {
    if (unit.isAddressTaken(name) || unit.macrosOver(name).length > 0 || unit.generatedFrom(name).length > 0) return undefined;
    for (const { caller } of unit.callersOf(name)) found.add(caller);
  }
  return facts.functions.filter((fact) => found.has(fact));
}

/** With the static functions of the file that these call, in order. */
function withCallees(affected: readonly FunctionFact[], facts: FileFacts): FunctionFact[] {
  const found = new Set(affected);
  for (const { calls } of found) for (const { name } of calls) {
    const callee = functionNamed(facts, name);
    if (callee?.isStatic === true) found.add(callee);
  }
  return facts.functions.filter((fact) => found.has(fact));
}

function isCopyable(fact: FunctionFact, copied: readonly FunctionFact[], facts: FileFacts): boolean {
  const { functions, variables, macros, records, enums, typedefs, generated, includes } = facts;
  const own = new Set([...variables, ...macros, ...records, ...enums, ...typedefs, ...generated].map(({ name }) => name).concat(enums.flatMap(({ constants }) => constants.map(({ name }) => name))));
  const words = [...fact.calls.map(({ name }) => name), ...fact.mentions, ...(fact.signature.match(/\w+/g) ?? [])];
  const usesLater = fact.calls.some(({ name }) => copied.some((other) => other.name === name && other.range.start > fact.range.start));
  const namesFunction = fact.mentions.some((name) => functionNamed(facts, name)?.isStatic === true || copied.some((other) => other.name === name));
  const isAlone = functions.filter(({ name }) => name === fact.name).length === 1;
  const isPlain = fact.definedBy === undefined && fact.staticLocals.length === 0 && fact.conditions.length === 0 && initMarker(fact) === undefined;
  return isAlone && isPlain && !usesLater && !namesFunction && !words.some((word) => own.has(word)) && includes.every(({ system, conditions }) => system && conditions.length === 0);
}

/** Functions of .c files that are replaced, and call it; undefined where others name it, or where not all are known. */
function usersOutside(context: RuleContext, path: string, callee: string): (HelperUser & { readonly callee: string })[] | undefined {
  const answer = context.knowledge.ask({ kind: 'users', word: callee, from: path, of: path });
  if (answer === undefined || answer.incomplete !== undefined) return undefined;
  const outside = answer.files.filter((file) => file.path !== path && unpatchablePlace(file.path, context.profile, 'code')?.severity !== 'error').map((file) => ({ path: file.path, facts: context.versions.get(file.path)?.after ?? file.facts }));
  if (outside.length > MOST_CANDIDATES) return undefined;
  const found: (HelperUser & { readonly callee: string })[] = [];
  for (const { path: file, facts } of outside) {
    if (functionNamed(facts, callee) !== undefined) continue;
    const unit = unitOf(facts);
    const callers = unit.callersOf(callee);
    if (unit.isAddressTaken(callee) || unit.macrosOver(callee).length > 0 || unit.generatedFrom(callee).length > 0 || (callers.length > 0 && !file.endsWith('.c'))) return undefined;
    found.push(...callers.map(({ caller }) => ({ path: file, facts, fact: caller, callee })).filter((user) => !isIrreplaceable(context, user)));
  }
  return found;
}

/** What a file gets: the includes it lacks and the copies of what it calls. */
function copiesFor(context: RuleContext, path: string, facts: FileFacts, callees: readonly string[], copied: readonly FunctionFact[], library: FileFacts, text: string): TextChange {
  const wanted = new Set(callees);
  // Callees stand above their callers.
  for (const fact of [...copied].reverse()) if (wanted.has(fact.name)) for (const { name } of fact.calls) if (copied.some((other) => other.name === name)) wanted.add(name);
  const known = new Set(facts.includes.map((include) => include.path));
  const includes = library.includes.filter((include) => !known.has(include.path) && !OWN_INCLUDES.has(include.path)).map((include) => `#include <${include.path}>\n`);
  const names = new RegExp(`\\b(${[...wanted].join('|')})(?=\\s*\\()`, 'g');
  const copies = copied.filter(({ name }) => wanted.has(name)).map((fact) => {
    const own = asCopy(text, fact, copyName(context, fact.name), 'static');
    const brace = own.indexOf('{');
    return own.slice(0, brace) + own.slice(brace).replace(names, (name) => copyName(context, name));
  });
  const at = behindIncludesOf(facts);
  return { path, range: { start: at, end: at }, text: at === 0 ? `${includes.join('')}${includes.length === 0 ? '' : '\n'}${copies.join('\n\n')}\n\n` : `\n${includes.join('')}\n${copies.join('\n\n')}` };
}
