import { ownSymbol } from '../../plan/inlining';
import type { PlannedFunction } from '../../plan/plan';
import { unitOf } from '../../plan/unit';
import type { Location } from '../finding';
import { plannedFunctions, type Rule, type RuleContext, type RuleFinding } from '../rule';
import { enumerate } from '../words';

export const ambiguousSymbol: Rule = {
  slug: 'ambiguous-symbol',
  title: 'Another function of the same object has the same name',
  severity: { 'klp-build': 'info', kpatch: 'info' },
  manual: `
A static function changes, and another file of the same object (vmlinux, or the module) defines a function of that name.

**What happens.** A patch names a function by object and name. Where that is not enough, it has to give the position among the symbols of that name:
without it the kernel refuses (\`unresolvable ambiguity for symbol 'demo_open' in object 'vmlinux'\`), and with a wrong one it silently patches the other
function. kpatch-build and klp-build count for themselves. In a patch written by hand the position counts from 1, by address in vmlinux, in the
order of the symbol table in a module.

**The way out.** None is needed with a build tool. By hand: \`.old_sympos\`, looked up in /proc/kallsyms of the kernel that is to be patched.

\`\`\`c
{ .old_name = "demo_reset", .new_func = klp_demo_reset, .old_sympos = 2 },    /* the second demo_reset of the object */
\`\`\`

**How sure.** Looked for are static functions whose own text changes. Names shorter than six characters or without an underscore are not looked up.

**Source.** kernel/livepatch/core.c klp_find_object_symbol(); kpatch-build/lookup.c; tools/objtool/klp-diff.c klp_find_sympos().
`,
  check(context) {
    return plannedFunctions(context.plan)
      .filter((planned) => planned.original?.isStatic === true && planned.via.length === 0 && planned.change !== 'removed' && planned.ownSymbol !== 'no' && planned.path.endsWith('.c'))
      .slice(0, MOST_ASKED)
      .flatMap((planned) => twins(context, planned));
  },
};

/** Each is a search of the tree. */
const MOST_ASKED = 8;
/** Words such as `init` are in every other file. */
const isTelling = (name: string): boolean => name.length >= 6 && name.includes('_');

function twins(context: RuleContext, { name, path, fact }: PlannedFunction): RuleFinding[] {
  if (!isTelling(name)) return [];
  const objects = objectsOf(context, path);
  const found = (context.knowledge.ask({ kind: 'mentions', word: name, from: path })?.files ?? []).flatMap((file): Location[] => {
    if (file.path === path || !file.path.endsWith('.c')) return [];
    const unit = unitOf(file.facts);
    const twin = file.facts.functions.find((one) => one.name === name && ownSymbol(one, unit) !== 'no');
    return twin !== undefined && objectsOf(context, file.path).some((object) => objects.includes(object)) ? [{ path: file.path, range: twin.nameRange }] : [];
  });
  if (found.length === 0) return [];
  return [
    {
      path,
      range: fact.nameRange,
      function: name,
      evidence: 'symbols',
      message: `${enumerate(found.map((place) => place.path))} of ${objects.join(', ')} ${found.length === 1 ? 'defines' : 'define'} ${name}, too: a patch written by hand has to give the symbol's position.`,
      related: found.map((place) => ({ ...place, message: `the ${name} of ${place.path}` })),
    },
  ];
}

/** Names of the objects a file is linked into; none while they are not known, or when it is not built. */
function objectsOf({ knowledge }: RuleContext, path: string): string[] {
  const object = knowledge.ask({ kind: 'object', path });
  return object?.name === undefined || object.isBuilt === false ? [] : [object.name, ...(object.alsoIn ?? [])];
}
