import { registrationKind } from '../../plan/registrations';
import { lineAsBefore } from '../asBefore';
import { editedFunctions } from '../edited';
import type { Rule, RuleFinding } from '../rule';

export const btfRegistration: Rule = {
  slug: 'btf-registration',
  title: 'What BPF programs or error injection may use changes',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
A list of functions or types for BPF changes (\`BTF_ID\`, \`BTF_SET_START\`, \`BTF_KFUNCS_START\`), or \`ALLOW_ERROR_INJECTION\`, or a function becomes a \`__bpf_kfunc\`.

**What happens.** These macros fill sections that the kernel reads once, while it boots or loads a module. A patch module's are not read: klp-build takes
\`.BTF\` out of it, and the list of error injection was copied at boot. The verifier goes on with the old list, and programs that are attached to
a patched function go on seeing the old one's entry.

**The way out.** Leave the registration out of the patch; a kfunc that is to be had in the running kernel has to come with a module of its own
that registers it (\`register_btf_kfunc_id_set()\`).

\`\`\`c
BTF_ID_FLAGS(func, demo_lookup)    /* new in a set of kfuncs: the verifier does not hear of it */
\`\`\`

**Source.** include/linux/btf_ids.h; kernel/bpf/btf.c; lib/error-inject.c populate_kernel_ei_list(); scripts/livepatch/klp-build.
`,
  check(context) {
    const { changes } = context;
    const found: RuleFinding[] = changes.flatMap(({ path, registrations }) =>
      registrations.flatMap(({ kind, before, after }): RuleFinding[] => {
        const fact = after ?? before;
        if (registrationKind(fact.macro) !== 'btf') return [];
        const what = `${fact.macro}(${fact.args.join(', ')})`;
        // One entry of a list, and not the list itself, which other lines belong to.
        const fix = after !== undefined && /^(BTF_ID|BTF_ID_FLAGS|ALLOW_ERROR_INJECTION)$/.test(fact.macro) ? lineAsBefore(context, path, before?.range, after.range) : undefined;
        return [
          {
            path,
            range: after?.range ?? { start: 0, end: 0 },
            symbol: what,
            message: `${what} is ${kind === 'added' ? 'new' : kind}: such lists are read when the kernel boots or the module loads, so the running kernel goes on with the old one.`,
            remedies: [{ kind: 'rewrite', title: kind === 'changed' ? `Leave ${fact.macro} as it was` : `Leave ${fact.macro} out of the live patch`, ...(fix === undefined ? {} : { fix }) }],
          },
        ];
      }),
    );
    for (const { path, before, after } of editedFunctions(changes)) {
      const isKfunc = after.attributes.includes(KFUNC);
      if (isKfunc === (before?.attributes.includes(KFUNC) ?? false)) continue;
      found.push({ path, range: after.nameRange, function: after.name, message: `${after.name} ${isKfunc ? 'becomes' : 'is no longer'} a kfunc: BPF's verifier goes by the type information of the running kernel, which a live patch does not change.` });
    }
    return found;
  },
};

const KFUNC = '__bpf_kfunc';
