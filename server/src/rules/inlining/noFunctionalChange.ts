import { type Rule } from '../rule';

export const noFunctionalChange: Rule = {
  slug: 'no-functional-change',
  title: 'Nothing but comments, white space, declarations or the order of definitions changes',
  severity: { 'klp-build': 'info', kpatch: 'info' },
  manual: `
A file differs from its baseline in comments, white space, the order of its definitions or forward declarations only.

**What happens.** There is nothing to patch. Build tools say so after two builds (\`no changes detected\`, \`no functional changes found\`).
kpatch-build may still see functions change in which \`__LINE__\` moved (line-shift).

**The way out.** Leave such hunks out of a live patch.

\`\`\`c
/* Opens it. */            /* before */
/* Opens the device. */    /* after: not one instruction differs */
\`\`\`

**Source.** scripts/livepatch/klp-build; kpatch-build/create-diff-object.c.
`,
  check({ changes, versions }) {
    return changes.flatMap((change) => {
      const { path, status, functions, records, variables, enums, typedefs, macros, registrations, exports, includes, prototypes, residueChanged } = change;
      const changed = [functions, records, variables, enums, typedefs, macros, registrations, exports, includes, path.endsWith('.c') ? prototypes.filter(({ kind }) => kind === 'changed') : prototypes].some((list) => list.length > 0) || residueChanged;
      if (status !== 'modified' || changed || !/\.[ch]$/.test(path)) return [];
      const what = change.tokensEqual ? 'comments and white space' : 'the order of definitions, or forward declarations,';
      const start = versions.get(path)?.after?.functions[0]?.nameRange ?? { start: 0, end: 0 };
      return [{ path, range: change.tokensEqual ? { start: 0, end: 0 } : start, message: `Only ${what} changed in ${path}: there is nothing to patch here.` }];
    });
  },
};
