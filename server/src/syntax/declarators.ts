/** tree-sitter nodes of declarations -> plain shapes: type text, and per declarator its name, pointers and array bounds. */
import type { Node } from './parser';
import { fold } from './text';

export interface Declarator {
  readonly name: string | undefined;
  /** Offsets of the name in the parsed text; of the whole declarator when it has none. */
  readonly start: number;
  readonly end: number;
  readonly pointers: number;
  /** Array bounds as written, outermost first. */
  readonly arrays: readonly string[];
  /** Declares a function (not a pointer to one). */
  readonly isFunction: boolean;
}

/** Gives a node's text in the user's words: the parser saw the masked text. */
export type Written = (node: Node) => string;

export function readDeclarator(node: Node, written: Written): Declarator {
  let pointers = 0;
  let functions = 0;
  const arrays: string[] = [];
  let at: Node | null = node;
  while (at !== null) {
    switch (at.type) {
      case 'pointer_declarator':
      case 'abstract_pointer_declarator':
        // A pointer to a function is one pointer, whatever the function returns.
        pointers = functions > 0 ? 1 : pointers + 1;
        break;
      case 'array_declarator':
      case 'abstract_array_declarator':
        arrays.push(boundOf(at, written));
        break;
      case 'function_declarator':
      case 'abstract_function_declarator':
        functions += 1;
        pointers = 0;
        break;
      case 'identifier':
      case 'field_identifier':
      case 'type_identifier':
        return { name: at.text === '' ? undefined : at.text, start: at.startIndex, end: at.endIndex, pointers, arrays: arrays.reverse(), isFunction: functions > 0 && pointers === 0 };
    }
    at = at.childForFieldName('declarator') ?? at.namedChildren.find((child) => /declarator|identifier/.test(child.type)) ?? null;
  }
  return { name: undefined, start: node.startIndex, end: node.endIndex, pointers, arrays: arrays.reverse(), isFunction: functions > 0 && pointers === 0 };
}

/** `const struct list_head`, `u32`: qualifiers and type, without a body and without the storage class. */
export function readType(node: Node, written: Written): string {
  const words: string[] = [];
  for (const child of node.namedChildren) {
    if (child.type === 'type_qualifier') words.push(child.text);
    else if (child.id === node.childForFieldName('type')?.id) words.push(typeText(child, written));
  }
  return fold(words.join(' '));
}

function typeText(type: Node, written: Written): string {
  const keyword = { struct_specifier: 'struct', union_specifier: 'union', enum_specifier: 'enum' }[type.type];
  if (keyword === undefined) return written(type);
  return `${keyword} ${type.childForFieldName('name')?.text ?? ''}`;
}

/** The declarators of a declaration or member, each with the initializer or bit-field width that belongs to it. */
export function declaratorsOf(node: Node, written: Written): { declarator: Node; value?: Node; bits?: string }[] {
  const found: { declarator: Node; value?: Node; bits?: string }[] = [];
  for (const child of node.namedChildren) {
    if (child.type === 'init_declarator') {
      const declarator = child.childForFieldName('declarator');
      const value = child.childForFieldName('value');
      if (declarator !== null) found.push({ declarator, ...(value === null ? {} : { value }) });
    } else if (child.type === 'bitfield_clause') {
      const bits = fold(written(child).replace(/^:/, ''));
      const last = found.at(-1);
      if (last?.bits === undefined && last !== undefined && last.declarator.endIndex <= child.startIndex) last.bits = bits;
      else found.push({ declarator: child, bits });
    } else if (/(^|_)declarator$|^(field_)?identifier$|^type_identifier$/.test(child.type) && child.id !== node.childForFieldName('type')?.id) {
      found.push({ declarator: child });
    }
  }
  return found;
}

function boundOf(array: Node, written: Written): string {
  const size = array.childForFieldName('size');
  return size === null ? '' : fold(written(size));
}
