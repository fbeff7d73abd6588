/** check(before, after) -> the changes, as text: every kind, and what is none. */
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diffFacts } from '../../server/src/change/diff';
import { extractFacts } from '../../server/src/syntax/extract';
import { TokenKind, tokenize } from '../../server/src/syntax/tokens';
import { changesBetween, describeChanges } from './describe';

interface Case {
  readonly before?: string;
  readonly after?: string;
  readonly changes: readonly string[];
}

const f = 'int f(int a)\n{\n\treturn a;\n}\n';
const g = 'int g(int a)\n{\n\treturn -a;\n}\n';
const shows = '#define SHOW(name, step) int name##_show(int a) { return a; } int name##_store(int a) { return step + 0; }\n';
const smp = (one: string, other: string): string => `#ifdef CONFIG_SMP\n${one}#else\n${other}#endif\n`;
const struct = (...fields: string[]): string => `struct depot {\n${fields.map((field) => `\t${field};\n`).join('')}};\n`;
const local = (declaration: string): string => `int f(void)\n{\n\t${declaration}\n\treturn x;\n}\n`;
const body = ['function f changed (body)'];

const cases: Record<string, Case> = {
  // Functions
  'a body': { before: f, after: f.replace('a;', 'a + 1;'), changes: body },
  'a body in a directive': { before: f.replace('\treturn', '#ifdef A\n\treturn'), after: f.replace('\treturn', '#ifdef B\n\treturn'), changes: body },
  'a string with blanks': { before: f.replace('a;', '"a b";'), after: f.replace('a;', '"a  b";'), changes: body },
  'a function more': { before: f, after: f + g, changes: ['function g added'] },
  'a forward declaration more': { before: f, after: `struct depot;\n${f}`, changes: [] },
  'a function less': { before: f + g, after: g, changes: ['function f removed'] },
  'a function renamed': { before: f, after: f.replace('f(', 'h('), changes: ['function h added', 'function f removed'] },
  'functions that change places': { before: f + g, after: g + f, changes: [] },
  'the return type': { before: f, after: f.replace('int f', 'long f'), changes: ['function f signature'] },
  'a parameter type, and the body': { before: f, after: f.replace('int a', 'long a').replace('a;', 'a + 1;'), changes: ['function f signature (body)'] },
  'a parameter more': { before: f, after: f.replace('int a', 'int a, int b'), changes: ['function f signature'] },
  'a parameter renamed': { before: f, after: f.replace('int a', 'int count').replace('a;', 'count;'), changes: body },
  'static': { before: f, after: `static ${f}`, changes: ['function f signature (attributes)'] },
  'inline': { before: `static ${f}`, after: `static inline ${f}`, changes: ['function f changed (attributes)'] },
  'an attribute': { before: f, after: f.replace('int f', 'int __init f'), changes: ['function f changed (attributes)'] },
  'an attribute with another argument': { before: `__section("a") ${f}`, after: `__section("b") ${f}`, changes: ['function f changed (attributes)'] },
  'an attribute with other blanks': { before: `__printf(1,2) ${f}`, after: `__printf(1, 2) ${f}`, changes: [] },
  'the order of attributes': { before: `static notrace ${f}`, after: `notrace static ${f}`, changes: [] },
  'a system call': { before: `SYSCALL_DEFINE1(depot, int, a)\n{\n\treturn a;\n}\n`, after: `SYSCALL_DEFINE1(depot, int, a)\n{\n\treturn -a;\n}\n`, changes: ['function __do_sys_depot changed (body)'] },

  // Functions that macro calls make
  'a call that makes functions': { before: shows, after: `${shows}SHOW(age);\n`, changes: ['function age_show added', 'function age_store added', 'call SHOW added'] },
  'a call less that made functions': { before: `${shows}SHOW(age);\n`, after: shows, changes: ['function age_show removed', 'function age_store removed', 'call SHOW removed'] },
  'another argument, where it makes a difference': { before: `${shows}SHOW(age, 1);\n`, after: `${shows}SHOW(age, 2);\n`, changes: ['function age_store changed (body)', 'call SHOW changed'] },
  'a call instead of what it makes': { before: `${shows}int age_show(int a) { return a; }\nint age_store(int a) { return 0; }\n`, after: `${shows}SHOW(age, 1);\n`, changes: ['function age_store changed (body)', 'call SHOW added'] },
  'a macro under another name': { before: `${shows}SHOW(age, 1);\n`, after: `${shows.replace('SHOW', 'PRINT')}PRINT(age, 1);\n`, changes: ['macro PRINT added', 'macro SHOW removed', 'call PRINT added', 'call SHOW removed'] },
  'calls of one macro in two branches': { before: shows, after: `${shows}${smp('SHOW(age, 1);\n', 'SHOW(age, 2);\n')}`, changes: ['function age_show added', 'function age_store added', 'function age_show added', 'function age_store added', 'call SHOW added', 'call SHOW added', 'residue'] },
  'a call of a macro with two texts': { before: smp(shows, shows.replace('a;', '0;')), after: `${smp(shows, shows.replace('a;', '0;'))}SHOW(age, 1);\n`, changes: ['call SHOW added'] },
  'a call that makes data': { before: '', after: 'DEFINE_SHOW_ATTRIBUTE(age);\n', changes: ['call DEFINE_SHOW_ATTRIBUTE added'] },

  // Functions of one name
  'one of two under #if': { before: smp(f, f.replace('a;', '0;')), after: smp(f, f.replace('a;', '1;')), changes: body },
  'two under #if whose bodies are swapped': { before: smp(f, f.replace('a;', '0;')), after: smp(f.replace('a;', '0;'), f), changes: [...body, ...body] },
  'two under #if that change places with their conditions': { before: `#ifdef A\n${f}#endif\n#ifdef B\n${f.replace('a;', '0;')}#endif\n`, after: `#ifdef B\n${f.replace('a;', '0;')}#endif\n#ifdef A\n${f}#endif\n`, changes: ['residue'] },
  'a function that moves under an #if': { before: `#ifdef A\n${g}#endif\n${f}`, after: `#ifdef A\n${g}${f}#endif\n`, changes: ['residue'] },
  'another condition': { before: smp(f, g), after: smp(f, g).replace('CONFIG_SMP', 'CONFIG_UP'), changes: ['residue'] },
  'a signature in a branch passed over': { before: `#ifdef A\nint f(int a)\n#else\nint f(long a)\n#endif\n{\n}\n`, after: `#ifdef A\nint f(int a)\n#else\nint f(char a)\n#endif\n{\n}\n`, changes: ['function f signature'] },

  // Static locals
  'a static local more': { before: local('int x = 0;'), after: local('static int x = 0;'), changes: [...body, '  static local x added'] },
  'a static local less': { before: local('static int x;'), after: local('int x = 0;'), changes: [...body, '  static local x removed'] },
  'the type of a static local': { before: local('static int x;'), after: local('static long x;'), changes: [...body, '  static local x changed (type)'] },
  'the initializer of a static local': { before: local('static int x = 1;'), after: local('static int x = 2;'), changes: [...body, '  static local x changed (initializer)'] },
  'a static local that stays': { before: local('static int x;'), after: local('static int x; g();'), changes: body },
  'a member of an untagged static local': { before: local('static struct { int a; } x;'), after: local('static struct { long a; } x;'), changes: [...body, '  static local x changed (type)'] },

  // Records
  'a field more': { before: struct('int a', 'int b'), after: struct('int a', 'long c', 'int b'), changes: ['struct depot changed', '  c added'] },
  'a field less': { before: struct('int a', 'int b'), after: struct('int b'), changes: ['struct depot changed', '  a removed'] },
  'the type of a field': { before: struct('int a', 'int b'), after: struct('long a', 'int b'), changes: ['struct depot changed', '  a changed'] },
  'a pointer': { before: struct('int a'), after: struct('int *a'), changes: ['struct depot changed', '  a changed'] },
  'an array bound': { before: struct('int a[2]'), after: struct('int a[3]'), changes: ['struct depot changed', '  a changed'] },
  'array bounds that change places': { before: struct('int a[2][3]'), after: struct('int a[3][2]'), changes: ['struct depot changed', '  a changed'] },
  'an array bound with other blanks': { before: struct('int a[N+1]'), after: struct('int a[N + 1]', 'int b'), changes: ['struct depot changed', '  b added'] },
  'a bit-field width': { before: struct('int a:2'), after: struct('int a:3'), changes: ['struct depot changed', '  a changed'] },
  'a field moved': { before: struct('int a', 'int b', 'int c'), after: struct('int b', 'int c', 'int a'), changes: ['struct depot changed', '  a moved'] },
  'a field renamed': { before: struct('int a', 'int b'), after: struct('int a', 'int c'), changes: ['struct depot changed', '  b renamed c'] },
  'a field of another name and type': { before: struct('int a'), after: struct('long b'), changes: ['struct depot changed', '  b added', '  a removed'] },
  'a nested field': { before: struct('struct { int a; } in'), after: struct('struct { long a; } in'), changes: ['struct depot changed', '  in changed'] },
  'a field before an anonymous one': { before: struct('union { int a; long b; }'), after: struct('int c', 'union { int a; long b; }'), changes: ['struct depot changed', '  c added'] },
  'a field under #if': { before: struct('int a'), after: struct('int a').replace('\tint a;\n', '\tint a;\n#ifdef B\n\tint b;\n#endif\n'), changes: ['struct depot changed', '  b added'] },
  'a field beside two of one name': {
    before: 'struct depot {\n#ifdef A\n\tint a;\n#endif\n#ifndef A\n\tlong a;\n#endif\n};\n',
    after: 'struct depot {\n#ifdef A\n\tint a;\n#endif\n#ifndef A\n\tlong a;\n#endif\n\tint b;\n};\n',
    changes: ['struct depot changed', '  b added'],
  },
  'an attribute of a record': { before: struct('int a'), after: struct('int a').replace('};', '} __packed;'), changes: ['struct depot changed'] },
  'a record more and one less': { before: struct('int a'), after: struct('int a').replace('depot', 'post'), changes: ['struct post added', 'struct depot removed'] },
  'a typedef of a record': { before: 'typedef struct { int a; } depot_t;\n', after: 'typedef struct { long a; } depot_t;\n', changes: ['struct depot_t changed', '  a changed'] },
  'a variable defined with its record': { before: 'struct depot { int a; } depot = { 1 };\n', after: 'struct depot { int a; } depot = { 2 };\n', changes: ['variable depot changed (initializer)'] },
  'a record defined with a variable': { before: 'struct depot { int a; } depot = { 1 };\n', after: 'struct depot { long a; } depot = { 1 };\n', changes: ['struct depot changed', '  a changed'] },

  // Variables
  'a variable type': { before: 'int x = 1;\n', after: 'long x = 1;\n', changes: ['variable x changed (type)'] },
  'an initializer': { before: 'int x = 1;\n', after: 'int x = 2;\n', changes: ['variable x changed (initializer)'] },
  'an entry of a table': { before: 'struct ops o = { .a = f, .b = g };\n', after: 'struct ops o = { .a = f, .b = h };\n', changes: ['variable o changed (initializer)'] },
  'a cast in an initializer': { before: 'void *x = (void *)1;\n', after: 'void *x = (void __user *)1;\n', changes: ['variable x changed (initializer)'] },
  'an attribute of a variable': { before: 'int x = 1;\n', after: 'int x __read_mostly = 1;\n', changes: ['variable x changed (type)'] },
  'the parameters of a function pointer': { before: 'int (*x)(int);\n', after: 'int (*x)(long);\n', changes: ['variable x changed (type)'] },
  'a variable more': { before: '', after: 'int x;\n', changes: ['variable x added'] },
  'a variable less': { before: 'int x;\n', after: '', changes: ['variable x removed'] },
  'an extern declaration more': { before: '', after: 'extern int x;\n', changes: [] },
  'an extern declaration less': { before: 'extern int x;\n', after: '', changes: [] },
  'one of several declarators': { before: 'int x = 1, y = 2;\n', after: 'int x = 1, y = 3;\n', changes: ['variable y changed (initializer)'] },
  'a variable of a macro': { before: 'static DEFINE_MUTEX(lock);\n', after: 'DEFINE_MUTEX(lock);\n', changes: ['variable lock changed (type)'] },
  'a per-CPU variable': { before: 'DEFINE_PER_CPU(int, x) = 1;\n', after: 'DEFINE_PER_CPU(int, x) = 2;\n', changes: ['variable x changed (initializer)'] },
  'the call in a timer': { before: 'DEFINE_TIMER(x, f);\n', after: 'DEFINE_TIMER(x, g);\n', changes: ['variable x changed (type)'] },
  'an initializer in a branch passed over': { before: 'int x =\n#ifdef A\n1\n#else\n2\n#endif\n;\n', after: 'int x =\n#ifdef A\n1\n#else\n3\n#endif\n;\n', changes: ['residue'] },

  // The rest
  'an enum': { before: 'enum e { A, B };\n', after: 'enum e { A, C, B };\n', changes: ['enum e changed'] },
  'an enum without a name': { before: 'enum { A };\nenum { B };\n', after: 'enum { A };\nenum { B, C };\n', changes: ['enum  changed'] },
  'a typedef': { before: 'typedef int t;\n', after: 'typedef long t;\n', changes: ['typedef t changed'] },
  'a macro': { before: '#define M 1\n', after: '#define M 2\n', changes: ['macro M changed'] },
  'a macro that takes an argument': { before: '#define M (x) x\n', after: '#define M(x) x\n', changes: ['macro M changed'] },
  'a macro with other blanks': { before: '#define M(x) x + 1\n', after: '#define M( x )  x  +  1 /* sum */\n', changes: [] },
  'a registration': { before: 'module_init(f);\n', after: 'module_init(g);\n', changes: ['call module_init added', 'call module_init removed'] },
  'a registration that says something else': { before: 'MODULE_PARM_DESC(x, "a");\n', after: 'MODULE_PARM_DESC(x, "b");\n', changes: ['call MODULE_PARM_DESC changed'] },
  'an export': { before: 'EXPORT_SYMBOL(f);\n', after: 'EXPORT_SYMBOL_GPL(f);\n', changes: ['export f changed'] },
  'an export more': { before: '', after: 'EXPORT_SYMBOL(f);\n', changes: ['export f added'] },
  'an include': { before: '#include <linux/a.h>\n', after: '#include <linux/b.h>\n', changes: ['include linux/b.h added', 'include linux/a.h removed'] },
  'the order of includes': { before: '#include <linux/a.h>\n#include <linux/b.h>\n', after: '#include <linux/b.h>\n#include <linux/a.h>\n', changes: [] },
  'a prototype': { before: 'int f(int);\n', after: 'int f(long);\n', changes: ['prototype f changed'] },
  'a pragma': { before: '#pragma pack(1)\n', after: '#pragma pack(2)\n', changes: ['residue'] },
  'text that cannot be read': { before: 'int x = = 1;\n', after: 'int x = = 2;\n', changes: ['variable x changed (initializer)', 'residue'] },
  'assembler at file scope': { before: 'asm("nop");\n', after: 'asm("ret");\n', changes: ['residue'] },

  // Whole files
  'a file more': { after: f, changes: ['function f added'] },
  'a file less': { before: f, changes: ['function f removed'] },
  'comments, blanks and CRLF': { before: f + g, after: `/* new */\n${f}\n\n${g}`.replaceAll('\n', '\r\n'), changes: [] },
};

describe('changes of', () => {
  for (const [what, { before, after, changes }] of Object.entries(cases)) {
    it(what, () => {
      expect(changesBetween(before, after)).toEqual(changes);
    });
  }
});

const folder = join(import.meta.dirname, '../syntax/fixtures');
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.c') && name !== 'while-typing.c').map((name) => readFileSync(join(folder, name), 'utf8'));

describe('any source', () => {
  it('does not differ from itself', () => {
    for (const text of fixtures) {
      const { tokensEqual, ...rest } = diffFacts('depot.c', extractFacts(text), extractFacts(text));
      expect(tokensEqual).toBe(true);
      expect(describeChanges({ tokensEqual, ...rest })).toEqual([]);
    }
  });

  it('does not differ from itself with comments and blank lines between its tokens', () => {
    const filler = fc.constantFrom(' ', '\n\t', '\n\n ', '/* why */', ' // note\n\t', '\t', '\r\n\t', '/* two\n * lines */');
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), fc.array(fc.tuple(fc.nat(), filler), { maxLength: 20 }), (text, fillers) => {
        const spread = spreadOut(text, fillers);
        const facts = extractFacts(spread);
        expect(facts.tokenHash).toBe(extractFacts(text).tokenHash);
        // The same again when one more function keeps the short cut over equal tokens from being taken.
        expect(changesBetween(text, `${spread}\nint depot_more(void) { return 0; }\n`)).toEqual(['function depot_more added']);
      }),
      { seed: 20240607, numRuns: 150 },
    );
  });

  it('changed in the body of one function differs in this function alone', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fixtures.filter((text) => extractFacts(text).functions.length > 0)), fc.nat(), (text, pick) => {
        const { functions } = extractFacts(text);
        const chosen = functions[pick % functions.length];
        if (chosen === undefined) return;
        const at = chosen.bodyRange.start + 1;
        expect(changesBetween(text, `${text.slice(0, at)} depot_probe(); ${text.slice(at)}`)).toEqual([`function ${chosen.name} changed (body)`]);
      }),
      { seed: 20240607, numRuns: 100 },
    );
  });
});

/**
 * Puts each filler before some token, counted around; directives keep their lines, and what stands at the first column
 * stays there (it is where the kernel's style begins and ends definitions, and what tells them apart while text is typed).
 */
function spreadOut(text: string, fillers: readonly (readonly [number, string])[]): string {
  const tokens = tokenize(text);
  const places: number[] = [];
  for (let at = 1; at < tokens.count; at += 1) {
    const start = tokens.start[at] ?? 0;
    if (tokens.kind[at] !== TokenKind.directive && tokens.kind[at - 1] !== TokenKind.directive && text[start - 1] !== '\n') places.push(start);
  }
  const inserts = fillers.map(([pick, filler]) => ({ at: places[pick % places.length] ?? 0, filler })).sort((one, other) => other.at - one.at);
  return inserts.reduce((spread, { at, filler }) => spread.slice(0, at) + filler + spread.slice(at), text);
}
