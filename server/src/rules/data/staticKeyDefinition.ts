import type { RegistrationFact } from '../../syntax/facts';
import type { Remedy } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { sameValue } from './initializers';
import { switchedByCallbacks, type Switched } from './keyCallbacks';
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
    const found = [...keys(context), ...staticCalls(context)];
    const all = found.flatMap(({ switched }) => switched ?? []);
    return found.map(({ finding, title, switched, others }) => {
      const fix = switched === undefined ? undefined : switchedByCallbacks(all, switched, context);
      return { ...finding, remedies: [{ kind: 'callback' as const, title, ...(fix === undefined ? {} : { fix }) }, ...others] };
    });
  },
};

interface Found {
  readonly finding: RuleFinding;
  readonly title: string;
  /** Undefined where the definition cannot simply be put back. */
  readonly switched: Switched | undefined;
  readonly others: readonly Remedy[];
}

function keys(context: RuleContext): Found[] {
  return context.changes.flatMap(({ path, variables }) => variables.flatMap((change): Found[] => {
    if (change.kind !== 'changed' || change.after.isExtern || !(isStaticKey(change.before) || isStaticKey(change.after))) return [];
    const { before, after } = change;
    if (before.definedBy === after.definedBy && before.type === after.type && sameValue(before.initializer, after.initializer)) return [];
    const [was, is] = [before.definedBy ?? before.initializer, after.definedBy ?? after.initializer];
    const how = was === is ? 'in another way' : `by ${is ?? 'nothing'} instead of ${was ?? 'nothing'}`;
    const isOn = (is ?? '').includes('TRUE') && !(was ?? '').includes('TRUE');
    const { name } = after;
    const old = context.textOf(path, 'before')?.slice(before.range.start, before.range.end);
    const isAlone = variables.filter((other) => other.after?.range.start === after.range.start).length === 1 && !/\bARRAY\b|_ARRAY_/.test(`${was ?? ''} ${is ?? ''}`);
    const [enable, disable] = after.definedBy === undefined ? ['static_key_enable', 'static_key_disable'] : ['static_branch_enable', 'static_branch_disable'];
    const [on, off] = isOn ? [enable, disable] : [disable, enable];
    const switched = old === undefined || !isAlone ? undefined : { path, name, back: { path, range: after.range, text: old }, on: `${on}(&${name})`, off: `${off}(&${name})`, when: `${isOn ? '!' : ''}static_key_enabled(&${name})` };
    return [
      {
        finding: { path, range: after.nameRange, symbol: name, message: `Static key ${name} is defined ${how}: the running kernel keeps the key as it stands.` },
        title: `Leave the definition of ${name} and switch it with ${on}() in a post-patch callback`,
        switched,
        others: [],
      },
    ];
  }));
}

const isStaticCall = ({ macro }: RegistrationFact): boolean => macro.startsWith('DEFINE_STATIC_CALL');

/** DEFINE_STATIC_CALL(name, function) and its kin are registrations to the reader. */
function staticCalls(context: RuleContext): Found[] {
  return context.changes.flatMap(({ path, registrations }) => registrations.flatMap((change): Found[] => {
    if (change.after === undefined || !isStaticCall(change.after)) return [];
    const [name = '', to = ''] = change.after.args;
    // DEFINE_STATIC_CALL_NULL gives way to DEFINE_STATIC_CALL: another macro is another registration.
    const was = change.before ?? registrations.find((one) => one.kind === 'removed' && isStaticCall(one.before) && one.before.args[0] === name)?.before;
    if (was === undefined) return [];
    const from = was.macro.includes('NULL') ? 'nothing' : (was.args[1] ?? '');
    const old = context.textOf(path, 'before')?.slice(was.range.start, was.range.end);
    const { range } = change.after;
    return [
      {
        finding: { path, range, symbol: name, message: `Static call ${name} is defined with ${to} instead of ${from}: the running kernel's calls go where they went.` },
        title: `Leave the definition and call static_call_update(${name}, ${to}) in a post-patch callback`,
        switched: old === undefined ? undefined : { path, name, back: { path, range, text: old }, on: `static_call_update(${name}, ${to})`, off: `static_call_update(${name}, ${from === 'nothing' ? 'NULL' : from})` },
        others: from === 'nothing' ? [] : [{ kind: 'patch-callee', title: `Edit ${from}, which the calls go to` }],
      },
    ];
  }));
}
