/** Parts of the rules' manual for reports: a rule's page is its own data (rules/manual.ts). */
import { rules } from '../rules/registry';
import type { Rule } from '../rules/rule';

const bySlug = new Map(rules.map((rule) => [rule.slug, rule]));

export function ruleOf(slug: string): Rule | undefined {
  return bySlug.get(slug);
}

/** What a rule's page says under "The way out", as one line without its example. */
export function wayOutOf(slug: string): string | undefined {
  const paragraph = /\*\*The way out\.\*\*\s*([\s\S]*?)\n\n/.exec(bySlug.get(slug)?.manual ?? '')?.[1];
  return paragraph === undefined ? undefined : plainText(paragraph).replace(/:$/, '.');
}

/** The condition, which is the first paragraph of a rule's page. */
export function conditionOf(rule: Rule): string {
  return plainText(rule.manual.trimStart().split('\n\n', 1)[0] ?? rule.title);
}

/** Without the marks of Markdown that the manual uses. */
function plainText(markdown: string): string {
  return markdown.replace(/\*\*|`/g, '').replace(/\s+/g, ' ').trim();
}
