import type { FileChanges } from '../../change/changes';
import { ownSymbol } from '../../plan/inlining';
import { unitOf } from '../../plan/unit';
import type { FileFacts, FunctionFact, Hash, Range } from '../../syntax/facts';
import { behindIncludes } from '../edited';
import type { Fix, Location } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { placesOfRemoved } from './places';
import { isStored } from './pointers';

export const removedFunction: Rule = {
  slug: 'removed-function',
  title: 'A function is removed, renamed or moved to another file',
  scope: 'edit',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
A function of a .c file is gone from the edit, or stands in another file or under another name.

**What happens.** The running kernel keeps it. When all its callers are replaced, nobody calls it any more, and that is all there is to say. A pointer to it that is
stored somewhere goes on calling the old code: a warning, also for a function that was only renamed. One that was exported is still given to modules, with
the old behavior: an error. While a file of the tree still uses it, the patched kernel does not even link: an error, too. Its static locals stay, with their values, and the renamed function has new ones.

**The way out.** None is needed for a function that only its own file called. Otherwise keep the name, and let the function do what its users still expect.

\`\`\`c
int demo_given(struct demo *demo)    /* exported: kept for modules */
{
	return demo_given_to(demo, NULL);
}
EXPORT_SYMBOL_GPL(demo_given);
\`\`\`

**Source.** kpatch's patch author guide, "Code removal"; tools/objtool/klp-diff.c; kpatch-build/create-diff-object.c.
`,
  check(context) {
    return context.changes.flatMap((change) => {
      // What becomes of a deleted file is said of the file.
      if (change.status !== 'modified' || !change.path.endsWith('.c')) return [];
      const gone = change.functions.flatMap(({ kind, before }) => (kind === 'removed' ? [before] : []));
      if (gone.length === 0) return [];
      // A comment opened for a moment takes hundreds away.
      const { before, after } = context.versions.get(change.path) ?? {};
      const places = placesOfRemoved(before, after, gone);
      const added = addedFunctions(context);
      return before === undefined ? [] : gone.flatMap((fact) => removed(change, fact, before, places.get(fact) ?? { start: 0, end: 0 }, added, gone.length <= MOST_ASKED ? (name) => userLeft(context, change.path, name) : () => undefined, putBack(context, change.path, before)));
    });
  },
};

/** Functions whose users are looked for in the tree, each by a search. */
const MOST_ASKED = 8;

function removed(change: FileChanges, fact: FunctionFact, before: FileFacts, behind: Range, added: readonly Successor[], userOf: (name: string) => User | undefined, fixOf: (fact: FunctionFact, behind: Range) => Fix): RuleFinding[] {
  if (ownSymbol(fact, unitOf(before)) === 'no') return [];
  const { name } = fact;
  const successor = added.find((one) => (one.path === change.path ? one.bodyHash === fact.bodyHash && fact.bodyTokens >= TELLING_BODY : one.name === fact.name));
  const what = successor === undefined ? `${name} is removed` : successor.path === change.path ? `${name} becomes ${successor.name}` : `${name} moves to ${successor.path}`;
  const place = successor?.path === change.path ? successor.range : behind;
  const finding = { path: change.path, range: place, function: name };
  const user = fact.isStatic || successor?.name === name ? undefined : userOf(name);
  if (user !== undefined && user.incomplete === undefined) return [{ ...finding, message: `${what}, and ${user.path} still uses it: the patched kernel does not link.`, related: [{ ...user, message: `${name} is used here` }], remedies: [{ kind: 'rewrite', title: `Keep ${name}, or change ${user.path} too`, fix: fixOf(fact, behind) }] }];
  const exported = before.exports.find((one) => one.name === name);
  if (exported !== undefined) return [{ ...finding, message: `${what}, and ${exported.macro} has given it to modules: they go on calling the old code.`, remedies: [{ kind: 'rewrite', title: `Keep ${name} and let it do what modules still expect`, fix: fixOf(fact, behind) }] }];
  if (user?.incomplete !== undefined) return [{ ...finding, severity: 'warning', isOpen: true, message: `${what}, and whether others still use it is not known in full: ${user.incomplete}.` }];
  if (fact.definedBy?.includes('SYSCALL_DEFINE') === true) return [{ ...finding, severity: 'warning', message: `${what}: the system call table of the running kernel goes on calling the old code.` }];
  if (isStored(before, name)) return [{ ...finding, severity: 'warning', message: `${what}: pointers to it that are stored already go on calling the old code.`, remedies: [{ kind: 'rewrite', title: `Keep ${name} under its name` }] }];
  if (fact.staticLocals.length > 0) return [{ ...finding, severity: 'warning', message: `${what}: its static local ${fact.staticLocals[0]?.name ?? ''} keeps its value in the running kernel, where new code does not see it.` }];
  return [{ ...finding, severity: 'info', message: `${what}: the running kernel keeps the old code${successor === undefined ? ', and nobody in this file calls it any more' : ', and the new one comes with the patch'}.` }];
}

/** Puts a function of the baseline back where it stood. */
function putBack(context: RuleContext, path: string, before: FileFacts): (fact: FunctionFact, behind: Range) => Fix {
  return (fact, behind) => ({
    edits: () => {
      const text = context.textOf(path, 'before')?.slice(fact.range.start, fact.range.end);
      if (text === undefined || !before.functions.includes(fact)) return [];
      const at = behind.end === 0 ? behindIncludes(context, path) : behind.end;
      return [{ path, range: { start: at, end: at }, text: at === 0 ? `${text}\n\n` : `\n\n${text}` }];
    },
  });
}

type User = Location & { readonly incomplete?: undefined } | { readonly incomplete: string };

/** A function elsewhere that still calls a removed one, or takes its address; why none was found when not all files were looked at. */
function userLeft({ knowledge, versions }: RuleContext, path: string, name: string): User | undefined {
  const { files, incomplete } = knowledge.ask({ kind: 'mentions', word: name, from: path }) ?? { files: [] };
  for (const file of files) {
    const facts = versions.get(file.path)?.after ?? file.facts;
    if (versions.has(file.path) && versions.get(file.path)?.after === undefined) continue;
    if (!file.path.endsWith('.c') || facts.functions.some((own) => own.name === name)) continue;
    const user = facts.functions.find((own) => own.calls.some((call) => call.name === name) || own.mentions.includes(name)) ?? facts.variables.find((own) => own.mentions.includes(name));
    if (user !== undefined) return { path: file.path, range: user.nameRange };
  }
  return incomplete === undefined ? undefined : { incomplete };
}

/** A function that the edit adds: what a removed one has become, of the same body in the same file or of the same name in another. */
interface Successor {
  readonly name: string;
  readonly path: string;
  readonly range: Range;
  readonly bodyHash: Hash;
}

/** Too short a body is like others by chance. */
const TELLING_BODY = 8;

const addedFunctions = ({ changes }: RuleContext): Successor[] => changes.flatMap(({ path, functions }) => functions.flatMap(({ kind, after }) => (kind === 'added' ? [{ name: after.name, path, range: after.nameRange, bodyHash: after.bodyHash }] : [])));
