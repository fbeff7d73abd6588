import type { VariableChange } from '../../change/changes';
import { inside, type FileFacts, type FunctionFact, type Range, type StaticLocalFact, type VariableFact } from '../../syntax/facts';
import { headAsBefore } from '../asBefore';
import type { Fix, Severity, TextChange } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { enumerate } from '../words';
import { isSpecialStatic, nameRangeIn, ownText } from './staticLocals';
import { isConst, isFreed, isPerCpu, isStaticKey, plainType, sectionAttributes } from './variables';

export const sectionAttribute: Rule = {
  slug: 'section-attribute',
  title: 'A variable is put into another section',
  severity: { 'klp-build': 'warning', kpatch: 'error' },
  manual: `
An existing variable gains or loses an attribute that decides its section (\`__read_mostly\`, \`__ro_after_init\`, \`__initdata\`,
\`__section("…")\`, \`const\`, …), or a new one comes with such an attribute.

**What happens.** The running kernel's object stays where it is: an attribute that is added has no effect. kpatch-build refuses: it takes over only
objects that have a section of their own, and those that share one change all of it (\`changed section .data..read_mostly not selected for
inclusion\`, \`symbol changed sections\`). klp-build compares objects one by one and does not look at their sections. A new \`__initdata\` variable is
freed as soon as the patch is loaded, and a new \`__ro_after_init\` one is read-only from then on.

A variable that is removed from such a section changes it for the others of its file, too.

**The way out.** Leave the attribute out. It is there for speed or hardening and says nothing about what the code does. A section that only lost a
variable may be ignored (\`KPATCH_IGNORE_SECTION\`): what is left in it is as it was.

\`\`\`c
static int demo_hits;                        /* not: static int demo_hits __read_mostly */
\`\`\`

**Source.** kpatch-build/create-diff-object.c is_bundleable(), kpatch_compare_correlated_symbol(), kpatch_mark_ignored_sections_same(), kpatch_verify_patchability(); tools/objtool/klp-checksum.c
checksum_update_object(); include/linux/{cache,init}.h.
`,
  check(context) {
    return context.changes.flatMap(({ path, variables, functions }) => [
      ...variables.flatMap((change) => ofVariable(change, path, context)),
      ...ofRemoved(variables, path, context),
      ...functions.flatMap(({ after: owner, staticLocals }) => (staticLocals ?? []).flatMap((local) => (owner === undefined || local.kind !== 'added' ? [] : ofNewLocal(owner, local.after, path, context)))),
    ]);
  },
};

function ofVariable(change: VariableChange, path: string, context: RuleContext): RuleFinding[] {
  const { before, after } = change;
  if (after === undefined || after.isExtern || isPerCpu(after) || isStaticKey(after)) return [];
  const place = { path, range: after.nameRange, symbol: after.name };
  if (before === undefined) {
    const attributes = sectionAttributes(after.attributes);
    return ofNew(after.name, attributes, context, without(attributes, path, after.range, context)).map((found) => ({ ...place, ...found }));
  }
  if (before.isExtern || !change.typeChanged) return [];
  const [was, is] = [sectionsOf(before.attributes, isConst(before, context.textOf(path, 'before'))), sectionsOf(after.attributes, isConst(after, context.textOf(path, 'after')))];
  if (was.join(' ') === is.join(' ')) return [];
  const gained = is.filter((attribute) => !was.includes(attribute));
  const lost = was.filter((attribute) => !is.includes(attribute));
  const what = [gained.length === 0 ? '' : `becomes ${gained.join(' ')}`, lost.length === 0 ? '' : `is no longer ${lost.join(' ')}`].filter((part) => part !== '').join(' and ');
  const [severity, effect]: [Severity, string] = context.profile === 'kpatch' ? ['error', 'it would lie in another section, which kpatch-build refuses'] : ['warning', 'the running kernel\'s object stays where it is, so this has no effect on it'];
  const isSameType = before.definedBy === after.definedBy && plainType(before.type) === plainType(after.type);
  const fix = lost.length === 0 ? without(gained, path, { start: after.range.start, end: after.initializerRange?.start ?? after.range.end }, context) : isSameType ? headAsBefore(context, path, before, after) : undefined;
  return [{ ...place, severity, message: `${after.name} ${what}: ${effect}.`, remedies: [{ kind: 'rewrite', title: `Leave the declaration of ${after.name} as it was`, ...(fix === undefined ? {} : { fix }) }] }];
}

/** One that leaves a section that others of its file stay in: they are as they were, and the section is not. */
function ofRemoved(variables: readonly VariableChange[], path: string, context: RuleContext): RuleFinding[] {
  const { before: old, after: now } = context.versions.get(path) ?? {};
  if (context.profile !== 'kpatch' || old === undefined || now === undefined || !path.endsWith('.c')) return [];
  const removed = variables.flatMap(({ kind, before }) => (kind === 'removed' && !isPerCpu(before) && !isStaticKey(before) && before.conditions.length === 0 ? [before] : []));
  return [...new Set(removed.flatMap(({ attributes }) => attributes.flatMap((attribute) => sectionName(attribute) ?? [])))].flatMap((section): RuleFinding[] => {
    const isIn = ({ attributes, isExtern, conditions }: VariableFact): boolean => !isExtern && conditions.length === 0 && attributes.some((attribute) => sectionName(attribute) === section);
    const gone = removed.filter((fact) => isIn(fact) && isCompiled(fact, old));
    const left = now.variables.find((fact) => isIn(fact) && isCompiled(fact, now));
    const isIgnored = now.registrations.some(({ macro, args }) => macro === 'KPATCH_IGNORE_SECTION' && args[0] === `"${section}"`);
    if (left === undefined || isIgnored || gone.length === 0) return [];
    // What is new in an ignored section would be looked for in the running kernel.
    const hasNew = variables.some(({ kind, after }) => kind === 'added' && isIn(after));
    const end = context.textOf(path, 'after')?.length ?? 0;
    const fix: Fix = { edits: () => [{ path, range: { start: end, end }, text: `\n${now.includes.some((include) => include.path.endsWith('kpatch-macros.h')) ? '' : '#include "kpatch-macros.h"\n'}KPATCH_IGNORE_SECTION("${section}");\n` }] };
    return [
      {
        path,
        range: left.nameRange,
        symbol: left.name,
        severity: 'error',
        message: `${enumerate(gone.map(({ name }) => name))} ${gone.length === 1 ? 'is' : 'are'} gone from section ${section}, which ${left.name} shares: kpatch-build takes the whole section for changed, and refuses it.`,
        remedies: [{ kind: 'build-option', title: `Have kpatch-build ignore the section: KPATCH_IGNORE_SECTION("${section}")`, ...(hasNew ? {} : { fix }) }],
      },
    ];
  });
}

/** gcc leaves out a static one that nobody refers to; of one with a section of its own it makes no constant, even if nobody writes it. */
function isCompiled({ name, isStatic }: VariableFact, facts: FileFacts): boolean {
  return !isStatic || [facts.functions, facts.variables, facts.macros].some((all) => all.some(({ mentions }) => mentions.includes(name))) || facts.registrations.some(({ args }) => args.includes(name));
}

/** Of the macros of include/linux/{cache,init,linkage}.h that name a section, and of the attribute itself. */
function sectionName(attribute: string): string | undefined {
  return { __read_mostly: '.data..read_mostly', __ro_after_init: '.data..ro_after_init', __page_aligned_data: '.data..page_aligned', __page_aligned_bss: '.bss..page_aligned' }[attribute] ?? /^__section\s*\(\s*"([^"]+)"\s*\)$/.exec(attribute)?.[1];
}

const sectionsOf = (attributes: readonly string[], isConstant: boolean): string[] => [...sectionAttributes(attributes), ...(isConstant ? ['const'] : [])];

/** A new object is the patch's own; what is said of the patch's memory holds for it. */
function ofNew(name: string, attributes: readonly string[], { profile }: RuleContext, fix: Fix | undefined): Pick<RuleFinding, 'severity' | 'message' | 'remedies'>[] {
  const [attribute] = attributes;
  if (attribute === undefined) return [];
  const remedies: RuleFinding['remedies'] = [{ kind: 'rewrite', title: `Define ${name} without ${attributes.join(' ')}`, ...(fix === undefined ? {} : { fix }) }];
  if (profile === 'kpatch') return [{ severity: 'error', message: `${name} is new and ${attribute}: it shares a section with other variables, which kpatch-build refuses to take over.`, remedies }];
  if (isFreed(attributes)) return [{ severity: 'warning', message: `${name} is new and ${attribute}: its memory is given back when the patch has been loaded, before patched code runs.`, remedies }];
  if (attribute === '__ro_after_init') return [{ severity: 'warning', message: `${name} is new and ${attribute}: it is read-only when the patch has been loaded, before patched code runs.`, remedies }];
  return [];
}

/** Words taken out of a declaration; undefined where its text does not have them so. */
function without(words: readonly string[], path: string, { start, end }: Range, context: RuleContext): Fix | undefined {
  const text = context.textOf(path, 'after')?.slice(start, end) ?? '';
  const places = words.map((word) => [text.indexOf(word), word.length] as const);
  if (places.some(([at]) => at < 0)) return undefined;
  // With the space in front, or at the beginning with that behind.
  const edits = places.map(([at, length]): TextChange => {
    const from = at - (/[ \t]*$/.exec(text.slice(0, at))?.[0].length ?? 0);
    const to = at + length + (from === 0 ? (/^[ \t]*/.exec(text.slice(at + length))?.[0].length ?? 0) : 0);
    return { path, range: { start: start + from, end: start + to }, text: '' };
  });
  return { edits: () => edits };
}

function ofNewLocal(owner: FunctionFact, local: StaticLocalFact, path: string, context: RuleContext): RuleFinding[] {
  const text = ownText(owner, local, context.textOf(path, 'after'));
  if (isSpecialStatic(local.name, text)) return [];
  const attributes = text.replace(/=.*$/s, '').match(/\b(__read_mostly|__ro_after_init|__initdata|__initconst|__section\s*\([^)]*\))/g) ?? [];
  return ofNew(local.name, attributes, context, without(attributes, path, inside(owner, local.range), context)).map((found) => ({ path, range: nameRangeIn(owner, local), function: owner.name, symbol: local.name, ...found }));
}
