/** What a name stands for in a constant expression: a macro's replacement, or a constant of an enum. */
import type { EnumFact, FileFacts, MacroFact } from '../syntax/facts';
import { bitsPerLong, evaluateCondition } from './conditions';
import { evaluate } from './expression';
import type { Headers } from './headers';
import type { Config } from './kconfig';
import type { ConstantDefinition, Question } from './knowledge';
import type { Sources } from './mentions';
import { holdsWord, tryGrep } from './search';

type ConstantQuestion = Extract<Question, { kind: 'constant' }>;
type Found = Extract<ConstantDefinition, { found: true }>;

/** Of include/generated/bounds.h each macro is a line `DEFINE(NAME, value)` here (Kbuild: the file is compiled to make the header). */
const BOUNDS = 'kernel/bounds.c';

/** Looks in the file and in the headers it sees, and then for a header of the tree that defines it. Rejects only when aborted. */
export async function constantOf(sources: Sources, headers: Headers, { name, from }: ConstantQuestion, signal?: AbortSignal, depth = 0): Promise<ConstantDefinition> {
  const config = await sources.tree.config();
  const candidates = await definitionsIn(sources, await headers.seenWith(from, name, definesConstant(name)), name, signal);
  const here = oneOf(candidates, name, config);
  if (here?.found === false && depth < MAX_DEPTH) {
    const ruledOut = await falseAmong(candidates.flatMap(({ conditions }) => conditions).filter((condition) => !condition.includes(name)), from, sources, headers, signal, depth + 1);
    const left = oneOf(candidates.filter(({ conditions }) => !conditions.some((condition) => ruledOut.has(condition))), name, config);
    if (left !== undefined) return left;
  }
  if (here !== undefined) return here;
  const bound = await boundOf(sources, name);
  if (bound !== undefined) return { found: true, path: BOUNDS, body: bound };
  // What a header relies on may have to be included before it.
  const searched = await sources.search.holding([name], ['*.h'], from, signal);
  const defining = await sources.search.filesWhose(searched.files, definesConstant(name), signal);
  const elsewhere = oneOf(await definitionsIn(sources, defining, name, signal), name, config);
  if (elsewhere !== undefined) return elsewhere;
  const isNowhere = searched.incomplete === undefined && defining.length === 0 && !(await mayBeGiven(sources, name));
  return { found: false, isNowhere, reason: searched.incomplete ?? `no definition of ${name} was found` };
}

/** Whether it is worth reading a text's facts: it may define a macro of this name, or an enum with such a constant. */
export function definesConstant(name: string): (text: string) => boolean {
  const asMacro = new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${name}\\b`, 'm');
  const asConstant = new RegExp(`\\benum\\b[^;]*?[{,\\s]${name}\\s*[,=}]`);
  return (text) => holdsWord(text, name) && (asMacro.test(text) || asConstant.test(text));
}

/** What kernel/bounds.c makes of a name; undefined where it makes nothing. */
export async function boundOf(sources: Sources, name: string): Promise<string | undefined> {
  return new RegExp(`^[ \\t]*DEFINE\\(${name},(.*)\\);`, 'm').exec((await sources.tree.text(BOUNDS)) ?? '')?.[1]?.trim();
}

/** Names gcc and clang define by themselves (`gcc -dM -E`), and those the top Makefile gives them. */
const COMPILERS = /^(__\w*__|__(k8|amd64|x86_64|linux|unix|gnu_linux|code_model|clang|GNUC|GCC|SIZEOF|INT|UINT|has)\w*|_LP64|_FORTIFY_SOURCE|MODULE|DEBUG|unix|linux)$/;

/** The compiler has names of its own, and Makefiles give it others: `-DNAME`. */
async function mayBeGiven({ tree }: Sources, name: string): Promise<boolean> {
  if (COMPILERS.test(name)) return true;
  return (await tryGrep(tree, `D${name}`, ['*Makefile*', '*Kbuild*']))?.length !== 0;
}

/** Macros asked for because of macros. */
const MAX_DEPTH = 3;

/**
 * Conditions that do not hold, of those that ask for macros of the tree, as the file `from` sees them: where the configuration alone leaves
 * several definitions.
 */
export async function falseAmong(conditions: readonly string[], from: string, sources: Sources, headers: Headers, signal?: AbortSignal, depth = 0): Promise<ReadonlySet<string>> {
  const config = await sources.tree.config();
  const ruledOut = new Set<string>();
  for (const condition of new Set(conditions)) {
    if (evaluateCondition(condition, config) !== undefined) continue;
    const names = await namesIn(condition, from, sources, headers, signal, depth);
    // A name is in it from when it is first asked for: macros may mean one another.
    const values = new Map<string, bigint | undefined>();
    const value = (name: string): bigint | undefined => {
      const definition = names.get(name);
      if (values.has(name) || definition?.found !== true || definition.enumeration !== undefined) return values.get(name);
      values.set(name, undefined);
      values.set(name, evaluate(definition.body, { identifier: (inner) => bitsPerLong(inner) ?? value(inner) }));
      return values.get(name);
    };
    const isDefined = (name: string): boolean | undefined => {
      const definition = names.get(name);
      return definition?.found === true ? definition.enumeration === undefined : definition?.isNowhere === true ? false : undefined;
    };
    if (evaluateCondition(condition, config, { value, isDefined }) === false) ruledOut.add(condition);
  }
  return ruledOut;
}

/** What the words of a condition, and of the macros in it, stand for. */
async function namesIn(condition: string, from: string, sources: Sources, headers: Headers, signal: AbortSignal | undefined, depth: number): Promise<Map<string, ConstantDefinition>> {
  const found = new Map<string, ConstantDefinition>();
  const open = wordsOf(condition);
  for (let name = open.pop(); name !== undefined && found.size < MOST_NAMES; name = open.pop()) {
    if (found.has(name)) continue;
    const definition = await constantOf(sources, headers, { kind: 'constant', name, from }, signal, depth);
    found.set(name, definition);
    if (definition.found && definition.enumeration === undefined) open.push(...wordsOf(definition.body));
  }
  return found;
}

const MOST_NAMES = 16;
const wordsOf = (text: string): string[] => (text.match(/[A-Za-z_]\w*/g) ?? []).filter((word) => !/^(CONFIG_\w+|defined|IS_ENABLED|IS_BUILTIN|IS_MODULE|IS_REACHABLE|BITS_PER_LONG|__BITS_PER_LONG|__ASSEMBLY__|__KERNEL__)$/.test(word));

interface Candidate {
  readonly conditions: readonly string[];
  readonly hash: number;
  readonly found: Found;
}

async function definitionsIn(sources: Sources, paths: readonly string[], name: string, signal?: AbortSignal): Promise<Candidate[]> {
  const { read } = await sources.files.factsOfAll(paths, name, signal, [name]);
  return read.flatMap(({ path, facts }) => candidatesIn(path, facts, name));
}

function candidatesIn(path: string, { macros, enums }: FileFacts, name: string): Candidate[] {
  const asMacro = (fact: MacroFact): Candidate => ({ conditions: fact.conditions, hash: fact.hash, found: { found: true, path, body: fact.body, ...(fact.parameters === undefined ? {} : { parameters: fact.parameters }) } });
  const asConstant = (fact: EnumFact): Candidate => ({ conditions: fact.conditions, hash: fact.hash, found: { found: true, path, enumeration: fact } });
  const constants = enums.filter((fact) => fact.constants.some((constant) => constant.name === name)).map(asConstant);
  // An enum's constant may stand for itself in a macro as well, so that #ifdef can ask for it.
  return [...constants, ...macros.filter((fact) => fact.name === name && (constants.length === 0 || fact.body !== name)).map(asMacro)];
}

/** `#ifndef X` around a definition of X: it counts for whoever has no other. */
export const isAboutItself = (condition: string, name: string): boolean => condition === `!defined(${name})` || condition === `!(defined(${name}))`;

/** The one definition the configuration leaves, or why there is none; undefined when there is none at all. */
function oneOf(candidates: readonly Candidate[], name: string, config: Config | undefined): ConstantDefinition | undefined {
  const possible = candidates.filter(({ conditions }) => !conditions.some((condition) => evaluateCondition(condition, config) === false));
  // `#ifndef X` around a definition of X: for whoever has no other.
  const isFallback = ({ conditions }: Candidate): boolean => conditions.some((condition) => isAboutItself(condition, name));
  const chosen = possible.some((candidate) => !isFallback(candidate)) ? possible.filter((candidate) => !isFallback(candidate)) : possible;
  const [first] = chosen;
  if (first === undefined) return undefined;
  if (new Set(chosen.map(({ hash }) => hash)).size === 1) {
    const isOpen = (condition: string): boolean => !isAboutItself(condition, name) && evaluateCondition(condition, config) === undefined;
    const open = chosen.some(({ conditions }) => !conditions.some(isOpen)) ? [] : first.conditions.filter(isOpen);
    return open.length === 0 || first.found.enumeration !== undefined ? first.found : { ...first.found, open };
  }
  return { found: false, isNowhere: false, reason: `${name} is defined ${chosen.length} times with different values` };
}
