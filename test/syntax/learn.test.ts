/** What replacement texts teach, one macro at a time. */
import { describe, expect, it } from 'vitest';
import { learn, readHeader } from '../../server/src/syntax/learn';
import { made } from '../../server/src/syntax/makers';

/** A header, and the attributes it teaches. */
const attributes: readonly (readonly [string, readonly string[]])[] = [
  ['#define __boot __attribute__((section(".init.text")))', ['__boot']],
  ['#define __a __attribute__((cold))\n#define __b __a __used\n#define __c __b __must_hold(x)', ['__a', '__b', '__c']],
  ['#define __c __b\n#define __b __a\n#define __a notrace', ['__a', '__b', '__c']],
  ['#define __align(n) __attribute__((aligned(n)))', ['__align']],
  ['#ifdef A\n#define __x __cold\n#else\n#define __x\n#endif', ['__x']],
  ['#define __x\n', []], // nothing says that it is one
  ['#ifdef A\n#define __x __cold\n#else\n#define __x static\n#endif', []],
  ['#ifdef A\n#define X(a) __attribute__((unused))\n#else\n#define X(a) a()\n#endif', []],
  ['#ifdef A\n#define X __cold\n#else\n#define X(a) __cold\n#endif', []],
  ['#define X __cold int', []],
  ['#define X __attribute__((cold)) depot_run()', []],
  ['#define X __attribute__((cold)', []],
  ['#define inline __attribute__((always_inline))', []],
  ['#define X X', []],
];

describe('attributes', () => {
  for (const [header, names] of attributes) {
    it(`of ${header.replaceAll('\n', ' ')}`, () => {
      expect([...learn(readHeader(header).macros).attributes.keys()].sort()).toEqual([...names].sort());
    });
  }
});

/** A header, a call, and what it makes: the function it opens, then the others and the variables. */
const makers: readonly (readonly [string, readonly [string, ...string[]], readonly string[]])[] = [
  ['#define SHOW(n) static int n##_show(void) { return n; }', ['SHOW', 'age'], ['function age_show']],
  ['#define HANDLER(n, ...) int on_##n(__VA_ARGS__)', ['HANDLER', 'post', 'int a'], ['opens on_post']],
  ['#define DEFINEx(c, n, ...) static long __do##n(__VA_ARGS__)\n#define DEFINE2(n, ...) DEFINEx(2, _##n, __VA_ARGS__)', ['DEFINE2', 'post', 'int a'], ['opens __do_post']],
  ['#define WRAP(n) long n(void) { return __##n(); } static long __##n(void)', ['WRAP', 'post'], ['opens __post', 'function post']],
  ['#define TABLE(n) struct row n##_rows[] = { { #n } }', ['TABLE', 'post'], ['variable post_rows']],
  ['#define FOPS(n) DEFINE_SHOW_ATTRIBUTE(n##_stats)', ['FOPS', 'post'], ['function post_stats_open', 'variable post_stats_fops']],
  ['#define TWO(n) SHOW(n##_a); SHOW(n##_b)\n#define SHOW(n) int n##_show(void) { return 0; }', ['TWO', 'post'], ['function post_a_show', 'function post_b_show']],
  ['#ifdef A\n#define X(n)\n#else\n#define X(n) int n##_x(void) { return 0; }\n#endif', ['X', 'post'], ['function post_x']],
  ['#define DEFINE_SHOW_ATTRIBUTE(n) int n##_own;', ['DEFINE_SHOW_ATTRIBUTE', 'post'], ['variable post_own']],
  ['#define OP(g, n) stats_ ## g ## _ ## n\n#define COUNT(g) int OP(g, count)(struct post *post)', ['COUNT', 'sw'], ['opens stats_sw_count']],
  ['#define NAME(g) stats_##g\n#define ROW(g) const struct row NAME(g)\n#define DEFINE_ROW(g) ROW(g) = { .name = NAME(g), .count = stats_##g##_count }', ['DEFINE_ROW', 'sw'], ['variable stats_sw']],
  ['#define OP(g) OP(g)\n#define COUNT(g) int OP(g)(void)', ['COUNT', 'sw'], []],
  ['#define SYSCALL32_DEFINE6 COMPAT_SYSCALL_DEFINE6', ['SYSCALL32_DEFINE6', 'mark'], ['opens __do_compat_sys_mark', ...['__se_compat_sys_', '__ia32_compat_sys_', '__x64_compat_sys_', '__arm64_compat_sys_', 'compat_sys_'].map((prefix) => `function ${prefix}mark`)]],
  ['#define ONE TWO\n#define TWO ONE', ['ONE', 'post'], []],
  ['#define LOOP(n) LOOP(n##_x)', ['LOOP', 'post'], []],
  ['#define MAX(a, b) ((a) > (b) ? (a) : (b))', ['MAX', 'x', 'y'], []],
  ['#define RUN(n) do { n(); } while (0)', ['RUN', 'post'], []],
  ['#define EXT(n) extern int n##_elsewhere', ['EXT', 'post'], []],
  ['#define FIXED(n) int depot_fixed = sizeof(n)', ['FIXED', 'post'], []],
  ['#define TYPED(n) int n##_a(void) { return (', ['TYPED', 'post'], ['function post_a']], // not finished yet
  ['#define EMPTY(n)', ['EMPTY', 'post'], []],
];

describe('makers', () => {
  for (const [header, [macro, ...args], expected] of makers) {
    it(`of ${header.replaceAll('\n', ' ')}`, () => {
      const maker = learn(readHeader(header).macros).makerOf(macro);
      const { opens, parts } = made(maker ?? { parts: [] }, args);
      expect([...(opens === undefined ? [] : [`opens ${opens}`]), ...parts.map(({ kind, name }) => `${kind} ${name}`)]).toEqual(expected);
    });
  }
});
