/** New constants of an enum moved behind the old ones, whose numbers then stay. */
import type { EnumChange } from '../../plan/enumConstants';
import { inside, type EnumConstant, type Range } from '../../syntax/facts';
import { aboveComment } from '../comments';
import type { Fix } from '../finding';
import type { RuleContext } from '../rule';

/**
 * The fix where each new constant has a line of its own and no number written out, and all others are as in the baseline. Undefined for what user space sees, and where a number of the
 * enum is no plain one, since then what comes behind it may have another's.
 */
export function toTheEnd({ path, before, after, added }: EnumChange, context: RuleContext): Fix | undefined {
  const text = context.textOf(path, 'after');
  const kept = after.constants.filter(({ name }) => !added.includes(name));
  const moving = after.constants.filter(({ name }) => added.includes(name));
  const isAsBefore = kept.length === before.constants.length && kept.every((constant, at) => told(constant) === told(before.constants[at]));
  const hasConditions = after.constants.some(({ conditions = [] }) => conditions.length > 0) || after.passedOver === true;
  if (text === undefined || /(^|\/)uapi\//.test(path) || !isAsBefore || hasConditions || moving.some(({ value }) => value !== undefined) || !isAscending(before.constants.map(({ value }) => value))) return undefined;
  const last = kept.at(-1);
  const lines = moving.map((constant) => lineOf(text, inside(after, constant.range)));
  if (last === undefined || lines.includes(undefined)) return undefined;
  const end = inside(after, last.range).end;
  const lineEnd = text.indexOf('\n', end);
  const behind = text.slice(end, lineEnd);
  if (lineEnd < 0 || !/^\s*,?\s*(\/\*.*\*\/\s*|\/\/.*)?$/.test(behind)) return undefined;
  const put = lines.map((line) => (line === undefined ? '' : withComma(text.slice(line.start, line.end)))).join('');
  return {
    edits: () => [
      ...(/^\s*,/.test(behind) ? [] : [{ path, range: { start: end, end }, text: ',' }]),
      { path, range: { start: lineEnd + 1, end: lineEnd + 1 }, text: put },
      ...lines.flatMap((line) => (line === undefined ? [] : [{ path, range: line, text: '' }])),
    ],
  };
}

const told = (constant: EnumConstant | undefined): string => `${constant?.name ?? ''} = ${constant?.value ?? ''}`;

/** The whole line, with a comment of its own above, of a constant that has one to itself. */
function lineOf(text: string, { start, end }: Range): Range | undefined {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', end);
  const isAlone = text.slice(from, start).trim() === '' && /^\s*,?\s*(\/\*.*\*\/\s*|\/\/.*)?$/.test(text.slice(end, next < 0 ? undefined : next));
  return next < 0 || !isAlone ? undefined : { start: aboveComment(text, start), end: next + 1 };
}

const withComma = (line: string): string => (/^\s*\w+\s*,/m.test(line) ? line : line.replace(/^(\s*\w+)(?=\s*($|\/))/m, '$1,'));

/** Each number is greater than the one before it, so that what follows the last is nobody else's. */
function isAscending(values: readonly (string | undefined)[]): boolean {
  let last = -1;
  return values.every((value) => {
    const number = value === undefined ? last + 1 : /^(\d+|0x[\da-f]+)$/i.test(value) ? Number(value) : -1;
    const isGreater = number > last;
    last = number;
    return isGreater;
  });
}
