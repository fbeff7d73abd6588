/** Compiles files of a sample tree with the gcc of this machine and says what became of them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readObjectFile, withoutCloneSuffix, type ObjectFile } from './object-file';

export interface Compiled extends ObjectFile {
  /** What gcc wrote to standard error: empty without a warning. */
  readonly warnings: string;
  /** `callee>caller` for every call that gcc replaced by the callee's body. */
  readonly inlined: ReadonlySet<string>;
}

const FLAGS = readFileSync(join(import.meta.dirname, 'compile-flags.txt'), 'utf8').trim().split('\n');

/** One section for each function and variable, as klp-build and kpatch-build compile. */
const SECTIONS = ['-ffunction-sections', '-fdata-sections'];

/**
 * Compiles `file` (relative to `tree`). Throws with gcc's own words when it does not compile, and says
 * what to install when there is no gcc.
 */
export function compile(tree: string, file: string, extraFlags: readonly string[] = []): Compiled {
  const scratch = mkdtempSync(join(tmpdir(), 'sample-object-'));
  try {
    const object = join(scratch, 'out.o');
    const report = join(scratch, 'inlined');
    const args = [...FLAGS, ...SECTIONS, ...extraFlags, `-fopt-info-inline-optimized=${report}`, '-c', file, '-o', object];
    const run = spawnSync('gcc', args, { cwd: tree, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
    if (run.error) throw new Error(`gcc is needed (apt-get install gcc): ${run.error.message}`);
    if (run.status !== 0) throw new Error(`gcc does not compile ${file}:\n${run.stderr}`);
    return { ...readObjectFile(readFileSync(object)), warnings: run.stderr, inlined: inlineReport(readFileSync(report, 'utf8')) };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function inlineReport(text: string): Set<string> {
  const edges = new Set<string>();
  for (const [, callee = '', caller = ''] of text.matchAll(/Inlin(?:ing|ed) (\S+)\/\d+ into (\S+)\/\d+/g)) {
    edges.add(`${withoutCloneSuffix(callee)}>${withoutCloneSuffix(caller)}`);
  }
  return edges;
}

/** Byte offsets of members, and for bit-fields the first bit and the number of bits, counted from the start of the struct. */
export interface Layout {
  readonly sizeof: number;
  readonly fields: Readonly<Record<string, number>>;
  readonly bits?: Readonly<Record<string, readonly [first: number, width: number]>>;
}

/**
 * Asks gcc for the layout of `struct name` as `file` (a header or a .c file of `tree`) defines it, for the
 * given members. Nothing is run: the answers are read from the data of an object file.
 */
export function layoutOf(tree: string, file: string, name: string, fields: readonly string[], bits: readonly string[] = []): Layout {
  const probe = join(tree, 'layout-probe.c');
  writeFileSync(probe, [
    `#include "${file}"`,
    `const unsigned long layout_sizeof[] = { sizeof(struct ${name}) };`,
    ...fields.map((f) => `const unsigned long layout_at_${f}[] = { __builtin_offsetof(struct ${name}, ${f}) };`),
    // A bit-field has no address: fill it with ones and see where they are.
    ...bits.map((f) => `const struct ${name} layout_bits_${f} = { .${f} = -1 };`),
  ].join('\n'));
  try {
    const { variables } = compile(tree, 'layout-probe.c', ['-w']);
    const bytes = (variable: string): Buffer => {
      const found = variables.get(variable);
      if (!found) throw new Error(`gcc kept no ${variable} of struct ${name}`);
      return found.bytes;
    };
    const number = (variable: string): number => Number(bytes(variable).readBigUInt64LE());
    const layout = { sizeof: number('layout_sizeof'), fields: Object.fromEntries(fields.map((f) => [f, number(`layout_at_${f}`)])) };
    if (bits.length === 0) return layout;
    return { ...layout, bits: Object.fromEntries(bits.map((f) => [f, ones(bytes(`layout_bits_${f}`))])) };
  } finally {
    rmSync(probe);
  }
}

function ones(bytes: Buffer): [first: number, width: number] {
  const set = Array.from({ length: bytes.length * 8 }, (_, i) => i).filter((i) => ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1);
  return [set[0] ?? 0, set.length];
}
