/** Random records, both as C text and as the facts the syntax room would give. */
import fc from 'fast-check';
import type { EnumFact, FieldFact, RecordFact } from '../../server/src/syntax/facts';

const NOWHERE = { start: 0, end: 0 };

export interface RecordText {
  readonly text: string;
  readonly fact: RecordFact;
}

export function record(name: string, kind: 'struct' | 'union', attributes: readonly string[], fields: readonly FieldFact[]): RecordFact {
  return { name, kind, attributes, fields, hash: 0, ordinal: 0, range: NOWHERE, nameRange: NOWHERE, conditions: [] };
}

export function field(type: string, name: string, extra: Partial<FieldFact> = {}): FieldFact {
  return { ...(name === '' ? {} : { name }), range: NOWHERE, type, pointers: 0, arrays: [], attributes: [], conditions: [], ...extra };
}

export function enumeration(name: string, constants: readonly (readonly [string, string?])[], attributes: readonly string[] = []): EnumFact {
  return { name, hash: 0, ordinal: 0, range: NOWHERE, nameRange: NOWHERE, conditions: [], attributes, constants: constants.map(([constant, value]) => ({ name: constant, range: NOWHERE, ...(value === undefined ? {} : { value }) })) };
}

/** What the generated text stands on: our own spelling of the kernel's words. */
export const PREAMBLE = `
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#define __packed __attribute__((packed))
#define __aligned(n) __attribute__((aligned(n)))
#define ____cacheline_aligned __aligned(64)
typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long u64;
typedef signed char s8; typedef short s16; typedef int s32; typedef long long s64;
typedef u16 __le16; typedef u32 __be32; typedef u64 __le64; typedef u32 gfp_t; typedef long long loff_t;
typedef struct { int counter; } atomic_t; typedef struct { s64 counter __aligned(8); } atomic64_t;
typedef u64 compat_u64 __attribute__((aligned(4)));
struct list_head { struct list_head *next, *prev; };
struct hlist_head { void *first; };
struct callback_head { struct callback_head *next; void (*func)(struct callback_head *); } __attribute__((aligned(sizeof(void *))));
struct rb_node { unsigned long up; struct rb_node *right, *left; } __attribute__((aligned(sizeof(long))));
enum small { SMALL_A, SMALL_B = 5 };
enum negative { NEGATIVE = -1, POSITIVE = 7 };
enum large { LARGE = 1ULL << 40 };
#define LENGTH 6
`;

export const ENUMS = [enumeration('small', [['SMALL_A'], ['SMALL_B', '5']]), enumeration('negative', [['NEGATIVE', '-1'], ['POSITIVE', '7']]), enumeration('large', [['LARGE', '1ULL << 40']])];
export const CONSTANTS: Readonly<Record<string, string>> = { LENGTH: '6' };

const INTEGERS = ['char', 'unsigned char', 'short', 'unsigned short int', 'int', 'unsigned', 'long', 'unsigned long', 'long unsigned int', 'long long', 'u8', 'u16', 's32', 'u64', '__le16', '__be32', '_Bool', 'enum small', 'gfp_t'];
const OTHERS = ['float', 'double', 'long double', '__int128', 'enum negative', 'enum large', 'loff_t', '__le64', 'atomic_t', 'atomic64_t', 'compat_u64', 'struct list_head', 'struct hlist_head', 'struct callback_head', 'struct rb_node', 'const volatile int'];
const WIDTHS: Readonly<Record<string, number>> = { char: 8, 'unsigned char': 8, u8: 8, short: 16, 'unsigned short int': 16, u16: 16, __le16: 16, _Bool: 1, long: 64, 'unsigned long': 64, 'long unsigned int': 64, 'long long': 64, u64: 64 };

/** A member without its name; names are given afterwards so that they are unique. */
interface Shape {
  readonly type: string;
  readonly pointers: number;
  readonly isFunction: boolean;
  readonly arrays: readonly string[];
  readonly bits?: string;
  readonly isNamed: boolean;
  readonly attributes: readonly string[];
  readonly inner?: { readonly kind: 'struct' | 'union'; readonly attributes: readonly string[]; readonly members: readonly Shape[] };
}

const bound = fc.constantFrom('1', '2', '3', '0x5', '0', '1 << 2', 'LENGTH', 'LENGTH - 1', '2 * sizeof(long)', 'sizeof(struct rb_node *)', '(3)', "' ' - 28");
const memberAttributes: fc.Arbitrary<string[]> = fc.oneof({ weight: 8, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: fc.constantFrom<string[][]>(['__packed'], ['__aligned(2)'], ['__aligned(16)'], ['____cacheline_aligned'], ['__attribute__((packed, aligned(4)))']) });
const recordAttributes: fc.Arbitrary<string[]> = fc.oneof({ weight: 6, arbitrary: fc.constant<string[]>([]) }, { weight: 4, arbitrary: fc.constantFrom<string[][]>(['__packed'], ['__aligned(2)'], ['__aligned(32)'], ['__packed', '__aligned(4)'], ['__attribute__((__packed__))']) });
const kind = fc.oneof({ weight: 3, arbitrary: fc.constant('struct' as const) }, { weight: 1, arbitrary: fc.constant('union' as const) });

const memberOf = (nameless: boolean): fc.Arbitrary<Shape> => fc.letrec<{ member: Shape; plain: Shape; bitField: Shape; nested: Shape }>((tie) => ({
  member: fc.oneof({ depthSize: 'small', withCrossShrink: true }, { weight: 5, arbitrary: tie('plain') }, { weight: 4, arbitrary: tie('bitField') }, { weight: 2, arbitrary: tie('nested') }),
  plain: fc.record({
    type: fc.constantFrom(...INTEGERS, ...OTHERS),
    pointers: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(1, 2) }),
    isFunction: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    arrays: fc.oneof({ weight: 5, arbitrary: fc.constant<string[]>([]) }, { weight: 2, arbitrary: fc.array(bound, { minLength: 1, maxLength: 2 }) }),
    isNamed: fc.constant(true),
    attributes: memberAttributes,
  }),
  bitField: fc.constantFrom(...INTEGERS).chain((type) =>
    fc.record({ type: fc.constant(type), pointers: fc.constant(0), isFunction: fc.constant(false), arrays: fc.constant<string[]>([]), bits: fc.integer({ min: nameless ? 0 : 1, max: WIDTHS[type] ?? 32 }).map(String), isNamed: nameless ? fc.boolean() : fc.constant(true), attributes: fc.constant<string[]>([]) }),
  ),
  nested: fc.record({
    type: fc.constant(''),
    pointers: fc.constant(0),
    isFunction: fc.constant(false),
    arrays: fc.oneof({ weight: 5, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: fc.constant(['2']) }),
    isNamed: fc.boolean(),
    attributes: memberAttributes,
    inner: fc.record({ kind, attributes: recordAttributes, members: fc.array(tie('member'), { minLength: 1, maxLength: 4 }) }),
  }),
})).member;

/** A struct named `name`; `earlier` are the names of structs it may contain, `nameless` says whether it may have bit-fields without a name. */
export function recordNamed(name: string, earlier: readonly string[], nameless: boolean): fc.Arbitrary<RecordText> {
  const reference: fc.Arbitrary<Shape> = fc.record({ type: fc.constantFrom(...earlier.map((one) => `struct ${one}`), 'int'), pointers: fc.constantFrom(0, 0, 1), isFunction: fc.constant(false), arrays: fc.constantFrom<string[]>([], ['2']), isNamed: fc.constant(true), attributes: memberAttributes });
  const members = fc.array(fc.oneof({ weight: 6, arbitrary: memberOf(nameless) }, { weight: 1, arbitrary: reference }), { minLength: 1, maxLength: 8 });
  return fc.record({ kind: fc.constant('struct' as const), attributes: recordAttributes, members, flexible: fc.boolean(), pack: fc.constantFrom(0, 0, 0, 0, 0, 1, 2, 4) }).map(({ attributes, members: shapes, flexible, pack }): RecordText => {
    let count = 0;
    const nextName = (): string => `m${(count += 1)}`;
    const written = shapes.map((shape) => write(shape, nextName));
    const canEndFlexible = flexible && written.some((one) => one.fact.name !== undefined && one.fact.bits === undefined);
    if (canEndFlexible) written.push(write({ type: 'u16', pointers: 0, isFunction: false, arrays: [''], isNamed: true, attributes: [] }, nextName));
    const tail = attributes.map((attribute: string) => ` ${attribute}`).join('');
    const plain = `struct ${name} {\n${written.map((one) => `\t${one.text}\n`).join('')}}${tail};\n`;
    const text = pack === 0 ? plain : `#pragma pack(push, ${pack})\n${plain}#pragma pack(pop)\n`;
    return { text, fact: record(name, 'struct', pack === 0 ? attributes : [...attributes, `#pragma pack(${pack})`], written.map((one) => one.fact)) };
  });
}

function write(shape: Shape, nextName: () => string): { text: string; fact: FieldFact } {
  const { inner } = shape;
  // The facts tell an attribute behind the brace for record and member alike: only one of them has it here.
  const attributes = shape.attributes.filter((attribute) => inner?.attributes.includes(attribute) !== true);
  const bits = shape.bits;
  // A width of 0 is allowed without a name only; an array needs one.
  const isNamed = bits === '0' ? false : shape.isNamed || (inner !== undefined && shape.arrays.length > 0);
  const name = isNamed ? nextName() : '';
  const suffix = shape.arrays.map((size) => `[${size}]`).join('');
  const tail = attributes.map((attribute) => ` ${attribute}`).join('');
  if (inner !== undefined) {
    const members = inner.members.map((one) => write(one, nextName));
    const own = inner.attributes.map((attribute) => ` ${attribute}`).join('');
    // Without a declarator there is nothing but the type to have attributes.
    const text = `${inner.kind} { ${members.map((one) => one.text).join(' ')} }${own}${name === '' ? '' : ` ${name}${suffix}${tail}`};`;
    const record = { kind: inner.kind, attributes: inner.attributes, fields: members.map((one) => one.fact) };
    return { text, fact: field(inner.kind, name, { arrays: shape.arrays, attributes: name === '' ? [] : attributes, record }) };
  }
  if (bits !== undefined) return { text: `${shape.type} ${name}:${bits};`, fact: field(shape.type, name, { bits }) };
  if (shape.isFunction) return { text: `${shape.type} (*${name}${suffix})(int)${tail};`, fact: field(shape.type, name, { pointers: 1, arrays: shape.arrays, attributes }) };
  return { text: `${shape.type} ${'*'.repeat(shape.pointers)}${name}${suffix}${tail};`, fact: field(shape.type, name, { pointers: shape.pointers, arrays: shape.arrays, attributes }) };
}
