/** The functions an edit touches, and what it adds to them: for rules about calls. */
import type { FileChanges } from '../change/changes';
import type { FileFacts, FunctionFact, Range } from '../syntax/facts';
import { bodyTokens, callsIn, type BodyCall } from './body';
import type { Profile, TextChange } from './finding';
import type { RuleContext } from './rule';

export interface EditedFunction {
  readonly path: string;
  /** Absent for an added function. */
  readonly before?: FunctionFact;
  readonly after: FunctionFact;
}

/** Functions with a changed text, and added ones. */
export function editedFunctions(changes: readonly FileChanges[]): EditedFunction[] {
  return changes.flatMap(({ path, functions }) => functions.flatMap(({ before, after }) => (after === undefined ? [] : [{ path, ...(before === undefined ? {} : { before }), after }])));
}

/** Calls of one of the names that the edit's version has and the baseline's has not, with the same arguments. */
export function addedCalls(context: RuleContext, { path, before, after }: EditedFunction, isWanted: (name: string) => boolean): BodyCall[] {
  if (!after.calls.some(({ name }) => isWanted(name))) return [];
  const old = new Map<string, number>();
  if (before?.calls.some(({ name }) => isWanted(name)) === true) {
    for (const call of callsIn(bodyTokens(context, path, 'before', before))) old.set(textOf(call), (old.get(textOf(call)) ?? 0) + 1);
  }
  return callsIn(bodyTokens(context, path, 'after', after)).filter((call) => {
    if (!isWanted(call.name)) return false;
    const left = old.get(textOf(call)) ?? 0;
    old.set(textOf(call), left - 1);
    return left <= 0;
  });
}

const textOf = ({ name, args }: BodyCall): string => `${name}(${args.join(', ')})`;

/** Names called in the edit's version and nowhere in the baseline's, each once, with its first use. */
export function newlyCalled({ before, after }: EditedFunction): { readonly name: string; readonly range: Range }[] {
  const known = new Set(before?.calls.map(({ name }) => name));
  return after.calls.flatMap(({ name, at }) => {
    if (known.has(name)) return [];
    known.add(name);
    const start = after.range.start + at;
    return [{ name, range: after.writtenOut === undefined ? { start, end: start + name.length } : after.nameRange }];
  });
}

const byName = new WeakMap<FileFacts, ReadonlyMap<string, FunctionFact>>();

/** The last function of this name in a file: for rules that look at many names. */
export function functionNamed(facts: FileFacts | undefined, name: string): FunctionFact | undefined {
  if (facts === undefined) return undefined;
  const known = byName.get(facts) ?? new Map(facts.functions.map((fact) => [fact.name, fact]));
  byName.set(facts, known);
  return known.get(name);
}

/** The name of a call, in its file's text. */
export const nameRangeOf = (call: BodyCall): Range => ({ start: call.at, end: call.at + call.name.length });

/**
 * What each build tool gives for callbacks: the header its helper macros stand in, the type of a callback's parameter, and how its macros' names begin;
 * include/linux/livepatch_helpers.h (6.19), kmod/patch/kpatch-macros.h.
 */
export const TOOLS: Readonly<Record<Profile, { readonly header: string; readonly object: string; readonly prefix: 'KLP' | 'KPATCH' }>> = {
  'klp-build': { header: '<linux/livepatch_helpers.h>', object: 'struct klp_object', prefix: 'KLP' },
  kpatch: { header: '"kpatch-macros.h"', object: 'patch_object', prefix: 'KPATCH' },
};

/** What it takes for a .c file to include the build tool's macros: nothing when it does. */
export const includeHelpers = (context: RuleContext, path: string): TextChange[] => addInclude(context, path, TOOLS[context.profile].header);

/** Includes a header, given with its quotes or brackets, behind the last include that stands under no condition, at the top where there is none; nothing when it is included already. */
export function addInclude(context: RuleContext, path: string, header: string): TextChange[] {
  const { includes = [] } = context.versions.get(path)?.after ?? {};
  if (includes.some((include) => include.path === header.slice(1, -1))) return [];
  const at = behindIncludes(context, path);
  return [{ path, range: { start: at, end: at }, text: at === 0 ? `#include ${header}\n\n` : `\n#include ${header}` }];
}

/** What a private copy of something is called: `klp_demo_open`. */
export const copyName = ({ profile }: RuleContext, name: string): string => `${TOOLS[profile].prefix.toLowerCase()}_${name}`;

/** The end of the last include outside any `#if`; 0 when there is none. */
export const behindIncludesOf = ({ includes }: Pick<FileFacts, 'includes'>): number => includes.filter(({ conditions }) => conditions.length === 0).at(-1)?.range.end ?? 0;

export const behindIncludes = (context: RuleContext, path: string): number => behindIncludesOf(context.versions.get(path)?.after ?? { includes: [] });
