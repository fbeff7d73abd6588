/**
 * Learning attribute macros from `#define`s: those whose replacement text holds attributes and nothing else. Pure; a macro that is not
 * understood teaches nothing.
 */
import { attributeMacros, keywords, type AttributeForm } from './macros';
import { definitionsByName, templateOf, type Definition } from './templates';
import type { Kept } from './retokenize';
import { fold } from './text';
import { tokenize, TokenKind, type Tokens } from './tokens';
import { closing, punctuation, wordAt } from './words';

/** A learnt attribute macro. */
export interface LearntAttribute {
  readonly form: AttributeForm;
  /** The attributes it stands for, as written in its replacement text, `$0$` for its first parameter: a rule has to know a renamed `__init`. */
  readonly means: readonly string[];
  /** Its definitions differ: which of the attributes hold depends on the configuration. */
  readonly varies?: true;
}

export type LearntAttributes = ReadonlyMap<string, LearntAttribute>;

/**
 * The macros that vanish: every definition in sight, in whatever `#if` branch, holds attributes and nothing else (or nothing), and at least
 * one is not empty. So a macro that hides code in one configuration only is none.
 */
export function learnAttributes(macros: readonly Definition[], taught: LearntAttributes = NONE): LearntAttributes {
  const byName = definitionsByName(macros);
  const learnt = new Map<string, LearntAttribute>();
  const mayBe = (name: string): boolean => attributeMacros.has(name) || taught.has(name) || byName.has(name);
  for (const [name, definitions] of byName) if (!definitions.every(({ body }) => mayBeAttributes(body, mayBe))) byName.delete(name);
  // One macro may stand for others: __boot for __boot_text. Each round knows the ones before.
  for (let grows = true; grows;) {
    grows = false;
    for (const [name, definitions] of byName) {
      if (learnt.has(name) || attributeMacros.has(name) || keywords.has(name)) continue;
      const attribute = attributeOf(definitions, learnt, taught);
      if (attribute === undefined) continue;
      learnt.set(name, attribute);
      grows = true;
    }
  }
  return learnt;
}

/** False for what begins with anything but an attribute: most of all macros, told without reading them. */
function mayBeAttributes(body: string, mayBe: (name: string) => boolean): boolean {
  if (body === '' || body.includes('##')) return true;
  const first = /^\s*([A-Za-z_]\w*)/.exec(body)?.[1];
  return first !== undefined && mayBe(first);
}

function attributeOf(definitions: readonly Definition[], learnt: LearntAttributes, taught: LearntAttributes): LearntAttribute | undefined {
  const form: AttributeForm = definitions[0]?.parameters === undefined ? 'word' : 'call';
  const said = new Set<string>();
  const means = new Set<string>();
  for (const definition of definitions) {
    if ((definition.parameters === undefined) !== (form === 'word')) return undefined;
    const parts = attributesOnly(tokenize(templateOf(definition)), (name) => learnt.get(name) ?? taught.get(name));
    if (parts === undefined) return undefined;
    said.add(parts.join(' '));
    for (const part of parts) means.add(part);
  }
  return means.size === 0 ? undefined : { form, means: [...means], ...(said.size > 1 ? { varies: true } : {}) };
}

/** The attributes a replacement text holds, or undefined when it holds anything else. */
function attributesOnly(tokens: Tokens, learnt: (name: string) => LearntAttribute | undefined): string[] | undefined {
  const found: string[] = [];
  for (let at = 0; at < tokens.count; at += 1) {
    const word = wordAt(tokens, at);
    const own = learnt(word);
    const form = own?.form ?? attributeMacros.get(word);
    if (tokens.kind[at] !== TokenKind.identifier || form === undefined) return undefined;
    const close = form === 'word' ? at : punctuation(tokens, at + 1) === 40 ? closing(tokens, at + 1, tokens.count) : undefined;
    if (close === undefined) return undefined;
    found.push(...(own?.means ?? [fold(tokens.text.slice(tokens.start[at], tokens.end[close])).replaceAll(' ', '')]));
    at = close;
  }
  return found;
}

/**
 * `taught`, with what the file's own `#define`s say: a file that defines a macro itself knows it better. Runs on every keystroke, so directives
 * are told apart by their characters: most define something else.
 */
export function withOwn(tokens: Tokens, candidates: readonly number[], taught: LearntAttributes = NONE): LearntAttributes {
  if (candidates.length === 0) return taught;
  const names = new Set(candidates.map((at) => candidate(tokens.text, tokens.start[at] ?? 0, tokens.end[at] ?? 0, taught)));
  const own: Definition[] = [];
  for (let at = 0; at < tokens.count; at += 1) {
    if (tokens.kind[at] !== TokenKind.directive) continue;
    const parts = DEFINE.exec(tokens.text.slice(tokens.start[at], tokens.end[at]));
    const name = parts?.[1];
    if (parts === null || name === undefined || !names.has(name)) continue;
    own.push({ name, body: fold(parts[3] ?? ''), ...(parts[2] === undefined ? {} : { parameters: parts[2].slice(1, -1).split(',').map((parameter) => parameter.trim()) }) });
  }
  const learnt = learnAttributes(own, taught);
  const others = [...taught].filter(([name]) => !own.some((macro) => macro.name === name));
  return new Map([...others, ...learnt]);
}

/**
 * The directives, by token, that may define an attribute. A directive is that or not by its own text, so those of the text read before
 * are not looked at again where both have them.
 */
export function candidatesIn(tokens: Tokens, taught: LearntAttributes = NONE, earlier?: { readonly candidates: readonly number[]; readonly count: number; readonly kept: Kept }): number[] {
  const { prefix, suffix } = earlier?.kept ?? { prefix: 0, suffix: 0 };
  const behind = tokens.count - suffix;
  const found = earlier?.candidates.filter((at) => at < prefix) ?? [];
  for (let at = prefix; at < behind; at += 1) {
    if (tokens.kind[at] === TokenKind.directive && candidate(tokens.text, tokens.start[at] ?? 0, tokens.end[at] ?? 0, taught) !== undefined) found.push(at);
  }
  if (earlier !== undefined) for (const at of earlier.candidates) if (at >= earlier.count - suffix) found.push(at + tokens.count - earlier.count);
  return found;
}

/** Whether both stand for the same attributes. */
export function sameAttributes(one: LearntAttributes, other: LearntAttributes): boolean {
  const same = (name: string, { form, means, varies }: LearntAttribute): boolean => {
    const twin = other.get(name);
    return twin?.form === form && twin.varies === varies && twin.means.join('\n') === means.join('\n');
  };
  return one === other || (one.size === other.size && [...one].every(([name, attribute]) => same(name, attribute)));
}

const NONE: LearntAttributes = new Map();
const DEFINE = /^#[ \t]*define[ \t]+([A-Za-z_]\w*)(\([^)]*\))?([^]*)$/;

/** The name a `#define` gives to what may be an attribute, or to a macro that was taught as one. */
function candidate(text: string, start: number, end: number, taught: LearntAttributes): string | undefined {
  let at = afterBlanks(text, start + 1);
  if (!text.startsWith('define', at)) return undefined;
  const from = afterBlanks(text, at + 'define'.length);
  at = from;
  while (at < end && isNameCode(text.charCodeAt(at))) at += 1;
  const nameEnd = at;
  if (text.charCodeAt(at) === 40) at = text.indexOf(')', at) + 1;
  if (at === 0 || at > end) return undefined;
  const body = afterBlanks(text, at);
  // Attributes begin with an underscore, `a` (asmlinkage) or `n` (noinline): reading.ts.
  const code = text.charCodeAt(body);
  const begins = body < end && (code === 95 || code === 97 || code === 110);
  if (!begins && taught.size === 0) return undefined;
  const name = text.slice(from, nameEnd);
  if (taught.has(name)) return name;
  if (!begins) return undefined;
  let wordEnd = body;
  while (wordEnd < end && isNameCode(text.charCodeAt(wordEnd))) wordEnd += 1;
  const word = text.slice(body, wordEnd);
  return attributeMacros.has(word) || taught.has(word) ? name : undefined;
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at += 1;
  return at;
}

const isNameCode = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || (code >= 48 && code <= 57);
