/** Functions that macro calls make wholly, written out: what a text makes of its calls at file scope. */
import { expect, it } from 'vitest';
import { extractFacts } from '../../server/src/syntax/extract';
import { madeFunction } from '../../server/src/syntax/madeFunction';

/** The text, then each function's signature, the names it calls, its attributes and its body; `null` where its text is not known. */
it.each<[string, string, readonly (readonly [string, string, string, string] | null)[]]>([
  ['arguments, joined and as a string', '#define SHOW(n, word) static notrace long n##_show(int a) { return word##_of(a, #n); }\nSHOW(age, half)', [['static notrace long age_show ( int a )', 'half_of', 'static notrace', '{ return half_of ( a , "age" ) ; }']]],
  ['a macro that calls another', '#define ONE(n) int n(void) { return go(#n); }\n#define TWO(n) ONE(n##_a) ONE(n##_b)\nTWO(post);', [['int post_a ( void )', 'go', '', '{ return go ( "post_a" ) ; }'], ['int post_b ( void )', 'go', '', '{ return go ( "post_b" ) ; }']]],
  ['a list of arguments', '#define SHOW(n, ...) int n##_show(void) { return go(__VA_ARGS__); }\nSHOW(age, 1, 2)', [null]],
  ['a named list of arguments', '#define SHOW(n, args...) int n##_show(void) { return go(args); }\nSHOW(age, 1, 2)', [null]],
  ['a macro that is defined twice', '#ifdef A\n#define SHOW(n) int n##_show(void) { return 1; }\n#else\n#define SHOW(n) int n##_show(void) { return 2; }\n#endif\nSHOW(age)', [null]],
  ['a macro of every kernel', 'DEFINE_SHOW_ATTRIBUTE(age);', [null]],
])('of %s', (_name, text, expected) => {
  const { generated, functions } = extractFacts(text);
  expect(functions).toEqual([]);
  const made = generated.filter(({ kind }) => kind === 'function').map(madeFunction);
  expect(made.map((fact) => (fact?.writtenOut === undefined ? null : [fact.writtenOut.text.slice(0, fact.writtenOut.bodyRange.start).trim(), fact.calls.map(({ name }) => name).join(' '), fact.attributes.join(' '), fact.writtenOut.text.slice(fact.writtenOut.bodyRange.start, fact.writtenOut.bodyRange.end)]))).toEqual(expected);
});

it('stands at its call, wherever that is moved', () => {
  const text = '#define SHOW(n) static long n##_show(int a) { static int times; return go(times); }\nSHOW(age);\n';
  for (const front of ['', 'int more;\n']) {
    const [made] = extractFacts(front + text).generated;
    const fact = made === undefined ? undefined : madeFunction(made);
    const start = `${front}${text}`.indexOf('SHOW(age)');
    expect(fact?.range.start).toBe(start);
    expect(fact?.nameRange).toEqual(fact?.range);
    expect(fact?.bodyRange.start).toBe(fact?.range.end);
    expect(fact?.calls.map(({ at }) => at)).toEqual([0]);
    expect(fact?.staticLocals.map(({ name, range }) => [name, range.start])).toEqual([['times', 0]]);
  }
});
