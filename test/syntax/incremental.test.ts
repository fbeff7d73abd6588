/** What a reader takes over from the text before: the same facts as read from scratch, and for an edit no more work than the edit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FactReader, extractFacts } from '../../server/src/syntax/extract';
import { retokenize } from '../../server/src/syntax/retokenize';
import { tokenize, type Tokens } from '../../server/src/syntax/tokens';
import { anySource, fixtures, mutate, mutation } from './sources';

const seeded = (numRuns: number): fc.Parameters<unknown> => ({ seed: 20261121, numRuns });
const edits = fc.array(mutation, { minLength: 1, maxLength: 6 });

/** What open and close: each is taken back, by and by, as a person does. */
const openers = ['/*', '*/', '"', "'", '{', '}', '(', '\\', '#', '//', '#if 0\n', '#else\n', '\n', 'x', '\\\n', '"a\\\n', '.', '..', '<', 'R"('];

describe('tokens of an edited text', () => {
  it('are those of the text read from scratch', () => {
    fc.assert(
      fc.property(anySource, edits, (source, mutations) => {
        let text = source;
        let tokens = tokenize(text);
        for (const one of mutations) {
          const changed = mutate(text, one);
          const { tokens: now, kept } = retokenize(tokens, changed);
          expect(plain(now)).toEqual(plain(tokenize(changed)));
          expect(kept.prefix + kept.suffix).toBeLessThanOrEqual(Math.min(tokens.count, now.count));
          [text, tokens] = [changed, now];
        }
      }),
      seeded(1500),
    );
  });

  it('are kept but for those at the edit', () => {
    const text = fixtures.join('\n');
    const tokens = tokenize(text);
    const at = text.indexOf(';', text.length / 2);
    const changed = `${text.slice(0, at)} + 1${text.slice(at)}`;
    const { tokens: now, kept } = retokenize(tokens, changed);
    expect(now.count - kept.prefix - kept.suffix).toBeLessThanOrEqual(4);
  });
});

describe('a reader', () => {
  it('gives the facts of the text read from scratch, whatever is opened, closed and taken back', () => {
    const typed = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), insert: fc.constantFrom(...openers), back: fc.boolean() });
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), fc.array(typed, { minLength: 1, maxLength: 8 }), (source, keys) => {
        const reader = new FactReader();
        reader.read(source);
        let text = source;
        for (const { at, insert, back } of keys) {
          const before = text;
          text = mutate(text, { at, remove: 0, insert });
          expect(reader.read(text)).toEqual(extractFacts(text));
          if (!back) continue;
          text = before;
          expect(reader.read(text)).toEqual(extractFacts(text));
        }
      }),
      seeded(300),
    );
  });

  const functions = Array.from({ length: 200 }, (_, index) => `static int depot_get_${index}(struct depot *depot)\n{\n\treturn depot->slots[${index}];\n}\n`);
  const text = `#include <linux/depot.h>\n\n${functions.join('\n')}`;
  const edited = text.replace('slots[100]', 'slots[100] + 1');

  it('parses nothing but the item that was edited', () => {
    const reader = new FactReader();
    reader.read(text);
    expect(reader.parsed).toBe(200);
    reader.read(edited);
    expect(reader.parsed).toBe(201);
    reader.read(`/* depot */\n${edited}`);
    expect(reader.parsed).toBe(201);
  });

  it('parses nothing when a comment that swallowed the rest is closed', () => {
    const reader = new FactReader();
    reader.read(text);
    const open = `${text.slice(0, 25)}/*${text.slice(25)}`;
    expect(reader.read(open).functions).toEqual([]);
    reader.read(open.replace('/*', '/* depot *'));
    reader.read(open.replace('/*', '/* depot */'));
    expect(reader.parsed).toBe(200);
  });

  it('gives the same objects for what stands where it stood', () => {
    const reader = new FactReader();
    const before = reader.read(text);
    const after = reader.read(edited);
    const same = after.functions.filter((fact, index) => fact === before.functions[index]);
    expect(same).toHaveLength(100);
    expect(after.functions[150]?.calls).toBe(before.functions[150]?.calls);
    expect(reader.read(edited)).toBe(after);
  });
});

const plain = ({ text, count, kind, start, end, hash, unterminated }: Tokens): unknown => ({ text, count, unterminated, lists: [kind, start, end, hash].map((list) => [...list.subarray(0, count)]) });
