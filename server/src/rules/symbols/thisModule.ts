import { bodyTokens } from '../body';
import { placeOf, relatedWay, type Rule, type RuleFinding } from '../rule';

export const thisModule: Rule = {
  slug: 'this-module',
  title: "THIS_MODULE in a module's patched function is the patch module",
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
A function of a module is replaced that names \`THIS_MODULE\`, itself or through a macro of its file.

**What happens.** \`THIS_MODULE\` is the module that the code was linked into. In the patched copy that is the patch module: a reference taken with
\`try_module_get(THIS_MODULE)\` holds the patch and no longer the module whose code and data are in use, and one that old code took on the module is
given back on the patch. In code of vmlinux it is NULL before and after, which is no difference.

**The way out.** Take the module from where it is known: the \`owner\` of the object's operations (\`file->f_op->owner\`, \`driver->owner\`), which the
original module filled in.

\`\`\`c
try_module_get(THIS_MODULE);          /* in the patched copy: holds the patch */
try_module_get(file->f_op->owner);    /* holds the module whose file it is */
\`\`\`

**Source.** include/linux/export.h, init.h (THIS_MODULE is \`&__this_module\`); kernel/module/main.c try_module_get().
`,
  check(context) {
    const found: RuleFinding[] = [];
    for (const object of context.plan.objects) {
      if (!object.isModule) continue;
      for (const planned of object.functions) {
        if (planned.change === 'removed') continue;
        const name = nameFor([...planned.fact.mentions, ...planned.fact.calls.map((call) => call.name)], context.versions.get(planned.path)?.after?.macros ?? []);
        if (name === undefined) continue;
        const use = planned.via.length > 0 ? undefined : bodyTokens(context, planned.path, 'after', planned.fact).find((token) => token.text === name);
        found.push({
          ...placeOf(planned),
          ...(use === undefined ? {} : { range: { start: use.at, end: use.at + name.length } }),
          symbol: name,
          message: `${planned.name} of ${object.name} names ${name === WORD ? WORD : `${WORD} through ${name}`}: in its patched copy that is the patch module, not ${object.name}.`,
          related: relatedWay(planned),
          remedies: [{ kind: 'rewrite', title: "Take the module from the object's operations, which name their owner" }],
        });
      }
    }
    return found;
  },
};

const WORD = 'THIS_MODULE';

/** What a body says THIS_MODULE with: the word, or a macro of the file over it. */
function nameFor(mentions: readonly string[], macros: readonly { readonly name: string; readonly mentions: readonly string[] }[]): string | undefined {
  if (mentions.includes(WORD)) return WORD;
  return macros.find((macro) => macro.mentions.includes(WORD) && mentions.includes(macro.name))?.name;
}
