/** Private copies of the helpers that hide a patch site, mended, for a function of a .c file of the edit. */
import { evaluateCondition } from '../../kernel/conditions';
import type { PlannedFunction } from '../../plan/plan';
import type { Range } from '../../syntax/facts';
import { bodyTokens } from '../body';
import { behindIncludes, copyName, functionNamed } from '../edited';
import type { Fix, TextChange } from '../finding';
import type { RuleContext } from '../rule';
import { headersOf, type Site } from './sites';

interface Helper {
  readonly name: string;
  /** As its file has it, and static. */
  readonly text: string;
  /** Of the name, in `text`. */
  readonly nameAt: number;
  /** Where the copy goes in the function's own file; for a helper of a header, behind the includes. */
  readonly behind: number;
}

/**
 * Copies all helpers between the function and the site, and has the function call the first. Undefined where one of them cannot be copied: its text is not
 * known (yet), it has a static local, or it stands under a condition that does not hold for certain.
 *
 * @param mended the last helper's text with the site replaced, undefined where it cannot be
 * @param more further changes, in front of the copies
 */
export function helperCopies(context: RuleContext, planned: PlannedFunction, site: Site, mended: (text: string) => string | undefined, more: readonly TextChange[] = []): Fix | undefined {
  const { path, fact } = planned;
  const facts = context.versions.get(path)?.after;
  const [outermost] = site.through;
  if (outermost === undefined || facts?.functions.includes(fact) !== true || !path.endsWith('.c')) return undefined;
  const helpers = site.through.map((name) => helperOf(context, path, name));
  const last = helpers.at(-1);
  const end = last === undefined ? undefined : mended(last.text);
  if (helpers.includes(undefined) || end === undefined || end === last?.text) return undefined;
  const isThere = (name: string): boolean => functionNamed(facts, name) !== undefined || facts.macros.some((macro) => macro.name === name);
  const edits = (): TextChange[] => {
    const places = new Map<number, string[]>();
    // The innermost first: each calls the next.
    for (const [index, helper] of [...helpers.entries()].reverse()) {
      if (helper === undefined || isThere(copyName(context, helper.name))) continue;
      const next = site.through[index + 1];
      const named = `${helper.text.slice(0, helper.nameAt)}${copyName(context, helper.name)}${helper.text.slice(helper.nameAt + helper.name.length)}`;
      const copy = next === undefined ? (mended(named) ?? named) : named.replace(new RegExp(`\\b${next}(?=\\s*\\()`, 'g'), copyName(context, next));
      places.set(helper.behind, [...(places.get(helper.behind) ?? []), copy.trimEnd()]);
    }
    const calls = bodyTokens(context, path, 'after', fact).filter(({ text }) => text === outermost);
    return [
      ...more,
      ...[...places].map(([at, copies]): TextChange => ({ path, range: { start: at, end: at }, text: at === 0 ? `${copies.join('\n\n')}\n\n` : `\n\n${copies.join('\n\n')}` })),
      ...calls.map(({ at }): TextChange => ({ path, range: { start: at, end: at + outermost.length }, text: copyName(context, outermost) })),
    ];
  };
  return { edits };
}

function helperOf(context: RuleContext, path: string, name: string): Helper | undefined {
  const facts = context.versions.get(path)?.after;
  const own = functionNamed(facts, name) ?? facts?.macros.find((macro) => macro.name === name);
  if (own !== undefined) {
    const helper = cut(context.textOf(path, 'after'), name, own.range, own.nameRange.start, own.range.end);
    const isGlobal = 'isStatic' in own && !own.isStatic;
    return helper === undefined || !isGlobal ? helper : { ...helper, text: `static ${helper.text}`, nameAt: helper.nameAt + 'static '.length };
  }
  const hidden = headersOf(context).get(name);
  if (hidden?.conditions.every((condition) => evaluateCondition(condition, (option) => context.knowledge.config(option)) === true) !== true) return undefined;
  const text = context.versions.has(hidden.path) ? context.textOf(hidden.path, 'after') : context.knowledge.ask({ kind: 'text', path: hidden.path })?.text;
  return cut(text, name, hidden.range, hidden.start, behindIncludes(context, path));
}

/** The file may have changed since its facts were read: then the name is not where they say. */
function cut(text: string | undefined, name: string, { start, end }: Range, nameStart: number, behind: number): Helper | undefined {
  const own = text?.slice(start, end) ?? '';
  const nameAt = nameStart - start;
  if (!own.startsWith(name, nameAt) || /\{[^]*\bstatic\b/.test(own)) return undefined;
  return { name, text: own, nameAt, behind };
}
