/** The sample's edits: the patches in edits/, and beside each what a check of it must say. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Layout } from './compiler';

export interface ExpectedFunction {
  readonly name: string;
  readonly file: string;
  /** `reached`: its own text is the same, its machine code is not. */
  readonly change: 'changed' | 'added' | 'removed' | 'signature' | 'reached';
  /** How the edit reaches it: the edited function or macro first, the one called here last. */
  readonly via?: readonly string[];
}

export interface ExpectedFinding {
  readonly rule: 'struct-layout' | 'reserved-field' | 'inlined-callers' | 'variable-initializer' | 'ops-table' | 'init-code' | 'notrace' | 'no-functional-change' | 'always-on-stack';
  readonly severity: 'error' | 'warning' | 'info';
  /** Where the finding stands: the edit. */
  readonly file: string;
  readonly function?: string;
  readonly symbol?: string;
  /** The function the rule holds for, when the edited one is only inlined into it. */
  readonly through?: string;
}

export interface ExpectedLayout {
  readonly struct: string;
  readonly file: string;
  readonly before: Layout;
  readonly after: Layout;
}

/** What `check --profile klp-build` must make of an edit. */
export interface Expectation {
  readonly note: string;
  readonly verdict: 'patchable' | 'unpatchable' | 'undecided';
  readonly exit: 0 | 1 | 3;
  /** By object. A static inline of a header stands in every object that it is inlined into. */
  readonly functions: Readonly<Record<string, readonly ExpectedFunction[]>>;
  readonly rules: readonly ExpectedFinding[];
  /** Functions whose machine code differs only because a member they use has moved. By object. */
  readonly relaid?: Readonly<Record<string, readonly { readonly name: string; readonly file: string }[]>>;
  /** Variables whose stored value or size differs. */
  readonly variables?: readonly { readonly name: string; readonly file: string }[];
  readonly layout?: readonly ExpectedLayout[];
}

export interface Edit {
  readonly name: string;
  readonly patchFile: string;
  /** Files of the tree that the patch changes. */
  readonly touches: readonly string[];
  readonly expected: Expectation;
}

/** The sample kernel tree. Nothing may be written into it. */
export const KERNEL = join(import.meta.dirname, 'kernel');
const EDITS = join(import.meta.dirname, 'edits');

/** Every edit, by name. */
export function allEdits(): Edit[] {
  return readdirSync(EDITS).filter((f) => f.endsWith('.patch')).sort().map((f) => {
    const name = f.slice(0, -'.patch'.length);
    const patchFile = join(EDITS, f);
    const touches = [...readFileSync(patchFile, 'utf8').matchAll(/^\+\+\+ b\/(.+)$/gm)].map((m) => m[1] ?? '');
    const expected = JSON.parse(readFileSync(join(EDITS, `${name}.json`), 'utf8')) as Expectation;
    return { name, patchFile, touches, expected };
  });
}

/** Copies the tree to a new temporary folder, for the caller to remove. */
export function copyTree(): string {
  const tree = mkdtempSync(join(tmpdir(), 'sample-kernel-'));
  cpSync(KERNEL, tree, { recursive: true });
  return tree;
}

/** Applies a patch to a copy of the tree, without fuzz. Gives what git had to say: nothing when all is well. */
export function applyPatch(tree: string, patchFile: string): string {
  // With a ceiling: the temporary folder is to be no repository, wherever it lies.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir(), LC_ALL: 'C' };
  const run = spawnSync('git', ['apply', '-p1', '--whitespace=error-all', patchFile], { cwd: tree, encoding: 'utf8', env });
  return run.status === 0 ? run.stderr : `${run.stderr}exit ${String(run.status)}`;
}

/** All .c files of a tree, relative to it. */
export function cFiles(tree: string): string[] {
  return readdirSync(tree, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.c')).sort();
}

const MODULES: Readonly<Record<string, string>> = {
  'fs/depotfs/': 'depotfs', 'drivers/scale/': 'scale', 'drivers/tracker/': 'tracker',
};

/** The object that the sample's Makefiles and .config put a .c file into; undefined when it is not built. */
export function objectOf(file: string): string | undefined {
  if (file.startsWith('drivers/drone/')) return undefined; // CONFIG_DRONE is not set
  return Object.entries(MODULES).find(([folder]) => file.startsWith(folder))?.[1] ?? 'vmlinux';
}
