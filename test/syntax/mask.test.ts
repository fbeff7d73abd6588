/** What the parser sees, as properties: equal length, equal line ends, and nothing changed but what masking is for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitItems, type Item } from '../../server/src/syntax/items';
import { maskItem } from '../../server/src/syntax/mask';
import { parse } from '../../server/src/syntax/parser';
import { readTokens, type Reading } from '../../server/src/syntax/reading';
import { TokenKind } from '../../server/src/syntax/tokens';
import { anySource, fixtures } from './sources';

const lineEnds = (text: string): number[] => [...text.matchAll(/[\r\n]/g)].map(({ index }) => index);

function expectMasked(reading: Reading, item: Item): void {
  const { tokens, hidden } = reading;
  const base = tokens.start[item.from] ?? 0;
  const original = tokens.text.slice(base, tokens.end[item.to - 1]);
  const masked = maskItem(reading, item);
  expect(masked.length).toBe(original.length);
  expect(lineEnds(masked)).toEqual(lineEnds(original));

  let parentheses = 0;
  const changed: string[] = [];
  for (let at = item.from; at < item.to; at += 1) {
    const start = (tokens.start[at] ?? 0) - base;
    const end = (tokens.end[at] ?? 0) - base;
    const word = original.slice(start, end);
    if (hidden[at] !== 0) {
      if (masked.slice(start, end).trim() !== '' && parentheses === 0 && !isRewritten(reading, item, at)) changed.push(`hidden ${word} shows`);
      continue;
    }
    if (word === '(') parentheses += 1;
    if (masked.slice(start, end) !== word && parentheses === 0 && !isRewritten(reading, item, at)) changed.push(word);
    if (word === ')') parentheses -= 1;
  }
  expect(changed).toEqual([]);
}

/** Outside of parentheses only the names in front of them, specifiers of a function by macro, and ranges of cases are rewritten. */
function isRewritten({ tokens, hidden }: Reading, item: Item, at: number): boolean {
  if (tokens.kind[at] !== TokenKind.identifier) return tokens.text.slice(tokens.start[at], tokens.end[at]) === '...';
  let next = at + 1;
  while (next < item.to && hidden[next] !== 0) next += 1;
  return tokens.text.startsWith('(', tokens.start[next]) || at < (item.nameToken ?? item.from);
}

describe('masked text', () => {
  it('of fixtures keeps length, line ends and every token that means something', () => {
    for (const text of fixtures) {
      const reading = readTokens(text);
      for (const item of splitItems(reading).items) expectMasked(reading, item);
    }
  });

  it('of any text keeps length and line ends', () => {
    fc.assert(
      fc.property(anySource, (text) => {
        const reading = readTokens(text);
        for (const item of splitItems(reading).items) {
          const original = text.slice(reading.tokens.start[item.from], reading.tokens.end[item.to - 1]);
          const masked = maskItem(reading, item);
          expect(masked.length).toBe(original.length);
          expect(lineEnds(masked)).toEqual(lineEnds(original));
        }
      }),
      { seed: 20240607, numRuns: 400 },
    );
  });
});

/** Items with what the parser is to see of them; runs of blanks are folded. */
const cases: readonly (readonly [string, string])[] = [
  ['static int __init f(void) { return 0; }', 'static int f(void) { return 0; }'],
  ['static DEPOT_INLINE uint f(void) { return 0; }', 'static uint f(void) { return 0; }'],
  ['SYSCALL_DEFINE1(close, int, fd) { return 0; }', 'int ALL_DEFINE1(close, int, fd) { return 0; }'],
  ['void f(void) { list_for_each(a, b) { g(); } }', 'void f(void) { while (1 ) { g(); } }'],
  ['void f(void) { for_each_cpu(cpu, mask) g(cpu); }', 'void f(void) { while (1 ) g(cpu); }'],
  ['void f(void) { g(container_of(p, struct foo, m)); }', 'void f(void) { g(container_of(p, T , m)); }'],
  ['void f(void) { x = min_t(unsigned int, a, b); }', 'void f(void) { x = min_t(T , a, b); }'],
  ['void f(void) { g((struct foo *)p, a * b, sizeof(int)); }', 'void f(void) { g((struct foo *)p, a * b, sizeof(int)); }'],
  ['void f(void) { ASSERT(x, return -1); }', 'void f(void) { ASSERT(x, 0 ); }'],
  ['void f(void) { printk(KERN_ERR PREFIX "x"); }', 'void f(void) { printk( PREFIX "x"); }'],
  ['void f(void) { switch (x) { case 0 ... 7: break; } }', 'void f(void) { switch (x) { case 0 + 7: break; } }'],
  ['void f(void) { asm volatile(WBINVD : : "r" (x)); }', 'void f(void) { asm volatile("" ); }'],
  ['void f(void) { if (a) LOG(b) else g(); }', 'void f(void) { if (a) { } else g(); }'],
  ['void f(void) { typeof(x) y = x; }', 'void f(void) { int y = x; }'],
  ['struct s { DECLARE_BITMAP(bits, 8); };', 'struct s { int ARE_BITMAP ; };'],
  ['struct s { int a; } __packed;', 'struct s { int a; } ;'],
  ['struct s { struct_group(both, u8 a; u32 b;); };', 'struct s { struct { u8 a; u32 b;}; };'],
  ['struct s { struct_group_attr(both, __packed, u8 a;); };', 'struct s { struct { u8 a;}; };'],
  ['struct s { __struct_group(tag, both, , DECLARE_BITMAP(x, 3);); };', 'struct s { struct { int ARE_BITMAP ;}; };'],
  ['void f(void) { asm goto("1:" MACRO(x) : : : : fail); fail: ; }', 'void f(void) { asm ("" ); fail: ; }'],
  ['void f(void) { asm_volatile_goto("1:" : : : : fail); fail: ; }', 'void f(void) { asm ("" ); fail: ; }'],
  ['void f(void) { register long r0 asm("r0") = x; }', 'void f(void) { register long r0 = x; }'],
  ['void f(void) { __asm__ __volatile("sync"); }', 'void f(void) { asm ("" ); }'],
  ['void f(void) { static DEFINE_RATELIMIT_STATE(rs, 5 * HZ, 1); g(&rs); }', 'void f(void) { static int NE_RATELIMIT_STATE ; g(&rs); }'],
  ['void f(void) { DECLARE_BITMAP(map, 64) = { 0 }; }', 'void f(void) { int ARE_BITMAP = { 0 }; }'],
  ['void f(void) { g(X86_CONFIG(.event = 1, .inv = 2)); }', 'void f(void) { g(X86_CONFIG(0 , 0 )); }'],
  ['void f(void) { if (TEST(a, ==, b)) g(); }', 'void f(void) { if (TEST(a, 0 , b)) g(); }'],
  ['void f(void) { scoped_guard(mutex, &m) { g(); } }', 'void f(void) { while (1 ) { g(); } }'],
  ['void f(void) { guard(mutex)(&m); g(); }', 'void f(void) { guard(mutex)(&m); g(); }'],
  ['void f(void) { struct foo *p __free(kfree) = g(); }', 'void f(void) { struct foo *p = g(); }'],
  ['void f(void) { p = list_entry(x.next, struct foo, node); }', 'void f(void) { p = list_entry(x.next, T , node); }'],
  ['void f(void) { n = sizeof(struct foo) + sizeof *p; }', 'void f(void) { n = sizeof(struct foo) + sizeof *p; }'],
  ['void f(void) { pr_info("a" __stringify(X) "b" MACRO "c"); }', 'void f(void) { pr_info("a" "b" MACRO "c"); }'],
  ['void f(void) { if (a) { g(); } else if (b) { h(); } }', 'void f(void) { if (a) { g(); } else if (b) { h(); } }'],
  ['struct ops o = { DEPOT_OPS\n.take = f };', 'struct ops o = { \n.take = f };'],
  ['char *s = KERN_INFO DRIVER "x";', 'char *s = DRIVER "x";'],
  ['int t[] = { ENTRY(1, .a = { 2 }), OPS(x) .b = 3 };', 'int t[] = { ENTRY , .b = 3 };'],
];

describe('the parser sees', () => {
  for (const [source, expected] of cases) {
    it(source, () => {
      const reading = readTokens(source);
      const [item, ...others] = splitItems(reading).items;
      expect(others).toEqual([]);
      if (item === undefined) throw new Error('no item');
      const masked = maskItem(reading, item);
      expect(masked.replace(/ +/g, ' ')).toBe(expected);
      expect(parse(masked).hasError).toBe(false);
    });
  }
});
