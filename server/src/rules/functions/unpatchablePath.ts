import { leftAlone } from '../leftAlone';
import { certainty, entersText, placeOf, plannedFunctions, relatedWay, wayText, type Rule, type RuleFinding } from '../rule';
import { kindOfFile } from '../../plan/fileKinds';
import { enumerate } from '../words';
import { libraryCopies } from './libraryCopies';
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

**The way out.** Give the callers outside of it a copy of the function under a new name, in their own file: a quick fix for \`lib/\` where up to four files call it, and where the function
rests on no data, macros or types of its own file. Callers in \`lib/\` keep the old one. For the vDSO, boot and EFI code there is no way but a reboot.

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
      const copies = libraryCopies(context, change);
      const files = [...new Set(copies?.users.map((user) => user.path))].sort();
      const ofCallers = copies === undefined ? 'Give the callers outside of it a copy of the function under a new name' : `Leave ${path} alone and give ${enumerate(files)} a copy of what ${files.length === 1 ? 'it calls' : 'they call'} under a new name`;
      found.push({
        path,
        range: firstChange(context, path),
        severity: place.severity,
        message: `${path} belongs to ${place.name}, ${place.why}: ${place.severity === 'error' ? 'a live patch cannot change it' : 'see that its functions can be traced'}.`,
        related: (copies?.users ?? []).map((user) => ({ path: user.path, range: user.fact.nameRange, message: `${user.fact.name} calls ${user.callee}` })),
        remedies: [{ kind: 'patch-callers', title: ofCallers, ...(copies === undefined ? {} : { fix: copies.fix }) }, { kind: 'reboot', title: 'Reboot into a kernel with the change' }],
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
