/** Which of several definitions of one name a file means by it, as far as that can be told without preprocessing it. */
import { Flag } from '../../syntax/scan/block';
import { folderOf } from '../paths';
import type { Definition } from './uses';

type Placed = Pick<Definition, 'path' | 'kind' | 'flags'>;

/**
 * The definitions that a use of their name in the file `path` may mean: the file's own, else those it can see. Several where that rests on the
 * configuration: architectures, a function and its stub in a header.
 *
 * @param definitions all of one name
 */
export function meantIn<D extends Placed>(path: string, definitions: readonly D[]): D[] {
  const near = definitions.filter((one) => meet(world(path), world(one.path)));
  const candidates = near.length > 0 ? near : definitions;
  const folder = folderOf(path);
  const choices: ((one: Placed) => boolean)[] = [
    (one) => one.path === path,
    (one) => one.kind === 'record' && isHeader(one.path) && folderOf(one.path) === folder,
    (one) => isGlobal(one) || (isHeader(one.path) && (isShared(one.path) || folderOf(one.path) === folder)),
    (one) => isHeader(one.path),
    // One .c file may include others of its folder, as kernel/sched/build_policy.c does.
    (one) => folderOf(one.path) === folder,
  ];
  for (const isMeant of choices) {
    const meant = candidates.filter(isMeant);
    if (meant.length > 0) return meant;
  }
  return [];
}

/** Parts of the tree that are compiled for themselves: an architecture, and the programs that run on the build machine, with their copies of headers. */
function world(path: string): string {
  return /^(arch\/[^/]+|tools|scripts)\//.exec(path)?.[0] ?? '';
}

/** Code of one may mean what the other defines: an architecture and what is for all; not two architectures, and no program of the build machine. */
function meet(one: string, other: string): boolean {
  return one === other || ((one === '' || other === '') && !/^(tools|scripts)/.test(one + other));
}

const isGlobal = ({ path, kind, flags }: Placed): boolean => kind === 'function' && !isHeader(path) && (flags & Flag.static) === 0;
const isHeader = (path: string): boolean => path.endsWith('.h');
const isShared = (path: string): boolean => /(^|\/)include\//.test(path);
