/**
 * Asks a kernel build what gcc makes of an edit: compiles a file again, with the build's own command line, outside the build.
 * For measuring by hand (inlining-accuracy.ts, compiler-truth.ts); the tests need no build.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readObjectFile, withoutCloneSuffix, type ObjectFile } from '../sample/object-file';

export interface Rebuilt {
  readonly object: ObjectFile;
  /** `callee>caller` for every call that gcc replaced by the callee's body. */
  readonly inlined: ReadonlySet<string>;
}

/** C files that were built, relative to the source: those with a `.x.o.cmd` in the build folder (kbuild's saved command). */
export function builtSources(build: string): string[] {
  return readdirSync(build, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(^|\/)\.[^/]+\.o\.cmd$/.test(path) && !/^(scripts|tools|arch\/x86\/(boot|entry\/vdso|realmode|purgatory))\//.test(path))
    .map((path) => path.replace(/\.([^/]+)\.o\.cmd$/, '$1.c'))
    .filter((path) => commandOf(build, path).includes(`/${path}`))
    .sort();
}

/**
 * Compiles `path`. `overlay` holds texts that stand in for the tree's, by path, headers included. Functions and data get a
 * section each, as in klp-build and kpatch-build. Every call compiles from a folder of its own, so that two results differ by the
 * overlay alone. Throws with gcc's words.
 */
export function rebuild(tree: string, build: string, path: string, overlay: ReadonlyMap<string, string> = new Map()): Rebuilt {
  const scratch = mkdtempSync(join(tmpdir(), 'rebuilt-'));
  try {
    for (const [name, text] of new Map([[path, readFileSync(join(tree, path), 'utf8')], ...overlay])) {
      mkdirSync(dirname(join(scratch, name)), { recursive: true });
      writeFileSync(join(scratch, name), text);
    }
    const [report, dump] = [join(scratch, 'inlined'), join(scratch, 'dump')];
    const extra = [
      // An edit may leave a function unused, which kbuild takes for an error.
      '-w', `-fmacro-prefix-map=${scratch}/=`, `-iquote ${join(tree, dirname(path))}`, '-ffunction-sections', '-fdata-sections',
      `-fopt-info-inline-optimized=${report}`, `-fdump-ipa-inline=${dump}`, ...['include', 'arch/x86/include', ''].map((folder) => `-I${join(scratch, folder)}`),
    ];
    const command = commandOf(build, path)
      .replace(/-Wp,-MMD,\S+/, extra.join(' '))
      .replace(/ -c -o \S+ \S+$/, ` -c -o ${join(scratch, 'out.o')} ${join(scratch, path)}`);
    execFileSync('sh', ['-c', command], { cwd: build, stdio: ['ignore', 'ignore', 'pipe'] });
    return { object: readObjectFile(readFileSync(join(scratch, 'out.o'))), inlined: new Set([...edgesIn(readFileSync(report, 'utf8')), ...calledOnceIn(readFileSync(dump, 'utf8'))]) };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Functions whose machine code differs, those only one of them has included. */
export function changedFunctions(before: ObjectFile, after: ObjectFile): string[] {
  const names = new Set([...before.functions.keys(), ...after.functions.keys()]);
  return [...names].filter((name) => codeOf(name, before) !== codeOf(name, after)).sort();
}

/**
 * Without what stands in sections that have no symbols: static_cpu_has() puts a jump back into every function that uses it into
 * .altinstr_aux, and so one changed function would change them all. Kernels have no jump tables (-fno-jump-tables) to lose by it.
 */
function codeOf(name: string, object: ObjectFile): string | undefined {
  return object.functions.get(name)?.fingerprint.replace(/=[0-9a-f]+\[[^\]]*\]\S*/g, '=');
}

/** gcc's command line as kbuild saved it, without what runs after gcc (objtool). */
function commandOf(build: string, path: string): string {
  const file = join(build, dirname(path), `.${path.slice(path.lastIndexOf('/') + 1).replace(/\.c$/, '.o')}.cmd`);
  const [line = ''] = readFileSync(file, 'utf8').split('\n');
  return line.slice(line.indexOf(':=') + 2).split(' ; ')[0]?.trim() ?? '';
}

function edgesIn(report: string): Set<string> {
  const edges = new Set<string>();
  for (const [, callee = '', caller = ''] of report.matchAll(/Inlin(?:ing|ed) (\S+)\/\d+ into (\S+)\/\d+/g)) {
    const [from, to] = [withoutCloneSuffix(callee), withoutCloneSuffix(caller)];
    // A function that gcc split and put together again tells nothing of its callers.
    if (from !== to) edges.add(`${from}>${to}`);
  }
  return edges;
}

/** The last step of gcc's inlining, of functions called once, is not in its report: its dump says `Inlining f/1 size 40.`, and lines later ` Inlined into g/2`. */
function calledOnceIn(dump: string): Set<string> {
  const edges = new Set<string>();
  for (const block of dump.split(/^Inlining (?=\S+\/\d+ size \d+\.$)/m).slice(1)) {
    const callee = withoutCloneSuffix(block.slice(0, block.indexOf('/')));
    for (const [, caller = ''] of block.matchAll(/^ Inlined into (\S+)\/\d+/gm)) if (withoutCloneSuffix(caller) !== callee) edges.add(`${callee}>${withoutCloneSuffix(caller)}`);
  }
  return edges;
}
