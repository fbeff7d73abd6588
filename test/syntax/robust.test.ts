/** Whatever the text: no exception, ranges inside the text, the same facts twice, and the same from an incremental reader. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FactReader, extractFacts } from '../../server/src/syntax/extract';
import type { FileFacts } from '../../server/src/syntax/facts';
import { tokenize } from '../../server/src/syntax/tokens';
import { extremes } from './extremes';
import { expectSound } from './sound';
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

describe('extremes', () => {
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
