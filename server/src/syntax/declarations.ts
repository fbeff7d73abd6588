/** Declaration items -> records, enums, typedefs and variables, read by tree-sitter from the masked item. */
import { declaratorsOf, readDeclarator, readType } from './declarators';
import type { EnumFact, FieldFact, Range, RecordFact, TypedefFact, VariableFact } from './facts';
import { hashTokens } from './hash';
import type { Item } from './items';
import { attributesIn, hashRange, identifiersIn, splitArguments, tokenAt } from './lookup';
import { maskItem } from './mask';
import { parse, type Node } from './parser';
import type { Reading } from './reading';
import { fold } from './text';
import { hashText } from './tokens';

export interface Declarations {
  readonly records: RecordFact[];
  readonly enums: EnumFact[];
  readonly typedefs: TypedefFact[];
  readonly variables: VariableFact[];
  /** Where tree-sitter could not read the item, counted from its start. */
  readonly errors: Range[];
}

/** Facts with ranges counted from the item's start; ordinals and conditions are filled in later. */
export function readDeclarations(reading: Reading, item: Item): Declarations {
  const { tokens } = reading;
  const base = tokens.start[item.from] ?? 0;
  const whole: Range = { start: 0, end: (tokens.end[item.to - 1] ?? 0) - base };
  const found: Declarations = { records: [], enums: [], typedefs: [], variables: [], errors: [] };
  const root = parse(maskItem(reading, item));
  if (root.hasError) found.errors.push(firstError(root) ?? whole);
  for (const node of root.namedChildren) readTop(node);
  return found;

  function readTop(node: Node): void {
    if (node.type === 'declaration') readVariables(node);
    else if (node.type === 'type_definition') readTypedefs(node);
    readTypes(node, '');
  }

  /** Tagged and typedef'd records and enums, wherever they are defined in the item; nested tagged ones, too. */
  function readTypes(node: Node, typedefName: string): void {
    const isRecord = node.type === 'struct_specifier' || node.type === 'union_specifier';
    const body = isRecord || node.type === 'enum_specifier' ? node.childForFieldName('body') : null;
    if (body !== null) {
      const tag = node.childForFieldName('name');
      const name = tag?.text ?? typedefName;
      if (name !== '') {
        const at = tag ?? node;
        const declared = { name, ordinal: 0, range: whole, nameRange: { start: at.startIndex, end: tag === null ? at.startIndex + 6 : at.endIndex }, conditions: [] };
        const hash = hashTokens(tokens, item.from, item.to);
        if (isRecord) {
          const kind = node.type === 'struct_specifier' ? 'struct' : 'union';
          found.records.push({ ...declared, kind, hash, attributes: recordAttributes(node), fields: readFields(body) });
        } else found.enums.push({ ...declared, hash, constants: readConstants(body) });
      }
    }
    for (const child of node.namedChildren) {
      if (/^(struct|union|enum)_specifier$|^field_declaration(_list)?$/.test(child.type)) readTypes(child, node.type === 'type_definition' ? typedefNameOf(node) : '');
    }
  }

  function readFields(body: Node): FieldFact[] {
    const fields: FieldFact[] = [];
    for (const member of body.namedChildren) {
      if (member.type !== 'field_declaration') continue;
      const type = readType(member);
      const nested = member.childForFieldName('type');
      const nestedBody = nested?.childForFieldName('body') ?? null;
      const attributes = attributesIn(reading, base + member.startIndex, base + member.endIndex);
      const conditions = conditionsInside(base + member.startIndex);
      const shared = { type, attributes, conditions };
      const record =
        nested === null || nestedBody === null || nested.type === 'enum_specifier'
          ? undefined
          : {
              kind: nested.type === 'struct_specifier' ? ('struct' as const) : ('union' as const),
              ...(nested.childForFieldName('name') === null ? {} : { name: nested.childForFieldName('name')?.text ?? '' }),
              attributes: recordAttributes(nested),
              fields: readFields(nestedBody),
            };
      const declarators = declaratorsOf(member);
      if (declarators.length === 0) {
        fields.push({ range: { start: member.startIndex, end: member.endIndex }, pointers: 0, arrays: [], ...shared, ...(record === undefined ? {} : { record }) });
      }
      for (const { declarator, bits } of declarators) {
        const shape = declarator.type === 'bitfield_clause' ? undefined : readDeclarator(declarator);
        const macro = memberMacro(base + (shape?.start ?? member.startIndex));
        fields.push({
          ...(shape?.name === undefined ? {} : { name: macro?.name ?? shape.name }),
          range: { start: shape?.start ?? member.startIndex, end: shape?.end ?? member.endIndex },
          pointers: shape?.pointers ?? 0,
          arrays: shape?.arrays ?? [],
          ...(bits === undefined ? {} : { bits }),
          ...shared,
          ...(macro === undefined ? {} : { type: macro.type }),
          ...(record === undefined ? {} : { record }),
        });
      }
    }
    return fields;
  }

  /** A member made by a macro (DECLARE_BITMAP(x, N)): its type is the macro call as written, its name the first argument. */
  function memberMacro(offset: number): { name: string; type: string } | undefined {
    const at = tokenAt(tokens, offset - 1);
    const start = tokens.start[at] ?? 0;
    if (start === offset || tokens.text.charAt(tokens.end[at] ?? 0) !== '(') return undefined;
    const close = tokens.text.indexOf(')', start);
    const args = splitArguments(tokens, at + 1, tokenAt(tokens, close));
    return { name: args[0] ?? '', type: fold(tokens.text.slice(start, close + 1)) };
  }

  function recordAttributes(node: Node): string[] {
    const body = node.childForFieldName('body');
    const outside = attributesIn(reading, base + node.startIndex, base + (body?.startIndex ?? node.endIndex));
    // Behind the braces: up to the next name, comma or semicolon.
    const after = attributesIn(reading, base + (body?.endIndex ?? node.endIndex), tokens.end[item.to - 1] ?? 0, true);
    return [...outside, ...after];
  }

  function conditionsInside(offset: number): readonly string[] {
    const outer = reading.conditionals.conditionsAt(item.from).length;
    return reading.conditionals.conditionsAt(tokenAt(tokens, offset)).slice(outer);
  }

  function readConstants(body: Node): EnumFact['constants'][number][] {
    return body.namedChildren
      .filter((child) => child.type === 'enumerator')
      .map((child) => {
        const value = child.childForFieldName('value');
        return { name: child.childForFieldName('name')?.text ?? '', ...(value === null ? {} : { value: fold(value.text) }), range: { start: child.startIndex, end: child.endIndex } };
      });
  }

  function typedefNameOf(node: Node): string {
    const first = declaratorsOf(node)[0];
    return first === undefined ? '' : (readDeclarator(first.declarator).name ?? '');
  }

  function readTypedefs(node: Node): void {
    for (const { declarator } of declaratorsOf(node)) {
      const shape = readDeclarator(declarator);
      if (shape.name === undefined) continue;
      found.typedefs.push({
        name: shape.name, ordinal: 0, range: whole, nameRange: { start: shape.start, end: shape.end }, conditions: [],
        type: readType(node), pointers: shape.pointers, arrays: shape.arrays, hash: hashTokens(tokens, item.from, item.to),
      });
    }
  }

  function readVariables(node: Node): void {
    const attributes = attributesIn(reading, tokens.start[item.from] ?? 0, tokens.end[item.to - 1] ?? 0);
    const storage = node.namedChildren.filter((child) => child.type === 'storage_class_specifier').map((child) => child.text);
    for (const { declarator, value } of declaratorsOf(node)) {
      const shape = readDeclarator(declarator);
      if (shape.name === undefined || shape.isFunction) continue;
      const type = fold(`${readType(node)} ${'*'.repeat(shape.pointers)}${shape.arrays.map((bound) => `[${bound}]`).join('')}`);
      const initializer = value === undefined ? undefined : { start: value.startIndex, end: value.endIndex };
      found.variables.push({
        name: shape.name, ordinal: 0, range: whole, nameRange: { start: shape.start, end: shape.end }, conditions: [],
        type,
        typeHash: hashText([...storage, ...attributes, type].join(' ')),
        attributes: [...storage, ...attributes],
        isStatic: storage.includes('static'),
        isExtern: storage.includes('extern') && initializer === undefined,
        ...(initializer === undefined ? {} : { initializer: fold(tokens.text.slice(base + initializer.start, base + initializer.end)), initializerRange: initializer }),
        initializerHash: initializer === undefined ? 0 : hashRange(tokens, base + initializer.start, base + initializer.end),
        mentions: initializer === undefined ? [] : identifiersIn(tokens, base + initializer.start, base + initializer.end),
      });
    }
  }
}

function firstError(node: Node): Range | undefined {
  if (node.isError || node.isMissing) return { start: node.startIndex, end: node.endIndex };
  for (const child of node.children) {
    if (child.hasError) {
      const inner = firstError(child);
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}
