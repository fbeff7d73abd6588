/** Inline helpers and macros of the tree's headers that hide a branch on a static key or a static call. */
import type { Knowledge, SourceFile } from '../../kernel/knowledge';
import type { FileFacts, Range } from '../../syntax/facts';

export type PatchSite = 'branch' | 'call';

export interface Hidden {
  readonly site: PatchSite;
  /** The key, or the static call's name; undefined when the text does not tell. */
  readonly key?: string;
  /** Where the helper stands. */
  readonly path: string;
  /** Of its name. */
  readonly start: number;
  /** Of all of it, and under which conditions it stands. */
  readonly range: Range;
  readonly conditions: readonly string[];
  readonly name: string;
  /** The helpers between it and the primitive, outermost first. */
  readonly through: readonly string[];
}

/** include/linux/jump_label.h, static_call.h. */
export const primitives: ReadonlyMap<string, PatchSite> = new Map([
  ...['static_branch_likely', 'static_branch_unlikely', 'static_branch_maybe', 'static_key_false', 'static_key_true'].map((name): [string, PatchSite] => [name, 'branch']),
  ...['static_call', 'static_call_cond', 'static_call_mod'].map((name): [string, PatchSite] => [name, 'call']),
]);

const declarations: readonly string[] = ['DECLARE_STATIC_KEY_TRUE', 'DECLARE_STATIC_KEY_FALSE', 'DECLARE_STATIC_KEY_MAYBE', 'DECLARE_STATIC_CALL'];
/** The declarations are looked for in the headers that hold these: the tree's index keeps no words of capitals. */
const PHRASES: readonly string[] = [...primitives.keys()];

/** By name. Undefined while it is being looked up; one search of the headers for a tree. */
export function hiddenSites(knowledge: Knowledge, edited: ReadonlySet<string>): ReadonlyMap<string, Hidden> | undefined {
  // Where the tree can only be walked, the walk begins in include/linux, where nearly all of them are.
  const answer = knowledge.ask({ kind: 'holding', phrases: PHRASES, files: '*.h', from: 'include/linux/jump_label.h' });
  if (answer === undefined) return undefined;
  const isHeader = ({ path }: SourceFile): boolean => path.endsWith('.h');
  const known = foundIn(answer.files.filter((file) => isHeader(file) && !edited.has(file.path)));
  const own = answer.files.filter((file) => isHeader(file) && edited.has(file.path));
  return own.length === 0 ? known : collect(own, new Map(known));
}

/** The files change seldom and rules run with every keystroke: what was found last is kept with what it was found in. */
let last: { readonly files: readonly SourceFile[]; readonly found: ReadonlyMap<string, Hidden> } | undefined;

function foundIn(files: readonly SourceFile[]): ReadonlyMap<string, Hidden> {
  if (last?.files.length === files.length && files.every((file, index) => file.facts === last?.files[index]?.facts)) return last.found;
  last = { files, found: collect(files, new Map()) };
  return last.found;
}

interface Definition {
  readonly name: string;
  readonly start: number;
  readonly range: Range;
  readonly conditions: readonly string[];
  readonly path: string;
  readonly words: readonly string[];
  /** Of a macro. */
  readonly body?: string;
}

function collect(files: readonly SourceFile[], found: Map<string, Hidden>): Map<string, Hidden> {
  const declared = new Set(files.flatMap(({ facts }) => keysIn(facts)));
  const definitions = files.flatMap(definitionsIn).filter(({ name }) => !primitives.has(name) && !isPart(name));
  // A helper over a helper is found in the round after it.
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const definition of definitions) {
      if (found.has(definition.name)) continue;
      const hidden = hiddenIn(definition, declared, found);
      if (hidden !== undefined) found.set(definition.name, hidden);
    }
  }
  return found;
}

/** What the primitives themselves are made of. */
const isPart = (name: string): boolean => /^(__)?(arch_)?static_(branch|key|call)|^__raw_static_call|^STATIC_CALL/.test(name);

function hiddenIn({ name, path, start, range, conditions, words, body }: Definition, declared: ReadonlySet<string>, found: ReadonlyMap<string, Hidden>): Hidden | undefined {
  for (const word of words) {
    const site = primitives.get(word);
    if (site !== undefined) {
      const key = (body === undefined ? undefined : keyInText(body, word)) ?? words.find((one) => declared.has(one));
      return { site, path, start, range, conditions, name, through: [], ...(key === undefined ? {} : { key }) };
    }
    const inner = found.get(word);
    if (inner !== undefined) return { site: inner.site, path, start, range, conditions, name, through: [inner.name, ...inner.through], ...(inner.key === undefined ? {} : { key: inner.key }) };
  }
  return undefined;
}

function definitionsIn({ path, facts }: SourceFile): Definition[] {
  return [
    ...facts.functions.filter(({ inline }) => inline === 'inline' || inline === 'always').map((fact): Definition => ({ name: fact.name, path, start: fact.nameRange.start, range: fact.range, conditions: fact.conditions, words: [...fact.calls.map((call) => call.name), ...fact.mentions] })),
    ...facts.macros.filter(({ parameters }) => parameters !== undefined).map((fact): Definition => ({ name: fact.name, path, start: fact.nameRange.start, range: fact.range, conditions: fact.conditions, words: fact.mentions, body: fact.body })),
  ];
}

/** Keys and static calls that a file declares or defines. */
function keysIn(facts: FileFacts): string[] {
  return [
    ...facts.registrations.filter(({ macro }) => declarations.includes(macro)).flatMap(({ args }) => args[0] ?? []),
    ...facts.variables.filter(isStaticKey).map(({ name }) => name),
  ];
}

export const isStaticKey = ({ type, definedBy }: { readonly type: string; readonly definedBy?: string | undefined }): boolean => /\bstatic_key(_\w+)?\b/.test(type) || definedBy?.startsWith('DEFINE_STATIC_KEY_') === true;

/** `static_branch_unlikely(&key)`, `static_call(name)(…)` in a macro's text; its parameters are no keys. */
function keyInText(body: string, primitive: string): string | undefined {
  return new RegExp(`\\b${primitive}\\s*\\(\\s*&?\\s*\\(?([A-Za-z_]\\w*)\\)?\\s*\\)`).exec(body)?.[1];
}
