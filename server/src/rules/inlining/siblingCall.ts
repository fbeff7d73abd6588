import { inliningOf } from '../../plan/inlining';
import { unitOf } from '../../plan/unit';
import { bodyTokens, callsIn, type BodyCall } from '../body';
import { editedFunctions, functionNamed, nameRangeOf, type EditedFunction } from '../edited';
import type { Rule, RuleContext, RuleFinding } from '../rule';

export const siblingCall: Rule = {
  slug: 'sibling-call',
  title: 'The function may end in a sibling call, which kpatch-build refuses on ppc64le',
  severity: { 'klp-build': 'info', kpatch: 'warning' },
  manual: `
On 64-bit PowerPC, a function that the patch replaces ends with a call whose result it returns unchanged. Elsewhere this is no concern: x86 and s390 take such calls.

**What happens.** gcc makes a jump of the call (a sibling call). A patched function reaches others through stubs that set up the table of contents, r2, and after
a jump nobody restores it. kpatch-build looks for such jumps and stops (\`Found an unsupported sibling call\`).
klp-build has no PowerPC, so nothing is reported for it.

**The way out.** Have the compiler make an ordinary call, for this function only.

\`\`\`c
__attribute__((optimize("-fno-optimize-sibling-calls"))) int demo_open(struct demo *demo)
{
	return demo_start(demo);
}
\`\`\`

**How sure.** Only the compiler knows whether it makes the jump: a warning, and the verdict is undecided.

**Source.** kpatch-build/create-diff-object.c kpatch_no_sibling_calls_ppc64le(); kpatch patch author guide; gcc -foptimize-sibling-calls.
`,
  check(context) {
    if (context.profile !== 'kpatch') return [];
    const isPowerpc = context.knowledge.config('CONFIG_PPC64') === 'y';
    return editedFunctions(context.changes).flatMap((edited): RuleFinding[] => {
      if (!isPowerpc && !edited.path.startsWith('arch/powerpc/')) return [];
      const call = tailCall(context, edited);
      if (call === undefined) return [];
      const { path, after } = edited;
      return [
        {
          path,
          range: nameRangeOf(call),
          function: after.name,
          symbol: call.name,
          ifInlined: true,
          message: `${after.name} ends with the call of ${call.name}: gcc may make a sibling call of it, which kpatch-build refuses on ppc64le.`,
          remedies: [
            {
              kind: 'build-option',
              title: `Compile ${after.name} without sibling calls`,
              fix: { isPreferred: true, edits: () => [{ path, range: { start: after.range.start, end: after.range.start }, text: `__attribute__((optimize("-${FLAG}"))) ` }] },
            },
          ],
        },
      ];
    });
  },
};

const FLAG = 'fno-optimize-sibling-calls';

/** The first call whose result is the function's, in the places where gcc may jump instead. */
function tailCall(context: RuleContext, { path, after }: EditedFunction): BodyCall | undefined {
  if (after.attributes.some((attribute) => attribute.includes(FLAG))) return undefined;
  const facts = context.versions.get(path)?.after;
  const tokens = bodyTokens(context, path, 'after', after);
  const isVoid = /\bvoid \w+ ?\(/.test(after.signature);
  const last = tokens.at(-1)?.at ?? 0;
  return callsIn(tokens).find((call) => {
    const end = tokens.findIndex((token) => token.at >= call.end);
    if (tokens[end]?.text !== ';' || isMacro(call.name)) return false;
    const local = functionNamed(facts, call.name);
    if (facts !== undefined && local !== undefined && inliningOf(local, unitOf(facts)).inlined) return false;
    if (facts?.macros.some((macro) => macro.name === call.name) === true) return false;
    const isStatement = /^[;{})]$|^else$/.test(tokens[call.index - 1]?.text ?? '');
    return tokens[call.index - 1]?.text === 'return' || (isVoid && isStatement && tokens[end + 1]?.at === last);
  });
}

/** By the kernel's habit, and what looks like a function and is none. */
const isMacro = (name: string): boolean => !/[a-z]/.test(name) || /^(likely|unlikely|min|max|clamp|min_t|max_t|container_of|sizeof|typeof|READ_ONCE|pr_\w+)$/.test(name);
