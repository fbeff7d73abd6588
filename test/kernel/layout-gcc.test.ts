/** The layout engine against gcc: thousands of random records, every size, alignment and offset. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutOf, type LayoutTypes, type RecordLayout } from '../../server/src/kernel/layout';
import { extractFacts } from '../../server/src/syntax/extract';
import type { RecordFact } from '../../server/src/syntax/facts';
import { CONSTANTS, ENUMS, field, PREAMBLE, record, recordNamed, type RecordText } from './records';

/** One line for a record and one for each member with a name: what the engine says and what gcc says must be the same text. */
function linesOf(name: string, layout: RecordLayout): string[] {
  const named = layout.fields.filter((field) => field.path !== '');
  return [
    `${name} ${layout.size ?? '?'} ${layout.align ?? '?'}${layout.unknown === undefined ? '' : ` (${layout.unknown})`}`,
    ...named.map((field) => `${name}.${field.path} ${field.bits === undefined ? `${field.offset ?? '?'} ${field.size ?? '?'}` : `bit ${(field.offset ?? NaN) * 8 + (field.bitOffset ?? NaN)}`}`),
  ];
}

/** A program that prints those lines; the first bit of a bit-field is found by setting it. */
function program(records: readonly RecordText[], layouts: readonly RecordLayout[]): string {
  const prints = records.map(({ text, fact: { name } }, index) => {
    const fields = (layouts[index]?.fields ?? []).filter((field) => field.path !== '');
    const lines = fields.map(({ path, bits }) => {
      if (bits !== undefined) return `{ struct ${name} v; memset(&v, 0, sizeof(v)); v.${path} = -1; printf("${name}.${path} bit %d\\n", first(&v, sizeof(v))); }`;
      const isFlexible = text.includes(` ${path}[];`);
      return `printf("${name}.${path} %zu %zu\\n", offsetof(struct ${name}, ${path}), ${isFlexible ? '(size_t)0' : `sizeof(((struct ${name} *)0)->${path})`});`;
    });
    return `static void print_${name}(void) {\n\tprintf("${name} %zu %zu\\n", sizeof(struct ${name}), _Alignof(struct ${name}));\n${lines.map((line) => `\t${line}\n`).join('')}}\n`;
  });
  const first = 'static int first(const void *p, size_t n) { const unsigned char *b = p; for (size_t i = 0; i < 8 * n; i++) if (b[i / 8] >> (i % 8) & 1) return (int)i; return -1; }\n';
  return `${PREAMBLE}${first}${records.map(({ text }) => text).join('')}${prints.join('')}int main(void) { ${records.map(({ fact }) => `print_${fact.name}();`).join(' ')} return 0; }\n`;
}

function gcc(source: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'layout-'));
  try {
    writeFileSync(join(folder, 'a.c'), source);
    execFileSync('gcc', ['-std=gnu11', '-O0', '-w', '-o', join(folder, 'a'), join(folder, 'a.c')], { stdio: ['ignore', 'ignore', 'pipe'] });
    return execFileSync(join(folder, 'a'), { encoding: 'utf8' }).trimEnd().split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function typesFor(records: readonly RecordFact[]): LayoutTypes {
  const byName = new Map(records.map((fact) => [fact.name, fact]));
  return { record: (kind, name) => (kind === 'struct' ? byName.get(name) : undefined), enumeration: (name) => ENUMS.find((fact) => fact.name === name), constant: (name) => CONSTANTS[name] };
}

const BATCH = 250;
const names = Array.from({ length: BATCH }, (_, index) => `r${index}`);
const batchOf = (nameless: boolean): fc.Arbitrary<RecordText[]> => fc.tuple(...names.map((name, index) => recordNamed(name, names.slice(Math.max(0, index - 3), index), nameless)));

/** The first line on which gcc, given the text, and the engine, given the facts, differ. */
function difference(records: readonly RecordText[], facts: readonly RecordFact[]): string | undefined {
  const layouts = facts.map((fact) => layoutOf(fact, typesFor(facts)));
  const expected = gcc(program(records, layouts));
  const actual = layouts.flatMap((layout, index) => linesOf(facts[index]?.name ?? '', layout));
  const at = expected.findIndex((line, index) => line !== actual[index]);
  if (at === -1 && actual.length === expected.length) return undefined;
  const name = /^\w+/.exec(expected[at] ?? '')?.[0];
  return `gcc: ${expected[at] ?? ''}\nengine: ${actual[at] ?? ''}\n${records.find(({ fact }) => fact.name === name)?.text ?? ''}`;
}

/** Fixed, so that a failure is the change's and not the day's; SEED=… looks elsewhere. */
const seed = Number(process.env['SEED'] ?? 20261121);

describe('layouts agree with gcc', () => {
  test('3000 random records', () => {
    for (const records of fc.sample(batchOf(true), { numRuns: 3000 / BATCH, seed })) {
      const facts = records.map(({ fact }) => fact);
      expect(difference(records, facts), `SEED=${seed}`).toBeUndefined();
    }
  });

  // tree-sitter-c loses the member behind a nameless bit-field of an enum type; linux 6.1 has none. The next test has the others.
  test('500 random records without nameless bit-fields, read from their text', () => {
    for (const records of fc.sample(batchOf(false), { numRuns: 500 / BATCH, seed })) {
      const facts = readFacts(records);
      expect(difference(records, facts), `SEED=${seed}`).toBeUndefined();
    }
  });

  test('nameless bit-fields, read from their text', () => {
    const { text, fact } = { text: 'struct r0 {\n\tu8 :3;\n\tint m1:2;\n\tlong long :9;\n};\n', fact: record('r0', 'struct', [], [field('u8', '', { bits: '3' }), field('int', 'm1', { bits: '2' }), field('long long', '', { bits: '9' })]) };
    const facts = readFacts([{ text, fact }]);
    expect(difference([{ text, fact }], facts)).toBeUndefined();
  });
});

function readFacts(records: readonly RecordText[]): RecordFact[] {
  const facts = extractFacts(records.map(({ text }) => text).join('\n'));
  const read = records.flatMap(({ fact: { name } }) => facts.records.find((fact) => fact.name === name) ?? []);
  expect(read.map((fact) => fact.name)).toEqual(records.map(({ fact }) => fact.name));
  return read;
}
