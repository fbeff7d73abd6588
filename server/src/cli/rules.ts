/** `livepatch-studio rules`: every rule there is, or one rule's page of the manual. */
import { manualPages } from '../rules/manual';
import { rules as registry } from '../rules/registry';
import type { Rule } from '../rules/rule';
import { jsonText } from './jsonText';
import { choice, parseWords, shown } from './options';
import { exit, UsageError, type ExitStatus, type Terminal } from './terminal';

export function rules(args: readonly string[], terminal: Terminal): ExitStatus {
  const line = parseWords(args, { format: { type: 'string' } });
  const [slug, surplus] = line.words;
  if (surplus !== undefined) throw new UsageError(`one rule at a time: ${shown(slug ?? '')} and ${shown(surplus)} are two words`);
  if (slug !== undefined && !registry.some((rule) => rule.slug === slug)) throw new UsageError(`there is no rule ${shown(slug)} (livepatch-studio rules lists them)`);
  const chosen = slug === undefined ? registry : registry.filter((rule) => rule.slug === slug);
  if (choice(line, 'format', ['human', 'json']) === 'json') terminal.out(jsonText({ schema: 1, rules: chosen.map(ruleJson) }));
  else terminal.out(slug === undefined ? overview() : (manualPages().get(`${slug}.md`) ?? ''));
  return exit.patchable;
}

const ruleJson = (rule: Rule): object => ({ slug: rule.slug, severity: rule.severity, text: rule.title, manual: `docs/rules/${rule.slug}.md` });

function overview(): string {
  const rows = [['rule', 'klp-build', 'kpatch', ''], ...registry.map((rule) => [rule.slug, rule.severity['klp-build'], rule.severity.kpatch, rule.title])];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}\n`).join('');
}
