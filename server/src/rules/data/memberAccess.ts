/** How functions of the edit use a member: what can be rewritten, and what a person has to look at. */
import type { FunctionFact } from '../../syntax/facts';
import { tokenize } from '../../syntax/tokens';
import { bodyTokens, headText, takesAddress, type BodyToken } from '../body';
import type { RuleContext } from '../rule';

export type Access =
  | { readonly kind: 'read'; readonly base: string; readonly start: number; readonly end: number }
  /** `x->member = …;` or, with an operator, `x->member += …;` */
  | { readonly kind: 'write'; readonly base: string; readonly start: number; readonly end: number; readonly operator?: string; readonly semicolon: number }
  /** `x->member++;` */
  | { readonly kind: 'step'; readonly base: string; readonly start: number; readonly end: number; readonly operator: '+' | '-' };

/** Every `x->member` where x is declared a pointer to the record; undefined when there is another use that may be of it. */
export function accessesTo(member: string, record: string, path: string, fact: FunctionFact, context: RuleContext): Access[] | undefined {
  const tokens = bodyTokens(context, path, 'after', fact);
  const pointers = pointersIn(fact, path, context);
  const found: Access[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.text !== member || !/^(->|\.)$/.test(tokens[index - 1]?.text ?? '')) continue;
    const base = tokens[index - 2];
    const isSimple = tokens[index - 1]?.text === '->' && base !== undefined && !/^(->|\.)$/.test(tokens[index - 3]?.text ?? '');
    const type = isSimple ? pointers.get(base.text) : undefined;
    if (type !== undefined && type !== record) continue;
    const access = base === undefined || type === undefined ? undefined : accessAt(tokens, index, base);
    if (access === undefined) return undefined;
    found.push(access);
  }
  return found;
}

/** `kfree(base)`. */
export interface FreeCall {
  readonly base: string;
  /** Among the body's tokens. */
  readonly index: number;
  /** In the file's text. */
  readonly start: number;
}

/** Calls that free an object of the record: kfree(x), kmem_cache_free(cache, x), … */
export function freesIn(record: string, path: string, fact: FunctionFact, context: RuleContext): FreeCall[] {
  if (!fact.calls.some((call) => FREES.test(call.name)) || !(fact.mentions.includes(record) || fact.signature.includes(record))) return [];
  const tokens = bodyTokens(context, path, 'after', fact);
  const pointers = pointersIn(fact, path, context);
  return tokens.flatMap((token, index) => {
    if (!FREES.test(token.text) || tokens[index + 1]?.text !== '(') return [];
    const argument = token.text.startsWith('kmem_cache') ? tokens.findIndex((one, at) => at > index && one.text === ',') + 1 : index + 2;
    const base = tokens[argument];
    return base !== undefined && pointers.get(base.text) === record && /^[,)]$/.test(tokens[argument + 1]?.text ?? '') ? [{ base: base.text, index, start: token.at }] : [];
  });
}

const FREES = /^(k[vz]?free(_rcu|_sensitive)?|kmem_cache_free|vfree)$/;

/** Name -> tag, for parameters and locals that are pointers to a record. */
export function pointersIn(fact: FunctionFact, path: string, context: RuleContext): ReadonlyMap<string, string> {
  const body = bodyTokens(context, path, 'after', fact);
  const head = headText(context.textOf(path, 'after'), fact);
  const read = tokenize(head);
  const words = [...Array.from({ length: read.count }, (_, at) => head.slice(read.start[at], read.end[at])), ...body.map((token) => token.text)];
  const found = new Map<string, string>();
  words.forEach((word, index) => {
    const tag = words[index + 1];
    if ((word !== 'struct' && word !== 'union') || tag === undefined) return;
    for (let at = index + 2; at < words.length; ) {
      while (words[at] === 'const') at += 1;
      let stars = 0;
      for (; words[at] === '*' || words[at] === 'const'; at += 1) if (words[at] === '*') stars += 1;
      const name = words[at] ?? '';
      if (!/^[A-Za-z_]\w*$/.test(name)) return;
      if (stars === 1) found.set(name, tag);
      // `struct a *b = f(c), *d;` goes on; a parameter list does not.
      for (at += 1; words[at] === '='; ) at = skipValue(words, at + 1);
      if (words[at] !== ',' || words[at + 1] !== '*') return;
      at += 1;
    }
  });
  return found;
}

function skipValue(words: readonly string[], from: number): number {
  let depth = 0;
  for (let at = from; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (/^[([{]$/.test(word)) depth += 1;
    else if (/^[)\]}]$/.test(word)) depth -= 1;
    else if (depth === 0 && (word === ',' || word === ';')) return at;
  }
  return words.length;
}

function accessAt(tokens: readonly BodyToken[], index: number, base: BodyToken): Access | undefined {
  const member = tokens[index];
  const next = tokens[index + 1];
  const before = tokens[index - 3]?.text ?? '';
  if (member === undefined || next === undefined || /^(->|\.|\[|\()$/.test(next.text) || /^(\+\+|--)$/.test(before) || takesAddress(tokens, index - 3)) return undefined;
  const place = { base: base.text, start: base.at, end: member.at + member.text.length };
  const operator = /^([-+*/%&|^]|<<|>>)?=$/.exec(next.text);
  const step = /^(\+\+|--)$/.test(next.text);
  if (operator === null && !step) return { kind: 'read', ...place };
  if (!/^([;{}:]|else|do|\))$/.test(before)) return undefined;
  if (step) return tokens[index + 2]?.text === ';' ? { kind: 'step', ...place, end: next.at + 2, operator: next.text === '++' ? '+' : '-' } : undefined;
  const semicolon = statementEnd(tokens, index + 2);
  const value = tokens[index + 2];
  if (semicolon === undefined || value === undefined) return undefined;
  return { kind: 'write', ...place, end: value.at, semicolon, ...(operator?.[1] === undefined ? {} : { operator: operator[1] }) };
}

/** Offset of the semicolon that ends the statement; undefined where another assignment or a comma comes first. */
function statementEnd(tokens: readonly BodyToken[], from: number): number | undefined {
  let depth = 0;
  for (const token of tokens.slice(from)) {
    if (/^[([{]$/.test(token.text)) depth += 1;
    else if (/^[)\]}]$/.test(token.text)) depth -= 1;
    else if (depth === 0 && /^(,|([-+*/%&|^]|<<|>>)?=)$/.test(token.text)) return undefined;
    if (depth < 0) return undefined;
    if (depth === 0 && token.text === ';') return token.at;
  }
  return undefined;
}
