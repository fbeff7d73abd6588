import type { VariableFact } from '../../syntax/facts';
import type { Remedy } from '../finding';
import { type Rule, type RuleFinding } from '../rule';

export const variableInitializer: Rule = {
  slug: 'variable-initializer',
  title: 'The initializer of an existing variable changes',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
The initial value of a variable that the running kernel already has changes: a number, a table, an ops structure, a static local.

**What happens.** The running kernel keeps its value; the new one is never stored. Both tools refuse: klp-build with \`changed data\`,
kpatch-build with \`unsupported section change\`.

**The way out.** Write the value in a pre-patch callback and restore it in the post-unpatch one, under the lock that guards it; a table
in read-only memory cannot be written: patch the function that reads it. For an ops table, edit the function it
points at instead of the entry.

**Source.** tools/objtool/klp-diff.c ("changed data"); kpatch-build/create-diff-object.c kpatch_verify_patchability().
`,
  check({ changes }) {
    const found: RuleFinding[] = [];
    for (const { path, variables, functions } of changes) {
      for (const change of variables) {
        if (change.kind !== 'changed' || !change.initializerChanged) continue;
        const { before, after } = change;
        found.push({
          path,
          range: after.nameRange,
          symbol: after.name,
          message: `The initializer of ${after.name} changed${values(before.initializer, after.initializer)}: the running kernel keeps the old ${isTable(after) ? 'table' : 'value'}.`,
          remedies: remedies(after),
        });
      }
      for (const change of functions) {
        for (const local of change.staticLocals ?? []) {
          if (local.kind !== 'changed' || local.before.initializerHash === local.after.initializerHash) continue;
          const owner = change.after;
          if (owner === undefined) continue;
          found.push({
            path,
            range: { start: owner.range.start + local.after.nameRange.start, end: owner.range.start + local.after.nameRange.end },
            function: owner.name,
            symbol: local.after.name,
            message: `The initializer of static local ${local.after.name} changed${values(local.before.initializer, local.after.initializer)}: the running kernel keeps the old value.`,
            remedies: [{ kind: 'rewrite', title: 'Give the static local a new name, so that it is a new variable' }],
          });
        }
      }
    }
    return found;
  },
};

/** ` from 3 to 5`, when both are short enough to say. */
function values(before: string | undefined, after: string | undefined): string {
  const short = (text: string | undefined): string | undefined => (text === undefined ? 'none' : text.length <= 24 ? text : undefined);
  const [from, to] = [short(before), short(after)];
  return from === undefined || to === undefined ? '' : ` from ${from} to ${to}`;
}

const isTable = (fact: VariableFact): boolean => (fact.initializer ?? '').startsWith('{');

function remedies(fact: VariableFact): Remedy[] {
  const isConst = /\bconst\b/.test(fact.type) || fact.attributes.includes('__ro_after_init');
  const callback: Remedy = { kind: 'callback', title: `Write ${fact.name} in a pre-patch callback and restore it in the post-unpatch one` };
  const reader: Remedy = { kind: 'patch-callee', title: isTable(fact) ? 'Patch the function the table points at, or the one that reads it' : `Patch the functions that read ${fact.name}` };
  return isConst ? [reader] : [callback, reader];
}
