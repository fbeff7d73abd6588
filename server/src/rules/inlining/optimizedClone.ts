import { inliningOf } from '../../plan/inlining';
import { unitOf } from '../../plan/unit';
import type { FunctionFact } from '../../syntax/facts';
import { bodyTokens, callsIn, type BodyCall } from '../body';
import { copyName, editedFunctions, functionNamed } from '../edited';
import type { Fix } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';

export const optimizedClone: Rule = {
  slug: 'optimized-clone',
  title: 'The compiler may have specialized a static function for its calls, and the edit changes these',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
In the baseline every call of a static function passes the same constant for one of its parameters, and in the edit one does not; or the other way round.

**What happens.** gcc makes a copy of such a function without the parameter (\`demo_read.constprop.0\`), and that is all the running kernel has of it. With a call that
passes something else the function is compiled with the parameter again: it is a new function under another name, it changes together with all its
callers, and its static locals are other ones. The other suffixes (\`.isra\`, \`.part\`, \`.cold\`) come and go the same way; they cannot be told from the text.

**The way out.** Give the new call a copy of the function under a new name and leave the old one to its callers.

\`\`\`c
demo_read(demo, 0);    /* before: every call passes 0 */
demo_read(demo, 1);    /* the edit: demo_read.constprop.0 is gone */
\`\`\`

**Source.** gcc -fipa-cp; kpatch-build/create-diff-object.c kpatch_mangled_strcmp(); kpatch patch author guide.
`,
  check(context) {
    const found: RuleFinding[] = [];
    for (const { path, before, after } of editedFunctions(context.changes)) {
      if (before === undefined) continue;
      for (const name of new Set([...before.calls, ...after.calls].map((call) => call.name))) {
        const finding = cloneOf(context, path, name, before, after);
        if (finding !== undefined && !found.some((other) => other.symbol === name && other.path === path)) found.push(finding);
      }
    }
    return found;
  },
};

function cloneOf(context: RuleContext, path: string, name: string, before: FunctionFact, after: FunctionFact): RuleFinding | undefined {
  const versions = context.versions.get(path);
  const [old, now] = [versions?.before, versions?.after];
  const fact = functionNamed(now, name);
  const original = functionNamed(old, name);
  if (old === undefined || now === undefined || fact === undefined || original === undefined || !fact.isStatic || original.attributes.some((attribute) => /^_*noclone_*$/.test(attribute)) || fact.bodyHash !== original.bodyHash) return undefined;
  if (textOf(callsOf(context, path, 'before', before, name)) === textOf(callsOf(context, path, 'after', after, name))) return undefined;
  if (inliningOf(original, unitOf(old)).inlined || unitOf(old).isAddressTaken(name) || unitOf(now).isAddressTaken(name)) return undefined;
  const [was, is] = [constantsOf(context, path, 'before', name), constantsOf(context, path, 'after', name)];
  const index = [...was.keys()].find((at) => was.get(at) !== is.get(at)) ?? [...is.keys()].find((at) => was.get(at) !== is.get(at));
  if (index === undefined) return undefined;
  const call = callsOf(context, path, 'after', after, name)[0];
  const constant = was.get(index);
  const fix = constant === undefined ? undefined : copyFor(context, path, after, fact, (args) => args[index] !== constant);
  return {
    path,
    range: call === undefined ? after.nameRange : { start: call.at, end: call.at + name.length },
    function: after.name,
    symbol: name,
    message:
      constant === undefined
        ? `Now every call of ${name} passes ${is.get(index) ?? ''} as its ${ordinal(index)} argument: gcc may make a copy of it for that (${name}.constprop), which the running kernel does not have.`
        : `So far every call of ${name} passed ${constant} as its ${ordinal(index)} argument: the running kernel may have only a copy made for that (${name}.constprop), and with this edit another function.`,
    related: [{ path, range: fact.nameRange, message: `${name} is static, and not inlined` }],
    remedies: [{ kind: 'rewrite', title: `Call a copy of ${name} under a new name`, ...(fix === undefined ? {} : { fix }) }],
  };
}

/** The calls that pass something else go to a copy, as long as the original still has callers enough not to be compiled otherwise. */
function copyFor(context: RuleContext, path: string, caller: FunctionFact, callee: FunctionFact, isOther: (args: readonly string[]) => boolean): Fix | undefined {
  const { name, range, nameRange, staticLocals, conditions } = callee;
  const facts = context.versions.get(path)?.after;
  const copy = copyName(context, name);
  const calls = callsOf(context, path, 'after', caller, name).filter(({ args }) => isOther(args));
  if (facts === undefined || staticLocals.length > 0 || conditions.length > 0 || caller.range.start < range.end || functionNamed(facts, copy) !== undefined || unitOf(facts).callCount(name) - calls.length < 2) return undefined;
  return {
    edits() {
      const text = context.textOf(path, 'after')?.slice(range.start, range.end) ?? '';
      const nameAt = nameRange.start - range.start;
      return [
        { path, range: { start: range.end, end: range.end }, text: `\n\n${text.slice(0, nameAt)}${copy}${text.slice(nameAt + name.length)}` },
        ...calls.map(({ at }) => ({ path, range: { start: at, end: at + name.length }, text: copy })),
      ];
    },
  };
}

function callsOf(context: RuleContext, path: string, version: 'before' | 'after', fact: FunctionFact, name: string): BodyCall[] {
  return fact.calls.some((call) => call.name === name) ? callsIn(bodyTokens(context, path, version, fact)).filter((call) => call.name === name) : [];
}

const textOf = (calls: readonly BodyCall[]): string => calls.map((call) => call.args.join(', ')).join('; ');

/** By position, the constants that every call of the function in its file passes. */
function constantsOf(context: RuleContext, path: string, version: 'before' | 'after', name: string): Map<number, string> {
  const facts = context.versions.get(path)?.[version];
  const callers = facts === undefined ? [] : unitOf(facts).callersOf(name).filter(({ macros }) => macros.length === 0);
  const calls = callers.flatMap(({ caller }) => callsOf(context, path, version, caller, name));
  const [first] = calls;
  const found = new Map<number, string>();
  if (first === undefined || calls.length < 2) return found;
  first.args.forEach((arg, index) => {
    if (isConstant(arg) && calls.every((call) => call.args[index] === arg)) found.set(index, arg);
  });
  return found;
}

/** A number, a truth value, NULL, or a name in capitals. */
const isConstant = (text: string): boolean => /^(-?\d\w*|true|false|NULL|[A-Z][A-Z0-9_]+)$/.test(text);

const ordinal = (index: number): string => ['first', 'second', 'third'][index] ?? `${index + 1}th`;
