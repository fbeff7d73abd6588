import type { PlanObject } from '../../plan/plan';
import { placeOf, type Rule, type RuleContext, type RuleFinding } from '../rule';
import { enumerate } from '../words';
import { missingImports } from './namespaces';

export const lateModule: Rule = {
  slug: 'late-module',
  title: 'The patch concerns a module',
  scope: 'edit',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
A function of a module is replaced. It is said once for each module, at the first place of the edit that concerns it.

**What happens.** When the module is not loaded, the patch waits for it: its functions are redirected and its symbols resolved as the module comes up, before
its own initialization. A pre-patch callback that fails then keeps the module from loading. An edit that concerns the kernel and modules, or
several modules, does not take effect everywhere at once where one of them is loaded later, or not at all: a warning.

Built-in code may call an exported symbol of a namespace without asking; the patch is a module, and with kpatch-build it has to import the namespace
with \`MODULE_IMPORT_NS()\` when the changed function calls such a symbol: a warning. klp-build copies what the object imports, and needs it where the object is built in.

**The way out.** Let each part of the edit stand by itself. Name the modules in the patch's notes.

**Source.** kernel/livepatch/core.c klp_module_coming(); Documentation/livepatch/module-elf-format.rst; Documentation/core-api/symbol-namespaces.rst.
`,
  check(context) {
    const { plan } = context;
    const modules = plan.objects.filter((object) => object.isModule);
    const names = plan.objects.map((object) => object.name);
    return [...modules.flatMap((object) => ofModule(context, object, names)), ...missingImports(context)];
  },
};

function ofModule({ versions }: RuleContext, object: PlanObject, names: readonly string[]): RuleFinding[] {
  const [first] = object.functions.filter((planned) => planned.change !== 'removed').sort((one, other) => Number(!versions.has(one.path)) - Number(!versions.has(other.path)));
  if (first === undefined) return [];
  const { path, range, function: name } = placeOf(first);
  const others = names.filter((other) => other !== object.name);
  const finding = { path, range, function: name, symbol: object.name };
  if (others.length > 0) return [{ ...finding, severity: 'warning', message: `The edit concerns module ${object.name} and ${enumerate(others)}: where ${object.name} is loaded later, its part takes effect later.` }];
  return [{ ...finding, severity: 'info', message: `${object.name} is a module: where it is not loaded, the patch takes effect when it is.` }];
}
