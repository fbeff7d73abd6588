/** Symbol namespaces: what is exported into one can be called by built-in code freely, and by a module only when it imports the namespace. */
import { addInclude } from '../edited';
import type { TextChange } from '../finding';
import { plannedFunctions, type RuleContext, type RuleFinding } from '../rule';

/**
 * Built-in functions of the patch that call a symbol exported into a namespace, as far as the files of the edit show the export, in files
 * that do not import one.
 */
export function missingImports(context: RuleContext): RuleFinding[] {
  const { plan, versions, knowledge } = context;
  const exported = new Map<string, { readonly macro: string; readonly namespace: string | undefined }>();
  for (const [path, { after }] of versions) {
    for (const { name, macro, range } of after?.exports ?? []) if (macro.includes('_NS')) exported.set(name, { macro, namespace: namespaceIn(context.textOf(path, 'after')?.slice(range.start, range.end)) });
  }
  if (exported.size === 0) return [];
  return plannedFunctions(plan).flatMap(({ path, fact, name, change }): RuleFinding[] => {
    const facts = versions.get(path)?.after;
    if (change === 'removed' || facts === undefined || knowledge.ask({ kind: 'object', path })?.name !== 'vmlinux') return [];
    if (facts.registrations.some((registration) => registration.macro === 'MODULE_IMPORT_NS')) return [];
    const call = fact.calls.find((one) => one.name !== name && exported.has(one.name));
    if (call === undefined) return [];
    const start = fact.range.start + call.at;
    const { macro = '', namespace } = exported.get(call.name) ?? {};
    return [
      {
        path,
        range: { start, end: start + call.name.length },
        function: name,
        symbol: call.name,
        severity: 'warning',
        message: `${call.name} is exported into a namespace (${macro}): built-in code may call it, and the patch, a module, has to import the namespace.`,
        remedies: [{ kind: 'rewrite', title: 'Add MODULE_IMPORT_NS() for the namespace to this file', ...(namespace === undefined ? {} : { fix: { edits: () => imported(context, path, namespace) } }) }],
      },
    ];
  });
}

/** The second argument of an export, as written: a word before Linux 6.13, a string since; MODULE_IMPORT_NS() is the same in this. */
const namespaceIn = (text: string | undefined): string | undefined => /^\w+\s*\(\s*\w+\s*,\s*(\w+|"[^"]*")\s*\)/.exec(text ?? '')?.[1];

function imported(context: RuleContext, path: string, namespace: string): TextChange[] {
  const text = context.textOf(path, 'after') ?? '';
  return [...addInclude(context, path, '<linux/module.h>'), { path, range: { start: text.length, end: text.length }, text: `${text.endsWith('\n') ? '' : '\n'}\nMODULE_IMPORT_NS(${namespace});\n` }];
}
