/**
 * Measures the object resolver against a kernel that was really built.
 *
 *   npx esbuild test/kernel/kbuild-accuracy.ts --bundle --platform=node --format=esm --outfile=.work/kbuild-accuracy.mjs
 *   node .work/kbuild-accuracy.mjs TREE CONFIG|- MODULES_ORDER [COMPILE_UNITS]
 *
 * TREE is the source, CONFIG the configuration it was built with (`-` for none), MODULES_ORDER the file of that name
 * of the build. COMPILE_UNITS holds `object<TAB>source` lines, one for each compile unit named in the debug
 * information of vmlinux and of every module: what was linked where, as the compiler and the linker tell it.
 */
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { posix } from 'node:path';
import { nodeFiles } from '../../server/src/host/files';
import type { BuildObject } from '../../server/src/kernel/knowledge';
import { moduleNameOf } from '../../server/src/kernel/links';
import { objectOf } from '../../server/src/kernel/objects';
import { Options } from '../../server/src/kernel/options';
import { Tree } from '../../server/src/kernel/tree';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main([root = '', configPath = '-', orderPath = '', unitsPath]: readonly string[]): Promise<void> {
  const tree = new Tree({ root, host: { files: nodeFiles }, configText: configPath === '-' ? undefined : readFileSync(configPath, 'utf8') });
  const options = new Options(tree);
  const sources = (await readdir(root, { recursive: true })).filter((path) => path.endsWith('.c') && !/^(tools|scripts|Documentation|samples|usr)\//.test(path) && !/^arch\/(?!x86\/)/.test(path));
  const answers = new Map<string, BuildObject>();
  const began = performance.now();
  for (const path of sources.sort()) answers.set(path, await objectOf(tree, options, path));
  say(`${sources.length} .c files (x86 and common) resolved in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  say(`with a name: ${share([...answers.values()], (answer) => answer.name !== undefined)}; decided whether built: ${share([...answers.values()], (answer) => answer.isBuilt !== undefined)}`);

  const modules: readonly string[] = readFileSync(orderPath, 'utf8').trim().split('\n').map((line) => moduleNameOf(line.replace(/^kernel\//, '').replace(/\.k?o$/, '.o')));
  const resolved = new Set([...answers.values()].flatMap((answer) => [answer.isModule ? (answer.name ?? []) : [], ...(answer.alsoIn ?? [])].flat()));
  say(`modules some .c resolves to: ${share(modules, (name) => resolved.has(name))}`);
  say(`  missing: ${modules.filter((name) => !resolved.has(name)).slice(0, 20).join(' ')}`);
  if (unitsPath !== undefined) compareUnits(answers, readFileSync(unitsPath, 'utf8'), configPath !== '-');
}

function compareUnits(answers: ReadonlyMap<string, BuildObject>, text: string, hasConfig: boolean): void {
  const truth = new Map<string, Set<string>>();
  for (const line of text.trim().split('\n')) {
    const [object = '', unit = ''] = line.split('\t');
    const source = posix.normalize(unit);
    const name = object.includes('/vmlinux') ? 'vmlinux' : moduleNameOf(object.replace(/\.ko$/, '.o'));
    if (answers.has(source)) truth.set(source, (truth.get(source) ?? new Set()).add(name));
  }
  const wrong: string[] = [];
  const open: string[] = [];
  let right = 0;
  for (const [source, names] of truth) {
    const answer = answers.get(source);
    const got = answer?.name === undefined ? [] : [answer.name, ...(answer.alsoIn ?? [])];
    if (got.length === names.size && got.every((name) => names.has(name))) right += 1;
    else (answer?.name === undefined && answer?.isBuilt !== false ? open : wrong).push(`${source}: is in ${[...names].join(', ')}; got ${got.join(', ') || 'nothing'} (${answer?.note ?? ''})`);
  }
  say(`compiled sources: ${truth.size}; exactly right ${right} (${((100 * right) / truth.size).toFixed(2)} %), not told ${open.length}, wrong ${wrong.length}`);
  for (const line of [...wrong, ...open].slice(0, Number(process.env['SHOW'] ?? 40))) say(`  ${line}`);
  if (!hasConfig) return;
  const extra = [...answers].filter(([source, answer]) => answer.isBuilt === true && !truth.has(source));
  say(`called built, but in no debug information: ${extra.length}`);
  for (const [source, answer] of extra.slice(0, Number(process.env['SHOW'] ?? 40))) say(`  ${source}: ${answer.name ?? ''} (${answer.note ?? ''})`);
}

function share<T>(values: readonly T[], has: (value: T) => boolean): string {
  const count = values.filter(has).length;
  return `${count} of ${values.length} (${((100 * count) / values.length).toFixed(2)} %)`;
}

await main(process.argv.slice(2));
