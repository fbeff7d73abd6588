import { registrationKind } from '../../plan/registrations';
import type { FileChanges } from '../../change/changes';
import type { RegistrationFact } from '../../syntax/facts';
import { asBefore, leftOut } from '../asBefore';
import type { Remedy } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';

export const bootRegistration: Rule = {
  slug: 'boot-registration',
  title: 'A registration changes that is read when the kernel boots or the module loads',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
An initcall, a parameter (\`module_param\`, \`__setup\`, \`early_param\`), a table of devices that is matched at boot, \`NOKPROBE_SYMBOL\` or one of the
\`MODULE_…\` lines is added, removed or changed.

**What happens.** Each of these lines puts an entry into a section that is run through once: initcalls and boot parameters while the kernel boots, module
parameters when the module is loaded. In a running kernel that is over, and what a live patch brings of it is never looked at.
kpatch-build refuses the section (\`not selected for inclusion\`) or drops it; klp-build does not match initcalls to the old ones and leaves them out.
The lines that only inform (\`MODULE_DESCRIPTION\`, \`MODULE_ALIAS\`, …) are dropped without a word, and what a removed line registered stays: warnings.

**The way out.** Do in a post-patch callback what the initcall would do; a line that only changed may stay as it was. In place of a parameter use a variable of the patch, or a file in sysfs
or debugfs that a callback makes and removes.

\`\`\`c
module_param(demo_limit, int, 0644);    /* new: nothing looks at it after boot */
static int demo_limit = 8;              /* the patch's own variable will do */
\`\`\`

**Source.** include/linux/init.h, moduleparam.h, module.h; kernel/module/main.c load_module(); kpatch-build/create-diff-object.c; tools/objtool/klp-diff.c.
`,
  check(context) {
    return context.changes.flatMap(({ path, registrations }) =>
      registrations.flatMap(({ kind, before, after }): RuleFinding[] => {
        const fact = after ?? before;
        const effect = effects[registrationKind(fact.macro) ?? ''];
        // A line with other words is one that went and one that came.
        const isReplaced = kind === 'removed' && registrations.some((other) => other.kind === 'added' && other.after.macro === fact.macro);
        if (effect === undefined || isReplaced) return [];
        const what = `${fact.macro}(${shown(fact)})`;
        return [
          {
            path,
            range: after?.range ?? { start: 0, end: 0 },
            symbol: what,
            ...(effect.isError && kind !== 'removed' ? {} : { severity: 'warning' }),
            message: `${what} is ${kind === 'added' ? 'new' : kind}: ${kind === 'removed' && effect.isError ? 'what it registered stays in the running kernel' : effect.text}.`,
            remedies: [kind === 'removed' ? leaveOut : remedyFor(context, path, fact, before ?? replacedBy(fact, registrations), effect)],
          },
        ];
      }),
    );
  },
};

/** The line with other words that it stands for, when there is just one; an initcall of another level goes by its function. */
function replacedBy({ macro, args }: RegistrationFact, registrations: FileChanges['registrations']): RegistrationFact | undefined {
  const [came, went] = (['added', 'removed'] as const).map((kind) => registrations.filter((one) => one.kind === kind && (one.after ?? one.before).macro === macro));
  if (came?.length === 1 && went?.length === 1) return went[0]?.before;
  const initcall = registrations.find((one) => one.kind === 'removed' && registrationKind(macro) === 'boot' && registrationKind(one.before.macro) === 'boot' && one.before.args.join() === args.join());
  return initcall?.before;
}

/** What the running kernel does not hear of may stay as it was; a new line is left out, unless somebody has to do otherwise what it does. */
function remedyFor(context: RuleContext, path: string, fact: RegistrationFact, before: RegistrationFact | undefined, { remedy }: Effect): Remedy {
  if (before !== undefined) {
    const back = asBefore(context, path, before.range, fact.range);
    return back === undefined ? remedy : { kind: 'rewrite', title: 'Leave the line as it was', fix: back };
  }
  const isParameter = /^module_param(_named|_array|_string)?$/.test(fact.macro) && context.versions.get(path)?.after?.functions.some(({ mentions }) => fact.args.some((argument) => mentions.includes(argument))) === true;
  const fix = remedy === leaveOut || isParameter ? leftOut(context, path, fact.range) : undefined;
  return fix === undefined ? remedy : { ...remedy, fix };
}

interface Effect {
  readonly isError: boolean;
  readonly text: string;
  readonly remedy: Remedy;
}

const leaveOut: Remedy = { kind: 'rewrite', title: 'Leave the line out of the live patch' };

const effects: Readonly<Record<string, Effect | undefined>> = {
  boot: { isError: true, text: 'it is looked at only while the kernel boots or the module loads, which is over', remedy: { kind: 'callback', title: 'Do in a post-patch callback what it would do' } },
  parameter: { isError: true, text: 'parameters are read when the kernel boots or the module loads, and a live patch cannot add one', remedy: { kind: 'rewrite', title: 'Use a variable of the patch, or a file in sysfs or debugfs that a callback makes' } },
  information: { isError: false, text: 'it is text about the module for user space, and a live patch leaves it as it is', remedy: leaveOut },
  'probe-list': { isError: false, text: "the list of functions that kprobes keep off is made at boot, so kprobes goes on with the old one", remedy: leaveOut },
};

/** The first arguments, as far as they fit into a sentence. */
function shown({ args }: RegistrationFact): string {
  const text = args.join(', ');
  return text.length <= 40 ? text : `${args[0] ?? ''}${args.length > 1 ? ', …' : ''}`;
}
