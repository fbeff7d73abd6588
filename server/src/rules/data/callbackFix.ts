/** A changed initializer put back, and its new value written by callbacks instead. */
import type { Profile, Fix, TextChange } from '../finding';
import type { RuleContext } from '../rule';
import type { InitializerChange } from './initializerChange';
import { entriesOf, type EntryChange } from './initializers';

/**
 * What each tool gives for callbacks, and how it calls the object: include/linux/livepatch_helpers.h (6.19), kmod/patch/kpatch-macros.h.
 */
const TOOLS: Readonly<Record<Profile, { readonly include: string; readonly object: string; readonly prefix: string }>> = {
  'klp-build': { include: '<linux/livepatch_helpers.h>', object: 'struct klp_object *obj', prefix: 'KLP' },
  kpatch: { include: '"kpatch-macros.h"', object: 'patch_object *obj', prefix: 'KPATCH' },
};

/**
 * The fix, or undefined where assignments cannot do it: arrays of characters, nested lists, a table of another length. An object has room for one
 * callback of a kind: where the edit has one already, a person has to join them.
 */
export function callbackFix(change: InitializerChange, context: RuleContext): Fix | undefined {
  const { path, after, entries, lengths } = change;
  if (!path.endsWith('.c') || entries.length === 0 || !entries.every(isAssignable) || lengths.before !== lengths.after) return undefined;
  if (entries.some(({ key }) => key === '') && after.type.includes('[')) return undefined;
  // Beyond the end of an array that its initializer makes as long as it is.
  if (entries.some((entry) => entry.before === undefined) && /^[^[]*\[\]/.test(after.type)) return undefined;
  const hasCallback = [...context.versions.keys()].some((file) => /\bK(LP|PATCH)_(PRE|POST)_(UN)?PATCH_CALLBACK\s*\(/.test(context.textOf(file, 'after') ?? ''));
  if (hasCallback) return undefined;
  return { edits: () => edits(change, context) };
}

const isAssignable = ({ before, after }: EntryChange): boolean => entriesOf(before ?? '') === undefined && entriesOf(after ?? '') === undefined;

function edits(change: InitializerChange, context: RuleContext): TextChange[] {
  const { path, after } = change;
  const [old, now] = [context.textOf(path, 'before'), context.textOf(path, 'after')];
  const back = old === undefined || now === undefined ? undefined : putBack(change, old, now);
  if (back === undefined || now === undefined) return [];
  const gap = now.endsWith('\n') ? '\n' : '\n\n';
  return [{ path, ...back }, { path, range: { start: now.length, end: now.length }, text: gap + callbacks(after.name, change.entries, context.profile) }];
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

function callbacks(name: string, entries: readonly EntryChange[], profile: Profile): string {
  const { include, object, prefix } = TOOLS[profile];
  const values = entries.map(({ key, before, after }, index) => ({ place: `${name}${key}`, before: before ?? '0', after: after ?? '0', saved: `${name}_before${entries.length > 1 ? index : ''}` }));
  const parts = values.map((value) => (isText(value.before) || isText(value.after) ? kept(value) : compared(value, values.length === 1 ? `${name}_written` : `${name}_written[${values.indexOf(value)}]`)));
  const needsFlag = values.some((value) => !isText(value.before) && !isText(value.after));
  const flag = needsFlag ? [`static bool ${name}_written${values.length === 1 ? '' : `[${values.length}]`};`] : [];
  return [
    `#include ${include}`,
    '',
    ...flag,
    ...parts.flatMap((part) => part.variables),
    '',
    `static int ${name}_pre_patch(${object})`,
    '{',
    ...parts.flatMap((part) => part.write),
    '\treturn 0;',
    '}',
    `${prefix}_PRE_PATCH_CALLBACK(${name}_pre_patch);`,
    '',
    `static void ${name}_post_unpatch(${object})`,
    '{',
    ...parts.flatMap((part) => part.restore),
    '}',
    `${prefix}_POST_UNPATCH_CALLBACK(${name}_post_unpatch);`,
    '',
  ].join('\n');
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
