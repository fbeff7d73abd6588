/** A changed initializer put back, and its new value written by callbacks instead. */
import { namesGone } from '../asBefore';
import { callbackPair } from '../callbackPair';
import type { Profile, Fix, TextChange } from '../finding';
import type { RuleContext } from '../rule';
import { callbacksOf } from '../transition/callbacks';
import { initializerChanges, type InitializerChange } from './initializerChange';
import { entriesOf, type EntryChange } from './initializers';
import { isFreed, readOnlyWhy } from './variables';

export interface CallbackFix {
  readonly fix: Fix;
  /** The variables that the same callbacks write: an object has room for one callback of a kind. */
  readonly others: readonly string[];
}

/**
 * The fix for a variable and for every other of its file that callbacks can write, or undefined where assignments cannot do it: arrays of
 * characters, nested lists, a table of another length, memory that is read-only or gone. Where the edit has callbacks already, a person has to
 * join them.
 */
export function callbackFix(change: InitializerChange, context: RuleContext): CallbackFix | undefined {
  if (!isWritten(change, context)) return undefined;
  if (callbacksOf(context).length > 0) return undefined;
  const together = initializerChanges(context).filter((other) => other.path === change.path && isWritten(other, context));
  return { fix: { edits: () => edits(together, context) }, others: together.filter((other) => other !== change).map(({ after }) => after.name) };
}

function isWritten({ path, before, after, entries, lengths }: InitializerChange, context: RuleContext): boolean {
  if (namesGone(before.mentions.join(' '), path, context)) return false;
  if (!path.endsWith('.c') || entries.length === 0 || !entries.every(isAssignable) || lengths.before !== lengths.after) return false;
  if (readOnlyWhy(after, context.textOf(path, 'after')) !== undefined || isFreed(after.attributes)) return false;
  if (entries.some(({ key }) => key === '') && after.type.includes('[')) return false;
  // Not beyond the end of an array that its initializer makes as long as it is.
  return !entries.some((entry) => entry.before === undefined) || !/^[^[]*\[\]/.test(after.type);
}

const isAssignable = ({ before, after }: EntryChange): boolean => entriesOf(before ?? '') === undefined && entriesOf(after ?? '') === undefined;

function edits(changes: readonly InitializerChange[], context: RuleContext): TextChange[] {
  const [first] = changes;
  const [old, now] = first === undefined ? [] : [context.textOf(first.path, 'before'), context.textOf(first.path, 'after')];
  if (first === undefined || old === undefined || now === undefined) return [];
  const back = changes.map((change) => putBack(change, old, now));
  if (back.includes(undefined)) return [];
  const gap = now.endsWith('\n') ? '\n' : '\n\n';
  const { path } = first;
  return [...back.flatMap((one) => (one === undefined ? [] : [{ path, ...one }])), { path, range: { start: now.length, end: now.length }, text: gap + callbacks(changes, context.profile) }];
}

/** The initializer as the baseline has it. */
function putBack({ before, after }: InitializerChange, old: string, now: string): Omit<TextChange, 'path'> | undefined {
  const was = before.initializerRange;
  const is = after.initializerRange;
  if (was !== undefined && is !== undefined) return { range: is, text: old.slice(was.start, was.end) };
  if (is !== undefined) {
    const head = now.slice(after.nameRange.end, is.start);
    const declarator = head.slice(0, head.lastIndexOf('=')).trimEnd();
    return { range: { start: after.nameRange.end + declarator.length, end: is.end }, text: '' };
  }
  if (was === undefined) return undefined;
  const end = /[;,]/.exec(now.slice(after.nameRange.end, after.range.end))?.index;
  if (end === undefined) return undefined;
  const at = after.nameRange.end + end;
  return { range: { start: at, end: at }, text: ` = ${old.slice(was.start, was.end)}` };
}

function callbacks(changes: readonly InitializerChange[], profile: Profile): string {
  const name = changes[0]?.after.name ?? '';
  const values = changes.flatMap(({ after: { name: variable }, entries }) => entries.map(({ key, before, after }, index) => ({ place: `${variable}${key}`, before: before ?? '0', after: after ?? '0', saved: `${variable}_before${entries.length > 1 ? index : ''}` })));
  const parts = values.map((value) => (isText(value.before) || isText(value.after) ? kept(value) : compared(value, values.length === 1 ? `${name}_written` : `${name}_written[${values.indexOf(value)}]`)));
  const needsFlag = values.some((value) => !isText(value.before) && !isText(value.after));
  const flag = needsFlag ? [`static bool ${name}_written${values.length === 1 ? '' : `[${values.length}]`};`] : [];
  return callbackPair(profile, { name, prePatch: parts.flatMap((part) => part.write), postUnpatch: parts.flatMap((part) => part.restore) }, [...flag, ...parts.flatMap((part) => part.variables), '']);
}

interface Value {
  readonly place: string;
  readonly before: string;
  readonly after: string;
  readonly saved: string;
}

interface Part {
  readonly variables: readonly string[];
  readonly write: readonly string[];
  readonly restore: readonly string[];
}

/** Somebody may have set the value since, by a sysctl or otherwise: only what the kernel was built with is replaced. */
const compared = ({ place, before, after }: Value, written: string): Part => ({
  variables: [],
  write: [`\tif (READ_ONCE(${place}) == ${before}) {`, `\t\tWRITE_ONCE(${place}, ${after});`, `\t\t${written} = true;`, '\t}'],
  restore: [`\tif (${written} && READ_ONCE(${place}) == ${after})`, `\t\tWRITE_ONCE(${place}, ${before});`],
});

/** Two equal strings need not have one address: the old pointer is kept. */
const kept = ({ place, after, saved }: Value): Part => ({
  variables: [`static typeof(${place}) ${saved};`],
  write: [`\t${saved} = READ_ONCE(${place});`, `\tWRITE_ONCE(${place}, ${after});`],
  restore: [`\tWRITE_ONCE(${place}, ${saved});`],
});

const isText = (value: string): boolean => value.includes('"');
