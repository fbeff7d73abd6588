/** Whatever the text: no exception, ranges inside the text, the same facts twice, and the same from an incremental reader. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FactReader, extractFacts } from '../../server/src/syntax/extract';
import type { FileFacts, Range } from '../../server/src/syntax/facts';
import { tokenize } from '../../server/src/syntax/tokens';
import { anySource, brokenSource, fixtures, mutate, mutation } from './sources';

const seeded = (numRuns: number): fc.Parameters<unknown> => ({ seed: 20240607, numRuns });

describe('any text', () => {
  it('gives facts whose ranges lie in the text', () => {
    fc.assert(
      fc.property(anySource, (text) => {
        expectSound(text, extractFacts(text));
      }),
      seeded(800),
    );
  });

  it('gives the same facts twice, as plain data', () => {
    fc.assert(
      fc.property(anySource, (text) => {
        const facts = extractFacts(text);
        expect(extractFacts(text)).toEqual(facts);
        expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
      }),
      seeded(200),
    );
  });

  it('read after edits gives what it gives read from scratch', () => {
    fc.assert(
      fc.property(brokenSource, fc.array(mutation, { minLength: 1, maxLength: 5 }), (source, edits) => {
        const reader = new FactReader();
        reader.read(source);
        let text = source;
        for (const edit of edits) {
          text = mutate(text, edit);
          expect(reader.read(text)).toEqual(extractFacts(text));
        }
      }),
      seeded(200),
    );
  });

  it('splits into tokens that go forward and leave only blanks and comments between them', () => {
    fc.assert(
      fc.property(anySource, (text) => {
        const tokens = tokenize(text);
        let end = 0;
        for (let at = 0; at < tokens.count; at += 1) {
          const start = tokens.start[at] ?? -1;
          expect(start).toBeGreaterThanOrEqual(end);
          expect(between(text.slice(end, start))).toBe('');
          end = tokens.end[at] ?? -1;
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
        if (tokens.unterminated.length === 0) expect(between(text.slice(end))).toBe('');
      }),
      seeded(500),
    );
  });
});

describe('layout', () => {
  for (const [what, change] of Object.entries({
    'a byte order mark': (text: string) => `\ufeff${text}`,
    'CRLF line ends': (text: string) => text.replaceAll('\n', '\r\n'),
    'blank lines': (text: string) => text.replaceAll(';\n', ';\n\n'),
  })) {
    it(`${what} changes no token and no name`, () => {
      for (const text of fixtures) {
        const plain = extractFacts(text);
        const changed = extractFacts(change(text));
        expect(changed.tokenHash).toBe(plain.tokenHash);
        expect(changed.residueHash).toBe(plain.residueHash);
        expect(names(changed)).toEqual(names(plain));
        expectSound(change(text), changed);
      }
    });
  }
});

/**
 * Texts that made a naive reader take time by the square of their length. Doubling them has to cost about twice as much;
 * the sizes are such that a quadratic reader would run into the test's time limit instead.
 */
describe('extremes', () => {
  const extremes: Record<string, string> = {
    'unclosed parentheses': '('.repeat(50_000),
    'unclosed calls, a line each': 'a(\n'.repeat(100_000),
    'unclosed square brackets': '['.repeat(100_000),
    'unclosed braces': '{'.repeat(50_000),
    'unclosed functions': 'int f(void) {\n'.repeat(50_000),
    'unclosed attributes': 'int __attribute__((\n'.repeat(100_000),
    'nested #if': '#if A\n'.repeat(200_000),
    'nested #if and #else': '#if A\n#else\n'.repeat(100_000),
    'a long chain of #elif': `#if A\n${'#elif B\n'.repeat(20_000)}`,
    'nested initializers': `int t = ${'{'.repeat(20_000)}1${'}'.repeat(20_000)};`,
    'nested calls': `void f(void)\n{\n${'a('.repeat(50_000)}${')'.repeat(50_000)};\n}\n`,
    'nested records': `${'struct s {\n'.repeat(5_000)}int x;${'} a;\n'.repeat(5_000)}`,
    'pointers to pointers': `int ${'*'.repeat(20_000)}x;`,
    'old-style parameters': `int f(a) ${'int x;'.repeat(50_000)} int a; {}`,
    'closing braces': '}\n'.repeat(200_000),
    'one line of functions': 'int f(void){return 1;} '.repeat(50_000),
    'static locals of one name': `void f(void)\n{\n${'static int a;'.repeat(5_000)}\n}\n`,
    'half-open macros in a record': `struct s {\n${'M('.repeat(50_000)}\n};`,
    '3 MB of #define': Array.from({ length: 80_000 }, (_, index) => `#define DEPOT_FIELD_${index}_MASK 0x${index.toString(16)}\n`).join(''),
    'NUL bytes': '\0'.repeat(2_000_000),
    'a word of 2 MB': 'a'.repeat(2_000_000),
    'a string of 2 MB': `char *x = "${'\\\\'.repeat(1_000_000)}";`,
    '20 MB of functions': 'static int depot_add(struct depot *depot, int slot)\n{\n\treturn depot->slots[slot] + depot_base(depot, 42, "text of some length", slot);\n}\n\n'.repeat(150_000),
  };
  for (const [what, text] of Object.entries(extremes)) {
    it(what, { timeout: 120_000 }, () => {
      expectSound(text, extractFacts(text));
    });
  }

  it('takes no more conditions than it tells', () => {
    const { variables } = extractFacts(`${'#if A\n'.repeat(1000)}int depot;\n`);
    expect(variables).toHaveLength(1);
    expect(variables[0]?.conditions).toHaveLength(64);
  });

  it('says so when it gives up on nesting', () => {
    const { variables, problems } = extractFacts(`int depot = ${'('.repeat(300)}1${')'.repeat(300)};\nint next;\n`);
    expect(variables.map(({ name }) => name)).toEqual(['next']);
    expect(problems.map(({ kind }) => kind)).toEqual(['parse-error']);
  });
});

/** What may stand between tokens. */
const between = (text: string): string => text.replace(/\/\*[^]*?\*\/|\/\/(?:[^\n\\]|\\\r?\n|\\)*|\\\r?\n|[\0-\u0020\ufeff\u00a0]/g, '');

const names = (facts: FileFacts): string[] => [...facts.functions, ...facts.records, ...facts.variables, ...facts.macros].map(({ name, ordinal }) => `${name} ${ordinal}`);

function expectSound(text: string, facts: FileFacts): void {
  const wrong: string[] = [];
  const check = (what: string, range: Range, outer: Range = { start: 0, end: text.length }): void => {
    const sound = Number.isInteger(range.start) && outer.start <= range.start && range.start <= range.end && range.end <= outer.end;
    if (!sound && wrong.length < 5) wrong.push(`${what}: ${range.start}..${range.end} in ${outer.start}..${outer.end}`);
  };
  const lists = { function: facts.functions, record: facts.records, enum: facts.enums, typedef: facts.typedefs, variable: facts.variables, macro: facts.macros, prototype: facts.prototypes };
  for (const [kind, list] of Object.entries(lists)) {
    for (const fact of list) {
      check(`${kind} ${fact.name}`, fact.range);
      check(`name of ${kind} ${fact.name}`, fact.nameRange, fact.range);
    }
  }
  for (const fact of facts.functions) {
    check(`body of ${fact.name}`, fact.bodyRange, fact.range);
    const whole = { start: 0, end: fact.range.end - fact.range.start };
    for (const call of fact.calls) check(`call of ${call.name}`, { start: call.at, end: call.at + call.name.length }, whole);
    for (const local of fact.staticLocals) {
      check(`static local ${local.name}`, local.range, whole);
      check(`name of static local ${local.name}`, local.nameRange, whole);
    }
  }
  for (const fact of facts.variables) if (fact.initializerRange !== undefined) check(`initializer of ${fact.name}`, fact.initializerRange, fact.range);
  for (const fact of [...facts.exports, ...facts.registrations, ...facts.includes, ...facts.problems]) check('range', fact.range);
  expect(wrong).toEqual([]);
  expect(facts.lineStarts.every((start, index) => start <= text.length && (index === 0 || start > (facts.lineStarts[index - 1] ?? 0)))).toBe(true);
}
