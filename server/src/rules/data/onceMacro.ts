import type { FunctionFact } from '../../syntax/facts';
import { bodyTokens, callsIn, type BodyCall, type BodyToken } from '../body';
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

**Source.** kpatch patch author guide, "Once macros"; kpatch-build/create-diff-object.c kpatch_verify_patchability(); Linux 6.1
include/linux/{once_lite,once,dev_printk,printk}.h. Kernels before 5.8, and unknown ones, are taken to be the older kind.
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
  const fix = byHand(call, owner, path, context);
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

/** Where the call is a statement and the macro has a twin that does it each time; undefined elsewhere. */
function byHand(call: BodyCall, owner: FunctionFact, path: string, context: RuleContext): Fix | undefined {
  const plain = /^(?:printk(_deferred)?|(pr|dev|netdev|net|hid|pci|xfs)_\w+)_once$/.test(call.name) ? call.name.replace(/_once$/, '') : undefined;
  const tokens = bodyTokens(context, path, 'after', owner);
  const semicolon = tokens.find((token) => token.at >= call.end);
  if (plain === undefined || semicolon?.text !== ';' || !startsStatement(tokens, call.index)) return undefined;
  return {
    edits() {
      const text = context.textOf(path, 'after') ?? '';
      const line = text.lastIndexOf('\n', call.at) + 1;
      const indent = /^[ \t]*/.exec(text.slice(line, call.at))?.[0] ?? '';
      const args = text.slice(call.at + call.name.length, call.end).replace(/\n/g, '\n\t\t');
      const lines = ['{', '\tstatic bool reported;', '', '\tif (!reported) {', '\t\treported = true;', `\t\t${plain}${args};`, '\t}', '}'];
      return [{ path, range: { start: call.at, end: semicolon.at + 1 }, text: lines.map((one, index) => (index === 0 || one === '' ? one : indent + one)).join('\n') }];
    },
  };
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
