/** The definition of a static key or static call put back, and the key switched by callbacks instead. */
import { TOOLS } from '../edited';
import type { Fix, TextChange } from '../finding';
import type { RuleContext } from '../rule';
import { callbacksOf } from '../transition/callbacks';

export interface Switched {
  readonly path: string;
  readonly name: string;
  /** The definition as the baseline has it in place of the edit's. */
  readonly back: TextChange;
  /** Statements of the post-patch callback, and those of the pre-unpatch one, which undo them. */
  readonly on: string;
  readonly off: string;
  /** What holds unless somebody has switched it already; left out where that does not matter. */
  readonly when?: string;
}

/** For all that a file's callbacks switch, as an object has room for one callback of a kind; undefined where the edit has callbacks already: a person has to join them. */
export function switchedByCallbacks(all: readonly Switched[], { path }: Switched, context: RuleContext): Fix | undefined {
  const text = context.textOf(path, 'after');
  if (text === undefined || callbacksOf(context).length > 0 || !path.endsWith('.c')) return undefined;
  const together = all.filter((one) => one.path === path);
  return { edits: () => [...together.map(({ back }) => back), { path, range: { start: text.length, end: text.length }, text: `${text.endsWith('\n') ? '' : '\n'}\n${callbacks(together, context)}` }] };
}

function callbacks(together: readonly Switched[], { profile }: RuleContext): string {
  const { header, object, prefix } = TOOLS[profile];
  const name = together[0]?.name ?? '';
  const flags = together.filter(({ when }) => when !== undefined).map((one) => `static bool ${one.name}_switched;`);
  return [
    `#include ${header}`,
    '',
    ...flags,
    ...(flags.length === 0 ? [] : ['']),
    `static void ${name}_post_patch(${object} *obj)`,
    '{',
    ...together.flatMap(({ when, on, name: key }) => (when === undefined ? [`\t${on};`] : [`\tif (${when}) {`, `\t\t${on};`, `\t\t${key}_switched = true;`, '\t}'])),
    '}',
    `${prefix}_POST_PATCH_CALLBACK(${name}_post_patch);`,
    '',
    `static void ${name}_pre_unpatch(${object} *obj)`,
    '{',
    ...together.flatMap(({ when, off, name: key }) => (when === undefined ? [`\t${off};`] : [`\tif (${key}_switched)`, `\t\t${off};`])),
    '}',
    `${prefix}_PRE_UNPATCH_CALLBACK(${name}_pre_unpatch);`,
    '',
  ].join('\n');
}
