/** Where the functions of a file use one of its own variables: what a fix has to rewrite, all of it or nothing. */
import { unitOf } from '../../plan/unit';
import type { FileFacts, FunctionFact } from '../../syntax/facts';
import { TokenKind } from '../../syntax/tokens';
import { bodyTokens, takesAddress, type BodyToken } from '../body';
import type { TextChange } from '../finding';
import { initMarker } from '../functions/initMarkers';
import type { RuleContext } from '../rule';

export interface VariableUse {
  readonly path: string;
  readonly function: FunctionFact;
  /** Of the function's body. */
  readonly tokens: readonly BodyToken[];
  /** Of the name among them. */
  readonly index: number;
}

/**
 * Every use of a static variable in the edit's version of its file; undefined where one cannot be rewritten, or would not be replaced: in a macro, an initializer, a registration,
 * a function that has run or is out of ftrace's reach, or beside a local of the same name.
 */
export function usesOfVariable(context: RuleContext, path: string, name: string): VariableUse[] | undefined {
  const facts = context.versions.get(path)?.after;
  if (facts === undefined || !path.endsWith('.c') || isUsedOutside(facts, name)) return undefined;
  const users = unitOf(facts).usersOfMacro(name);
  if (users.some(({ caller, macros }) => macros.length > 0 || initMarker(caller) !== undefined || /\b(notrace|noinstr)\b/.test(caller.signature) || isWord(name).test(caller.signature))) return undefined;
  const uses = users.flatMap(({ caller }) => {
    const tokens = bodyTokens(context, path, 'after', caller);
    return tokens.flatMap((token, index): VariableUse[] => (token.text === name && !isOther(tokens, index) ? [{ path, function: caller, tokens, index }] : []));
  });
  return uses.some(({ tokens, index }) => isDeclaration(tokens, index) || isText(tokens, index)) || uses.some((use) => inDirective(use, name)) ? undefined : uses;
}

export const isWord = (name: string): RegExp => new RegExp(`\\b${name}\\b`);

function isUsedOutside(facts: FileFacts, name: string): boolean {
  const word = isWord(name);
  const inVariable = facts.variables.some((fact) => fact.mentions.includes(name) || (fact.name !== name && (word.test(fact.type) || fact.attributes.some((attribute) => word.test(attribute)))));
  const inRecord = facts.records.some(({ fields }) => fields.some(({ arrays, bits }) => arrays.some((bound) => word.test(bound)) || word.test(bits ?? '')));
  return inVariable || inRecord || unitOf(facts).macrosOver(name).length > 0 || facts.exports.some((fact) => fact.name === name) || facts.registrations.some(({ args }) => args.some((argument) => word.test(argument))) || facts.generated.some(({ mentions }) => mentions.includes(name));
}

/** A member or a tag of that name. */
const isOther = (tokens: readonly BodyToken[], index: number): boolean => /^(\.|->|struct|union|enum)$/.test(tokens[index - 1]?.text ?? '');

/** Words that may stand before an expression. */
const BEFORE_EXPRESSION = /^(return|else|case|sizeof|do|in|typeof|__typeof__)$/;

/** `int x`, `struct demo *x`: a local of that name, or a label or tag. */
function isDeclaration(tokens: readonly BodyToken[], index: number): boolean {
  let at = index - 1;
  while (tokens[at]?.text === '*') at -= 1;
  const before = tokens[at];
  if (before?.kind !== TokenKind.identifier || BEFORE_EXPRESSION.test(before.text)) return false;
  if (at === index - 1) return true;
  // `a * x` is a product, unless nothing but words stands in front: `struct a *x`.
  while (tokens[at]?.kind === TokenKind.identifier) at -= 1;
  return /^[;{}]$/.test(tokens[at]?.text ?? '');
}

const isText = (tokens: readonly BodyToken[], index: number): boolean => tokens[index]?.kind !== TokenKind.identifier;

/** A directive is one token: what it says is not rewritten. */
const inDirective = ({ tokens }: VariableUse, name: string): boolean => tokens.some((token) => token.kind === TokenKind.directive && isWord(name).test(token.text));

/** The uses with another name. */
export const renamedUses = (uses: readonly VariableUse[], to: string): TextChange[] =>
  uses.flatMap(({ path, tokens, index }) => {
    const token = tokens[index];
    return token === undefined ? [] : [{ path, range: { start: token.at, end: token.at + token.text.length }, text: to }];
  });

/** How a use gets at the variable: its value, or an element's or member's, read or written; or by an address that goes on, so that nobody knows. */
export type Access = 'read' | 'write' | 'unknown';

/**
 * @param isArray its bare name is an address
 * @param isFunction whether the file defines a function of a name: such a one takes a value, where a macro may write to it
 */
export function accessOf({ tokens, index }: VariableUse, isArray: boolean, isFunction: (name: string) => boolean): Access {
  const before = tokens[index - 1]?.text ?? '';
  if (isSized(tokens, index)) return 'read';
  if (takesAddress(tokens, index - 1)) return 'unknown';
  const end = behindElement(tokens, index + 1);
  if (isArray && end === index + 1) return 'unknown';
  const next = tokens[end]?.text ?? '';
  if (/^(\+\+|--)$/.test(before) || /^(\+\+|--|([-+*/%&|^]|<<|>>)?=)$/.test(next)) return 'write';
  if (!/^[(,]$/.test(before) || !/^[,)]$/.test(next)) return 'read';
  const callee = callAround(tokens, index);
  return READING.test(callee) || isFunction(callee) ? 'read' : 'write';
}

/** Macros and functions of the kernel that only read what they are handed, and the words in front of other parentheses. */
const READING = /^(|[-+*/%&|^!<>=?:,;{}()]+|if|while|switch|return|READ_ONCE|(un)?likely|BUG_ON|WARN(_ON)?(_ONCE)?|(min|max|clamp)(_t)?|printk(_\w+)?|(pr|dev|netdev)_\w+|seq_(printf|puts|putc|write)|v?s[cn]{0,2}printf|sysfs_emit(_at)?|str(len|n?cmp|n?casecmp|str)|msecs_to_jiffies|usleep_range|msleep)$/;

/** `sizeof(x)`, `ARRAY_SIZE(x)`. */
const isSized = (tokens: readonly BodyToken[], index: number): boolean => tokens[index - 1]?.text === '(' && /^(sizeof|ARRAY_SIZE|typeof)$/.test(tokens[index - 2]?.text ?? '');

/** Behind `[i]`, `.a`, `[i].b[j]`. What a pointer among them points at is not the variable's. */
function behindElement(tokens: readonly BodyToken[], from: number): number {
  let at = from;
  for (;;) {
    if (tokens[at]?.text === '.') at += 2;
    else if (tokens[at]?.text === '[') at = behindBrackets(tokens, at);
    else return at;
  }
}

function behindBrackets(tokens: readonly BodyToken[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    if (tokens[at]?.text === '[') depth += 1;
    else if (tokens[at]?.text === ']') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return tokens.length;
}

/** The word in front of the innermost parenthesis that is open at a token. */
export function callAround(tokens: readonly BodyToken[], index: number): string {
  let depth = 0;
  for (let at = index - 1; at >= 0; at -= 1) {
    const text = tokens[at]?.text;
    if (text === ')') depth += 1;
    else if (text === '(') {
      if (depth === 0) return tokens[at - 1]?.text ?? '';
      depth -= 1;
    }
  }
  return '';
}
