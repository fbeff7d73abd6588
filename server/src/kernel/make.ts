/**
 * Expands make's `$(…)` references, as far as Kbuild Makefiles use them. A reference nobody can tell
 * (`$(shell …)`, `$(call …)`, a variable from elsewhere) makes the whole result undefined: never a guess. So does
 * what nests deeper or grows longer than any Makefile's need: a file may be anything.
 *
 * Source of the functions: the GNU make manual, "Functions for Transforming Text".
 */

/** What a variable stands for; undefined when that is not known. Unset and known to be so is ''. */
export type Lookup = (name: string) => string | undefined;

/** References in one another. */
const MAX_NESTING = 32;

/** Characters of a text. */
const MAX_LENGTH = 200_000;

/** Characters of what is put into each word. */
const MAX_FIXED = 1_000;

/** Literal text, or the inside of a `$(…)`. */
export type Part = string | { readonly reference: string };

export function partsOf(template: string): Part[] {
  const parts: Part[] = [];
  let literal = '';
  for (let at = 0; at < template.length; at += 1) {
    const character = template.charAt(at);
    if (character !== '$') {
      literal += character;
      continue;
    }
    const next = template.charAt(at + 1);
    at += 1;
    if (next === '') break;
    if (next === '$') {
      literal += '$';
      continue;
    }
    if (literal !== '') parts.push(literal);
    literal = '';
    const end = next === '(' || next === '{' ? closing(template, at) : at;
    parts.push({ reference: end === at ? next : template.slice(at + 1, end) });
    at = end;
  }
  if (literal !== '') parts.push(literal);
  return parts;
}

function closing(text: string, open: number): number {
  const opening = text.charAt(open);
  const close = opening === '(' ? ')' : '}';
  for (let at = open + 1, depth = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === opening) depth += 1;
    else if (character === close && depth === 0) return at;
    else if (character === close) depth -= 1;
  }
  return text.length;
}

/** The text a template expands to, or undefined when a part of it is unknown. */
export function expand(template: string, lookup: Lookup, nesting = 0): string | undefined {
  if (nesting > MAX_NESTING) return undefined;
  let result = '';
  for (const part of partsOf(template)) {
    const text = typeof part === 'string' ? part : expandReference(part.reference, lookup, nesting + 1);
    if (text === undefined || result.length + text.length > MAX_LENGTH) return undefined;
    result += text;
  }
  return result;
}

function expandReference(reference: string, lookup: Lookup, nesting: number): string | undefined {
  const call = callOf(reference);
  if (call === undefined) {
    const name = expand(reference, lookup, nesting);
    return name === undefined ? undefined : lookup(name);
  }
  const { name, args } = call;
  if (name === 'if') return expandIf(args, lookup, nesting);
  const texts: string[] = [];
  for (const argument of args) {
    const text = expand(argument, lookup, nesting);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  if (name === 'findstring') return (texts[1] ?? '').includes(texts[0] ?? '') ? texts[0] : '';
  if (name === 'firstword') return wordsOf(texts[0] ?? '')[0] ?? '';
  if (name === 'lastword') return wordsOf(texts[0] ?? '').at(-1) ?? '';
  const mapWord = wordFunction(name, texts.slice(0, -1));
  const words = wordsOf(texts.at(-1) ?? '');
  return mapWord === undefined ? undefined : words.flatMap((word) => mapWord(word) ?? []).join(' ');
}

function expandIf([condition = '', then = '', otherwise = '']: readonly string[], lookup: Lookup, nesting: number): string | undefined {
  const value = expand(condition.trim(), lookup, nesting);
  return value === undefined ? undefined : expand(value === '' ? otherwise : then, lookup, nesting);
}

export interface Call {
  readonly name: string;
  readonly args: readonly string[];
}

/** `addprefix a/,$(b)` as a call; `name:.c=.o` as the patsubst it stands for; undefined for a plain variable. */
export function callOf(reference: string): Call | undefined {
  const call = /^([a-z-]+)[ \t]+(.*)$/s.exec(reference);
  if (call?.[1] !== undefined && call[2] !== undefined) {
    const args = splitArguments(call[2]);
    return { name: call[1], args: call[1] === 'if' ? args : args.map((argument, index) => (index === 0 ? argument.trimStart() : argument)) };
  }
  const substitution = /^([^:$]+):([^=]*)=(.*)$/s.exec(reference);
  if (substitution === null) return undefined;
  const [, name = '', from = '', to = ''] = substitution;
  const args = from.includes('%') ? [from, to] : [`%${from}`, `%${to}`];
  return { name: 'patsubst', args: [...args, `$(${name})`] };
}

function splitArguments(text: string): string[] {
  const args: string[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '(' || character === '{') depth += 1;
    else if (character === ')' || character === '}') depth -= 1;
    if (character !== ',' || depth > 0) continue;
    args.push(text.slice(start, at));
    start = at + 1;
  }
  return [...args, text.slice(start)];
}

/**
 * The functions that work word by word: what one word of the list becomes, undefined when it is dropped.
 * `fixed` are the arguments before the list. Undefined for a function that is not of this kind, or would make too much text.
 */
export function wordFunction(name: string, fixed: readonly string[]): ((word: string) => string | undefined) | undefined {
  const [first = '', second = ''] = fixed;
  if (first.length > MAX_FIXED || second.length > MAX_FIXED) return undefined;
  switch (name) {
    case 'addprefix':
      return (word) => first + word;
    case 'addsuffix':
      return (word) => word + first;
    case 'patsubst':
      return (word) => substitutePattern(word, first.trim(), second.trim());
    case 'subst':
      return (word) => (first === '' ? word + second : word.replaceAll(first, second));
    case 'filter':
    case 'filter-out':
      return (word) => (wordsOf(first).some((pattern) => stemOf(word, pattern) !== undefined) === (name === 'filter') ? word : undefined);
    case 'sort':
    case 'strip':
      return (word) => word;
    case 'notdir':
      return (word) => word.slice(word.lastIndexOf('/') + 1);
    case 'dir':
      return (word) => word.slice(0, word.lastIndexOf('/') + 1) || './';
    case 'basename':
      return (word) => word.replace(/\.[^./]*$/, '');
    default:
      return undefined;
  }
}

function substitutePattern(word: string, pattern: string, replacement: string): string {
  const stem = stemOf(word, pattern);
  return stem === undefined ? word : replacement.replace('%', () => stem);
}

/** What `%` stands for when the pattern matches the word; '' for an equal word without `%`. */
function stemOf(word: string, pattern: string): string | undefined {
  const percent = pattern.indexOf('%');
  if (percent === -1) return word === pattern ? '' : undefined;
  const [before, after] = [pattern.slice(0, percent), pattern.slice(percent + 1)];
  const matches = word.length >= before.length + after.length && word.startsWith(before) && word.endsWith(after);
  return matches ? word.slice(before.length, word.length - after.length) : undefined;
}

export function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** Splits at white space outside `$(…)`: the unexpanded words of a value. */
export function templatesOf(value: string): string[] {
  const templates: string[] = [];
  let word = '';
  let depth = 0;
  for (const character of value) {
    if (character === '(' || character === '{') depth += 1;
    else if (character === ')' || character === '}') depth -= 1;
    if (depth <= 0 && /\s/.test(character)) {
      if (word !== '') templates.push(word);
      word = '';
    } else {
      word += character;
    }
  }
  return word === '' ? templates : [...templates, word];
}
