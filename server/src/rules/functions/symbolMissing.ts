import { builtInsteadOf } from '../../kernel/architecture';
import { ownSymbol } from '../../plan/inlining';
import { unitOf } from '../../plan/unit';
import { kindOfFile } from '../../plan/fileKinds';
import { plannedFunctions, type Rule, type RuleContext, type RuleFinding } from '../rule';
import { firstChange } from './places';

export const symbolMissing: Rule = {
  slug: 'symbol-missing',
  title: 'The running kernel has no such function',
  scope: 'edit',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
The edit changes a file that the tree's .config leaves out of the build, or that belongs to another architecture; or a function that the running kernel has inlined everywhere, and that gets a symbol of
its own only by the edit.

**What happens.** A patch module that names a function the object does not have is refused: \`symbol 'demo' not found in symbol table\`. Build tools do
not name it: a file that is not built makes no difference, and when nothing else is left they end with \`no changes detected\`; what was inlined
everywhere they take for a new function and replace those that held it.

**The way out.** Judge with the .config of the kernel that is to be patched, and leave the file out when it is not built there. In a patch module
written by hand, name the functions that hold the copy.

\`\`\`make
obj-$(CONFIG_DEMO) += demo.o    # CONFIG_DEMO is not set: the kernel has no function of demo.c
\`\`\`

**Source.** kernel/livepatch/core.c klp_find_object_symbol(); scripts/livepatch/klp-build.
`,
  check(context) {
    return [...ofOthers(context), ...notBuilt(context), ...newSymbols(context)];
  },
};

/** Files of another architecture: an error when nothing else is edited. */
function ofOthers(context: RuleContext): RuleFinding[] {
  const { foreign = [], changes, knowledge } = context;
  const isAll = changes.every(({ path, tokensEqual }) => tokensEqual || kindOfFile(path) === 'no-code');
  return foreign.filter(({ path }) => kindOfFile(path) !== 'no-code').map(({ path }): RuleFinding => ({
    path,
    range: firstChange(context, path),
    severity: isAll ? 'error' : 'warning',
    evidence: 'symbols',
    message: `${path} is of another architecture than the tree's .config builds (${builtInsteadOf(path, (name) => knowledge.config(name)) ?? ''}): the running kernel has nothing of it${isAll ? ', and a patch would be empty' : ''}.`,
    remedies: [{ kind: 'build-option', title: 'Judge with the .config of the running kernel, or leave the file out of the patch' }],
  }));
}

/** Files of the edit that the configuration leaves out: an error when nothing of the edit is left. */
function notBuilt(context: RuleContext): RuleFinding[] {
  const { changes, knowledge, plan } = context;
  return changes.flatMap(({ path, status, tokensEqual }): RuleFinding[] => {
    if (status === 'removed' || tokensEqual || kindOfFile(path) !== 'c' || !path.endsWith('.c')) return [];
    const object = knowledge.ask({ kind: 'object', path });
    if (object?.isBuilt !== false) return [];
    const isAll = plan.objects.length === 0;
    return [
      {
        path,
        range: firstChange(context, path),
        severity: isAll ? 'error' : 'warning',
        evidence: 'symbols',
        message: `${path} is not built with the tree's .config (${object.options.join(', ') || 'no Makefile names it'}): the running kernel has nothing of it${isAll ? ', and a patch would be empty' : ''}.`,
        remedies: [{ kind: 'build-option', title: 'Judge with the .config of the running kernel, or leave the file out of the patch' }],
      },
    ];
  });
}

/** Functions that the baseline has inlined everywhere, and the edit has not. */
function newSymbols({ plan, versions }: RuleContext): RuleFinding[] {
  return plannedFunctions(plan).flatMap(({ path, name, fact, original, change, ownSymbol: now }): RuleFinding[] => {
    const before = versions.get(path)?.before;
    if (change === 'reached' || original === undefined || before === undefined || change === 'removed' || now === 'no' || ownSymbol(original, unitOf(before)) !== 'no') return [];
    return [{ path, range: fact.nameRange, function: name, severity: 'info', message: `${name} has no symbol in the running kernel, where it is inlined everywhere: build tools take it for a new function, and a patch module must not name it.` }];
  });
}
