/** Whom members that move are said to reach, against whose machine code gcc changes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { diffFacts } from '../../server/src/change/diff';
import type { Knowledge } from '../../server/src/kernel/knowledge';
import { recordUsers } from '../../server/src/plan/recordUsers';
import { extractFacts } from '../../server/src/syntax/extract';
import type { FileFacts } from '../../server/src/syntax/facts';
import { readObjectFile } from '../sample/object-file';

const before = readFileSync(join(import.meta.dirname, 'fixtures/recordUsers.c'), 'utf8');
const nothing: Knowledge = { ask: () => undefined, config: () => undefined };

it.each([
  { edit: 'a member in front of others', old: '/* ADDED */', now: 'long flags;' },
  { edit: 'a member where padding was', old: '/* HOLE */', now: 'int gates;' },
  { edit: 'two members where padding was', old: '/* HOLE */', now: 'short gates; char lamps;' },
  { edit: 'a member that is too large for the padding', old: '/* HOLE */', now: 'long gates;' },
  { edit: 'a member in the padding at the end', old: '/* TAIL */', now: 'int gates;' },
  { edit: 'a member at the end that is too large for the padding', old: '/* TAIL */', now: 'long gates;' },
  { edit: 'two members that change places', old: 'short rooms;\n\tshort doors;', now: 'short doors;\n\tshort rooms;' },
  { edit: 'a member in front of others that does not fit, of a record that another holds', old: 'long parcels;', now: 'long gates[2];\n\tlong parcels;' },
  { edit: 'the last member taken out, which leaves padding', old: '\tint spare;\n', now: '' },
  { edit: 'the last member taken out, and the size with it', old: '\tlong people;\n\tlong trees;\n', now: '\tlong people;\n' },
])('tells the functions that gcc compiles differently: $edit', ({ old, now }) => {
  const after = before.replace(old, now);
  expect(after).not.toBe(before);
  const facts = { before: extractFacts(before), after: extractFacts(after) };
  const found = recordUsers(diffFacts('demo.c', facts.before, facts.after), { versions: new Map([['demo.c', facts]]), knowledge: nothing });
  const [was, is] = [compiled(before), compiled(after)];
  expect([...new Set(found.flatMap((one) => one.users.map(({ name }) => name)))].sort()).toEqual([...is.keys()].filter((name) => is.get(name) !== was.get(name)).sort());
});

it('names every user of what stands behind the first difference where a layout is not known', () => {
  const open = (text: string): FileFacts => extractFacts(text.replace('struct demo_conn *conn;\n\tint shelves;', 'struct demo_conn *conn;\n\tdemo_unknown_t what;\n\tint shelves;'));
  const facts = { before: open(before), after: open(before.replace('/* HOLE */', 'int gates;')) };
  const found = recordUsers(diffFacts('demo.c', facts.before, facts.after), { versions: new Map([['demo.c', facts]]), knowledge: nothing });
  expect([...new Set(found.flatMap((one) => one.users.map(({ name }) => name)))].sort()).toEqual(['at_the_end', 'at_the_very_end', 'behind_depot', 'behind_hole', 'makes_depot', 'makes_town', 'within_town']);
});

function compiled(text: string): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'record-users-'));
  try {
    const [source, object] = [join(folder, 'demo.c'), join(folder, 'demo.o')];
    writeFileSync(source, text);
    execFileSync('gcc', ['-O2', '-c', '-o', object, source]);
    return new Map([...readObjectFile(readFileSync(object)).functions].map(([name, { fingerprint }]) => [name, fingerprint]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
