/** The rules' manual, one page each, made from the rules themselves. */
import { rules } from './registry';
import type { Rule } from './rule';

/** File name -> Markdown. A test keeps docs/rules in step. */
export function manualPages(): Map<string, string> {
  return new Map([['README.md', overview()], ...rules.map((rule): [string, string] => [`${rule.slug}.md`, page(rule)])]);
}

function page(rule: Rule): string {
  return `# ${rule.slug}\n\n**${rule.title}.** ${severityText(rule)}\n${rule.manual}`;
}

function severityText({ severity }: Rule): string {
  const { 'klp-build': klpBuild, kpatch } = severity;
  return klpBuild === kpatch ? `Severity: ${klpBuild}.` : `Severity: ${klpBuild} with klp-build, ${kpatch} with kpatch-build.`;
}

function overview(): string {
  const rows = rules.map((rule) => `| [${rule.slug}](${rule.slug}.md) | ${rule.title} | ${rule.severity['klp-build']} | ${rule.severity.kpatch} |`);
  return `# The rules

What Livepatch Studio looks for in an edit, and with which severity for the tool that builds the patch. Each page is written
from the rule itself (\`server/src/rules\`). What no rule judges makes the verdict *undecided*, never *patchable*.

| rule | an edit in which … | klp-build | kpatch |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
