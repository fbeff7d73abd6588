import type { RegistrationFact } from '../../syntax/facts';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { sameValue } from './initializers';
import { isStaticKey } from './variables';

export const staticKeyDefinition: Rule = {
  slug: 'static-key-definition',
  title: 'The default of a static key or static call changes',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
An existing static key is defined with another default (\`DEFINE_STATIC_KEY_FALSE\` becomes \`DEFINE_STATIC_KEY_TRUE\`, \`STATIC_KEY_INIT_TRUE\`
becomes \`STATIC_KEY_INIT_FALSE\`), or an existing static call with another function.

**What happens.** The running kernel keeps the key as it stands, and its jumps and calls were written for it long ago. The definition is data: klp-build
refuses with \`changed data\`, kpatch-build with \`unsupported section change\`. A key that is new, and belongs to the patch, is fine with both.

**The way out.** Leave the definition as it is and switch the key in a callback; a key that only the patched functions ask can be a new one:

\`\`\`c
static_branch_enable(&demo_fast_path);       /* post-patch callback; static_branch_disable() in the pre-unpatch one */
\`\`\`

**Source.** include/linux/{jump_label,static_call}.h; tools/objtool/klp-diff.c mark_changed_functions(); kpatch-build/create-diff-object.c
kpatch_verify_patchability().
`,
  check(context) {
    return [...keys(context), ...staticCalls(context)];
  },
};

function keys({ changes }: RuleContext): RuleFinding[] {
  return changes.flatMap(({ path, variables }) => variables.flatMap((change): RuleFinding[] => {
    if (change.kind !== 'changed' || change.after.isExtern || !(isStaticKey(change.before) || isStaticKey(change.after))) return [];
    const { before, after } = change;
    if (before.definedBy === after.definedBy && before.type === after.type && sameValue(before.initializer, after.initializer)) return [];
    const [was, is] = [before.definedBy ?? before.initializer, after.definedBy ?? after.initializer];
    const how = was === is ? 'in another way' : `by ${is ?? 'nothing'} instead of ${was ?? 'nothing'}`;
    const isOn = (is ?? '').includes('TRUE') && !(was ?? '').includes('TRUE');
    return [
      {
        path,
        range: after.nameRange,
        symbol: after.name,
        message: `Static key ${after.name} is defined ${how}: the running kernel keeps the key as it stands.`,
        remedies: [{ kind: 'callback', title: `Leave the definition of ${after.name} and switch it with ${isOn ? 'static_branch_enable' : 'static_branch_disable'}() in a post-patch callback` }],
      },
    ];
  }));
}

const isStaticCall = ({ macro }: RegistrationFact): boolean => macro.startsWith('DEFINE_STATIC_CALL');

/** DEFINE_STATIC_CALL(name, function) and its kin are registrations to the reader. */
function staticCalls({ changes }: RuleContext): RuleFinding[] {
  return changes.flatMap(({ path, registrations }) => registrations.flatMap((change): RuleFinding[] => {
    if (change.after === undefined || !isStaticCall(change.after)) return [];
    const [name = '', to = ''] = change.after.args;
    // DEFINE_STATIC_CALL_NULL gives way to DEFINE_STATIC_CALL: another macro is another registration.
    const was = change.before ?? registrations.find((one) => one.kind === 'removed' && isStaticCall(one.before) && one.before.args[0] === name)?.before;
    if (was === undefined) return [];
    const from = was.macro.includes('NULL') ? 'nothing' : (was.args[1] ?? '');
    return [
      {
        path,
        range: change.after.range,
        symbol: name,
        message: `Static call ${name} is defined with ${to} instead of ${from}: the running kernel's calls go where they went.`,
        remedies: [
          { kind: 'callback', title: `Leave the definition and call static_call_update(${name}, ${to}) in a post-patch callback` },
          ...(from === 'nothing' ? [] : [{ kind: 'patch-callee' as const, title: `Edit ${from}, which the calls go to` }]),
        ],
      },
    ];
  }));
}
