import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateCondition } from '../../server/src/kernel/conditions';
import { KERNEL_RECORDS, KERNEL_TYPEDEFS, parseTypeName } from '../../server/src/kernel/ctypes';
import { enumSize } from '../../server/src/kernel/enums';
import { evaluate } from '../../server/src/kernel/expression';
import { layoutOf, type LayoutTypes, type RecordLayout } from '../../server/src/kernel/layout';
import type { FieldFact } from '../../server/src/syntax/facts';
import { enumeration, field, record } from './records';

const struct = (...fields: FieldFact[]) => record('s', 'struct', [], fields);

/** `size/align: name@offset+size …`, `?` for what is not known. */
function shown(layout: RecordLayout): string {
  const fields = layout.fields.map((one) => `${one.path}@${one.offset ?? '?'}${one.bitOffset === undefined ? '' : `.${one.bitOffset}`}+${one.bits === undefined ? (one.size ?? '?') : `${one.bits}b`}`);
  return `${layout.size ?? '?'}/${layout.align ?? '?'}: ${fields.join(' ')}`;
}

describe('what is not known stays unknown', () => {
  const config = (text: string) => (name: string) => (text.includes(`${name}=y`) ? 'y' : 'n');
  test.each<[string, FieldFact[], LayoutTypes & { readonly passedOver?: true }, string, string | undefined]>([
    ['a type nobody knows', [field('int', 'a'), field('struct mystery', 'b'), field('int', 'c')], {}, '?/?: a@0+4 b@?+? c@?+4', 'the size of struct mystery is not known'],
    ['a pointer to it is known', [field('struct mystery', 'a', { pointers: 1 }), field('void', 'b', { pointers: 2 })], {}, '16/8: a@0+8 b@8+8', undefined],
    ['the first member is at 0 all the same', [field('spinlock_t', 'a'), field('int', 'b')], {}, '?/?: a@0+? b@?+4', 'the size of spinlock_t is not known'],
    ['an array bound', [field('int', 'a', { arrays: ['NR_CPUS'] }), field('char', 'b')], {}, '?/4: a@0+? b@?+1', 'the array size NR_CPUS is not known'],
    ['a bound the macros tell', [field('int', 'a', { arrays: ['N * 2'] })], { constant: (name) => ({ N: 'M + 1', M: '(3)' })[name] }, '32/4: a@0+32', undefined],
    ['a macro that means itself', [field('int', 'a', { arrays: ['N'] })], { constant: () => 'N' }, '?/4: a@0+?', 'the array size N is not known'],
    ['a union keeps its offsets', [field('union', 'u', { record: { kind: 'union', attributes: [], fields: [field('struct mystery', 'a'), field('int', 'b')] } })], {}, '?/?: u@0+? u.a@0+? u.b@0+4', 'the size of struct mystery is not known'],
    ['a condition without a configuration', [field('int', 'a'), field('int', 'b', { conditions: ['defined(CONFIG_SMP)'] }), field('int', 'c')], {}, '?/?: a@0+4 b@?+? c@?+4', 'whether defined(CONFIG_SMP) holds is not known'],
    ['a condition that holds', [field('int', 'b', { conditions: ['defined(CONFIG_SMP)'] }), field('int', 'c')], { config: config('CONFIG_SMP=y') }, '8/4: b@0+4 c@4+4', undefined],
    ['a condition that does not, and another branch', [field('int', 'b', { conditions: ['defined(CONFIG_SMP)'] }), field('long', 'b', { conditions: ['!(defined(CONFIG_SMP))'] })], { config: config('') }, '8/8: b@0+8', undefined],
    ['a condition that does not, another branch passed over', [{ ...field('struct', 'p', { record: { kind: 'struct', attributes: [], fields: [field('int', 'a')] } }) }, field('int', 'b', { conditions: ['defined(CONFIG_SMP)'] }), field('int', 'c')], { config: config(''), passedOver: true }, '?/?: p@0+4 p.a@0+4 c@?+4', 'what stands in the #else of defined(CONFIG_SMP) is not known'],
    ['an attribute nobody knows', [field('int', 'a', { attributes: ['__mystery'] })], {}, '?/?: a@?+4', 'what __mystery does to a is not known'],
    ['an attribute without effect', [field('int', 'a', { attributes: ['__rcu', '__counted_by(n)'] })], {}, '4/4: a@0+4', undefined],
    ['a cache line only with SMP', [field('char', 'a'), field('int', 'b', { attributes: ['____cacheline_aligned_in_smp'] })], { config: config('CONFIG_SMP=y') }, '128/64: a@0+1 b@64+4', undefined],
    ['a cache line without a configuration', [field('char', 'a'), field('int', 'b', { attributes: ['____cacheline_aligned_in_smp'] })], {}, '?/?: a@0+1 b@?+4', 'what ____cacheline_aligned_in_smp does to b is not known'],
    ['a bitmap', [field('unsigned long', 'map', { arrays: ['BITS_TO_LONGS(65)'] }), field('char', 'b')], {}, '24/8: map@0+16 b@16+1', undefined],
    ['a macro that makes members', [field('struct_group(a, int b;)', 'a')], {}, '?/?: a@0+?', 'the size of struct_group(a, int b;) is not known'],
    ['a record that contains itself', [field('struct s', 'a')], { record: () => struct(field('struct s', 'a'), field('struct s', 'b')) }, '?/?: a@0+?', undefined],
    ['a record as long as itself', [field('struct s', 'a')], { record: () => struct(field('char', 'b', { arrays: ['sizeof(struct s)'] })) }, '?/1: a@0+?', undefined],
    ['a union whose members come from an #include', [field('union x', 'a')], { record: () => record('x', 'union', [], []) }, '?/?: a@0+?', undefined],
    ['a typedef', [field('foo_t', 'a'), field('char', 'b')], { typedef: () => ({ name: 'foo_t', type: 'u16', pointers: 0, arrays: ['3'], attributes: [], hash: 0, ordinal: 0, range: { start: 0, end: 0 }, nameRange: { start: 0, end: 0 }, conditions: [] }) }, '8/2: a@0+6 b@6+1', undefined],
    ['an aligned typedef', [field('foo_t', 'a'), field('char', 'b')], { typedef: () => ({ name: 'foo_t', type: 'u16', pointers: 0, arrays: ['3'], attributes: ['__aligned(8)'], hash: 0, ordinal: 0, range: { start: 0, end: 0 }, nameRange: { start: 0, end: 0 }, conditions: [] }) }, '8/8: a@0+6 b@6+1', undefined],
    ['a typedef with an attribute nobody knows', [field('foo_t', 'a'), field('char', 'b')], { typedef: () => ({ name: 'foo_t', type: 'u16', pointers: 0, arrays: ['3'], attributes: ['__mystery'], hash: 0, ordinal: 0, range: { start: 0, end: 0 }, nameRange: { start: 0, end: 0 }, conditions: [] }) }, '?/?: a@0+? b@?+1', 'what __mystery does to foo_t is not known'],
    ['records of the kernel', [field('struct list_head', 'a'), field('struct rcu_head', 'b'), field('atomic_t', 'c'), field('refcount_t', 'd')], {}, '40/8: a@0+16 b@16+16 c@32+4 d@36+4', undefined],
    ['a tree that defines such a record differently', [field('struct list_head', 'a')], { record: () => struct(field('int', 'x')) }, '4/4: a@0+4', undefined],
  ])('%s', (_name, fields, types, expected, reason) => {
    const { passedOver, ...known } = types;
    const layout = layoutOf({ ...struct(...fields), ...(passedOver === true ? { passedOver } : {}) }, known);
    expect(shown(layout)).toBe(expected);
    if (reason !== undefined || layout.size !== undefined) expect(layout.unknown).toBe(reason);
    else expect(layout.unknown).toContain('not known');
  });

  test('records that hold two of the next are measured once each', () => {
    const next = (name: string): string => `struct s${Number(/\d+/.exec(name)?.[0] ?? 0) + 1}`;
    const types: LayoutTypes = { record: (_, name) => (name === 's30' ? struct(field('char', 'a')) : struct(field(next(name), 'a'), field(next(name), 'b'))) };
    expect(layoutOf(struct(field('struct s0', 'a')), types).size).toBe(2 ** 30);
  });

  test('holes are told, the tail apart', () => {
    expect(layoutOf(struct(field('char', 'a'), field('int', 'b'), field('char', 'c')), {}).holes).toEqual([{ offset: 1, size: 3, isTail: false }, { offset: 9, size: 3, isTail: true }]);
  });
});

describe('evaluate', () => {
  const names = { identifier: (name: string) => (name === 'TEN' ? 10n : undefined), call: (name: string, argument: string) => (name === 'twice' ? BigInt(argument) * 2n : undefined) };
  test.each<[string, bigint | undefined]>([
    ['1 + 2 * 3', 7n],
    ['(1 + 2) * 3', 9n],
    ['0x10 | 010 | 1UL', 25n],
    ['1 << 4 >> 1', 8n],
    ['7 / 2 % 2', 1n],
    ['10 - 3 - 2', 5n],
    ["'a' + '\\n'", 107n],
    ['TEN > 9 && TEN <= 10', 1n],
    ['!TEN || ~0 == -1', 1n],
    ['TEN ? 1 : UNKNOWN', 1n],
    ['UNKNOWN && 0', 0n],
    ['UNKNOWN || TEN', 1n],
    ['UNKNOWN || 0', undefined],
    ['UNKNOWN ? 2 : 2', 2n],
    ['twice(21)', 42n],
    ['(unsigned long)TEN', 10n],
    ['1 / 0', undefined],
    ['1 << 99', undefined],
    ['', undefined],
    ['1 +', undefined],
    ['(1', undefined],
    ['1 2', undefined],
    ['09', undefined],
    ['a @ b', undefined],
  ])('%s', (text, expected) => {
    expect(evaluate(text, names)).toBe(expected);
  });

  test('never throws', () => {
    const piece = fc.constantFrom('1', 'x', '(', ')', '+', '&&', '?', ':', 'sizeof', 'defined', "'a'", '!', ',', ' ', '0x', '$');
    fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => typeof evaluate(pieces.join(' '), names) !== 'object'), { numRuns: 2000 });
  });

  test('agrees with BigInt arithmetic', () => {
    type Sum = readonly [text: string, value: bigint];
    const truth = (holds: boolean): bigint => (holds ? 1n : 0n);
    const operations: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
      '+': (a, b) => a + b, '-': (a, b) => a - b, '*': (a, b) => a * b, '|': (a, b) => a | b, '&': (a, b) => a & b, '^': (a, b) => a ^ b,
      '==': (a, b) => truth(a === b), '<': (a, b) => truth(a < b), '>=': (a, b) => truth(a >= b), '&&': (a, b) => truth(a !== 0n && b !== 0n), '||': (a, b) => truth(a !== 0n || b !== 0n),
    };
    const { sum } = fc.letrec<{ sum: Sum }>((tie) => ({
      sum: fc.oneof(
        { maxDepth: 5 },
        fc.nat(50).map((value): Sum => [String(value), BigInt(value)]),
        fc.tuple(tie('sum'), fc.constantFrom(...Object.entries(operations)), tie('sum')).map(([[left, a], [operator, apply], [right, b]]): Sum => [`(${left} ${operator} ${right})`, apply(a, b)]),
        tie('sum').map(([text, value]): Sum => [`-${text}`, -value]),
        fc.tuple(tie('sum'), tie('sum'), tie('sum')).map(([[x, a], [y, b], [z, c]]): Sum => [`(${x} ? ${y} : ${z})`, a === 0n ? c : b]),
      ),
    }));
    fc.assert(fc.property(sum, ([text, value]) => {
      expect(evaluate(text, names)).toBe(value);
    }), { numRuns: 1000 });
  });
});

test.each<[string, string | undefined, boolean | undefined]>([
  ['CONFIG_SMP', 'y', true],
  ['CONFIG_SMP', 'm', false],
  ['defined(CONFIG_SMP)', 'y', true],
  ['defined CONFIG_SMP', 'n', false],
  ['!defined(CONFIG_SMP)', 'y', false],
  ['!(CONFIG_SMP)', 'n', true],
  ['defined(CONFIG_SMP_MODULE)', 'm', true],
  ['IS_ENABLED(CONFIG_SMP)', 'm', true],
  ['IS_BUILTIN(CONFIG_SMP)', 'm', false],
  ['IS_MODULE(CONFIG_SMP)', 'm', true],
  ['IS_REACHABLE(CONFIG_SMP)', 'm', undefined],
  ['CONFIG_SMP > 100', '250', true],
  ['CONFIG_SMP == 0x10', '0x10', true],
  ['defined(CONFIG_SMP) && defined(OTHER)', 'n', false],
  ['defined(CONFIG_SMP) || defined(OTHER)', 'n', undefined],
  ['defined(CONFIG_SMP)', undefined, undefined],
  ['defined(CONFIG_64BIT)', undefined, true],
  ['BITS_PER_LONG == 64', undefined, true],
  ['defined(__BIG_ENDIAN_BITFIELD)', undefined, false],
  ['defined(__GENKSYMS__)', undefined, false],
  ['OTHER', 'y', undefined],
])('the condition %s with CONFIG_SMP=%s is %s', (condition, value, expected) => {
  const config = value === undefined ? undefined : (name: string) => (name === 'CONFIG_SMP' ? value : 'n');
  expect(evaluateCondition(condition, config)).toBe(expected);
});

test.each<[readonly (readonly [string, string?])[], readonly string[], number | undefined]>([
  [[['A'], ['B']], [], 4],
  [[['A', '-1'], ['B', '0x7fffffff']], [], 4],
  [[['A', '0xffffffff']], [], 4],
  [[['A', '-1'], ['B', '0xffffffff']], [], 8],
  [[['A', '0xffffffff'], ['B']], [], 8],
  [[['A', '1 << 3'], ['B', 'A | 1']], [], 4],
  [[['A'], ['B', '255']], ['__packed'], 1],
  [[['A', '-1'], ['B', '255']], ['__attribute__((packed))'], 2],
  [[['A', 'SOMETHING']], [], undefined],
])('an enum of %j %j takes %s bytes', (constants, attributes, size) => {
  const constant = (text: string, known: ReadonlyMap<string, bigint>) => evaluate(text, { identifier: (name) => known.get(name) });
  expect(enumSize(enumeration('e', constants, attributes), constant, () => undefined)?.size).toBe(size);
});

test.each<[string, number | undefined]>([
  ['unsigned', 4],
  ['long unsigned int', 8],
  ['int long long', 8],
  ['const volatile short', 2],
  ['signed char', 1],
  ['long double', 16],
  ['unsigned __int128', 16],
  ['_Bool', 1],
  ['bool', 1],
  ['int foo', undefined],
])('%s takes %s bytes', (text, size) => {
  const type = parseTypeName(text);
  expect(type?.space === 'base' ? type.size.size : undefined).toBe(size);
});

test('the tables hold sane sizes', () => {
  for (const [name, { size, align }] of [...KERNEL_TYPEDEFS, ...KERNEL_RECORDS]) expect(size % align === 0 && size > 0, name).toBe(true);
});
