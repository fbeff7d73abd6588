/** Kernel-like sources, and ways to break them: what the properties of this room are tried on. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';

const folder = join(import.meta.dirname, 'fixtures');

/** The fixtures, whole. */
export const fixtures: readonly string[] = readdirSync(folder)
  .filter((name) => /\.[ch]$/.test(name))
  .map((name) => readFileSync(join(folder, name), 'utf8'));

/** Words that mean something to a reader of C, and characters that mean trouble. */
const pieces = [
  '(', ')', '{', '}', '[', ']', ';', ',', '=', '*', ':', '"', "'", '\\', '\\\n', '/*', '*/', '//', '#', '\n', '\r\n', '\r', ' ', '\t', '\f', '\0', '\ufeff', '\u00a0', '\ud800', '\udc00', 'é',
  '#if 0\n', '#if A\n', '#ifdef B\n', '#else\n', '#elif C\n', '#endif\n', '#define X(', '#include <', '...', '->', '++', '0x', '1e+', '.5',
  'static ', 'struct ', 'union ', 'enum ', 'typedef ', 'extern "C" {', 'int ', 'inline ', '__init ', '__attribute__((', '__foo ', 'case ', 'typeof(', 'asm(', 'SYSCALL_DEFINE1(', 'DEFINE_MUTEX(', 'EXPORT_SYMBOL(', 'list_for_each(', 'DECLARE_BITMAP(', 'x', 'f(a, b)', '\n}\n', '\nint f(void)\n{\n',
];

interface Mutation {
  /** Where, as a share of the text's length. */
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.oneof(fc.constant(0), fc.nat(4), fc.nat(400)),
  insert: fc.oneof(fc.constantFrom(...pieces), fc.constantFrom(...pieces).chain((piece) => fc.integer({ min: 2, max: 300 }).map((times) => piece.repeat(times))), fc.string({ unit: 'binary', maxLength: 8 })),
});

export function mutate(text: string, { at, remove, insert }: Mutation): string {
  const offset = Math.floor(at * text.length);
  return text.slice(0, offset) + insert + text.slice(offset + remove);
}

/** One of the fixtures with a few mutations. */
export const brokenSource: fc.Arbitrary<string> = fc.tuple(fc.constantFrom(...fixtures), fc.array(mutation, { maxLength: 6 })).map(([text, mutations]) => mutations.reduce(mutate, text));

/** A text made of pieces alone. */
export const pieceSource: fc.Arbitrary<string> = fc.array(fc.constantFrom(...pieces), { maxLength: 120 }).map((parts) => parts.join(''));

export const anySource: fc.Arbitrary<string> = fc.oneof(brokenSource, pieceSource, fc.string({ unit: 'binary', maxLength: 200 }));
export { mutation };
