/** What an interface of shadow variables gives, used where it may be NULL. */
import type { BodyToken } from '../body';
import type { TextChange } from '../finding';
import type { RuleContext } from '../rule';
import type { ShadowCall } from './shadowVariables';

/** `*klp_shadow_get(…)`, `klp_shadow_get(…)->x`, or a variable whose first use is to be followed. */
export function isUsedUntested(one: ShadowCall): boolean {
  if (one.does !== 'get' && one.does !== 'alloc') return false;
  const { tokens, call } = one;
  const word = (index: number): string => tokens[index]?.text ?? '';
  const behind = behindCall(one);
  if (word(behind) === '->' || word(behind) === '[') return true;
  const before = beforeCast(tokens, call.index);
  if (word(before) === '*' && isPrefix(word(before - 1))) return true;
  const variable = variableOf(one);
  const at = variable === undefined ? -1 : tokens.findIndex((_, index) => index >= behind && isUseOf(tokens, index, variable));
  return at >= 0 && isFollowed(tokens, at);
}

/**
 * Every use of the variable tested: what is read is 0 where there is none, as from zeroed memory, and what is written is not. Empty where something else is done with the pointer, where the type
 * read is not known to be a number or a pointer, or where more hangs on a statement than the writing.
 */
export function tested(context: RuleContext, one: ShadowCall): TextChange[] {
  const { tokens, path, call } = one;
  const variable = variableOf(one);
  const behind = behindCall(one);
  if (variable === undefined || tokens[behind]?.text !== ';') return [];
  const uses = [...tokens.keys()].filter((index) => isUseOf(tokens, index, variable));
  // Declared, given this value, and no other.
  if (uses.some((index) => index < call.index && !/^[*=,;]$/.test(tokens[index - 1]?.text ?? '') && tokens[index + 1]?.text !== '=') || uses.some((index) => tokens[index + 1]?.text === '=' && index > behind && !isFollowed(tokens, index))) return [];
  const changes: TextChange[] = [];
  let done = behind;
  for (const at of uses.filter((index) => index > behind)) {
    if (at < done) continue;
    const place = placeOf(tokens, at);
    if (place === undefined) return [];
    const write = writtenIn(tokens, place);
    if (write !== undefined) {
      changes.push({ path, range: { start: write.start, end: write.start }, text: `if (${variable})\n${indentAt(context, path, write.start)}\t` });
      done = write.semicolon;
    } else {
      const nothing = isWritten(tokens, place) ? undefined : nothingOf(context, one, variable, place.member);
      if (nothing === undefined) return [];
      const [start, end] = [tokens[place.first]?.at ?? 0, (tokens[place.last]?.at ?? 0) + (tokens[place.last]?.text.length ?? 0)];
      const value = `${variable} ? ${place.member === undefined ? `*${variable}` : `${variable}->${place.member}`} : ${nothing}`;
      const isWhole = /^(return|=)$/.test(tokens[place.first - 1]?.text ?? '') && tokens[place.last + 1]?.text === ';';
      changes.push({ path, range: { start, end }, text: isWhole ? value : `(${value})` });
    }
  }
  return changes;
}

/** `*v`, `(*v)` or `v->member`, by its tokens. */
interface Place {
  readonly first: number;
  readonly last: number;
  readonly member?: string;
}

function placeOf(tokens: readonly BodyToken[], at: number): Place | undefined {
  const word = (index: number): string => tokens[index]?.text ?? '';
  const isOpen = (index: number): boolean => /^(->|\.|\[|\()$/.test(word(index));
  const member = word(at + 1) === '->' ? word(at + 2) : undefined;
  if (member !== undefined) return isOpen(at + 3) || isAddressOf(tokens, at - 1) || /^(\+\+|--|sizeof|\*)$/.test(word(at - 1)) ? undefined : { first: at, last: at + 2, member };
  if (word(at - 1) !== '*' || !isPrefix(word(at - 2)) || isOpen(at + 1) || /^(\+\+|--)$/.test(word(at + 1))) return undefined;
  const [first, last] = word(at - 2) === '(' && word(at + 1) === ')' && !/^(\w+|\))$/.test(word(at - 3)) ? [at - 2, at + 1] : [at - 1, at];
  return isOpen(last + 1) || /^(&|\+\+|--|sizeof)$/.test(word(first - 1)) || (first === at - 1 && word(at - 2) === '*') ? undefined : { first, last };
}

const isWritten = (tokens: readonly BodyToken[], { last }: Place): boolean => ASSIGNS.test(tokens[last + 1]?.text ?? '');
const ASSIGNS = /^(([-+*/%&|^]|<<|>>)?=|\+\+|--)$/;

/** A statement that writes there and does nothing else. */
function writtenIn(tokens: readonly BodyToken[], place: Place): { readonly start: number; readonly semicolon: number } | undefined {
  const start = tokens[place.first];
  if (start === undefined || !isWritten(tokens, place) || !/^[;{}]$/.test(tokens[place.first - 1]?.text ?? '')) return undefined;
  const rest = tokens.slice(place.last + 2);
  const length = rest.findIndex(({ text }) => text === ';');
  const value = rest.slice(0, length);
  const acts = value.some(({ text }, index) => ASSIGNS.test(text) || (/^[A-Za-z_]\w*$/.test(text) && text !== 'sizeof' && value[index + 1]?.text === '('));
  return length < 0 || acts || value.some(({ text }) => text === ',' || text === '{') ? undefined : { start: start.at, semicolon: place.last + 2 + length };
}

/** `0` or `NULL` for what is read; undefined where it is not known to be a number or a pointer. */
function nothingOf(context: RuleContext, { tokens, path }: ShadowCall, variable: string, member: string | undefined): '0' | 'NULL' | undefined {
  const declared = tokens.findIndex(({ text }, index) => text === variable && tokens[index - 1]?.text === '*' && /^\w+$/.test(tokens[index - 2]?.text ?? '') && /^[=;,]$/.test(tokens[index + 1]?.text ?? ''));
  const [space = '', type = ''] = [tokens[declared - 3]?.text, tokens[declared - 2]?.text];
  if (declared < 0) return undefined;
  if (member === undefined) return NUMBERS.test(type) || space === 'enum' ? '0' : undefined;
  const inEdit = [...context.versions.values()].flatMap(({ after }) => after?.records ?? []).find((record) => record.name === type);
  const known = space === 'struct' && inEdit === undefined ? context.knowledge.ask({ kind: 'type', space, name: type, from: path }) : undefined;
  const record = inEdit ?? (known?.found === true && known.space === 'struct' ? known.fact : undefined);
  const field = record?.fields.find(({ name }) => name === member);
  if (field === undefined || field.arrays.length > 0 || field.record !== undefined) return undefined;
  if (field.pointers > 0) return 'NULL';
  return /^(const |volatile )?enum \w+$/.test(field.type) || NUMBERS.test(/\w+$/.exec(field.type)?.[0] ?? '') ? '0' : undefined;
}

/** include/linux/types.h and the language's own. */
const NUMBERS = /^(char|short|int|long|unsigned|signed|bool|(__)?[us](8|16|32|64)|u?int(8|16|32|64)_t|u?(char|short|int|long)|s?size_t|loff_t|gfp_t|ktime_t|pid_t|umode_t|sector_t|dma_addr_t|phys_addr_t)$/;

/** Index of the first token behind the call. */
function behindCall({ tokens, call }: ShadowCall): number {
  const index = tokens.findIndex(({ at }, position) => position >= call.index && at >= call.end);
  return index < 0 ? tokens.length : index;
}

/** Index of the token in front of the call and of a cast there. */
function beforeCast(tokens: readonly BodyToken[], index: number): number {
  let before = index - 1;
  if (tokens[before]?.text !== ')') return before;
  while (before > 0 && tokens[before]?.text !== '(') before -= 1;
  return before - 1;
}

/** `v = klp_shadow_get(…)`: v. */
function variableOf({ tokens, call }: ShadowCall): string | undefined {
  const equals = beforeCast(tokens, call.index);
  const variable = tokens[equals - 1]?.text ?? '';
  return tokens[equals]?.text === '=' && /^\w+$/.test(variable) && !/^(->|\.)$/.test(tokens[equals - 2]?.text ?? '') ? variable : undefined;
}

const isUseOf = (tokens: readonly BodyToken[], index: number, variable: string): boolean => tokens[index]?.text === variable && !/^(->|\.)$/.test(tokens[index - 1]?.text ?? '');

/** Followed by the use at `at`. */
const isFollowed = (tokens: readonly BodyToken[], at: number): boolean => /^(->|\[)$/.test(tokens[at + 1]?.text ?? '') || (tokens[at - 1]?.text === '*' && isPrefix(tokens[at - 2]?.text ?? ''));

/** What stands in front of a `*` that is no multiplication. */
const isPrefix = (text: string): boolean => /^([({;}=,&|!<>+-]|[-+*/%&|^]=|==|!=|<=|>=|&&|\|\||return)$/.test(text);

const isAddressOf = (tokens: readonly BodyToken[], at: number): boolean => tokens[at]?.text === '&' && !/^(\w+|\)|\])$/.test(tokens[at - 1]?.text ?? '');

function indentAt(context: RuleContext, path: string, start: number): string {
  const text = context.textOf(path, 'after') ?? '';
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', start - 1) + 1, start))?.[0] ?? '\t';
}
