/** Files broken byte by byte, the same ones for the same seed. */
import fc from 'fast-check';

/** What breaks readers when it stands where it should not: brackets, quotes, comments, directives, ends of lines, bytes that are no text, words of the formats that are read. */
const PIECES = [
  '{', '}', '(', ')', '[', ']', ';', '"', "'", '\\', '\\\n', '/*', '*/', '//', '\n}\n', '\r', '\n', '\0', '\x80', '\xff', '\xed\xa0\x80', '\xef\xbb\xbf', ',', '=', ':', '$', '$(', '${', '\t',
  '#if 0\n', '#if A\n', '#else\n', '#elif B\n', '#endif\n', '#define X(', 'struct s {', 'int f(void) {', '__attribute__((', 'SYSCALL_DEFINE1(', 'struct_group(', '({', '##', '...', 'typeof(',
  '@@ -1,2 +1,2 @@\n', '@@ -0,0 +1,999999999 @@\n', '--- a/x\n', '+++ b/x\n', 'diff --git a/x b/y\n', 'rename to z\n', '\\ No newline at end of file\n', 'From: x\n', '=?utf-8?q?=', '\n---\n', '\n-- \n', 'Content-Transfer-Encoding: base64\n\n',
  'obj-y += ', 'ifdef X\n', 'else\n', 'endif\n', 'include x\n', 'define x\n', '$(foreach x,', '$(call x,', '+= \\\n', 'config X\n', 'help\n', 'bool\n', 'CONFIG_X=', '="',
].map((piece) => Buffer.from(piece, 'latin1'));

type Mutation =
  | { readonly kind: 'cut' | 'flip' | 'drop' | 'move'; readonly at: number; readonly amount: number }
  | { readonly kind: 'storm'; readonly at: number; readonly piece: Buffer; readonly times: number };

/** Places are shares of the length: they mean something in every file. */
const place = fc.double({ min: 0, max: 1, noNaN: true });
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constantFrom('cut' as const, 'flip' as const, 'flip' as const, 'drop' as const, 'move' as const), at: place, amount: fc.nat(999) }),
  fc.record({ kind: fc.constant('storm' as const), at: place, piece: fc.constantFrom(...PIECES), times: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 2000 })) }),
);

function mutate(bytes: Buffer, change: Mutation): Buffer {
  const at = Math.floor(change.at * bytes.length);
  if (change.kind === 'storm') return Buffer.concat([bytes.subarray(0, at), ...Array.from({ length: change.times }, () => change.piece), bytes.subarray(at)]);
  const to = Math.min(at + change.amount, bytes.length);
  if (change.kind === 'cut') return bytes.subarray(0, at);
  if (change.kind === 'drop') return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
  if (change.kind === 'move') return Buffer.concat([bytes.subarray(to), bytes.subarray(at, to), bytes.subarray(0, at)]);
  const flipped = Buffer.from(bytes);
  if (at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << (change.amount % 8));
  return flipped;
}

/** One of the files with one to eight mutations. */
export const mutantOf = (files: readonly Buffer[]): fc.Arbitrary<Buffer> =>
  fc.tuple(fc.nat(files.length - 1), fc.array(mutation, { minLength: 1, maxLength: 8 })).map(([index, changes]) => changes.reduce(mutate, files[index] ?? Buffer.alloc(0)));
