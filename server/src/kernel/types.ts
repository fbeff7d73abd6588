/** Where a struct, union, enum or typedef is defined. */
import type { EnumFact, FileFacts, RecordFact, TypedefFact } from '../syntax/facts';
import { evaluateCondition } from './conditions';
import { falseAmong } from './constants';
import type { Headers } from './headers';
import type { Config } from './kconfig';
import type { Question, TypeDefinition } from './knowledge';
import type { Sources } from './mentions';
import { folderOf } from './paths';
import { holdsWord } from './search';
import { C_FILES } from './treeSearch';

type TypeQuestion = Extract<Question, { kind: 'type' }>;
type Found = Extract<TypeDefinition, { found: true }>;

/**
 * Looks where the asking file would find it first: in itself, in the headers it sees, in those of its own folder, then in the whole tree.
 * Rejects only when aborted.
 */
export async function definitionOf(sources: Sources, headers: Headers, question: TypeQuestion, signal?: AbortSignal): Promise<TypeDefinition> {
  const from = question.from ?? '';
  const { name } = question;
  const config = await sources.tree.config();
  if (from !== '') {
    const seen = await headers.seenWith(from, name, (text) => mayDefine(text, question));
    const { read } = await sources.files.factsOfAll(seen, name, signal, [name]);
    const inSight = read.map(({ path, facts }) => ({ path, found: definitionsIn(path, facts, question) }));
    const here = oneOf(inSight.find(({ path }) => path === from)?.found ?? [], question, config);
    if (here?.found === true) return here;
    const visible = await chosen(inSight.flatMap(({ found }) => found), from);
    if (visible !== undefined) return visible;
    // The compiler never sees the name: no definition of it elsewhere in the tree can be meant.
    if (await isRenamed(sources, headers, from, name, config, signal)) return { found: false, reason: `${name} is a macro` };
  }
  const definitions: Found[] = [];
  let incomplete: string | undefined;
  for (const phrase of phrasesOf(question)) {
    const searched = await sources.search.holding([phrase], C_FILES, from, signal);
    const defining = await sources.search.filesWhose(searched.files, (text) => mayDefine(text, question), signal);
    const { read, ...rest } = await sources.files.factsOfAll(defining, name, signal, [name]);
    incomplete ??= searched.incomplete ?? rest.incomplete;
    for (const { path, facts } of read) definitions.push(...definitionsIn(path, facts, question));
    if (definitions.length > 0) break;
  }
  const elsewhere = visibleFrom(definitions, from);
  // The macros of a header that has to be included before are those it sees itself.
  const answer = (await chosen(elsewhere, elsewhere[0]?.path ?? from)) ?? { found: false, reason: nowhere(question) };
  return answer.found || incomplete === undefined ? answer : { ...answer, reason: `${answer.reason}; ${incomplete}` };

  /** By the configuration, and where it leaves several by the macros their conditions ask for. */
  async function chosen(candidates: readonly Found[], seenFrom: string): Promise<TypeDefinition | undefined> {
    const one = oneOf(candidates, question, config);
    if (one?.found !== false) return one;
    const ruledOut = await falseAmong(candidates.flatMap(({ fact }) => fact.conditions), seenFrom, sources, headers, signal);
    return oneOf(candidates.filter(({ fact }) => !fact.conditions.some((condition) => ruledOut.has(condition))), question, config) ?? one;
  }
}

/** `#define rcu_head callback_head`: the file sees a macro of this name that stands for another type's. */
async function isRenamed(sources: Sources, headers: Headers, from: string, name: string, config: Config | undefined, signal: AbortSignal | undefined): Promise<boolean> {
  const asDefined = new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${name}[ \\t]+[A-Za-z_]`, 'm');
  const seen = await headers.seenWith(from, name, (text) => asDefined.test(text));
  const { read } = await sources.files.factsOfAll(seen, name, signal, [name]);
  return read.some(({ facts }) => facts.macros.some((macro) => macro.name === name && macro.body !== name && macro.parameters === undefined && macro.conditions.every((condition) => evaluateCondition(condition, config) === true)));
}

function nowhere({ space, name }: TypeQuestion): string {
  return `no definition of ${space === 'typedef' ? name : `${space} ${name}`} was found`;
}

/** What the line of a definition holds in the kernel's own style (Documentation/process/coding-style.rst). */
function phrasesOf({ space, name }: TypeQuestion): string[] {
  return space === 'typedef' ? [`${name};`, `*${name})`, name] : [`${space} ${name} {`, `${space} ${name}`];
}

/** Whether it is worth reading a text's facts: names of structs stand everywhere, their definitions in one place. */
export function mayDefine(text: string, { space, name }: TypeQuestion): boolean {
  if (!holdsWord(text, name)) return false;
  if (space === 'typedef') return text.includes('typedef');
  // Behind its own brace stands the name of a typedef; the brace may stand behind attributes, or on the next line.
  if (new RegExp(`\\}[^;{}]*\\b${name}\\b[^;{}]*;`).test(text)) return true;
  return new RegExp(`\\b${space}\\s+(?:\\w+(?:\\([^()]*\\))?\\s+)*?${name}\\s*(?:/\\*[^*]*\\*/\\s*)?\\{`).test(text);
}

function definitionsIn(path: string, facts: FileFacts, { space, name }: TypeQuestion): Found[] {
  const named = <F extends { readonly name: string }>(all: readonly F[]): F[] => all.filter((fact) => fact.name === name);
  switch (space) {
    case 'enum':
      return named<EnumFact>(facts.enums).map((fact) => ({ found: true, path, space, fact }));
    case 'typedef':
      return named<TypedefFact>(facts.typedefs).map((fact) => ({ found: true, path, space, fact }));
    case 'struct':
    case 'union':
      return named<RecordFact>(facts.records).filter((fact) => fact.kind === space).map((fact) => ({ found: true, path, space, fact }));
  }
}

/** A .c file's types are its own; a header beside the asking file hides those of include/. */
function visibleFrom(definitions: readonly Found[], from: string): readonly Found[] {
  const headers = definitions.filter(({ path }) => path.endsWith('.h') || path === from);
  const beside = headers.filter(({ path }) => from !== '' && folderOf(path) === folderOf(from));
  return beside.length > 0 ? beside : headers.length > 0 ? headers : definitions;
}

/** The one definition the configuration leaves, or why there is none; undefined for an empty list. */
function oneOf(definitions: readonly Found[], question: TypeQuestion, config: Config | undefined): TypeDefinition | undefined {
  if (definitions.length === 0) return undefined;
  const possible = definitions.filter(({ fact }) => !fact.conditions.some((condition) => evaluateCondition(condition, config) === false));
  const [first] = possible;
  if (first === undefined) return { found: false, reason: `${nowhere(question)} for this configuration` };
  if (new Set(possible.map(({ fact }) => fact.hash)).size === 1) return first;
  const places = [...new Set(possible.map(({ path }) => path))].sort();
  return { found: false, isAmbiguous: true, reason: `${question.name} is defined ${possible.length} times with different contents, in ${places.slice(0, 3).join(', ')}${places.length > 3 ? ', …' : ''}` };
}
