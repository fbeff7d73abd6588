import type { PlannedFunction } from '../../plan/plan';
import { placeOf, type Rule, type RuleContext, type RuleFinding } from '../rule';
import { enumerate } from '../words';
import { missingImports } from './namespaces';

export const lateModule: Rule = {
  slug: 'late-module',
  title: 'The patch concerns a module',
  scope: 'edit',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
A function of a module is replaced. It is said once, at the first place of the edit that concerns a module.

**What happens.** When the module is not loaded, the patch waits for it: its functions are redirected and its symbols resolved as the module comes up, before
its own initialization. A pre-patch callback that fails then keeps the module from loading. An edit that concerns the kernel and modules, or
several modules, does not take effect everywhere at once where one of them is loaded later, or not at all: a warning.

Built-in code may call an exported symbol of a namespace without asking; the patch is a module, and with kpatch-build it has to import the namespace
with \`MODULE_IMPORT_NS()\` when the changed function calls such a symbol: a warning. klp-build copies what the object imports, and needs it where the object is built in.

**The way out.** Let each part of the edit stand by itself. Name the modules in the patch's notes.

\`\`\`c
MODULE_IMPORT_NS(DEMO);    /* since Linux 6.13 MODULE_IMPORT_NS("DEMO") */
\`\`\`

**Source.** kernel/livepatch/core.c klp_module_coming(); Documentation/livepatch/module-elf-format.rst; Documentation/core-api/symbol-namespaces.rst.
`,
  check(context) {
    return [...ofModules(context), ...missingImports(context)];
  },
};

/** One finding, however many modules there are: a header's helper stands in hundreds. */
function ofModules({ plan, versions }: RuleContext): RuleFinding[] {
  const modules = plan.objects.filter((object) => object.isModule && object.functions.some(isReplaced));
  const [first] = modules;
  if (first === undefined) return [];
  const replaced = modules.flatMap((object) => object.functions.filter(isReplaced));
  const shown = replaced.find((planned) => versions.has(planned.path)) ?? replaced[0];
  if (shown === undefined) return [];
  const { path, range, function: name } = placeOf(shown);
  const finding = { path, range, function: name, symbol: first.name };
  if (plan.objects.length === 1) return [{ ...finding, severity: 'info', message: `${first.name} is a module: where it is not loaded, the patch takes effect when it is.` }];
  const concerned = [...plan.objects.filter((object) => !object.isModule).map((object) => object.name), `${modules.length === 1 ? 'module' : 'modules'} ${enumerate(modules.map((object) => object.name))}`];
  return [{ ...finding, severity: 'warning', message: `The edit concerns ${concerned.join(' and ')}: where ${modules.length === 1 ? first.name : 'one of them'} is loaded later, its part takes effect later.` }];
}

const isReplaced = (planned: PlannedFunction): boolean => planned.change !== 'removed';
