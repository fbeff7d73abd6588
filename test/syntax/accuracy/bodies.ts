/** Function bodies through tree-sitter: the facts need no body parsed, but how well masking works on them is worth a figure. */
import { splitItems } from '../../../server/src/syntax/items';
import { maskItem } from '../../../server/src/syntax/mask';
import { parse, type Node } from '../../../server/src/syntax/parser';
import { readTokens } from '../../../server/src/syntax/reading';

/** The first place of each function that tree-sitter cannot read, as an offset into the text. */
export function firstBodyErrors(text: string): { readonly at: number }[] {
  const reading = readTokens(text);
  const errors: { at: number }[] = [];
  for (const item of splitItems(reading).items) {
    if (item.kind !== 'function' && item.kind !== 'macro-function') continue;
    const root = parse(maskItem(reading, item));
    if (root.hasError) errors.push({ at: (reading.tokens.start[item.from] ?? 0) + firstErrorAt(root) });
  }
  return errors;
}

function firstErrorAt(node: Node): number {
  if (node.isError || node.isMissing) return node.startIndex;
  const child = node.children.find((inner) => inner.hasError);
  return child === undefined ? node.startIndex : firstErrorAt(child);
}
