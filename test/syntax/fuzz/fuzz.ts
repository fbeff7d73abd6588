/** Tries every reader on mutants of files: no exception but its own, no hang, a sound answer, and the same one twice. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutantOf } from './mutants';
import { readers, type FuzzedReader, type SourceKind } from './readers';

/** Seconds of processor time that reading one file twice may take; the largest take a twentieth of it. Processor time, as the machine may have other things to do. */
const LONGEST = 4;

/** @param mutants how many each reader is tried on */
export function fuzz(files: Readonly<Record<SourceKind, readonly Buffer[]>>, mutants: (reader: FuzzedReader) => number): void {
  describe.each(readers)('$name', (reader) => {
    it(`any of ${mutants(reader)} broken files`, { timeout: 300_000 }, async () => {
      const property = fc.asyncProperty(mutantOf(files[reader.reads]), async (bytes) => {
        const before = process.cpuUsage();
        await expectAnswer(reader, bytes);
        const { user, system } = process.cpuUsage(before);
        expect((user + system) / 1e6).toBeLessThan(LONGEST);
      });
      await fc.assert(property, { seed: 20261121, numRuns: mutants(reader) });
    });
  });
}

export async function expectAnswer(reader: FuzzedReader, bytes: Buffer): Promise<void> {
  const first = await answerOf(reader, bytes);
  expect(await answerOf(reader, bytes)).toEqual(first);
  if (!(first instanceof Error)) reader.check?.(bytes, first);
}

async function answerOf({ read, refuses }: FuzzedReader, bytes: Buffer): Promise<unknown> {
  try {
    return await read(bytes);
  } catch (error) {
    if (refuses !== undefined && error instanceof refuses) return error;
    throw error;
  }
}
