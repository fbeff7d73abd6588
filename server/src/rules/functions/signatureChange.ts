import type { Mentions } from '../../kernel/knowledge';
import { unitOf } from '../../plan/unit';
import type { FunctionFact } from '../../syntax/facts';
import type { Location } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { declarations } from './declarations';
import { enumerate } from '../words';
import { isStored } from './pointers';
import { renamedCopy, withCopy } from './renamedCopy';

export const signatureChange: Rule = {
  slug: 'signature-change',
  title: 'Parameters or return type of a function change',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
The parameters or the return type of an existing function change, or its declaration in a header does. Names of parameters and attributes do not count.

**What happens.** The replacement is entered by whoever enters the old function. Callers in the same patch go over together with it, task by task: for
a static function that only its own file calls that is enough, and a warning says what to look at. A caller that is not in the patch, a module
with its own idea of the declaration or a pointer in a table passes the old arguments to the new code. An exported function changes
its symbol version, too, and kpatch-build ends with \`Version disagreement for symbol\`.

A declaration that changes alone, while the definition stays as it is, does not compile. Where the definition cannot be found, or attributes of the
declaration change that have callers compiled differently, the verdict is undecided.

**The way out.** Leave the function as it is and add one with a new name and the new signature; call that from the functions the patch replaces: a quick fix
where the edit's callers are in the same object. Whether the old function is to call the new one, and with what, is for a person to say.

\`\`\`c
int demo_send(struct demo *demo, int flags);                    /* not: */
int demo_send(struct demo *demo);                               /* stays */
static int demo_send_flags(struct demo *demo, int flags);       /* new   */
\`\`\`

**Source.** Documentation/livepatch/livepatch.rst (consistency model); kpatch's patch author guide, "Header file changes"; scripts/genksyms.
`,
  check(context) {
    return context.changes.flatMap(({ path, functions, prototypes }) => [...declarations(context, path, prototypes), ...functions.flatMap(({ before, after }): RuleFinding[] => {
      if (before === undefined || after === undefined || before.signatureHash === after.signatureHash || isMacroOfTool(before, after)) return [];
      return judged(context, path, before, after);
    })]);
  },
};

/** A system call whose macro became the build tool's: another word in front of the same arguments. */
const isMacroOfTool = (before: FunctionFact, after: FunctionFact): boolean => after.signature.replace(/^(KLP|KPATCH)_/, '') === before.signature;

function judged(context: RuleContext, path: string, before: FunctionFact, after: FunctionFact): RuleFinding[] {
  const { name, nameRange } = after;
  const { versions } = context;
  const finding = { path, range: nameRange, function: name, remedies: [withCopy('rewrite', `Leave ${name} as it is and add a function with a new name and the new signature`, renamedCopy(context, path, after))] };
  const error = (why: string, related: RuleFinding['related'] = []): RuleFinding[] => [{ ...finding, message: `The signature of ${name} changes, and ${why}.`, related }];
  if (after.definedBy?.includes('SYSCALL_DEFINE') === true) return error('user space calls it through the system call table');
  const old = versions.get(path)?.before;
  if (old !== undefined) {
    const exported = old.exports.find((fact) => fact.name === name);
    if (exported !== undefined) return error(`${exported.macro} gives it to modules, which pass the old arguments`);
    if (isStored(old, name)) return error('its address is stored: whoever calls it through the pointer passes the old arguments');
  }
  if (after.isStatic && before.isStatic) return [{ ...finding, severity: 'warning', message: `The signature of ${name} changes: its callers have to be in the same patch, which switches them together, task by task.` }];

  const users = context.knowledge.ask({ kind: 'mentions', word: name, from: path });
  if (users === undefined) return [];
  const { callers, pointers } = outside(context, path, name, users);
  if (pointers.length > 0) return error('its address is stored elsewhere: whoever calls it through the pointer passes the old arguments', pointers);
  if (callers.length > 0) return error(`${enumerate(callers.map((caller) => caller.name))} outside of this edit ${callers.length === 1 ? 'calls' : 'call'} it with the old arguments`, callers);
  if (users.incomplete !== undefined) return [{ ...finding, severity: 'warning', isOpen: true, message: `The signature of ${name} changes, and who calls it is not known in full: ${users.incomplete}.` }];
  return [{ ...finding, severity: 'warning', message: `The signature of ${name} changes: all its callers are in this edit, and have to stay in one patch.` }];
}

/** Who uses the function in files that the edit leaves alone. */
function outside({ versions }: RuleContext, path: string, name: string, { files }: Mentions): { callers: (Location & { name: string; message: string })[]; pointers: (Location & { message: string })[] } {
  const callers: (Location & { name: string; message: string })[] = [];
  const pointers: (Location & { message: string })[] = [];
  for (const file of files) {
    // A file with a function of that name means its own; one of the edit was compiled against the new declaration.
    if (file.path === path || versions.has(file.path) || file.facts.functions.some((fact) => fact.name === name)) continue;
    const unit = unitOf(file.facts);
    if (isStored(file.facts, name)) pointers.push({ path: file.path, range: file.facts.functions.find((fact) => fact.mentions.includes(name))?.nameRange ?? file.facts.variables.find((fact) => fact.mentions.includes(name))?.nameRange ?? { start: 0, end: 0 }, message: `${name} is stored here` });
    for (const { caller } of unit.callersOf(name)) callers.push({ path: file.path, range: caller.nameRange, name: caller.name, message: `${caller.name} calls ${name}` });
  }
  return { callers, pointers };
}
