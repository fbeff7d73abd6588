/** Which files of an index hold a word or one of the phrases definitions are searched by. */
import { Space } from '../../syntax/scan/names';
import type { StoredIndex } from './storedIndex';
import { allStored, definitions } from './uses';

/**
 * Paths of files that use or define a name (`word`), name a tag (`struct word`), define it (`struct word {`), or define what is exported (`EXPORT_SYMBOL(word`). Undefined when the index cannot
 * tell: it keeps no constants, no fields, and no definitions of enums and typedefs (docs/architecture.md, "Two readers"). Throws a `NotAnIndexError`.
 */
export function filesWith(index: StoredIndex, phrase: string): readonly string[] | undefined {
  const [, kind, tag, brace] = /^(struct|union) (\w+)( \{)?$/.exec(phrase) ?? [];
  if (kind !== undefined && tag !== undefined) return brace === undefined ? filesOf(index, tag, [Space.tag]) : allStored(index, [tag], Space.tag, definitions).filter((item) => item.kind === 'record').map(({ path }) => path);
  // An export stands by the definition.
  const exported = /^EXPORT_SYMBOL\w*\((\w+)$/.exec(phrase)?.[1];
  if (exported !== undefined) return allStored(index, [exported], Space.ordinary, definitions).map(({ path }) => path);
  // A name without a small letter may be a constant.
  if (!/^\w*[a-z]\w*$/.test(phrase)) return undefined;
  return filesOf(index, phrase, [Space.ordinary, Space.tag]);
}

function filesOf(index: StoredIndex, name: string, spaces: readonly Space[]): string[] {
  const paths = new Set<string>();
  for (const segment of index.segments) {
    for (const space of spaces) {
      const id = segment.find(name, space);
      if (id >= 0) for (const file of segment.filesOf(id)) paths.add(segment.path(file));
    }
  }
  return [...paths];
}
