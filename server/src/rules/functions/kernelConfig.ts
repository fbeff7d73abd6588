import type { Rule, RuleContext, RuleFinding } from '../rule';
import type { Profile, Severity } from '../finding';
import { kindOfFile } from '../../plan/fileKinds';
import { isBefore } from './kernelVersion';
import { firstChange } from './places';

export const kernelConfig: Rule = {
  slug: 'kernel-config',
  title: 'The kernel\'s configuration does not suit the build tool',
  scope: 'edit',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
The tree's .config lacks an option that live patches or the build tool need, or sets one that it cannot cope with. It is said once, at the first change.

| option | klp-build | kpatch-build |
| --- | --- | --- |
| CONFIG_LIVEPATCH | needed | needed, or kpatch's own module (a warning) |
| CONFIG_KLP_BUILD | needed since Linux 6.19 | |
| CONFIG_DEBUG_INFO | | needed |
| CONFIG_DEBUG_INFO_SPLIT | | not supported |
| CONFIG_GCC_PLUGIN_LATENT_ENTROPY | not supported | not supported |
| CONFIG_GCC_PLUGIN_RANDSTRUCT, CONFIG_RANDSTRUCT | not supported | not supported |
| CONFIG_LD_DEAD_CODE_DATA_ELIMINATION | not supported | |
| CONFIG_X86_KERNEL_IBT | | not supported |

**What happens.** The tool stops before it builds, or the two builds differ where the sources do not: random seeds and layouts, dead code taken out. A .config that Kconfig did not
write whole (without CONFIG_CC_VERSION_TEXT) says nothing of what it leaves out.

**The way out.** Build the kernel that is to be patched with another configuration, or use the other tool.

\`\`\`
CONFIG_LIVEPATCH=y
CONFIG_KLP_BUILD=y
# CONFIG_GCC_PLUGIN_RANDSTRUCT is not set
\`\`\`

**Source.** scripts/livepatch/klp-build; kpatch-build/kpatch-build; kernel/livepatch/Kconfig.
`,
  check(context) {
    const at = context.changes.find((change) => !change.tokensEqual && kindOfFile(change.path) !== 'no-code' && change.status !== 'removed');
    if (at === undefined) return [];
    const { path } = at;
    return problems(context).map(({ option, severity, message }): RuleFinding => ({
      path,
      range: firstChange(context, path),
      symbol: option,
      severity,
      evidence: 'symbols',
      message,
      remedies: [{ kind: 'build-option', title: message.includes('needs') ? `Set ${option}` : `Unset ${option}` }],
    }));
  },
};

interface Problem {
  readonly option: string;
  readonly severity: Severity;
  readonly message: string;
}

const unwanted: readonly (readonly [option: string, profiles: readonly Profile[]])[] = [
  ['CONFIG_GCC_PLUGIN_LATENT_ENTROPY', ['klp-build', 'kpatch']],
  ['CONFIG_GCC_PLUGIN_RANDSTRUCT', ['klp-build', 'kpatch']],
  ['CONFIG_RANDSTRUCT', ['klp-build', 'kpatch']],
  ['CONFIG_LD_DEAD_CODE_DATA_ELIMINATION', ['klp-build']],
  ['CONFIG_DEBUG_INFO_SPLIT', ['kpatch']],
  ['CONFIG_X86_KERNEL_IBT', ['kpatch']],
];

function problems({ profile, kernelVersion, knowledge }: RuleContext): Problem[] {
  const tool = profile === 'kpatch' ? 'kpatch-build' : 'klp-build';
  const found: Problem[] = [];
  for (const [option, profiles] of unwanted) {
    if (profiles.includes(profile) && knowledge.config(option) === 'y') found.push({ option, severity: 'error', message: `The .config sets ${option}, which ${tool} does not support.` });
  }
  // Only a whole .config tells by what it leaves out; Kconfig writes the compiler's version since Linux 4.18.
  if ((knowledge.config('CONFIG_CC_VERSION_TEXT') ?? 'n') === 'n') return found;
  const need = (option: string, severity: Severity = 'error'): void => {
    if (knowledge.config(option) === 'n') found.push({ option, severity, message: severity === 'error' ? `${tool} needs ${option}, which the .config leaves out.` : `The kernel's live patching needs ${option}, which the .config leaves out: only kpatch's own module is left.` });
  };
  need('CONFIG_LIVEPATCH', profile === 'kpatch' ? 'warning' : 'error');
  if (profile === 'kpatch') need('CONFIG_DEBUG_INFO');
  else if (kernelVersion !== undefined && !isBefore(kernelVersion, 6, 19)) need('CONFIG_KLP_BUILD');
  return found;
}
