import type { FunctionFact } from '../../syntax/facts';
import type { BodyCall } from '../body';
import { addedCalls, editedFunctions, includeHelpers, nameRangeOf } from '../edited';
import type { Remedy, TextChange } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';

export const inlineFlip: Rule = {
  slug: 'inline-flip',
  title: 'A message that is added may change what the compiler inlines around it',
  severity: { 'klp-build': 'info', kpatch: 'warning' },
  manual: `
An existing function prints something that it did not print before (\`printk()\`, \`pr_err()\`, \`dev_warn()\` and their kin).

**What happens.** These functions are declared \`__cold\`: gcc takes the way to them for unlikely, moves it out of line, and no longer inlines what is called on
that way. Functions that were inlined appear on their own, in \`.text.unlikely\`, where the running kernel has none of that name. kpatch-build then reports
changes in functions that nobody edited, or refuses. klp-build carries such functions along.

**The way out.** With kpatch-build, print through \`KPATCH_PRINTK()\`, which keeps the way to it warm. Or fix what is inlined where it matters, with
\`noinline\` or \`__always_inline\` on the helper.

**Source.** include/linux/printk.h (\`__cold\`); kpatch's kpatch-macros.h (KPATCH_PRINTK); kpatch-build/create-diff-object.c ("changed section").
`,
  check(context) {
    return editedFunctions(context.changes).flatMap((edited): RuleFinding[] => {
      const { path, before, after } = edited;
      if (before === undefined || countIn(after) <= countIn(before)) return [];
      const calls = addedCalls(context, edited, (name) => prints.has(name));
      const [first] = calls;
      if (first === undefined) return [];
      return [
        {
          path,
          range: nameRangeOf(first),
          function: after.name,
          symbol: first.name,
          message: `${after.name} prints with ${first.name} what it did not print before: as that is __cold, the compiler may no longer inline what is called beside it${context.profile === 'kpatch' ? ', and kpatch-build meets functions that the kernel does not have' : ''}.`,
          remedies: context.profile === 'kpatch' ? [throughMacro(context, path, calls)] : [],
        },
      ];
    });
  },
};

/** include/linux/printk.h: the function itself, and macros over it by the level they print with. */
const levels: ReadonlyMap<string, string> = new Map(
  ['emerg', 'alert', 'crit', 'err', 'warning', 'warn', 'notice', 'info'].map((level): [string, string] => [`pr_${level}`, `KERN_${level === 'warn' ? 'WARNING' : level.toUpperCase()}`]),
);
/** Besides, include/linux/dev_printk.h; for these there is no macro of kpatch's. */
const prints: ReadonlySet<string> = new Set(['printk', ...levels.keys(), ...['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info'].map((level) => `dev_${level}`)]);

const countIn = (fact: FunctionFact): number => fact.calls.filter(({ name }) => prints.has(name)).length;

/** `pr_err(fmt, …)` is `printk(KERN_ERR pr_fmt(fmt), …)`; a message whose format is no single literal is left to a person. */
function throughMacro(context: RuleContext, path: string, calls: readonly BodyCall[]): Remedy {
  const title = 'Print through KPATCH_PRINTK()';
  const text = context.textOf(path, 'after') ?? '';
  const edits = calls.flatMap(({ name, at, end }): TextChange[] => {
    const [, format = ''] = /^\w+\s*\(\s*("(?:[^"\\\n]|\\.)*")\s*([,)])/.exec(text.slice(at, end)) ?? [];
    const level = levels.get(name);
    if (name === 'printk') return [{ path, range: { start: at, end: at + name.length }, text: 'KPATCH_PRINTK' }];
    if (level === undefined || format === '') return [];
    const from = text.indexOf(format, at);
    return [{ path, range: { start: at, end: from + format.length }, text: `KPATCH_PRINTK(${level} pr_fmt(${format})` }];
  });
  if (edits.length < calls.length) return { kind: 'rewrite', title };
  return { kind: 'rewrite', title, fix: { edits: () => [...includeHelpers(context, path), ...edits] } };
}
