/** Who makes objects of a record: their size and place are fixed in the running kernel. */
import type { FileFacts, FunctionFact, RecordFact, VariableFact } from '../../syntax/facts';
import type { Location } from '../finding';
import type { RuleContext } from '../rule';
import { enumerate } from '../words';

export interface RecordUse extends Location {
  readonly name: string;
  readonly kind: 'per-CPU variable' | 'variable' | 'slab cache' | 'per-CPU allocation' | 'allocation';
}

/** Makers of objects by what they call, the most telling first; mm/slab_common.c, include/linux/{slab,percpu}.h. */
const MAKERS: readonly (readonly [RecordUse['kind'], RegExp])[] = [
  ['slab cache', /^(KMEM_CACHE(_USERCOPY)?|kmem_cache_create(_usercopy)?)$/],
  ['per-CPU allocation', /^(__)?(alloc_percpu|devm_alloc_percpu)(_gfp)?$/],
  ['allocation', /^(k[mzvc]?[mzc]?alloc(_node|_array)?|kv[mz]alloc\w*|kcalloc|k[mz]alloc_obj\w*|devm_k[mzc]alloc|alloc_netdev\w*|alloc_etherdev\w*|v[mz]alloc)$/],
];

/** The uses in the files of the edit and, for a record of a header, in those that name it: what embedders were looked for in. */
export function usesOfRecord(record: RecordFact, path: string, { versions, knowledge }: RuleContext): RecordUse[] {
  const files = new Map<string, FileFacts>();
  const own = versions.get(path)?.after;
  if (own !== undefined) files.set(path, own);
  if (path.endsWith('.h')) for (const file of knowledge.ask({ kind: 'byValue', name: record.name, from: path })?.files ?? []) files.set(file.path, versions.get(file.path)?.after ?? file.facts);
  const order: readonly RecordUse['kind'][] = ['per-CPU variable', 'slab cache', 'per-CPU allocation', 'variable', 'allocation'];
  return [...files].flatMap(([file, facts]) => usesIn(facts, record.name).map((use) => ({ ...use, path: file }))).sort((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
}

type Use = Omit<RecordUse, 'path'>;

/** Facts stay the same objects between keystrokes: what a file does with a record is looked up once. */
const known = new WeakMap<FileFacts, Map<string, readonly Use[]>>();

function usesIn(facts: FileFacts, name: string): readonly Use[] {
  const byName = known.get(facts) ?? new Map<string, readonly Use[]>();
  known.set(facts, byName);
  const uses = byName.get(name) ?? [...facts.variables.flatMap((fact) => variableUse(fact, name)), ...facts.functions.flatMap((fact) => functionUse(fact, name))];
  byName.set(name, uses);
  return uses;
}

function variableUse(fact: VariableFact, name: string): Use[] {
  const isOf = new RegExp(`(^|\\b(struct|union) )${name}( *\\[.*)?$`).test(fact.type.replace(/\b(const|volatile)\b/g, '').trim());
  if (!isOf || fact.isExtern) return [];
  return [{ name: fact.name, kind: (fact.definedBy ?? '').includes('_PER_CPU') ? 'per-CPU variable' : 'variable', range: fact.nameRange }];
}

function functionUse(fact: FunctionFact, name: string): Use[] {
  if (!fact.mentions.includes(name) && !fact.calls.some((call) => call.name === name)) return [];
  const kind = MAKERS.find(([, pattern]) => fact.calls.some((call) => pattern.test(call.name)))?.[0];
  return kind === undefined ? [] : [{ name: fact.name, kind, range: fact.nameRange }];
}

/** A sentence for each kind of use that fixes the size or the place of objects. */
export function usesText(uses: readonly RecordUse[]): string {
  const named = (kind: RecordUse['kind']): string | undefined => {
    const names = uses.filter((use) => use.kind === kind).map((use) => use.name);
    return names.length === 0 ? undefined : enumerate(names);
  };
  const [perCpu, slab, allocated, variables] = [named('per-CPU variable'), named('slab cache'), named('per-CPU allocation'), named('variable')];
  return [
    perCpu === undefined ? '' : ` It is laid out for each CPU in ${perCpu}.`,
    slab === undefined ? '' : ` The object size of the slab cache made by ${slab} is fixed.`,
    allocated === undefined ? '' : ` It is allocated for each CPU by ${allocated}.`,
    variables === undefined ? '' : ` It is stored in ${variables}.`,
  ].join('');
}

export function useNote({ name, kind }: RecordUse): string {
  switch (kind) {
    case 'per-CPU variable':
    case 'variable':
      return `${kind} ${name} holds it`;
    case 'slab cache':
      return `${name} makes a slab cache of it`;
    case 'per-CPU allocation':
      return `${name} allocates it for each CPU`;
    case 'allocation':
      return `${name} allocates it`;
  }
}
