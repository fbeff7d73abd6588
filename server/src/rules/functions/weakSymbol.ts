import type { FunctionFact } from '../../syntax/facts';
import { asBefore } from '../asBefore';
import type { Fix, Location, Profile, Remedy } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';

export const weakSymbol: Rule = {
  slug: 'weak-symbol',
  title: 'A weak function changes, or what overrides one',
  severity: { 'klp-build': 'warning', kpatch: 'error' },
  manual: `
A function marked \`__weak\` changes, gains or loses the mark; or a function is added or removed that overrides a weak one of another file.

**What happens.** The linker takes the strong definition where there is one, and the weak one's text is dead: a patch of it changes nothing. Which
of them the kernel runs was decided when it was linked, so a new override takes no effect, and a removed one stays. A changed mark changes the symbol's binding:
kpatch-build stops with \`symbol info mismatch\`.

**The way out.** Change the definition that is linked. Leave the mark as it is.

\`\`\`c
int __weak demo_arch_limit(void) { return 8; }     /* kernel/demo.c: dead text where */
int demo_arch_limit(void) { return 16; }           /* arch/x86/kernel/demo.c has this */
\`\`\`

**Source.** ELF symbol binding; tools/objtool/klp-diff.c; kpatch-build/create-diff-object.c kpatch_compare_correlated_symbol().
`,
  check(context) {
    return context.changes.flatMap(({ path, functions, status }) => {
      if (!path.endsWith('.c') || status !== 'modified') return [];
      const comeAndGo = functions.filter(({ kind }) => kind === 'added' || kind === 'removed').length;
      return functions.flatMap(({ kind, before, after }): RuleFinding[] => {
        if (kind === 'added' || kind === 'removed') return comeAndGo > MOST_ASKED ? [] : override(context, path, kind, kind === 'added' ? after : before);
        const finding = { path, range: after.nameRange, function: after.name };
        const remedies: Remedy[] = [{ kind: 'rewrite', title: `Leave ${after.name} ${isWeak(before) ? 'weak' : 'as it is linked'}`, ...headAsBefore(context, path, before, after) }];
        if (isWeak(before) !== isWeak(after)) return [{ ...finding, remedies, ...markSeverity[context.profile], message: `${after.name} ${isWeak(after) ? 'becomes weak' : 'is no longer weak'}: ${context.profile === 'kpatch' ? 'kpatch-build takes it for another function' : 'which definition the kernel runs was decided when it was linked'}.` }];
        return isWeak(after) ? weakChanged(context, path, after) : [];
      });
    });
  },
};

/** What stands in front of the name: the mark, whichever way it is written. */
function headAsBefore(context: RuleContext, path: string, before: FunctionFact, after: FunctionFact): { readonly fix?: Fix } {
  const fix = asBefore(context, path, { start: before.range.start, end: before.nameRange.start }, { start: after.range.start, end: after.nameRange.start });
  return fix === undefined || before.signatureHash !== after.signatureHash ? {} : { fix };
}

/** Each is a search of the tree, and a comment opened for a moment takes hundreds of functions away. */
const MOST_ASKED = 8;

const markSeverity: Readonly<Record<Profile, { readonly severity?: 'warning' }>> = { kpatch: {}, 'klp-build': { severity: 'warning' } };

const isWeak = ({ attributes }: FunctionFact): boolean => attributes.includes('__weak') || attributes.includes('weak');

function weakChanged(context: RuleContext, path: string, fact: FunctionFact): RuleFinding[] {
  const users = context.knowledge.ask({ kind: 'mentions', word: fact.name, from: path });
  if (users === undefined) return [];
  const strong = definition(context, path, fact.name, false);
  const finding = { path, range: fact.nameRange, function: fact.name };
  if (strong !== undefined) {
    return [{ ...finding, severity: 'warning', message: `${fact.name} is weak, and ${strong.path} defines it, too: where that is linked, this one is dead text.`, related: [{ ...strong, message: 'the definition that overrides it' }], remedies: [{ kind: 'rewrite', title: `Change ${fact.name} in ${strong.path}` }] }];
  }
  if (users.incomplete !== undefined) return [{ ...finding, severity: 'warning', message: `${fact.name} is weak, and whether another file overrides it is not known in full: ${users.incomplete}.` }];
  return [{ ...finding, severity: 'info', message: `${fact.name} is weak, and no other file of the tree overrides it: this is the one that runs.` }];
}

/** A strong definition that comes or goes while another file has a weak one. */
function override(context: RuleContext, path: string, kind: 'added' | 'removed', fact: FunctionFact): RuleFinding[] {
  if (fact.isStatic || isWeak(fact)) return [];
  const weak = definition(context, path, fact.name, true);
  if (weak === undefined) return [];
  const effect = kind === 'added' ? 'the running kernel is linked with that one, and keeps calling it' : 'the running kernel is linked with this one, and keeps it';
  const range = kind === 'added' ? fact.nameRange : { start: 0, end: 0 };
  return [{ path, range, function: fact.name, severity: 'warning', message: `${fact.name} ${kind === 'added' ? 'overrides' : 'no longer overrides'} the weak one of ${weak.path}: ${effect}.`, related: [{ ...weak, message: 'the weak definition' }], remedies: [{ kind: 'rewrite', title: kind === 'added' ? `Change ${fact.name} in ${weak.path}` : `Keep ${fact.name}` }] }];
}

/** A weak or a strong definition in another file that is built; undefined, too, while it is not known. */
function definition({ knowledge, versions }: RuleContext, path: string, name: string, weak: boolean): Location | undefined {
  for (const file of knowledge.ask({ kind: 'mentions', word: name, from: path })?.files ?? []) {
    const facts = versions.get(file.path)?.before ?? file.facts;
    const fact = file.path === path || !file.path.endsWith('.c') ? undefined : facts.functions.find((one) => one.name === name && !one.isStatic && isWeak(one) === weak);
    if (fact !== undefined && knowledge.ask({ kind: 'object', path: file.path })?.isBuilt !== false) return { path: file.path, range: fact.nameRange };
  }
  return undefined;
}
