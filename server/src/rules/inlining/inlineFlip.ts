import type { FileChanges } from '../../change/changes';
import { flips } from '../../plan/flips';
import { inliningOf } from '../../plan/inlining';
import { unitOf } from '../../plan/unit';
import type { FunctionFact } from '../../syntax/facts';
import type { BodyCall } from '../body';
import { asBefore } from '../data/staticLocalOwner';
import { addedCalls, editedFunctions, includeHelpers, nameRangeOf } from '../edited';
import type { Remedy, TextChange } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { enumerate } from '../words';

export const inlineFlip: Rule = {
  slug: 'inline-flip',
  title: 'The edit changes what the compiler inlines around it',
  severity: { 'klp-build': 'info', kpatch: 'warning' },
  manual: `
An existing function prints something that it did not print before (\`printk()\`, \`pr_err()\`, \`dev_warn()\`, \`netdev_info()\` and their kin). Or a static function that the edit
does not touch is called from one place more or less, and the compiler no longer inlines it, or does so only now: told as information.

**What happens.** These functions are declared \`__cold\`: gcc takes the way to them for unlikely, moves it out of line, and no longer inlines what is called on
that way. Functions that were inlined appear on their own, in \`.text.unlikely\`, where the running kernel has none of that name. kpatch-build then reports
changes in functions that nobody edited, or refuses. klp-build carries such functions along.

**The way out.** With kpatch-build, print through \`KPATCH_PRINTK()\`, which keeps the way to it warm. Or fix what is inlined where it matters, with
\`noinline\` or \`__always_inline\` on the helper; for a function whose calls changed this is a quick fix, after which it is compiled as before.

\`\`\`c
pr_warn("demo: %d is not ready\\n", id);                              /* before */
KPATCH_PRINTK(KERN_WARNING pr_fmt("demo: %d is not ready\\n"), id);   /* after; #include "kpatch-macros.h" */
\`\`\`

**Source.** include/linux/printk.h, dev_printk.h and include/net/net_debug.h (\`__cold\`); kpatch's kpatch-macros.h (KPATCH_PRINTK); kpatch-build/create-diff-object.c ("changed section").
`,
  check(context) {
    return [...context.changes.flatMap((change) => flipped(context, change)), ...messages(context)];
  },
};

/** Untouched functions that gcc inlines in one version of the file and not in the other, as they are called more often or less. */
function flipped(context: RuleContext, change: FileChanges): RuleFinding[] {
  const { path } = change;
  const { before, after } = context.versions.get(path) ?? {};
  if (before === undefined || after === undefined || !path.endsWith('.c')) return [];
  return flips(change, before, after).flatMap((flip): RuleFinding[] => {
    const { name, nameRange } = flip.after;
    const is = inliningOf(flip.after, unitOf(after));
    // Nobody calls it any more.
    if (unitOf(after).callCount(name) === 0 || unitOf(before).callCount(name) === 0) return [];
    const way = asBefore({ after: flip.after, is }, path, context);
    const callers = enumerate(unitOf(after).callersOf(name).map(({ caller }) => caller.name));
    return [
      {
        path,
        range: nameRange,
        function: name,
        severity: 'info',
        message: is.inlined ? `${name} becomes part of ${callers} (${is.reason}): so far it is a function of its own, which then nobody calls.` : `${name} is no longer inlined, as ${callers} call it: a function that the running kernel does not have, and who held its code is replaced for that.`,
        remedies: way === undefined ? [] : [{ kind: 'rewrite', title: way.title, fix: way.fix }],
      },
    ];
  });
}

function messages(context: RuleContext): RuleFinding[] {
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
}

/** What follows `pr_`, `dev_` and `netdev_` in the names of those that print, and the level they print with. */
const levels: ReadonlyMap<string, string> = new Map(['emerg', 'alert', 'crit', 'err', 'warning', 'warn', 'notice', 'info'].map((level) => [level, `KERN_${level === 'warn' ? 'WARNING' : level.toUpperCase()}`]));

/** By what a name begins with, the format of a message and the values in front of its own: include/linux/printk.h; __dev_printk() of drivers/base/core.c; __netdev_printk() of net/core/dev.c, for a device without a parent. */
const shapes: ReadonlyMap<string, (format: string, device: string) => string> = new Map([
  ['pr', (format) => `pr_fmt(${format})`],
  ['dev', (format, device) => `"%s %s: " dev_fmt(${format}), dev_driver_string(${device}), dev_name(${device})`],
  ['netdev', (format, device) => `"%s%s: " ${format}, netdev_name(${device}), netdev_reg_state(${device})`],
]);

/** What is as plain as printk(), and its macro. */
const plain: ReadonlyMap<string, string> = new Map([['printk', 'KPATCH_PRINTK'], ['printk_deferred', 'KPATCH_PRINTK_DEFERRED']]);

const prints: ReadonlySet<string> = new Set([...plain.keys(), ...[...shapes.keys()].flatMap((kind) => [...levels.keys()].map((level) => `${kind}_${level}`))]);

const countIn = (fact: FunctionFact): number => fact.calls.filter(({ name }) => prints.has(name)).length;

/** A message whose format is no literal, or whose device may not be named twice, is left to a person. */
function throughMacro(context: RuleContext, path: string, calls: readonly BodyCall[]): Remedy {
  const title = 'Print through KPATCH_PRINTK()';
  const text = context.textOf(path, 'after') ?? '';
  const edits = calls.flatMap(({ name, at, end }): TextChange[] => {
    const macro = plain.get(name);
    if (macro !== undefined) return [{ path, range: { start: at, end: at + name.length }, text: macro }];
    const [, kind = '', word = ''] = /^([a-z]+)_([a-z]+)$/.exec(name) ?? [];
    const [, head = '', device = '', format = ''] = (kind === 'pr' ? PR : DEVICE).exec(text.slice(at, end)) ?? [];
    const [level, shape] = [levels.get(word), shapes.get(kind)];
    if (level === undefined || shape === undefined || format === '') return [];
    return [{ path, range: { start: at, end: at + head.length }, text: `KPATCH_PRINTK(${level} ${shape(format, device)}` }];
  });
  if (edits.length < calls.length) return { kind: 'rewrite', title };
  return { kind: 'rewrite', title, fix: { edits: () => [...includeHelpers(context, path), ...edits] } };
}

const LITERALS = String.raw`("(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*)`;
const PR = new RegExp(String.raw`^(\w+\s*\(\s*()${LITERALS})\s*[,)]`);
/** The device is a place, in which nothing is called, counted or assigned. */
const DEVICE = new RegExp(String.raw`^(\w+\s*\(\s*((?:[^(),"=+-]|->)+?)\s*,\s*${LITERALS})\s*[,)]`);
