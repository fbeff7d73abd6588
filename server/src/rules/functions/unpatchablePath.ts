import { leftAlone } from '../leftAlone';
import { certainty, entersText, placeOf, plannedFunctions, relatedWay, wayText, type Rule, type RuleFinding } from '../rule';
import { kindOfFile } from '../../plan/fileKinds';
import { firstChange } from './places';
import { unpatchablePlace } from './unpatchablePlaces';

export const unpatchablePath: Rule = {
  slug: 'unpatchable-path',
  title: 'The code is no part of the kernel that a live patch reaches',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
The edit changes a file under \`lib/\`, of the vDSO, of boot, real-mode or purgatory code or of the EFI stub; or it changes a helper that is
inlined into code there.

**What happens.** This code is not in the text of the running kernel, or build tools cannot take its objects apart. klp-build
refuses a patch that names such a file, even in a comment (\`unsupported patch to lib/…\`); kpatch-build refuses \`lib/\` and leaves the objects of the others out
without a word: the patch loads and changes nothing there. A copy in \`arch/*/lib\` is a warning: some of those files are compiled without ftrace.

**The way out.** Give the callers outside of it a copy of the function under a new name, in their own file. For the vDSO, boot and EFI code there is none but a reboot.

\`\`\`c
/* lib/demo_sum.c cannot be patched: its caller can */
static u32 klp_demo_sum(const u8 *data, size_t length) { … }   /* in drivers/demo/receive.c */
\`\`\`

**How sure.** When the way into such a file is a guess (a small function that nobody declared \`inline\`), this is a warning and the
verdict is undecided.

**Source.** scripts/livepatch/klp-build check_unsupported_patches(); kpatch-build/kpatch-cc; kpatch-build verify_patch_files().
`,
  check(context) {
    const { changes, plan, profile } = context;
    const found: RuleFinding[] = [];
    const said = new Set<string>();
    for (const change of changes) {
      const { path } = change;
      const place = kindOfFile(path) === 'c' && !change.tokensEqual ? unpatchablePlace(path, profile, 'named') : undefined;
      if (place === undefined) continue;
      said.add(path);
      found.push({
        path,
        range: firstChange(context, path),
        severity: place.severity,
        message: `${path} belongs to ${place.name}, ${place.why}: ${place.severity === 'error' ? 'a live patch cannot change it' : 'see that its functions can be traced'}.`,
        remedies: [{ kind: 'patch-callers', title: 'Give the callers outside of it a copy of the function under a new name' }, { kind: 'reboot', title: 'Reboot into a kernel with the change' }],
      });
    }
    for (const planned of plannedFunctions(plan)) {
      if (planned.change !== 'reached' || said.has(planned.path)) continue;
      const place = unpatchablePlace(planned.path, profile, 'code');
      if (place?.severity !== 'error') continue;
      const at = placeOf(planned);
      found.push({
        ...at,
        ...certainty(planned),
        message: `${at.function} ${entersText(planned)} ${planned.name} in ${planned.path}, ${place.why}: that copy stays as it is (${wayText(planned)}).`,
        related: relatedWay(planned),
        remedies: [leftAlone(context, planned)],
      });
    }
    return found;
  },
};
