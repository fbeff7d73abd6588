import type { FileFacts } from '../../syntax/facts';
import { editedFunctions, functionNamed, newlyCalled, type EditedFunction } from '../edited';
import type { Rule, RuleContext, RuleFinding } from '../rule';

export const unexportedSymbol: Rule = {
  slug: 'unexported-symbol',
  title: "A module's function newly calls what another module exports",
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
A function of one module comes to call a function that another module exports, and its file used nothing of that one's file before.

**What happens.** Symbols that are not exported are no obstacle: the build tools refer to them by object, name and position, and the kernel fills the reference in
when the object is patched. A symbol of another module can be filled in only while that module is loaded, and depmod knows nothing of the new dependency. If
it is absent, patching the object fails with EINVAL: the patch is refused, or, if the module comes later, its loading is.

**The way out.** See that the other module is loaded before the patch, and stays, or do without the call. A callback cannot load it: callbacks run under
livepatch's own lock, which the loading of any module takes, so that \`request_module()\` in one never returns.

\`\`\`c
core_lookup(demo->id);       /* new, and core.ko's: load core before the patch */
\`\`\`

**Source.** kernel/livepatch/core.c klp_resolve_symbols(), klp_module_coming() (klp_mutex); Documentation/livepatch/module-elf-format.rst.
`,
  check(context) {
    const calls = editedFunctions(context.changes).flatMap((edited) => foreign(context, edited));
    const names = [...new Set(calls.map(({ name }) => name))].sort();
    if (names.length === 0) return [];
    const answer = context.knowledge.ask({ kind: 'holding', phrases: names.flatMap((name) => EXPORTS.map((macro) => `${macro}(${name}`)), files: '*.c' });
    return calls.flatMap((call): RuleFinding[] => {
      const { name, range, edited: { path, after }, module } = call;
      const exporter = answer?.files.find((file) => file.facts.exports.some((one) => one.name === name));
      if (exporter === undefined && answer?.incomplete !== undefined) return [unknownExporter(call, answer.incomplete)];
      const object = exporter === undefined || exporter.path === path || depends(context, path, exporter.facts) ? undefined : context.knowledge.ask({ kind: 'object', path: exporter.path });
      if (exporter === undefined || object?.isModule !== true || object.name === undefined || object.name === module || object.alsoIn?.includes(module) === true) return [];
      return [
        {
          path,
          range,
          function: after.name,
          symbol: name,
          evidence: 'symbols',
          message: `${after.name} of ${module} newly calls ${name}, which module ${object.name} exports: if that is not loaded when ${module} is patched, patching it fails.`,
          related: [],
          remedies: [{ kind: 'rewrite', title: `See that ${object.name} is loaded before ${module} is patched` }],
        },
      ];
    });
  },
};

function unknownExporter({ name, range, edited: { path, after }, module }: ForeignCall, reason: string): RuleFinding {
  return { path, range, function: after.name, symbol: name, evidence: 'symbols', isOpen: true, message: `${after.name} of ${module} newly calls ${name}. Could not tell whether another module exports it, without which patching ${module} fails: ${reason}.` };
}

/** Whether the file in the baseline uses something else that the exporter's file exports: then the one module cannot be loaded without the other. */
function depends({ versions }: RuleContext, path: string, exporter: FileFacts): boolean {
  const exported = new Set(exporter.exports.map(({ name }) => name));
  return versions.get(path)?.before?.functions.some((fact) => fact.calls.some(({ name }) => exported.has(name)) || fact.mentions.some((name) => exported.has(name))) ?? false;
}

/** include/linux/export.h; macros that take a name space have it behind the name. */
const EXPORTS: readonly string[] = ['EXPORT_SYMBOL', 'EXPORT_SYMBOL_GPL', 'EXPORT_SYMBOL_NS', 'EXPORT_SYMBOL_NS_GPL'];

interface ForeignCall {
  readonly name: string;
  readonly range: { readonly start: number; readonly end: number };
  readonly edited: EditedFunction;
  readonly module: string;
}

/** New calls of a module's function to what its file neither defines nor called before. Functions of vmlinux cannot call into modules: they would not link. */
function foreign({ versions, knowledge }: RuleContext, edited: EditedFunction): ForeignCall[] {
  const called = newlyCalled(edited).filter(({ name }) => /[a-z]/.test(name));
  if (called.length === 0 || !edited.path.endsWith('.c')) return [];
  const object = knowledge.ask({ kind: 'object', path: edited.path });
  const module = object?.name;
  if (object?.isModule !== true || module === undefined) return [];
  const { before, after } = versions.get(edited.path) ?? {};
  const isKnown = (name: string): boolean =>
    functionNamed(after, name) !== undefined || (after?.macros.some((fact) => fact.name === name) ?? false) || (before?.functions.some((fact) => fact.calls.some((call) => call.name === name)) ?? false);
  return called.filter(({ name }) => !isKnown(name)).map((call) => ({ ...call, edited, module }));
}
