/** The calls of a function's body that a protocol is made of, with the thing each is about. */
import type { FunctionFact } from '../../syntax/facts';
import { bodyTokens, callsIn, type BodyCall, type BodyToken } from '../body';
import type { RuleContext } from '../rule';

export interface Body {
  readonly path: string;
  readonly fact: FunctionFact;
  readonly tokens: readonly BodyToken[];
  readonly calls: readonly BodyCall[];
}

/** A function's body in one version; undefined when it calls nothing that `isWanted`, so that it need not be read. */
export function bodyOf(context: RuleContext, path: string, version: 'before' | 'after', fact: FunctionFact | undefined, isWanted: (name: string) => boolean): Body | undefined {
  if (fact?.calls.some(({ name }) => isWanted(name)) !== true) return undefined;
  const tokens = bodyTokens(context, path, version, fact);
  return { path, fact, tokens, calls: callsIn(tokens).filter(({ name }) => isWanted(name)) };
}

/** `&x->lock` and `x->lock` are one thing; so is `(x)`. */
export function thing(argument: string | undefined): string {
  return (argument ?? '').replace(/^&/, '').replace(/^\((\w+)\)$/, '$1');
}

/** What two functions call the same thing by: the last member, with a mark that it is one, or the variable. */
export function lastName(expression: string): string {
  const match = /(->|\.)?(\w+)(\[[^\]]*\])*$/.exec(expression);
  return match === null ? expression : `${match[1] === undefined ? '' : '->'}${match[2] ?? ''}`;
}

/** What a call's result is assigned to, as written: `x->buf` in `x->buf = kmalloc(…)`; undefined when it is not assigned. */
export function assignedTo({ tokens }: Pick<Body, 'tokens'>, call: BodyCall): string | undefined {
  let at = call.index - 1;
  // A cast.
  if (tokens[at]?.text === ')') {
    while (at > 0 && tokens[at]?.text !== '(') at -= 1;
    at -= 1;
  }
  if (tokens[at]?.text !== '=') return undefined;
  const words: string[] = [];
  for (at -= 1; at >= 0; at -= 1) {
    const text = tokens[at]?.text ?? '';
    // A name behind a name is a type, and `*` before it belongs to a declaration or a dereference.
    if (!/^(\w+|->|\.|\[|\])$/.test(text) || (/^\w/.test(text) && /^\w/.test(words[0] ?? ''))) break;
    words.unshift(text);
  }
  const text = words.join('');
  return text === '' ? undefined : text;
}

/** Get at an object by another, and take no reference: `netdev_priv(dev)`. */
const ACCESSOR = /(priv|drvdata|platdata|_data|_entry)$|^(\w+_)?container_of$|^(from|to)_\w+$/;

/** Names that a call in this body gives their value, and so perhaps a reference: `x = find(…)`, or `for_each_child(parent, x)`. */
export function givenByCalls({ tokens }: Pick<Body, 'tokens'>): Set<string> {
  const found = new Set<string>();
  tokens.forEach(({ text }, at) => {
    if (text === '=') {
      let behind = at + 1;
      if (tokens[behind]?.text === '(') while (behind < tokens.length && tokens[behind]?.text !== ')') behind += 1;
      if (tokens[behind]?.text === ')') behind += 1;
      const call = tokens[behind]?.text ?? '';
      if (/^\w+$/.test(call) && tokens[behind + 1]?.text === '(' && !ACCESSOR.test(call)) found.add(tokens[at - 1]?.text ?? '');
    } else if (/(^|_)for_each_/.test(text)) {
      for (let behind = at + 2; behind < tokens.length && tokens[behind]?.text !== ')'; behind += 1) found.add(tokens[behind]?.text ?? '');
    }
  });
  return found;
}

/**
 * Whether the edit calls by another name what the baseline calls `old`: the same members of a variable that the other version does not have. A
 * new local variable is no new lock.
 */
export function isRenamed(old: string, now: string, before: Body | undefined, after: Body | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  const [, oldRoot, oldRest] = /^(\w+)(.*)$/.exec(old) ?? [];
  const [, newRoot, newRest] = /^(\w+)(.*)$/.exec(now) ?? [];
  const names = ({ tokens }: Body, name: string | undefined): boolean => tokens.some(({ text }, at) => text === name && !/^(->|\.|struct|union|enum)$/.test(tokens[at - 1]?.text ?? ''));
  return oldRest !== undefined && oldRest === newRest && !names(after, oldRoot) && !names(before, newRoot);
}
