/**
 * Texts that made a naive reader take time by the square of their length. Doubling them has to cost about twice as much;
 * the sizes are such that a quadratic reader would run into the test's time limit instead.
 */
export const extremes: Readonly<Record<string, string>> = {
  'unclosed parentheses': '('.repeat(50_000),
  'unclosed calls, a line each': 'a(\n'.repeat(100_000),
  'unclosed square brackets': '['.repeat(100_000),
  'unclosed braces': '{'.repeat(50_000),
  'unclosed functions': 'int f(void) {\n'.repeat(50_000),
  'unclosed attributes': 'int __attribute__((\n'.repeat(100_000),
  'nested #if': '#if A\n'.repeat(200_000),
  'nested #if and #else': '#if A\n#else\n'.repeat(100_000),
  'a long chain of #elif': `#if A\n${'#elif B\n'.repeat(20_000)}`,
  'nested initializers': `int t = ${'{'.repeat(20_000)}1${'}'.repeat(20_000)};`,
  'nested calls': `void f(void)\n{\n${'a('.repeat(50_000)}${')'.repeat(50_000)};\n}\n`,
  'nested records': `${'struct s {\n'.repeat(5_000)}int x;${'} a;\n'.repeat(5_000)}`,
  'pointers to pointers': `int ${'*'.repeat(20_000)}x;`,
  'old-style parameters': `int f(a) ${'int x;'.repeat(50_000)} int a; {}`,
  'closing braces': '}\n'.repeat(200_000),
  'one line of functions': 'int f(void){return 1;} '.repeat(50_000),
  'static locals of one name': `void f(void)\n{\n${'static int a;'.repeat(5_000)}\n}\n`,
  'half-open macros in a record': `struct s {\n${'M('.repeat(50_000)}\n};`,
  '3 MB of #define': Array.from({ length: 80_000 }, (_, index) => `#define DEPOT_FIELD_${index}_MASK 0x${index.toString(16)}\n`).join(''),
  'NUL bytes': '\0'.repeat(2_000_000),
  'a word of 2 MB': 'a'.repeat(2_000_000),
  'a string of 2 MB': `char *x = "${'\\\\'.repeat(1_000_000)}";`,
  '20 MB of functions': 'static int depot_add(struct depot *depot, int slot)\n{\n\treturn depot->slots[slot] + depot_base(depot, 42, "text of some length", slot);\n}\n\n'.repeat(150_000),
};
