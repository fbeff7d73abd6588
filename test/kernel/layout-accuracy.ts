/**
 * Measures the layout engine against a kernel that was really built.
 *
 *   npx esbuild test/kernel/layout-accuracy.ts --bundle --platform=node --format=esm --packages=external --outfile=.work/layout-accuracy.mjs
 *   node .work/layout-accuracy.mjs TREE CONFIG TRUTH
 *
 * TRUTH holds a line for each struct of the kernel's type information (BTF): `name<TAB>size<TAB>member:bit offset:bit width …`.
 */
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { evaluateCondition } from '../../server/src/kernel/conditions';
import { parseConfig } from '../../server/src/kernel/kconfig';
import { layoutOf, type LayoutTypes } from '../../server/src/kernel/layout';
import { extractFacts } from '../../server/src/syntax/extract';
import type { Declared, EnumFact, RecordFact, TypedefFact } from '../../server/src/syntax/facts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main([root = '', configPath = '', truthPath = '']: readonly string[]): Promise<void> {
  const config = parseConfig(readFileSync(configPath, 'utf8'));
  const records = new Map<string, RecordFact[]>();
  const enums = new Map<string, EnumFact[]>();
  const typedefs = new Map<string, TypedefFact[]>();
  const constants = new Map<string, Set<string>>();
  const isActive = (fact: Declared): boolean => !fact.conditions.some((condition) => evaluateCondition(condition, config) === false);
  const keep = <F extends Declared>(map: Map<string, F[]>, facts: readonly F[]): void => {
    for (const fact of facts.filter(isActive)) map.set(fact.name, [...(map.get(fact.name) ?? []), fact]);
  };
  for (const folder of ['include', 'arch/x86/include']) {
    for (const name of (await readdir(`${root}/${folder}`, { recursive: true })).filter((path) => path.endsWith('.h'))) {
      if (/^(asm-generic|uapi\/asm-generic)\//.test(name)) continue;
      const facts = extractFacts(await readFile(`${root}/${folder}/${name}`, 'utf8'));
      keep(records, facts.records);
      keep(enums, facts.enums);
      keep(typedefs, facts.typedefs);
      for (const macro of facts.macros) if (macro.parameters === undefined && macro.body !== '' && isActive(macro)) constants.set(macro.name, (constants.get(macro.name) ?? new Set()).add(macro.body));
    }
  }
  const only = <T extends { readonly hash: number }>(all: readonly T[] | undefined): T | undefined => (all !== undefined && new Set(all.map((fact) => fact.hash)).size === 1 ? all[0] : undefined);
  const types: LayoutTypes = {
    record: (kind, name) => only(records.get(name)?.filter((fact) => fact.kind === kind)),
    enumeration: (name) => only(enums.get(name)),
    typedef: (name) => only(typedefs.get(name)),
    constant: (name) => {
      const [body, ...more] = constants.get(name) ?? [];
      return more.length === 0 ? body : undefined;
    },
    config,
  };
  let right = 0;
  const open = new Map<string, number>();
  const wrong: string[] = [];
  for (const line of readFileSync(truthPath, 'utf8').trimEnd().split('\n')) {
    const [name = '', size = '', members = ''] = line.split('\t');
    const fact = types.record?.('struct', name);
    if (fact === undefined) continue;
    const layout = layoutOf(fact, types);
    if (layout.size === undefined) {
      const reason = layout.unknown ?? '';
      open.set(reason, (open.get(reason) ?? 0) + 1);
    }
    const offsets = new Map(layout.fields.map((field) => [field.path, field.offset === undefined ? undefined : field.offset * 8 + (field.bitOffset ?? 0)]));
    const differing = members.split(' ').filter((one) => one !== '').map((one) => one.split(':')).filter(([path = '', at]) => offsets.get(path) !== undefined && offsets.get(path) !== Number(at));
    const [first] = differing;
    if ((layout.size !== undefined && layout.size !== Number(size)) || first !== undefined) wrong.push(`${name}: BTF ${size}, engine ${layout.size ?? '?'}${first === undefined ? '' : `; ${first.join(':')} is at ${offsets.get(first[0] ?? '') ?? '?'}`}`);
    else if (layout.size !== undefined) right += 1;
  }
  const unknown = [...open.values()].reduce((sum, count) => sum + count, 0);
  say(`structs of headers in BTF: ${right + wrong.length + unknown}; exactly right ${right}, not told ${unknown}, wrong ${wrong.length}`);
  for (const one of wrong.slice(0, Number(process.env['SHOW'] ?? 40))) say(`  ${one}`);
  say('commonest reasons:');
  for (const [reason, count] of [...open].sort((a, b) => b[1] - a[1]).slice(0, 25)) say(`  ${count} ${reason}`);
}

await main(process.argv.slice(2));
