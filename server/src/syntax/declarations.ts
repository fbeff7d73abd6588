/** Declaration items -> records, enums, typedefs and variables, read by tree-sitter from the masked item. */
import { declaratorsOf, readDeclarator, readType, type Declarator } from './declarators';
import type { EnumFact, FieldFact, Hash, Range, RecordFact, TypedefFact, VariableFact } from './facts';
import { combineHash, finishHash, hashSeed } from './hash';
import type { Item } from './items';
import { attributesIn, hashRange, identifiersIn, splitArguments, tokenAt } from './lookup';
import { madeMember, type MadeMember } from './macros';
import { maskItem } from './mask';
import { parse, type Node } from './parser';
import { Hidden, punctuation, wordAt, type Reading } from './reading';
import { fold } from './text';
import { hashText, TokenKind } from './tokens';

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
  const { tokens, partner } = reading;
  const base = tokens.start[item.from] ?? 0;
  const written = (node: Node): string => tokens.text.slice(base + node.startIndex, base + node.endIndex);
  const whole: Range = { start: 0, end: (tokens.end[item.to - 1] ?? 0) - base };
  const found: Declarations = { records: [], enums: [], typedefs: [], variables: [], errors: [] };
  if (nestsTooDeeply(reading, item)) {
    found.errors.push(whole);
    return found;
  }
  const fieldsOf = new Map<number, FieldFact[]>();
  const root = parse(maskItem(reading, item));
  const error = root.hasError ? firstError(root) : undefined;
  if (error !== undefined) found.errors.push(error);
  for (const node of root.namedChildren) readTop(node);
  return found;

  function readTop(node: Node): void {
    if (node.type === 'declaration') readVariables(node);
    else if (node.type === 'type_definition') readTypedefs(node);
    readTypes(node, undefined);
  }

  /** Tagged and typedef'd records and all enums, wherever they are defined in the item; nested tagged ones, too. */
  function readTypes(node: Node, alias: Declarator | undefined): void {
    const isEnum = node.type === 'enum_specifier';
    const isRecord = node.type === 'struct_specifier' || node.type === 'union_specifier';
    const body = isRecord || isEnum ? node.childForFieldName('body') : null;
    const tag = node.childForFieldName('name');
    const name = tag?.text ?? alias?.name ?? '';
    if (body !== null && (name !== '' || isEnum)) {
      const nameRange = tag !== null ? rangeOf(tag) : alias !== undefined ? { start: alias.start, end: alias.end } : { start: node.startIndex, end: node.startIndex + 'enum'.length };
      const declared = { name, ordinal: 0, range: whole, nameRange, conditions: [] };
      const attributes = recordAttributes(node);
      const hash = finishHash(combineHash(combineHash(hashSeed, hashRange(tokens, base + node.startIndex, base + node.endIndex)), hashText(attributes.join(' '))));
      if (isEnum) found.enums.push({ ...declared, hash, attributes, constants: readConstants(body), ...(passesOver(body) ? { passedOver: true as const } : {}) });
      else found.records.push({ ...declared, kind: node.type === 'struct_specifier' ? 'struct' : 'union', hash, attributes, fields: readFields(body), ...(passesOver(body) ? { passedOver: true as const } : {}) });
    }
    for (const child of node.namedChildren) {
      if (/^(struct|union|enum)_specifier$|^field_declaration(_list)?$/.test(child.type)) readTypes(child, node.type === 'type_definition' ? aliasOf(node) : undefined);
    }
  }

  /** A record inside another is read once for both. */
  function readFields(body: Node): FieldFact[] {
    const fields = fieldsOf.get(body.id) ?? readMembers(body);
    fieldsOf.set(body.id, fields);
    return fields;
  }

  function readMembers(body: Node): FieldFact[] {
    const fields: FieldFact[] = [];
    let told = body.startIndex;
    for (const member of body.namedChildren) {
      if (member.type !== 'field_declaration') continue;
      fields.push(...readIncludes(told, member.startIndex));
      told = member.endIndex;
      const type = readType(member, written);
      const nested = member.childForFieldName('type');
      const nestedBody = nested?.childForFieldName('body') ?? null;
      const attributes = gaps(rangeOf(member), nestedBody === null ? [] : [rangeOf(nestedBody)]).flatMap(({ start, end }) => attributesIn(reading, base + start, base + end));
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
      const declarators = declaratorsOf(member, written);
      if (declarators.length === 0) {
        // `unsigned long :9;`, `enum e :2;`: after these the grammar knows no bit-field without a name.
        const bits = nestedBody === null ? /:\s*([^:;]+?)\s*;?$/.exec(written(member))?.[1] : undefined;
        fields.push({ range: { start: member.startIndex, end: member.endIndex }, pointers: 0, arrays: [], ...(bits === undefined ? {} : { bits: fold(bits) }), ...shared, ...(record === undefined ? {} : { record }) });
      }
      for (const { declarator, bits } of declarators) {
        const shape = declarator.type === 'bitfield_clause' ? undefined : readDeclarator(declarator, written);
        const macro = memberMacro(base + (shape?.start ?? member.startIndex));
        fields.push({
          ...(shape?.name === undefined ? {} : { name: macro?.name ?? shape.name }),
          range: { start: shape?.start ?? member.startIndex, end: shape?.end ?? member.endIndex },
          pointers: shape?.pointers ?? 0,
          arrays: shape?.arrays ?? [],
          ...(bits === undefined ? {} : { bits }),
          ...shared,
          ...(macro === undefined ? {} : { type: macro.type, arrays: macro.arrays }),
          ...(record === undefined ? {} : { record }),
        });
      }
    }
    return [...fields, ...readIncludes(told, body.endIndex)];
  }

  /** An `#include` between members brings members nobody sees: one without a name stands for them. */
  function readIncludes(from: number, to: number): FieldFact[] {
    const found: FieldFact[] = [];
    for (let at = tokenAt(tokens, base + from); at < tokens.count && (tokens.start[at] ?? 0) < base + to; at += 1) {
      if (tokens.kind[at] !== TokenKind.directive || !/^#[ \t]*include\b/.test(wordAt(tokens, at))) continue;
      const range = { start: (tokens.start[at] ?? 0) - base, end: (tokens.end[at] ?? 0) - base };
      found.push({ range, type: fold(wordAt(tokens, at)), pointers: 0, arrays: [], attributes: [], conditions: conditionsInside(tokens.start[at] ?? 0) });
    }
    return found;
  }

  /** A member made by a macro: DECLARE_BITMAP(x, N). */
  function memberMacro(offset: number): MadeMember | undefined {
    const at = tokenAt(tokens, offset);
    const start = tokens.start[at] ?? 0;
    const close = partner[at + 1] ?? -1;
    if (start >= offset || punctuation(tokens, at + 1) !== 40 || close < 0) return undefined;
    return madeMember(wordAt(tokens, at), splitArguments(tokens, at + 1, close), fold(tokens.text.slice(start, tokens.end[close])));
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

  function passesOver(body: Node): boolean {
    const { hidden } = reading;
    const end = tokenAt(tokens, base + body.endIndex);
    for (let at = tokenAt(tokens, base + body.startIndex); at < end; at += 1) if (hidden[at] === Hidden.skipped && tokens.kind[at] !== TokenKind.directive) return true;
    return false;
  }

  function readConstants(body: Node): EnumFact['constants'][number][] {
    let told = body.startIndex;
    return body.namedChildren
      .filter((child) => child.type === 'enumerator')
      .flatMap((child) => {
        const included = readIncludes(told, child.startIndex).map(({ type, range }) => ({ name: type, range }));
        told = child.endIndex;
        const token = tokenAt(tokens, base + child.startIndex);
        const close = punctuation(tokens, token + 1) === 40 ? (partner[token + 1] ?? -1) : -1;
        // A macro that stands for constants (`GP_ALL(DATA),`) is told as written, as is an #include among them.
        const name = close < 0 ? (child.childForFieldName('name')?.text ?? '') : fold(tokens.text.slice(tokens.start[token], tokens.end[close]));
        const value = valueBehind(close < 0 ? token + 1 : close + 1);
        const conditions = conditionsInside(base + child.startIndex);
        return [...included, { name, ...(value === undefined ? {} : { value: value.text }), ...(conditions.length === 0 ? {} : { conditions }), range: { start: child.startIndex, end: Math.max(child.endIndex, (value?.end ?? 0) - base) } }];
      });
  }

  /** What stands behind a `=` up to the comma or brace that ends it: the parser loses the parentheses of `X = BIT(3)`. */
  function valueBehind(equals: number): { readonly text: string; readonly end: number } | undefined {
    if (punctuation(tokens, equals) !== 61) return undefined;
    const words: string[] = [];
    let at = equals + 1;
    for (; at < tokens.count; at += 1) {
      const code = punctuation(tokens, at);
      if (code === 44 || code === 125) break; // , }
      const close = code === 40 ? (partner[at] ?? -1) : at;
      const last = close < at ? at : close;
      if (tokens.kind[at] !== TokenKind.directive) words.push(tokens.text.slice(tokens.start[at], tokens.end[last]));
      at = last;
    }
    const end = tokens.end[at - 1] ?? 0;
    const asWritten = tokens.text.slice(tokens.start[equals + 1], end);
    return { text: fold(/\/[*/]|#/.test(asWritten) ? words.join(' ') : asWritten), end };
  }

  /** The first name a typedef declares: the name of the record it defines without a tag. */
  function aliasOf(node: Node): Declarator | undefined {
    const first = declaratorsOf(node, written)[0];
    return first === undefined ? undefined : readDeclarator(first.declarator, written);
  }

  /** Hash of the item's tokens without those of a type's body and of initializers: these are facts of their own. */
  function hashOutside(parts: readonly Range[]): Hash {
    let state = hashSeed;
    for (const { start, end } of gaps(whole, parts)) state = combineHash(state, hashRange(tokens, base + start, base + end));
    return finishHash(state);
  }

  /** The body of a tagged type that is defined in the declaration: it is told by itself, as a record or enum. */
  function taggedBody(node: Node): Range[] {
    const type = node.childForFieldName('type');
    const body = type?.childForFieldName('body') ?? null;
    const tag = type?.childForFieldName('name') ?? null;
    const toldItself = tag !== null || type?.type === 'enum_specifier' || node.type === 'type_definition';
    return body === null || !toldItself ? [] : [rangeOf(body)];
  }

  function readTypedefs(node: Node): void {
    const body = node.childForFieldName('type')?.childForFieldName('body') ?? null;
    const attributes = gaps(whole, body === null ? [] : [rangeOf(body)]).flatMap(({ start, end }) => attributesIn(reading, base + start, base + end));
    for (const { declarator } of declaratorsOf(node, written)) {
      const shape = readDeclarator(declarator, written);
      if (shape.name === undefined) continue;
      found.typedefs.push({
        name: shape.name, ordinal: 0, range: whole, nameRange: { start: shape.start, end: shape.end }, conditions: [],
        type: readType(node, written), pointers: shape.pointers, arrays: shape.arrays, attributes, hash: hashOutside(taggedBody(node)),
      });
    }
  }

  function readVariables(node: Node): void {
    const declarators = declaratorsOf(node, written);
    const initializers = declarators.flatMap(({ value }) => (value === undefined ? [] : [rangeOf(value)]));
    const body = node.childForFieldName('type')?.childForFieldName('body') ?? null;
    const attributes = gaps(whole, [...(body === null ? [] : [rangeOf(body)]), ...initializers]).flatMap(({ start, end }) => attributesIn(reading, base + start, base + end));
    const storage = node.namedChildren.filter((child) => child.type === 'storage_class_specifier').map((child) => child.text);
    const typeTokens = hashOfType(node);
    for (const { declarator, value } of declarators) {
      const shape = readDeclarator(declarator, written);
      if (shape.name === undefined || shape.isFunction) continue;
      const initializer = value === undefined ? undefined : rangeOf(value);
      found.variables.push({
        name: shape.name, ordinal: 0, range: whole, nameRange: { start: shape.start, end: shape.end }, conditions: [],
        type: fold(`${readType(node, written)} ${'*'.repeat(shape.pointers)}${shape.arrays.map((bound) => `[${bound}]`).join('')}`),
        typeHash: finishHash(combineHash(combineHash(combineHash(hashSeed, hashText([...storage, ...attributes].join(' '))), typeTokens), hashRange(tokens, base + declarator.startIndex, base + declarator.endIndex))),
        attributes: [...storage, ...attributes],
        isStatic: storage.includes('static'),
        isExtern: storage.includes('extern') && initializer === undefined,
        ...(initializer === undefined ? {} : { initializer: fold(tokens.text.slice(base + initializer.start, base + initializer.end)), initializerRange: initializer }),
        initializerHash: initializer === undefined ? 0 : hashRange(tokens, base + initializer.start, base + initializer.end),
        mentions: initializer === undefined ? [] : identifiersIn(tokens, base + initializer.start, base + initializer.end),
      });
    }
  }

  /** The type's own words: an untagged record counts with its body, which no fact of its own tells. */
  function hashOfType(node: Node): Hash {
    const type = node.childForFieldName('type');
    const qualifiers = node.namedChildren.filter((child) => child.type === 'type_qualifier').map((child) => child.text);
    let state = combineHash(hashSeed, hashText(qualifiers.join(' ')));
    if (type !== null) for (const { start, end } of gaps(rangeOf(type), taggedBody(node))) state = combineHash(state, hashRange(tokens, base + start, base + end));
    return finishHash(state);
  }
}

const rangeOf = (node: Node): Range => ({ start: node.startIndex, end: node.endIndex });

/** What `parts`, in ascending order, leave of `whole`. */
function gaps(whole: Range, parts: readonly Range[]): Range[] {
  const left: Range[] = [];
  let start = whole.start;
  for (const part of parts) {
    left.push({ start, end: part.start });
    start = part.end;
  }
  return [...left, { start, end: whole.end }];
}

/** Nobody nests this deep; the bound keeps reading, which goes down with the nesting, from running out of stack. */
const DEEPEST_NESTING = 200;

function nestsTooDeeply({ tokens, hidden }: Reading, item: Item): boolean {
  let depth = 0;
  for (let at = item.from; at < item.to; at += 1) {
    if (hidden[at] !== 0) continue;
    const code = punctuation(tokens, at);
    if (code === 40 || code === 91 || code === 123) depth += 1;
    else if (code === 41 || code === 93 || code === 125) depth -= 1;
    if (depth > DEEPEST_NESTING) return true;
  }
  return false;
}

function firstError(node: Node): Range | undefined {
  // The grammar wants a name for every bit-field: `int :0;` is no error.
  if (node.isMissing && node.type === 'field_identifier') return undefined;
  if (node.isError || node.isMissing) return { start: node.startIndex, end: node.endIndex };
  for (const child of node.children) {
    if (child.hasError) {
      const inner = firstError(child);
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}
