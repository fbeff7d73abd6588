import type { Remedy } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { enumerate } from '../words';
import { callbackFix } from './callbackFix';
import { handlerName } from './handlerName';
import { initializerChanges, type InitializerChange } from './initializerChange';
import { readers } from './twin';
import type { EntryChange } from './initializers';
import { readOnlyWhy } from './variables';

export const opsTable: Rule = {
  slug: 'ops-table',
  title: 'A table of functions gets another function',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
An entry of an existing ops structure (\`file_operations\`, \`proto_ops\`, …) or of an array of function pointers names another function.

**What happens.** The table of the running kernel keeps the old entry, so the new function is never called. Both tools refuse: klp-build says
\`changed data\`, kpatch-build \`unsupported section change\`. Most such tables are const, and so are not even writable.

**The way out.** Leave the table alone and edit the function it already points at: a live patch redirects it wherever it is called from. A new
function that stands in for it can take its name. For a new entry, give the functions
that call through the table one of their own, under a new name, or treat the case in them, before they look there:

\`\`\`c
	if (command == DEMO_RESET)                  /* instead of demo_handlers[DEMO_RESET] = demo_reset */
		return demo_reset(demo);
	return demo_handlers[command](demo);
\`\`\`

A table that may be written can get its entry in a pre-patch callback. The entry then points into the patch, so that it has to be
restored before the patch is unloaded.

**Source.** tools/objtool/klp-diff.c mark_changed_functions(); kpatch-build/create-diff-object.c kpatch_verify_patchability(); kpatch patch author
guide, "Change the code which uses the data structure".
`,
  check(context) {
    return initializerChanges(context).flatMap((change) => (change.functions.length > 0 ? [finding(change, context)] : []));
  },
};

function finding(change: InitializerChange, context: RuleContext): RuleFinding {
  const { path, after, entries, functions } = change;
  const readOnly = readOnlyWhy(after, context.textOf(path, 'after'));
  const [first] = functions;
  const more = entries.length > 1 ? ` (and ${entries.length - 1} more)` : '';
  return {
    path,
    range: after.nameRange,
    symbol: after.name,
    message: `${after.name}${first === undefined ? '' : told(first)}${more}: the running kernel's table keeps its entries${readOnly === undefined ? '' : `, and it cannot be written (${readOnly})`}.`,
    remedies: remedies(change, readOnly, context),
  };
}

function told({ key, before, after }: EntryChange): string {
  const old = before === undefined || before === 'NULL' ? undefined : short(before);
  const now = after === undefined || after === 'NULL' ? undefined : short(after);
  if (old === undefined) return `${key} gets ${now ?? ''} where there was nothing`;
  return now === undefined ? `${key} loses ${old}` : `${key} goes from ${old} to ${now}`;
}

const short = (value: string): string => (value.length <= 40 ? value : `${value.slice(0, 36)} …`);

function remedies(change: InitializerChange, readOnly: string | undefined, context: RuleContext): Remedy[] {
  const { after, functions } = change;
  const old = functions.map(({ before }) => /^&?(\w+)$/.exec(before ?? '')?.[1]).find((name) => name !== undefined && name !== 'NULL');
  const renamed = handlerName(change, context);
  const handler: Remedy = renamed !== undefined ? { kind: 'patch-callee', ...renamed } : old === undefined
    ? readers(change, `Treat the new case in the function that calls through ${after.name}, before it looks there`, context)
    : { kind: 'patch-callee', title: `Leave the table as it is and edit ${old}, which it points at` };
  // There is no room behind the end of an array.
  if (readOnly !== undefined || change.lengths.before !== change.lengths.after) return [handler];
  const fix = callbackFix(change, context);
  const together = fix === undefined || fix.others.length === 0 ? '' : `, with ${enumerate(fix.others)},`;
  return [handler, { kind: 'callback', title: `Write the entry of ${after.name}${together} in a pre-patch callback and restore it in the post-unpatch one`, ...(fix === undefined ? {} : { fix: fix.fix }) }];
}
