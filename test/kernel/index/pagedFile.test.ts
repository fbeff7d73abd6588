/** What is read page by page is what lies in the file, whatever was read before and forgotten since. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { indexFile, NotAnIndexError, PAGE } from '../../../server/src/kernel/index/file';
import { PagedFile, type RandomAccess } from '../../../server/src/kernel/index/pagedFile';
import { PARTS, type Segment } from '../../../server/src/kernel/index/segment';

/** More than is kept of a file at a time (16 MB), in no regular pattern; words of letters with a zero behind each. */
const LENGTH = 24 << 20;
const content = Buffer.alloc(LENGTH);
let state = 1;
for (let at = 0; at < LENGTH; at += 1) {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  content[at] = (state >>> 16) % 23 === 0 ? 0 : 97 + ((state >>> 20) % 26);
}
const segment: Segment = { parts: PARTS.map((part) => (part === 'items' ? [content] : [])), files: 0, source: 0 };
// A piece is good until the next.
const whole = Buffer.concat(Array.from(indexFile('/tree', [], [segment]), (piece) => Buffer.from(piece)));

function inMemory(bytes: Buffer): RandomAccess & { reads: number } {
  const file = { length: bytes.length, reads: 0, read: (into: Uint8Array, offset: number): void => {
    file.reads += 1;
    into.set(bytes.subarray(offset, offset + into.length));
  } };
  return file;
}

const offset = fc.integer({ min: 0, max: LENGTH - 1 });
/** At random, near the border of a page, or one after the other for a while. */
const steps = fc.array(fc.oneof(
  fc.record({ kind: fc.constantFrom('number' as const, 'word' as const), at: offset, times: fc.constantFrom(1, 300), by: fc.constantFrom(4, 1000, PAGE, 3 * PAGE) }),
  fc.record({ kind: fc.constant('read' as const), at: offset, length: fc.constantFrom(1, 8, 100, PAGE, 5 * PAGE + 3, 33 * PAGE) }),
  fc.record({ kind: fc.constant('read' as const), at: offset.map((one) => Math.max(0, one - (one % PAGE) - 3)), length: fc.constantFrom(2, 3, 4, 7) }),
), { minLength: 20, maxLength: 60 });

it('gives what lies in the file', { timeout: 120_000 }, () => {
  const file = new PagedFile(inMemory(whole));
  fc.assert(fc.property(steps, (all) => {
    for (const step of all) {
      if (step.kind === 'read') {
        const length = Math.min(step.length, LENGTH - step.at);
        const bytes = file.read(step.at, length);
        expect(content.compare(bytes, 0, length, step.at, step.at + length)).toBe(0);
        expect(file.text(step.at, length)).toBe(content.toString('utf8', step.at, step.at + length));
        continue;
      }
      for (let time = 0, at = step.at; time < step.times && at < LENGTH; time += 1, at += step.by) {
        const aligned = at - (at % 4);
        if (step.kind === 'number') expect(file.number(aligned)).toBe(content.readUInt32LE(aligned));
        else {
          const end = content.indexOf(0, at);
          expect(file.textUntil(at, 0, LENGTH)).toBe(content.toString('utf8', at, end < 0 ? LENGTH : end));
        }
      }
    }
  }), { seed: 20261121, numRuns: 60 });
});

it('keeps what it read last, and reads neighbors at once', () => {
  const access = inMemory(whole);
  const file = new PagedFile(access);
  const before = access.reads;
  for (let at = 0; at < 64 * PAGE; at += 4) file.number(at);
  const first = access.reads - before;
  expect(first).toBeLessThan(64 / 4);
  for (let at = 0; at < 64 * PAGE; at += 4) file.number(at);
  expect(access.reads - before).toBe(first);
});

it('what is given stays as it is when its page is forgotten', () => {
  const file = new PagedFile(inMemory(whole));
  const given = file.read(100, 50);
  for (let at = 0; at < LENGTH; at += PAGE) file.number(at);
  expect(Buffer.from(given).equals(content.subarray(100, 150))).toBe(true);
});

it('a read outside the file, and of a damaged page, fails', () => {
  const damaged = Buffer.from(whole);
  damaged[40 * PAGE + 17] = (damaged[40 * PAGE + 17] ?? 0) ^ 1;
  const file = new PagedFile(inMemory(damaged));
  for (const read of [() => file.number(40 * PAGE), () => file.text(39 * PAGE, 2 * PAGE), () => file.read(0, 64 * PAGE), () => file.number(2 ** 40), () => file.read(-8, 4), () => file.read(LENGTH + (2 << 20), 8)]) expect(read).toThrow(NotAnIndexError);
  expect(file.number(0)).toBe(content.readUInt32LE(0));
});
