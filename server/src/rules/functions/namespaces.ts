/** Symbol namespaces: what is exported into one can be called by built-in code freely, and by a module only when it imports the namespace. */
import { plannedFunctions, type RuleContext, type RuleFinding } from '../rule';

/**
 * Built-in functions of the patch that call a symbol exported into a namespace, as far as the files of the edit show the export, in files
 * that do not import one.
 */
export function missingImports({ plan, versions, knowledge }: RuleContext): RuleFinding[] {
  const exported = new Map<string, string>();
  for (const { after } of versions.values()) for (const { name, macro } of after?.exports ?? []) if (macro.includes('_NS')) exported.set(name, macro);
  if (exported.size === 0) return [];
  return plannedFunctions(plan).flatMap(({ path, fact, name, change }): RuleFinding[] => {
    const facts = versions.get(path)?.after;
    if (change === 'removed' || facts === undefined || knowledge.ask({ kind: 'object', path })?.name !== 'vmlinux') return [];
    if (facts.registrations.some((registration) => registration.macro === 'MODULE_IMPORT_NS')) return [];
    const call = fact.calls.find((one) => one.name !== name && exported.has(one.name));
    if (call === undefined) return [];
    const start = fact.range.start + call.at;
    return [
      {
        path,
        range: { start, end: start + call.name.length },
        function: name,
        symbol: call.name,
        severity: 'warning',
        message: `${call.name} is exported into a namespace (${exported.get(call.name) ?? ''}): built-in code may call it, and the patch, a module, has to import the namespace.`,
        remedies: [{ kind: 'rewrite', title: 'Add MODULE_IMPORT_NS() for the namespace to this file' }],
      },
    ];
  });
}
