/** Reading only what is asked for tells the same of it as reading everything, in whole files and in broken ones. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placesOf, SpotScanner, type SourceReader } from '../../../server/src/kernel/index/spotScanner';
import { definitions, uses } from '../../../server/src/kernel/index/uses';
import { PADDING } from '../../../server/src/syntax/scan/byteLexer';
import { Space } from '../../../server/src/syntax/scan/names';
import { extremes } from '../../syntax/extremes';
import { mutantOf } from '../../syntax/fuzz/mutants';

const root = join(import.meta.dirname, '../..');
const sources = ['syntax/fixtures', 'syntax/scan/fixtures', 'sample']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(root, folder, path)))
  .filter((path) => /\.[ch]$/.test(path))
  .map((path) => readFileSync(path));

function sourceOf(text: Uint8Array): SourceReader {
  const bytes = new Uint8Array(text.length + PADDING);
  bytes.set(text);
  return { bytes, length: text.length, read: () => true };
}

const wordsOf = (text: Buffer): string[] => [...new Set(text.toString('latin1').match(/[A-Za-z_]\w*/g))];

/** What is told of some words of the file scanned last. */
const told = (scanner: SpotScanner, words: readonly string[]): unknown[] => words.flatMap((word) => Object.values(Space).flatMap((space) => {
  const id = scanner.find(word, space);
  return id < 0 ? [] : [uses, definitions].flatMap((question) => [...question.inBlock(scanner.block(), id, 'a.c', scanner.nameOf)]);
}));

/** The same, all of the file read, and as much as the words take. */
function bothWays(text: Uint8Array, words: readonly string[]): { all: unknown[]; asked: unknown[] } {
  const [whole, part] = [new SpotScanner(), new SpotScanner()];
  const source = sourceOf(text);
  whole.scan(source);
  part.scan(source, placesOf(words.map((word) => Buffer.from(word)), source));
  return { all: told(whole, words), asked: told(part, words) };
}

it('tells the same of each word of each file', { timeout: 120_000 }, () => {
  const [whole, part] = [new SpotScanner(), new SpotScanner()];
  let found = 0;
  for (const text of sources) {
    const source = sourceOf(text);
    whole.scan(source);
    for (const word of wordsOf(text)) {
      part.scan(source, placesOf([Buffer.from(word)], source));
      const all = told(whole, [word]);
      found += all.length;
      expect(told(part, [word]), word).toEqual(all);
    }
  }
  expect(found).toBeGreaterThan(1000);
});

it('tells the same of some words of broken files', { timeout: 120_000 }, () => {
  fc.assert(fc.property(mutantOf(sources), fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), (text, picked) => {
    const all = wordsOf(text);
    const words = [...new Set(picked.map((one) => all[one % all.length] ?? 'nobody'))];
    const { all: right, asked } = bothWays(text, words);
    expect(asked).toEqual(right);
  }), { seed: 20261121, numRuns: 1500 });
});

it.each(Object.entries(extremes))('%s: reads it in the end', { timeout: 120_000 }, (_, text) => {
  const whole = Buffer.from(`${text}\nint last_of_all(void) { return last_of_all(); }\n`);
  const { all, asked } = bothWays(whole, ['last_of_all']);
  expect(asked).toEqual(all);
});
