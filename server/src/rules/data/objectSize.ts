/** How many bytes a variable takes. */
import { layoutTypes } from '../../kernel/editedTypes';
import { layoutOf } from '../../kernel/layout';
import type { FieldFact, StaticLocalFact, VariableFact } from '../../syntax/facts';
import type { RuleContext } from '../rule';
import { lengthOf } from './initializers';
import { plainType } from './variables';

/** Bytes, laid out as the only member of a struct; undefined where the type, or a length, is not known. */
export function objectSize(fact: VariableFact | StaticLocalFact, path: string, side: 'before' | 'after', context: RuleContext): number | undefined {
  const [words = '', stars = '', bounds = ''] = /^([^*[]*)([*\s]*)(.*)$/s.exec(plainType(fact.type))?.slice(1) ?? [];
  const arrays = [...bounds.matchAll(/\[([^\]]*)\]/g)].map(([, bound = '']) => bound);
  if (arrays[0] === '') arrays[0] = String(lengthOf(fact.initializer) ?? '?');
  const field: FieldFact = { name: fact.name, range: fact.nameRange, type: words.trim(), pointers: stars.replace(/\s/g, '').length, arrays, attributes: [], conditions: [] };
  return layoutOf({ kind: 'struct', attributes: [], fields: [field] }, layoutTypes(context, path, side)).size;
}

/** Whether a static local keeps its size; undefined where that is not known. */
export function localSizes({ before, after }: { readonly before: StaticLocalFact; readonly after: StaticLocalFact }, path: string, context: RuleContext): { readonly isSame: boolean } | undefined {
  const [old, now] = [objectSize(before, path, 'before', context), objectSize(after, path, 'after', context)];
  return old === undefined || now === undefined ? undefined : { isSame: old === now };
}
