/** `livepatch-studio rules`: every rule there is. */
import { rules as registry } from '../rules/registry';
import { choice, parseCommandLine } from './options';
import { exit, type ExitStatus, type Terminal } from './terminal';

export function rules(args: readonly string[], terminal: Terminal): ExitStatus {
  const line = parseCommandLine(args, { format: { type: 'string' } }, terminal);
  const all = registry.map((rule) => ({ slug: rule.slug, severity: rule.severity, text: rule.title, manual: `docs/rules/${rule.slug}.md` }));
  if (choice(line, 'format', ['human', 'json']) === 'json') terminal.out(`${JSON.stringify({ schema: 1, rules: all }, undefined, 2)}\n`);
  else {
    const rows = [['rule', 'klp-build', 'kpatch', ''], ...all.map((rule) => [rule.slug, rule.severity['klp-build'], rule.severity.kpatch, rule.text])];
    const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    terminal.out(rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}\n`).join(''));
  }
  return exit.patchable;
}
