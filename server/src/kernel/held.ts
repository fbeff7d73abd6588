/** Whether a text holds objects of a record: members, variables, places that ask for its size. */
import type { Sieve } from './treeSearch';

/**
 * A test for `struct x y;`, `x_t y[3];`, `DEFINE_PER_CPU(struct x, y)`, `sizeof(struct x)`, `KMEM_CACHE(x, 0)`; a pointer or a parameter is none.
 *
 * @param name the record's tag, or a typedef of it
 */
function holdsObjectsOf(name: string): (text: string) => boolean {
  const held = new RegExp(`\\b${name}(?:${DECLARES}|${ASKS_FOR_TYPE.replace('NAME', name)})`);
  return (text) => held.test(text);
}

/** A name, and what may stand behind one; `__aligned(8)` in front of it, `____cacheline_aligned` behind it. */
const DECLARES = '\\s+(?:__\\w+(?:\\s*\\([^()]*\\)\\s*|\\s+))*[A-Za-z_]\\w*(?:\\s*[;,=:[#]|\\s+(?:_|[A-Z][A-Z0-9_]*\\s*[;=]))';
const ASKS_FOR_TYPE = '(?<=\\b(?:sizeof|struct_size_t|KMEM_CACHE\\w*|[A-Z_]*PER_CPU\\w*|\\w*alloc_percpu\\w*)\\s*\\(\\s*(?:(?:struct|union)\\s+)?NAME)\\s*[,)]';

export const OBJECTS: Sieve = { name: 'objects', of: holdsObjectsOf };
