import { kindOfFile } from '../../plan/fileKinds';
import type { FunctionFact } from '../../syntax/facts';
import { bodyText, bodyTokens } from '../body';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { firstChange } from './places';

export const assembly: Rule = {
  slug: 'assembly',
  title: 'Assembly changes',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
An assembly file (\`.S\`) changes, or the inline assembly of a C function does.

**What happens.** klp-build refuses a patch that names a \`.S\` file (\`unsupported patch to …\`); kpatch-build cannot compare its object, whose
functions share one section and have no ftrace entry. Inline assembly is part of its function and is replaced with it; but what it puts into other sections
(alternatives, exception tables) comes with the patch only as far as the tool knows the section. That is a warning.

**The way out.** Patch the C functions that call the assembly. For inline assembly, look at the sections of the built module.

\`\`\`c
demo_copy(to, from, size);        /* before: in demo.S */
klp_demo_copy(to, from, size);    /* after: the fix in C, in the file of the caller that needs it */
\`\`\`

**Source.** scripts/livepatch/klp-build check_unsupported_patches(); kpatch-build/create-diff-object.c special_sections;
Documentation/livepatch/callbacks.rst.
`,
  check(context) {
    return context.changes.flatMap((change): RuleFinding[] => {
      const { path } = change;
      if (kindOfFile(path) === 'assembly') {
        if (change.tokensEqual) return [];
        return [
          {
            path,
            range: firstChange(context, path),
            message: `${path} is assembly: a live patch cannot replace it.`,
            remedies: [{ kind: 'patch-callers', title: 'Patch the C functions that call it' }],
          },
        ];
      }
      return change.functions.flatMap(({ before, after }) => {
        if (before === undefined || after === undefined || before.bodyHash === after.bodyHash) return [];
        const old = statements(context, path, 'before', before);
        const now = statements(context, path, 'after', after);
        const changed = now.find((statement) => !old.some((one) => one.text === statement.text)) ?? (old.length === now.length ? undefined : { range: after.nameRange });
        if (changed === undefined) return [];
        return [
          {
            path,
            range: changed.range,
            severity: 'warning',
            function: after.name,
            message: `The inline assembly of ${after.name} changes: what it puts into other sections (alternatives, exception tables) has to come with the patch.`,
            remedies: [{ kind: 'rewrite', title: 'Look at the sections of the built module, or do it in C' }],
          },
        ];
      });
    });
  },
};

interface Statement {
  /** Its tokens. */
  readonly text: string;
  readonly range: { readonly start: number; readonly end: number };
}

const KEYWORDS: ReadonlySet<string> = new Set(['asm', '__asm__', '__asm']);

/** The asm statements of a body, each up to its closing parenthesis; `asm("" ::: "memory")`, which makes no code, is none. */
function statements(context: RuleContext, path: string, version: 'before' | 'after', fact: FunctionFact): Statement[] {
  // Most bodies have none, and need not be taken apart.
  if (!bodyText(context.textOf(path, version), fact).includes('asm')) return [];
  const found: Statement[] = [];
  const tokens = bodyTokens(context, path, version, fact);
  tokens.forEach((token, index) => {
    if (!KEYWORDS.has(token.text)) return;
    let depth = 0;
    let to = index + 1;
    for (; to < tokens.length; to += 1) {
      const text = tokens[to]?.text;
      if (text === '(') depth += 1;
      else if (text === ')' && (depth -= 1) === 0) break;
      else if (text === ';' && depth === 0) break;
    }
    const words = tokens.slice(index, to + 1);
    const text = words.map((one) => one.text).join(' ');
    const last = words.at(-1) ?? token;
    if (!/^\w+( \w+)* \( "" :/.test(text)) found.push({ text, range: { start: token.at, end: last.at + last.text.length } });
  });
  return found;
}
