/** Calls of the kernel's allocators by the name of another of the same kind: what they are handed stays as it is. */
import type { BodyCall } from '../body';
import { nameRangeOf } from '../edited';
import type { Fix } from '../finding';
import { namesIn, type Allocator } from './vocabulary';

/** How the names of an allocator's functions begin, where two of them differ in nothing else (include/linux/slab.h, mm.h). */
const PREFIXES: ReadonlyMap<string, string> = new Map([['kmalloc', 'k'], ['kvmalloc', 'kv']]);
/** Allocators whose functions that free take the memory and nothing else. */
const PLAIN: ReadonlySet<string> = new Set(['kmalloc', 'kvmalloc', 'vmalloc', 'per-CPU']);

/** `kvzalloc(…)` back to `kzalloc(…)`; undefined where the allocators do not have a function for the same arguments each. */
export function allocatedBy(path: string, call: BodyCall, { kind }: Allocator, wanted: Allocator): Fix | undefined {
  const [from, to] = [PREFIXES.get(kind), PREFIXES.get(wanted.kind)];
  if (from === undefined || to === undefined || !call.name.startsWith(from)) return undefined;
  const name = `${to}${call.name.slice(from.length)}`;
  return namesIn(wanted.alloc).includes(name) ? renamed(path, call, name) : undefined;
}

/** `kfree(x)` of what `kvmalloc()` gave becomes `kvfree(x)`. */
export function freedBy(path: string, call: BodyCall, { kind, free }: Allocator): Fix | undefined {
  const [name] = namesIn(free);
  return name !== undefined && PLAIN.has(kind) && call.args.length === 1 ? renamed(path, call, name) : undefined;
}

/** The call under the name of another that frees, with the same one argument. */
export function freedLike(path: string, call: BodyCall, other: BodyCall, takes: readonly Allocator[]): Fix | undefined {
  return call.args.length === 1 && other.args.length === 1 && takes.every(({ kind }) => PLAIN.has(kind)) ? renamed(path, call, other.name) : undefined;
}

const renamed = (path: string, call: BodyCall, name: string): Fix => ({ edits: () => [{ path, range: nameRangeOf(call), text: name }] });
