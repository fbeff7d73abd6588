/** The comparison that everything else here rests on: what must count as another function, and what must not. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, type Compiled } from './compiler';
import { copyTree } from './edits';

let tree: string;
beforeAll(() => { tree = copyTree(); });
afterAll(() => { rmSync(tree, { recursive: true }); });

const BEFORE = `
#include <linux/module.h>
int other(int x);
static int state = 3;
static int helper(int x) { return x * 7; }
int before_f(void);
int before_f(void) { return _printk("first\\n"); }
int f(int x);
int f(int x) { static int calls; calls++; state += x; _printk("text %d\\n", calls); return other(helper(x)) + state; }
notrace int g(void);
notrace int g(void) { return state; }
`;

function build(text: string): Compiled {
  writeFileSync(join(tree, 'snippet.c'), text);
  return compile(tree, 'snippet.c', ['-w']);
}

function differing(from: string, to: string): { functions: string[]; variables: string[] } {
  expect(BEFORE).toContain(from);
  const [was, is] = [build(BEFORE), build(BEFORE.replace(from, () => to))];
  const names = (key: 'functions' | 'variables') => [...new Set([...was[key].keys(), ...is[key].keys()])]
    .filter((name) => was[key].get(name)?.fingerprint !== is[key].get(name)?.fingerprint).sort();
  return { functions: names('functions'), variables: names('variables') };
}

describe('the comparison of machine code', () => {
  it.each([
    ['a constant', 'x * 7', 'x * 9', ['f'], []],
    ['a string', 'text %d', 'TEXT %d', ['f'], []],
    ['another callee', 'return other(', 'return before_f() + (', ['f'], []],
    ['another variable', 'return state; }', 'return jiffies; }', ['g'], []],
    ['a stored value', 'state = 3', 'state = 4', [], ['state']],
    ['a new function', 'int f(int x);', 'int n(void); int n(void) { return 1; } int f(int x);', ['n'], []],
  ])('sees %s', (_what, from, to, functions, variables) => {
    expect(differing(from, to)).toEqual({ functions, variables });
  });

  it.each([
    ['a string before it that grows', '"first\\n"', '"the very first\\n"', ['before_f']],
    ['another static local before it', '{ return _printk("first', '{ static int calls; return ++calls + _printk("first', ['before_f']],
    ['lines before it', 'static int state', '\n\n/* more */\nstatic int state', []],
  ])('does not mind %s', (_what, from, to, functions) => {
    expect(differing(from, to).functions).toEqual(functions);
  });

  it('knows which functions ftrace can redirect', () => {
    const { functions } = build(BEFORE);
    expect(functions.get('f')?.traceable).toBe(true);
    expect(functions.get('g')?.traceable).toBe(false);
  });

  it('says what gcc inlined', () => {
    expect([...build(BEFORE).inlined]).toEqual(['helper>f']);
  });

  it('has gcc\'s own words for what does not compile', () => {
    expect(() => build('int f(void) { return nothing; }')).toThrow(/nothing.*undeclared/);
  });
});
