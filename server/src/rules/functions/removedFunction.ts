import type { FileChanges } from '../../change/changes';
import { ownSymbol } from '../../plan/inlining';
import { unitOf } from '../../plan/unit';
import type { FunctionFact } from '../../syntax/facts';
import type { Location } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { placeOfRemoved } from './places';

export const removedFunction: Rule = {
  slug: 'removed-function',
  title: 'A function is removed, renamed or moved to another file',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
A function of a .c file is gone from the edit, or stands in another file or under another name.

**What happens.** The running kernel keeps it. When all its callers are replaced, nobody calls it any more, and that is all there is to say. A pointer to it that is
stored somewhere goes on calling the old code: a warning, also for a function that was only renamed. One that was exported is still given to modules, with
the old behavior: an error. While a file of the tree still uses it, the patched kernel does not even link: an error, too. Its static locals stay, with their values, and the renamed function has new ones.

**The way out.** None is needed for a function that only its own file called. Otherwise keep the name, and let the function do what its users still expect.

**Source.** kpatch's patch author guide, "Code removal"; tools/objtool/klp-diff.c; kpatch-build/create-diff-object.c.
`,
  check(context) {
    return context.changes.flatMap((change) => {
      // What becomes of a deleted file is said of the file.
      if (change.status !== 'modified' || !change.path.endsWith('.c')) return [];
      return change.functions.flatMap(({ kind, before }) => (kind === 'removed' ? removed(context, change, before) : []));
    });
  },
};

function removed(context: RuleContext, change: FileChanges, fact: FunctionFact): RuleFinding[] {
  const { before, after } = context.versions.get(change.path) ?? {};
  if (before === undefined || ownSymbol(fact, unitOf(before)) === 'no') return [];
  const { name } = fact;
  const successor = successorOf(context, change, fact);
  const what = successor === undefined ? `${name} is removed` : successor.path === change.path ? `${name} becomes ${successor.name}` : `${name} moves to ${successor.path}`;
  const place = successor?.path === change.path ? successor.range : placeOfRemoved(fact, before, after);
  const finding = { path: change.path, range: place, function: name };
  const user = fact.isStatic || successor?.name === name ? undefined : userLeft(context, change.path, name);
  if (user !== undefined) return [{ ...finding, message: `${what}, and ${user.path} still uses it: the patched kernel does not link.`, related: [{ ...user, message: `${name} is used here` }], remedies: [{ kind: 'rewrite', title: `Keep ${name}, or change ${user.path} too` }] }];
  const exported = before.exports.find((one) => one.name === name);
  if (exported !== undefined) return [{ ...finding, message: `${what}, and ${exported.macro} has given it to modules: they go on calling the old code.`, remedies: [{ kind: 'rewrite', title: `Keep ${name} and let it do what modules still expect` }] }];
  if (fact.definedBy?.includes('SYSCALL_DEFINE') === true) return [{ ...finding, severity: 'warning', message: `${what}: the system call table of the running kernel goes on calling the old code.` }];
  if (unitOf(before).isAddressTaken(name)) return [{ ...finding, severity: 'warning', message: `${what}: pointers to it that are stored already go on calling the old code.`, remedies: [{ kind: 'rewrite', title: `Keep ${name} under its name` }] }];
  if (fact.staticLocals.length > 0) return [{ ...finding, severity: 'warning', message: `${what}: its static local ${fact.staticLocals[0]?.name ?? ''} keeps its value in the running kernel, where new code does not see it.` }];
  return [{ ...finding, severity: 'info', message: `${what}: the running kernel keeps the old code${successor === undefined ? ', and nobody in this file calls it any more' : ', and the new one comes with the patch'}.` }];
}

/** A function elsewhere that still calls a removed one, or takes its address. */
function userLeft({ knowledge, versions }: RuleContext, path: string, name: string): Location | undefined {
  const files = knowledge.ask({ kind: 'mentions', word: name, from: path })?.files ?? [];
  for (const file of files) {
    const facts = versions.get(file.path)?.after ?? file.facts;
    if (versions.has(file.path) && versions.get(file.path)?.after === undefined) continue;
    if (!file.path.endsWith('.c') || facts.functions.some((own) => own.name === name)) continue;
    const user = facts.functions.find((own) => own.calls.some((call) => call.name === name) || own.mentions.includes(name)) ?? facts.variables.find((own) => own.mentions.includes(name));
    if (user !== undefined) return { path: file.path, range: user.nameRange };
  }
  return undefined;
}

interface Successor {
  readonly name: string;
  readonly path: string;
  readonly range: { readonly start: number; readonly end: number };
}

/** Too short a body is like others by chance. */
const TELLING_BODY = 8;

/** The function that an edit puts in its place: of the same body in the same file, or of the same name in another. */
function successorOf({ changes }: RuleContext, change: FileChanges, fact: FunctionFact): Successor | undefined {
  for (const other of changes) {
    for (const { kind, after } of other.functions) {
      if (kind !== 'added') continue;
      const isRenamed = other === change && after.bodyHash === fact.bodyHash && fact.bodyTokens >= TELLING_BODY;
      if (isRenamed || (other !== change && after.name === fact.name)) return { name: after.name, path: other.path, range: after.nameRange };
    }
  }
  return undefined;
}
