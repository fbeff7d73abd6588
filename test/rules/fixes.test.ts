/** Every fix a fixture's findings offer: applied and analyzed again, the finding is gone and nothing worse came. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Finding } from '../../server/src/rules/finding';
import { analyzed, applied, parse, type Judged } from './fixture';

const folder = join(import.meta.dirname, 'fixtures');
const cases = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.c'));

/** The slugs whose catalogue entry has a mechanical way out; each has a fixture that offers it. */
const FIXABLE: readonly string[] = [
  'struct-layout', 'reserved-field', 'enum-value', 'variable-initializer', 'ops-table', 'variable-type', 'percpu-variable', 'static-local-removed', 'static-local-reset', 'removed-variable', 'once-macro', 'section-attribute', 'static-key-definition',
  'notrace', 'inline-notrace', 'syscall-wrapper', 'special-text-section', 'linkage-change', 'signature-change', 'removed-function', 'late-module', 'callback-misuse', 'static-key-branch', 'static-call', 'header-fanout', 'optimized-clone', 'inline-flip', 'line-shift', 'sibling-call', 'symbol-version', 'shadow-lifecycle', 'unpatch-hazard', 'init-code', 'unpatchable-path', 'alloc-free-pair', 'refcount-protocol', 'export-change', 'btf-registration', 'boot-registration', 'tracepoint', 'build-change', 'weak-symbol',
];
const offered = new Set<string>();

it.each(cases)('%s', async (name) => {
  const fixture = await analyzed(parse(readFileSync(join(folder, name), 'utf8')));
  for (const finding of fixture.analysis.findings) {
    for (const { title, fix } of finding.remedies) {
      const edits = fix?.edits() ?? [];
      if (edits.length === 0) continue;
      offered.add(finding.rule);
      const again = await analyzed({ ...fixture.input, after: applied(fixture.input, edits) });
      const now = again.analysis.findings.map(identity);
      expect(now, `${title}: the finding is gone`).not.toContain(identity(finding));
      expect(errors(again).filter((one) => !errors(fixture).includes(one)), `${title}: no worse one came`).toEqual([]);
    }
  }
});

it('every mechanical way out is offered by some fixture', () => {
  expect(FIXABLE.filter((slug) => !offered.has(slug))).toEqual([]);
});

const identity = ({ rule, path, function: name, symbol, through }: Finding): string => [rule, path, name, symbol, through].join(' ');
const errors = ({ analysis }: Judged): string[] => analysis.findings.filter((finding) => finding.severity === 'error').map(identity);
