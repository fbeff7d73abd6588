/** Who uses a name, function by function: from a stored index, or from files scanned on the spot. */
import { Tag, type BlockReader } from '../../syntax/scan/block';
import { Space } from '../../syntax/scan/names';
import type { StoredIndex } from './storedIndex';

/** A definition, and one way in which it uses a name. */
export interface Use {
  /** Relative to the tree. */
  readonly path: string;
  /** `registration`: a macro call at file scope; its name is the macro's. */
  readonly kind: 'function' | 'record' | 'macro' | 'variable' | 'registration';
  readonly name: string;
  /** Of the definition's name, from 0. */
  readonly line: number;
  /** `Flag` bits of a function. */
  readonly flags: number;
  readonly how: 'call' | 'mention' | 'type' | 'embed' | 'stored' | 'passed';
  /** Of `stored` the field, of `passed` the function it is passed to. */
  readonly to?: string;
}

const KINDS = ['function', 'record', 'macro', 'variable', 'registration'] as const;
const HOW: Readonly<Record<number, Use['how']>> = { [Tag.call]: 'call', [Tag.mention]: 'mention', [Tag.type]: 'type', [Tag.embed]: 'embed', [Tag.stored]: 'stored', [Tag.passed]: 'passed' };

/** What in a block uses the name `id`. */
export function* usesIn(block: BlockReader, id: number, path: string, nameOf: (id: number) => string): Generator<Use> {
  let item = { kind: KINDS[0] as Use['kind'], name: 0, line: 0, flags: 0 };
  while (block.next()) {
    const how = HOW[block.tag];
    if (how === undefined) item = { kind: KINDS[block.tag] ?? 'function', name: block.name, line: block.line, flags: block.tag === Tag.function ? block.flags : 0 };
    else if (block.name === id) yield { path, ...item, name: nameOf(item.name), how, ...(block.tag >= Tag.stored ? { to: nameOf(block.line) } : {}) };
  }
}

/** Every use of a name in the indexed files, by path and line. */
export function usesOf(index: StoredIndex, name: string, space: Space = Space.ordinary): Use[] {
  const uses: Use[] = [];
  for (const segment of index.segments) {
    const id = segment.find(name, space);
    if (id < 0) continue;
    for (const file of segment.filesOf(id)) uses.push(...usesIn(segment.block(file), id, segment.path(file), (other) => segment.name(other)));
  }
  return inOrder(uses);
}

/** By path, then line. */
export function inOrder(uses: Use[]): Use[] {
  return uses.sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : one.line - other.line));
}

/** A function that calls another one, with the macros the call goes through, innermost first. */
export interface CallerUse extends Use {
  readonly via: readonly string[];
}

/** Macros a call is followed through. */
const MOST_MACROS = 200;

/**
 * The functions that call `name`, themselves or through macros whose replacement text does.
 *
 * @param ask every use of a name, as `usesOf` gives them
 */
export async function callersOf(name: string, ask: (name: string) => Use[] | Promise<Use[]>): Promise<{ readonly callers: readonly CallerUse[]; readonly incomplete?: string }> {
  const callers = new Map<string, CallerUse>();
  const seen = new Set([name]);
  const open: { name: string; via: readonly string[] }[] = [{ name, via: [] }];
  let incomplete: string | undefined;
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    for (const use of await ask(next.name)) {
      // A macro without parameters is used without parentheses.
      if (use.how !== 'call' && !(use.how === 'mention' && next.via.length > 0)) continue;
      const key = `${use.path} ${use.line} ${use.name}`;
      if (use.kind === 'function' && !callers.has(key)) callers.set(key, { ...use, via: next.via });
      if (use.kind !== 'macro' || seen.has(use.name)) continue;
      seen.add(use.name);
      if (seen.size > MOST_MACROS) incomplete = `${name} is called through more than ${MOST_MACROS} macros`;
      else open.push({ name: use.name, via: [...next.via, use.name] });
    }
  }
  return { callers: inOrder([...callers.values()]) as CallerUse[], ...(incomplete === undefined ? {} : { incomplete }) };
}
