import type { FunctionFact } from '../../syntax/facts';
import { bodyTokens, callsIn, type BodyCall, type BodyToken } from '../body';
import { addInclude } from '../edited';
import type { Fix, Severity } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';

export const onceMacro: Rule = {
  slug: 'once-macro',
  title: 'A macro that does something once is added',
  severity: { 'klp-build': 'info', kpatch: 'error' },
  manual: `
A changed function calls \`printk_once\`, \`pr_…_once\`, \`dev_…_once\`, \`DO_ONCE\`, \`get_random_once\` or one of their kin where it did not before.

**What happens.** Each call makes a static variable of its own. kpatch-build takes it over from \`.data..once\`, and refuses it in
\`.data..read_mostly\` (\`data section .data..read_mostly selected for inclusion\`): there the \`dev_…_once\` and DRM macros keep it, and on older
kernels all of them. \`DO_ONCE\` and \`get_random_once\` also make a static key, which needs Linux 5.8. klp-build takes the variable over
wherever it lies. "Once" means once for each patch: the variable starts anew with the next one.

**The way out.** Write it by hand, with a plain static variable:

\`\`\`c
	static bool reported;

	if (!reported) {
		reported = true;
		dev_warn(dev, "no carrier");
	}
\`\`\`

Two CPUs may both get there first and print twice. Where what is done once must be done before anybody goes on, as with \`DO_ONCE\`, the variable is set and
looked at again under a lock.

**Source.** kpatch patch author guide, "Once macros"; kpatch-build/create-diff-object.c kpatch_verify_patchability(); Linux 6.1
include/linux/{once_lite,once,dev_printk,printk}.h, lib/once.c. Kernels before 5.8, and unknown ones, are taken to be the older kind.
`,
  check(context) {
    return context.changes.flatMap(({ path, functions }) => functions.flatMap(({ before, after }) => {
      if (!after?.calls.some((call) => isOnce(call.name))) return [];
      return addedCalls(before, after, path, context).map((call) => finding(call, after, path, context));
    }));
  },
};

/** WARN_ONCE and its kin are no concern: both tools know what they make. */
const isOnce = (name: string): boolean => /^(\w+_once|DO_ONCE\w*|DRM_\w+_ONCE)$/.test(name) && (PRINTS.test(name) || MAKES_KEY.test(name));
const PRINTS = /^(printk(_deferred)?|(pr|dev|netdev|net|hid|pci|drm|xfs|ata|wiphy)_\w+|DRM_\w+)_(once|ONCE)$|^DO_ONCE_LITE\w*$/;
const MAKES_KEY = /^(DO_ONCE(_SLEEPABLE)?|get_random_once(_wait)?|get_random_sleepable_once|net_get_random_once(_wait)?|prandom_init_once)$/;

/** Those the edit adds, by what they are called with: a call that only moved is none. */
function addedCalls(before: FunctionFact | undefined, after: FunctionFact, path: string, context: RuleContext): BodyCall[] {
  const textOf = (call: BodyCall): string => `${call.name}(${call.args.join(',')})`;
  const old = before === undefined ? [] : callsIn(bodyTokens(context, path, 'before', before)).filter((call) => isOnce(call.name)).map(textOf);
  return callsIn(bodyTokens(context, path, 'after', after)).filter((call) => {
    if (!isOnce(call.name)) return false;
    const known = old.indexOf(textOf(call));
    if (known >= 0) old.splice(known, 1);
    return known < 0;
  });
}

function finding(call: BodyCall, owner: FunctionFact, path: string, context: RuleContext): RuleFinding {
  const [severity, text] = judge(call.name, context);
  const fix = byHand(call, owner, severity, path, context);
  return {
    path,
    range: { start: call.at, end: call.at + call.name.length },
    function: owner.name,
    symbol: call.name,
    severity,
    message: `${call.name} ${text}.`,
    remedies: severity === 'info' && fix === undefined ? [] : [{ kind: 'rewrite', title: 'Write the once by hand, with a plain static variable', ...(fix === undefined ? {} : { fix }) }],
  };
}

function judge(macro: string, { profile, kernelVersion }: RuleContext): [Severity, string] {
  const again = 'remembers in a variable of the patch that it was done: the next patch does it once more';
  if (profile !== 'kpatch') return ['info', again];
  const old = isOld(kernelVersion);
  if (MAKES_KEY.test(macro)) return old ? ['error', `makes a static key, which kpatch-build refuses before Linux 5.8${unknown(kernelVersion)}`] : ['info', again];
  if (/^(dev|hid|pci|drm|DRM)_/.test(macro)) return ['error', 'keeps its variable in .data..read_mostly, which kpatch-build refuses to change'];
  return old ? ['error', `may keep its variable in .data..read_mostly, which kpatch-build refuses to change${unknown(kernelVersion)}`] : ['info', again];
}

/** pr_…_once went to `.data.once` before 5.8; jump labels in patches came with it. */
function isOld(version: string | undefined): boolean {
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  return Number(major) < 5 || (Number(major) === 5 && Number(minor) < 8);
}

const unknown = (version: string | undefined): string => (version === undefined ? ' (which kernel this is, is not known)' : '');

/** Where the call is a statement: what it does is done under a variable, and for what makes a key, which others wait for, under a lock as well. */
function byHand(call: BodyCall, owner: FunctionFact, severity: Severity, path: string, context: RuleContext): Fix | undefined {
  const tokens = bodyTokens(context, path, 'after', owner);
  const semicolon = tokens.find((token) => token.at >= call.end);
  if (semicolon?.text !== ';' || !startsStatement(tokens, call.index) || call.args.some((argument) => /\b(reported|once_\w+)\b/.test(argument))) return undefined;
  const text = context.textOf(path, 'after') ?? '';
  const message = printed(call, text);
  // Where the key is no obstacle, the macro does no worse.
  const lines = message !== undefined ? ['{', '\tstatic bool reported;', '', '\tif (!reported) {', '\t\treported = true;', `\t\t${message};`, '\t}', '}'] : severity === 'error' ? locked(call) : undefined;
  if (lines === undefined) return undefined;
  return {
    edits() {
      const line = text.lastIndexOf('\n', call.at) + 1;
      const indent = /^[ \t]*/.exec(text.slice(line, call.at))?.[0] ?? '';
      const includes = message === undefined ? addInclude(context, path, isSleepable(call.name) ? '<linux/mutex.h>' : '<linux/spinlock.h>') : [];
      return [...includes, { path, range: { start: call.at, end: semicolon.at + 1 }, text: lines.map((one, index) => (index === 0 || one === '' ? one : indent + one)).join('\n') }];
    },
  };
}

/** The macro's twin that prints each time: pr_warn() of pr_warn_once(), DRM_INFO() of DRM_INFO_ONCE(); and what DO_ONCE_LITE() calls. */
function printed({ name, at, end, args }: BodyCall, text: string): string | undefined {
  if (name === 'DO_ONCE_LITE') return `${args[0] ?? ''}(${args.slice(1).join(', ')})`;
  const plain = /^(?:printk(_deferred)?|(pr|dev|netdev|net|hid|pci|xfs|drm)_\w+)_once$|^DRM_\w+_ONCE$/.test(name) ? name.replace(/_once$/i, '') : undefined;
  return plain === undefined ? undefined : `${plain}${text.slice(at + name.length, end).replace(/\n/g, '\n\t\t')}`;
}

const isSleepable = (name: string): boolean => name.includes('leepable') || name.includes('SLEEPABLE');

/** As lib/once.c has it: whoever comes while it is being done waits, and nobody goes on before it is. */
function locked({ name, args }: BodyCall): string[] | undefined {
  const what = name.startsWith('DO_ONCE') ? `${args[0] ?? ''}(${args.slice(1).join(', ')})` : /get_random(_sleepable)?_once$/.test(name) ? `get_random_bytes(${args.join(', ')})` : name === 'prandom_init_once' ? `prandom_seed_full_state(${args.join(', ')})` : undefined;
  if (what === undefined) return undefined;
  const [lock, take, give] = isSleepable(name) ? ['static DEFINE_MUTEX(once_lock);', 'mutex_lock(&once_lock);', 'mutex_unlock(&once_lock);'] : ['static DEFINE_SPINLOCK(once_lock);', 'spin_lock_irqsave(&once_lock, once_flags);', 'spin_unlock_irqrestore(&once_lock, once_flags);'];
  return ['{', `\t${lock}`, '\tstatic bool once_done;', ...(isSleepable(name) ? [] : ['\tunsigned long once_flags;']), '', '\tif (!smp_load_acquire(&once_done)) {', `\t\t${take}`, '\t\tif (!once_done) {', `\t\t\t${what};`, '\t\t\tsmp_store_release(&once_done, true);', '\t\t}', `\t\t${give}`, '\t}', '}'];
}

function startsStatement(tokens: readonly BodyToken[], index: number): boolean {
  const before = tokens[index - 1]?.text ?? '';
  if (/^([;{}:]|else|do)$/.test(before)) return true;
  if (before !== ')') return false;
  // `if (…) pr_info_once(…);` and not `(int)pr_info_once(…)`.
  let depth = 0;
  for (let at = index - 1; at >= 0; at -= 1) {
    const text = tokens[at]?.text;
    if (text === ')') depth += 1;
    else if (text === '(') depth -= 1;
    if (depth === 0) return /^(if|for|while|\w*for_each\w*)$/.test(tokens[at - 1]?.text ?? '');
  }
  return false;
}
