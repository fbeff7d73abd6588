/** Facts about some words alone: what they tell of these is what the facts of the whole text tell. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { extractFacts } from '../../server/src/syntax/extract';
import type { FileFacts } from '../../server/src/syntax/facts';

const folder = join(import.meta.dirname, 'fixtures');
const KINDS = ['records', 'enums', 'typedefs', 'variables', 'functions', 'prototypes'] as const;

const named = (facts: FileFacts, name: string): unknown[] => KINDS.flatMap((kind) => facts[kind].filter((fact) => fact.name === name));

it.each(readdirSync(folder).filter((name) => /\.[ch]$/.test(name)))('%s', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');
  const whole = extractFacts(text);
  const names = new Set(KINDS.flatMap((kind) => whole[kind].map(({ name }) => name)).filter((name) => name !== '' && new RegExp(`\\b${name}\\b`).test(text)));
  for (const name of names) {
    const about = extractFacts(text, undefined, [name]);
    expect(named(about, name), name).toEqual(named(whole, name));
    expect([about.macros, about.includes, about.lineStarts]).toEqual([whole.macros, whole.includes, whole.lineStarts]);
  }
});

it('leaves the rest unread', () => {
  const text = 'struct depot { int a; };\nstruct yard { struct depot first; };\nstruct depots { int b; };\nint yard_size = sizeof(struct yard);\n';
  const { records, variables } = extractFacts(text, undefined, ['depot']);
  expect(records.map(({ name }) => name)).toEqual(['depot', 'yard']);
  expect(variables).toEqual([]);
});
