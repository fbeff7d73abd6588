import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseKbuild } from '../../server/src/kernel/kbuild';
import { parseConfig, parseKconfig } from '../../server/src/kernel/kconfig';
import { expand } from '../../server/src/kernel/make';

/** Statements in one line each: `name op value @line [conditions]`. */
function shown(text: string): string[] {
  return parseKbuild(text).map((statement) => {
    const guards = statement.guards.map((guard) => (guard.sides === undefined ? '?' : `${guard.sides.left}${guard.negated ? '!=' : '='}${guard.sides.right}`));
    const what = statement.kind === 'assign' ? `${statement.name} ${statement.operator} ${statement.value}` : statement.kind === 'include' ? `include ${statement.paths}` : `unread ${statement.text}`;
    return `${what} @${statement.line}${guards.length > 0 ? ` [${guards.join(' ')}]` : ''}`;
  });
}

describe('parseKbuild', () => {
  test.each<[string, string, string[]]>([
    ['assignments', 'obj-y := a.o\nobj-$(CONFIG_B)+=b.o c.o\nfoo = x\nbar ?= y', ['obj-y := a.o @1', 'obj-$(CONFIG_B) += b.o c.o @2', 'foo = x @3', 'bar ?= y @4']],
    ['a continued line keeps its first line number', '\nobj-y += a.o \\\n\tb.o \\\n\tc.o\nobj-m += d.o', ['obj-y += a.o b.o c.o @2', 'obj-m += d.o @5']],
    ['comments, also continued ones', '# obj-y += no.o \\\n  still no\nobj-y += a.o # why', ['obj-y += a.o @3']],
    ['export and override', 'export ARCH_CORE := $(core-y)\noverride x = 1', ['ARCH_CORE := $(core-y) @1', 'x = 1 @2']],
    ['ifeq, else, endif', 'ifeq ($(CONFIG_A),y)\nobj-y += a.o\nelse\nobj-y += b.o\nendif\nobj-y += c.o', ['obj-y += a.o @2 [$(CONFIG_A)=y]', 'obj-y += b.o @4 [$(CONFIG_A)!=y]', 'obj-y += c.o @6']],
    ['else ifdef', 'ifndef CONFIG_A\nx := 1\nelse ifdef CONFIG_B\nx := 2\nelse\nx := 3\nendif', ['x := 1 @2 [$(CONFIG_A)=]', 'x := 2 @4 [$(CONFIG_A)!= $(CONFIG_B)!=]', 'x := 3 @6 [$(CONFIG_A)!= $(CONFIG_B)=]']],
    ['nested conditions', 'ifdef CONFIG_A\nifneq (,$(CONFIG_B))\nx := 1\nendif\ny := 2\nendif', ['x := 1 @3 [$(CONFIG_A)!= !=$(CONFIG_B)]', 'y := 2 @5 [$(CONFIG_A)!=]']],
    ['quoted sides', 'ifeq "$(A)" "b c"\nx := 1\nendif', ['x := 1 @2 [$(A)=b c]']],
    ['a condition that cannot be read is kept as such', 'ifeq $(A)\nx := 1\nendif', ['x := 1 @2 [?]']],
    ['a comma inside a function is no separator', 'ifneq ($(filter y,$(CONFIG_A) $(CONFIG_B)),)\nx := 1\nendif', ['x := 1 @2 [$(filter y,$(CONFIG_A) $(CONFIG_B))!=]']],
    ['rules and recipes are no assignments', '$(obj)/x.o: $(src)/y\n\tVAR=1 run\n\tobj-y += no.o\nobj-y += a.o', ['obj-y += a.o @4']],
    ['a tab without a rule is indentation', 'ifdef CONFIG_A\n\tobj-y += a.o\nendif', ['obj-y += a.o @2 [$(CONFIG_A)!=]']],
    ['a define block is no assignment', 'define filechk\n  obj-y += no.o\nendef\nobj-y += a.o', ['unread define filechk @1', 'obj-y += a.o @4']],
    ['includes', 'include $(src)/a/Makefile\n-include b', ['include $(src)/a/Makefile @1', 'include b @2']],
    ['line ends of Windows', 'obj-y += a.o\r\nobj-y += b.o\r\n', ['obj-y += a.o @1', 'obj-y += b.o @2']],
    ['endif and else without a start', 'endif\nelse\nobj-y += a.o', ['obj-y += a.o @3']],
  ])('%s', (_name, text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  test('never throws, and line numbers stay inside the text', () => {
    const piece = fc.constantFrom('ifeq (', ')', 'else', 'endif', '\n', '\\\n', '$(', 'obj-y', ' += ', ':=', ':', 'define x', 'endef', '\t', '#', ',', 'a.o', '"', 'include ', '$');
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      const lines = text.split('\n').length;
      return parseKbuild(text).every((statement) => statement.line >= 1 && statement.line <= lines);
    }), { numRuns: 2000 });
  });
});

describe('expand', () => {
  const values: Readonly<Record<string, string>> = { A: 'one two.c', 'B-y': 'x', CONFIG_X: 'm', N: 'A', EMPTY: '' };
  test.each<[string, string | undefined]>([
    ['plain $$ and $(A)', 'plain $ and one two.c'],
    ['${A}$(B-y)', 'one two.cx'],
    ['$($(N))', 'one two.c'],
    ['$(addprefix dir/,$(A))', 'dir/one dir/two.c'],
    ['$(addsuffix .o, a b)', 'a.o b.o'],
    ['$(patsubst %.c,%.o,$(A))', 'one two.o'],
    ['$(A:.c=.o)', 'one two.o'],
    ['$(A:%.c=sub/%.o)', 'one sub/two.o'],
    ['$(subst m,y,$(CONFIG_X))', 'y'],
    ['$(CONFIG_X:m=y)', 'y'],
    ['$(filter y m,$(CONFIG_X) n)', 'm'],
    ['$(filter-out %.c,$(A))', 'one'],
    ['$(findstring m,$(CONFIG_X) n)', 'm'],
    ['$(if $(EMPTY),yes,no)', 'no'],
    ['$(if $(CONFIG_X),yes)', 'yes'],
    ['$(notdir a/b.o c.o) $(dir a/b.o) $(basename a/b.o)', 'b.o c.o a/ a/b'],
    ['$(firstword $(A)) $(lastword $(A))', 'one two.c'],
    ['$(shell date)', undefined],
    ['$(call cc-option,-pg)', undefined],
    ['$(UNSET)', undefined],
    ['$(addprefix x/,$(UNSET))', undefined],
    ['$(A', 'one two.c'],
    ['$', ''],
  ])('%s', (template, expected) => {
    expect(expand(template, (name) => values[name])).toBe(expected);
  });
});

test('parseConfig tells what is set, and n for what is not', () => {
  const config = parseConfig('CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C=m\r\nCONFIG_S="a \\"b\\""\nCONFIG_H=0x10\nnoise\n');
  expect(['CONFIG_A', 'CONFIG_B', 'CONFIG_C', 'CONFIG_S', 'CONFIG_H', 'CONFIG_Z'].map(config)).toEqual(['y', 'n', 'm', 'a "b"', '0x10', 'n']);
});

test('parseKconfig tells the types and is not fooled by help texts', () => {
  const types = parseKconfig([
    'menuconfig A', '\ttristate "A"', '\thelp', '\t  config FAKE', '\t  bool "no"', '', 'config B', '\tbool', '\tdefault y', 'config C', '\tdef_tristate A', 'if A',
    'config D', '  int "D"', 'endif', 'config E', '\tdepends on A', 'config E', '\tdef_bool y', 'choice', '\tbool "pick"', 'config F', '\tbool "F"', 'endchoice',
  ].join('\n'));
  expect([...types].join(' ')).toBe('CONFIG_A,tristate CONFIG_B,bool CONFIG_C,tristate CONFIG_D,other CONFIG_E,bool CONFIG_F,bool');
});
