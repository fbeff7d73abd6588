import type { FunctionFact } from '../../syntax/facts';
import type { Rule, RuleContext, RuleFinding } from '../rule';

export const newFunction: Rule = {
  slug: 'new-function',
  title: 'A function is new',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
The edit adds a function that is not declared inline.

**What happens.** It comes with the patch's module, needs no ftrace entry, and can be called from other files of the same patch. It is gone when the
patch is unloaded or replaced: a pointer to it that is stored by then leads nowhere. A global function whose name the tree knows already is a warning: the
running kernel keeps calling its own.

**The way out.** Give it a name that is not in use. Do not store its address in anything that outlives the patch. With kpatch-build, put
it at the end of the file, so that no line above moves.

\`\`\`c
static int klp_demo_check(struct demo *demo)    /* no name of the kernel's */
{
	return demo->limit > 0;
}
\`\`\`

**Source.** kpatch's patch author guide; tools/objtool/klp-diff.c; Documentation/livepatch/cumulative-patches.rst.
`,
  check(context) {
    return context.changes.flatMap(({ path, status, functions }) => {
      if (status !== 'modified' || !path.endsWith('.c')) return [];
      const found = functions.flatMap(({ kind, after }) => (kind === 'added' && (after.inline === 'no' || after.inline === 'never') ? [after] : []));
      return found.flatMap((fact) => added(context, path, fact, found.length <= MOST_ASKED));
    });
  },
};

/** Each name looked up is a search of the tree. */
const MOST_ASKED = 8;

function added(context: RuleContext, path: string, fact: FunctionFact, asks: boolean): RuleFinding[] {
  const { name, nameRange, isStatic, definedBy } = fact;
  if (definedBy?.includes('SYSCALL_DEFINE') === true || isCallback(context, path, name)) return [];
  const finding = { path, range: nameRange, function: name };
  const twin = isStatic || !asks ? undefined : definitionElsewhere(context, path, name);
  if (twin !== undefined) {
    return [{ ...finding, severity: 'warning', message: `${name} is new here, and ${twin.path} defines a function of that name: the running kernel's callers keep calling that one.`, related: [{ ...twin, message: 'the function of that name' }] }];
  }
  return [{ ...finding, severity: 'info', message: `${name} is new: it lives in the patch's module, and is gone when that is unloaded.` }];
}

/** What a macro of the build tool registers is meant to live in the patch's module. */
const isCallback = ({ versions }: RuleContext, path: string, name: string): boolean => versions.get(path)?.after?.registrations.some(({ macro, args }) => /^(KPATCH|KLP)_/.test(macro) && args.includes(name)) === true;

/** A global function of that name in a file the edit does not touch; undefined, too, while it is not known. */
function definitionElsewhere({ knowledge, versions }: RuleContext, path: string, name: string): { readonly path: string; readonly range: FunctionFact['nameRange'] } | undefined {
  for (const file of knowledge.ask({ kind: 'mentions', word: name, from: path })?.files ?? []) {
    if (versions.has(file.path) || !file.path.endsWith('.c') || knowledge.ask({ kind: 'object', path: file.path })?.isBuilt === false) continue;
    // What is weak gives way: weak-symbol says so.
    const fact = file.facts.functions.find((one) => one.name === name && !one.isStatic && !one.attributes.some((attribute) => attribute === '__weak' || attribute === 'weak'));
    if (fact !== undefined) return { path: file.path, range: fact.nameRange };
  }
  return undefined;
}
