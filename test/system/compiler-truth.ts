/**
 * Holds the functions that edits.ts expects to be replaced against what gcc makes of the edits:
 *
 *   npx esbuild test/system/compiler-truth.ts --bundle --platform=node --format=cjs --outfile=.work/compiler-truth.cjs
 *   node .work/compiler-truth.cjs TREE BUILD
 *
 * BUILD is the O= folder of a build of TREE (defconfig, x86-64). The edited .c files are compiled, for a header its `users`. Ends with 1 when an expectation and gcc differ in more than `differs` says.
 */
import { edits, headerEdits, textsOf, type KernelEdit } from './edits';
import { builtSources, changedFunctions, rebuild } from './kernel-build';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function main([tree = '', build = '', only = '']: readonly string[]): void {
  let failed = 0;
  for (const edit of [...edits, ...headerEdits].filter((one) => one.name.includes(only))) {
    const { changed: theirs, symbols } = compiled(edit, tree, build);
    const ours = expected(edit, symbols);
    const missing = theirs.filter((name) => !ours.has(name)).sort();
    const extra = [...ours].filter((name) => !theirs.includes(name)).sort();
    const told = { missing: [...(edit.differs?.missing ?? [])].sort(), extra: [...(edit.differs?.extra ?? [])].sort() };
    const agrees = JSON.stringify({ missing, extra }) === JSON.stringify(told);
    if (!agrees) failed += 1;
    say(`${agrees ? 'ok' : 'DIFFERS'} ${edit.name}: gcc changes ${theirs.join(', ') || 'nothing'}${agrees ? '' : `; missing ${missing.join(', ') || '-'}; extra ${extra.join(', ') || '-'}`}`);
  }
  process.exitCode = failed === 0 ? 0 : 1;
}

function compiled(edit: KernelEdit, tree: string, build: string): { changed: string[]; symbols: ReadonlySet<string> } {
  const texts = textsOf(edit, tree);
  const overlay = (side: 'before' | 'after'): Map<string, string> => new Map([...texts].map(([path, text]) => [path, text[side]]));
  const built = builtSources(build);
  const changed = new Set<string>();
  const symbols = new Set<string>();
  for (const path of [...(edit.users ?? texts.keys())].filter((one) => built.includes(one))) {
    const [before, after] = [rebuild(tree, build, path, overlay('before')).object, rebuild(tree, build, path, overlay('after')).object];
    for (const name of changedFunctions(before, after)) changed.add(name);
    for (const name of [...before.functions.keys(), ...after.functions.keys()]) symbols.add(name);
  }
  return { changed: [...changed].sort(), symbols };
}

/** Functions that are replaced, without those edited ones that gcc keeps no symbol of: all of them is in their callers. */
function expected({ objects }: KernelEdit, symbols: ReadonlySet<string>): Set<string> {
  const planned = Object.values(objects).flat().map((text) => text.split(' '));
  return new Set(planned.filter(([name = '', change]) => change === 'reached' || symbols.has(name)).map(([name = '']) => name));
}

main(process.argv.slice(2));
