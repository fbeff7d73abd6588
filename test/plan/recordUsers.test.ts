/** Whom members that move are said to reach, against whose machine code gcc changes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { diffFacts } from '../../server/src/change/diff';
import { recordUsers } from '../../server/src/plan/recordUsers';
import { extractFacts } from '../../server/src/syntax/extract';
import { readObjectFile } from '../sample/object-file';

const before = readFileSync(join(import.meta.dirname, 'fixtures/recordUsers.c'), 'utf8');
const after = before.replace('/* ADDED */', 'long flags;');

it('tells the functions that gcc compiles differently', () => {
  const now = extractFacts(after);
  const users = recordUsers(diffFacts('demo.c', extractFacts(before), now), now).flatMap((one) => one.users.map(({ name }) => name));
  const [old, changed] = [compiled(before), compiled(after)];
  expect([...new Set(users)].sort()).toEqual([...changed.keys()].filter((name) => changed.get(name) !== old.get(name)).sort());
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
