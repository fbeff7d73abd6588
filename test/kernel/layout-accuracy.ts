/**
 * Measures layouts against a kernel that was really built: every struct of include/ and arch/x86/include/ that stands in the kernel's own type
 * information (BTF), laid out as the rules do it, from the text of the tree and a configuration alone.
 *
 * `npm run layouts` runs it, on Debian's kernel: TREE CONFIG VMLINUX.
 * SHOW=n lists so many of what is wrong; ONLY=name,… tells of these structs alone, in full; EVERY=n takes every n-th struct only (all: a minute).
 */
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { withoutIndex } from '../../server/src/host/indexKeeper';
import { nodeHost } from '../../server/src/host/node';
import { createAnswers } from '../../server/src/kernel/answers';
import { evaluateCondition } from '../../server/src/kernel/conditions';
import { recording } from '../../server/src/kernel/knowledge';
import { layoutOf, type RecordLayout } from '../../server/src/kernel/layout';
import { layoutTypes } from '../../server/src/kernel/editedTypes';
import { extractFacts } from '../../server/src/syntax/extract';
import type { FileFacts, RecordFact } from '../../server/src/syntax/facts';
import { structsOf, type BtfStruct } from './btf';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const COMMON = { kind: 'definers', headers: [] } as const;

/** As the rules' layouts are made: again, until nothing is open. */
const MOST_ROUNDS = 40;

async function main([root = '', configPath = '', vmlinux = '']: readonly string[]): Promise<void> {
  const answers = createAnswers({ root, host: nodeHost, index: withoutIndex(root, () => undefined), configText: readFileSync(configPath, 'utf8') }, (_path, text, about) => extractFacts(text, answers.ask(COMMON), about));
  await answers.prepare();
  await answers.answer(COMMON);
  const truth = new Map<string, BtfStruct[]>();
  for (const one of structsOf(readFileSync(vmlinux))) truth.set(one.name, [...(truth.get(one.name) ?? []), one]);
  const defined = new Map<string, { readonly path: string; readonly fact: RecordFact; readonly facts: FileFacts }[]>();
  for (const folder of ['include', 'arch/x86/include']) {
    for (const name of (await readdir(`${root}/${folder}`, { recursive: true })).filter((path) => path.endsWith('.h')).sort()) {
      const path = `${folder}/${name}`;
      if (/^include\/(asm-generic|uapi\/asm-generic)\//.test(path)) continue;
      const facts = extractFacts((await answers.text(path)) ?? '', answers.ask(COMMON));
      for (const fact of facts.records) {
        const isOut = fact.kind !== 'struct' || !truth.has(fact.name) || fact.conditions.some((condition) => evaluateCondition(condition, (option) => answers.config(option)) === false);
        if (!isOut) defined.set(fact.name, [...(defined.get(fact.name) ?? []), { path, fact, facts }]);
      }
    }
  }
  const only = process.env['ONLY']?.split(',');
  const open = new Map<string, string[]>();
  const wrong: string[] = [];
  const others: string[] = [];
  const renamed: string[] = [];
  let right = 0;
  const every = Number(process.env['EVERY'] ?? 1);
  for (const [index, [name, places]] of [...defined].entries()) {
    if (index % every !== 0) continue;
    const [first] = places;
    if (first === undefined || new Set(places.map(({ fact }) => fact.hash)).size > 1 || only?.includes(name) === false) continue;
    const layout = await layOut(first.path, first.fact, first.facts, answers);
    // Structs of .c files may have the name of a header's, one of another architecture, say.
    const kernels = (truth.get(name) ?? []).filter((kernel) => isLike(layout, kernel));
    if (kernels.length === 0) {
      others.push(name);
      continue;
    }
    if (only !== undefined) say(`${name}: ${JSON.stringify(layout, undefined, 1)}`);
    const differences = kernels.map((kernel) => differenceOf(layout, kernel));
    // Several structs of a name: the one of the header is among them.
    if (!differences.includes(undefined)) wrong.push(`${name} (${first.path}): ${differences[0] ?? ''}`);
    else if (layout.size !== undefined) {
      right += 1;
      if (kernels.every((kernel) => missingIn(layout, kernel).length > 0)) renamed.push(name);
    }
    else open.set(layout.unknown ?? '', [...(open.get(layout.unknown ?? '') ?? []), name]);
  }
  const unknown = [...open.values()].reduce((sum, names) => sum + names.length, 0);
  say(`structs of headers in BTF: ${right + wrong.length + unknown}; exactly right ${right}, not told ${unknown}, wrong ${wrong.length}`);
  for (const one of wrong.slice(0, Number(process.env['SHOW'] ?? 40))) say(`  ${one}`);
  say(`of the right ones, a macro names a member, and it is told under another name or none: ${renamed.length} (${renamed.join(', ')})`);
  say(`not compared, since BTF has another struct of that name: ${others.length} (${others.slice(0, 10).join(', ')})`);
  say('commonest reasons:');
  for (const [reason, names] of [...open].sort((a, b) => b[1].length - a[1].length).slice(0, Number(process.env['SHOW'] ?? 25))) say(`  ${names.length} ${reason} (${names.slice(0, 3).join(', ')})`);
  const { user, system } = process.cpuUsage();
  say(`CPU time: ${((user + system) / 1e6).toFixed(0)} s`);
  if (wrong.length > 0) process.exitCode = 1;
}

async function layOut(path: string, fact: RecordFact, facts: FileFacts, answers: ReturnType<typeof createAnswers>): Promise<RecordLayout> {
  for (let round = 0; ; round += 1) {
    const { knowledge, open } = recording(answers);
    const layout = layoutOf(fact, layoutTypes({ versions: new Map([[path, { before: facts, after: facts }]]), knowledge }, path, 'after'));
    if (open.size === 0 || round === MOST_ROUNDS) return layout;
    await answers.ahead([...open.values()]);
    for (const question of open.values()) await answers.answer(question);
  }
}

/** Whether at least half of the kernel's members are the header's. */
function isLike({ fields }: RecordLayout, { members }: BtfStruct): boolean {
  const told = new Set(fields.map(({ path }) => path));
  return members.filter(({ path }) => told.has(path)).length * 2 >= members.length;
}

/** What is told otherwise than the kernel has it; what is not told is no difference. */
function differenceOf(layout: RecordLayout, kernel: BtfStruct): string | undefined {
  if (layout.size !== undefined && layout.size !== kernel.size) return `BTF ${kernel.size} bytes, engine ${layout.size}`;
  const bits = new Map(kernel.members.map(({ path, bit }) => [path, bit]));
  for (const { path, offset, bitOffset } of layout.fields) {
    const bit = bits.get(path);
    if (offset !== undefined && bit !== undefined && bit !== offset * 8 + (bitOffset ?? 0)) return `${path} is at bit ${bit}, engine ${offset * 8 + (bitOffset ?? 0)}`;
  }
  // What stands at its place has another name where a macro makes the member: __DECLARE_FLEX_ARRAY(), __bpf_md_ptr(), rcu_head for callback_head.
  const places = new Set(layout.fields.map(({ offset, bitOffset }) => (offset ?? NaN) * 8 + (bitOffset ?? 0)));
  const missing = missingIn(layout, kernel).find(({ bit }) => !places.has(bit));
  return missing === undefined ? undefined : `${missing.path} is not there`;
}

/** Members that are not told under their names, in a layout that is. */
function missingIn(layout: RecordLayout, { members }: BtfStruct): BtfStruct['members'] {
  const told = new Set(layout.fields.map(({ path }) => path));
  // A struct_group() is told as its members.
  const isGroup = (path: string): boolean => members.some((one) => one.path.startsWith(`${path}.`) && told.has(one.path.slice(path.length + 1)));
  return layout.size === undefined ? [] : members.filter(({ path }) => !told.has(path) && !path.includes('.') && !isGroup(path));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 2;
});
