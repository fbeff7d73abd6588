/** Every format and every variant of sysrq-t's headers, each with what is read from it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSnapshot, type SnapshotFormat } from '../../../server/src/simulate/snapshots';
import { summary } from './summary';

const folder = new URL('fixtures/', import.meta.url);
const fixtures = readdirSync(folder).filter((name) => !name.endsWith('.md')).sort();

/** UPDATE_GOLDEN=1 writes the golden files anew. */
function expectGolden(name: string, actual: string): void {
  const path = new URL(`golden/${name}`, import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, actual);
  expect(actual).toBe(readFileSync(path, 'utf8'));
}

const FORMATS: Readonly<Record<string, SnapshotFormat>> = { collector: 'collector', sysrq: 'sysrq', hung: 'sysrq', crash: 'crash', perf: 'perf', bpftrace: 'bpftrace', offcputime: 'bpftrace', proc: 'proc', patch: 'proc' };

describe.each(fixtures)('%s', (name) => {
  const text = readFileSync(new URL(name, folder), 'utf8');

  it('is recognized and read as before', () => {
    const snapshot = parseSnapshot(text);
    expect(snapshot?.format).toBe(FORMATS[name.split(/[-.]/)[0] ?? '']);
    if (snapshot !== undefined) expectGolden(`${name}.txt`, summary(snapshot));
  });

  it('is read the same with the line ends of another system', () => {
    expect(parseSnapshot(text.replaceAll('\n', '\r\n'))).toEqual(parseSnapshot(text));
  });
});

it('has a fixture for every format', () => {
  expect(new Set(fixtures.map((name) => FORMATS[name.split(/[-.]/)[0] ?? '']))).toEqual(new Set(['collector', 'sysrq', 'crash', 'perf', 'bpftrace', 'proc']));
});

it('the form shown in the manual is read in full', () => {
  const manual = readFileSync(new URL('../../../docs/snapshots.md', import.meta.url), 'utf8');
  const shown = manual.slice(manual.indexOf('    machine release='), manual.indexOf('One paragraph per thread')).replace(/^ {4}/gm, '');
  const snapshot = parseSnapshot(shown);
  expect(snapshot?.tasks.map(({ comm, pid, kind, frames }) => ({ comm, pid, kind, frames: frames.length }))).toEqual([{ comm: 'nfsd', pid: 834, kind: 'kthread', frames: 2 }]);
  expect(snapshot).toMatchObject({ untold: [], malformed: { count: 0 }, facts: { hz: 250, cpus: 4, kernelVersion: '6.1.0-56-amd64' } });
});

describe('what is no snapshot', () => {
  it.each(['', 'hello\n', '{"tasks": []}', 'diff --git a/f b/f\n@@ -1 +1 @@\n-a\n+b\n', '\0\0\0', 'PID: 12\n', 'task: buy milk\n'])('%j', (text) => {
    expect(parseSnapshot(text)).toBeUndefined();
  });
});
