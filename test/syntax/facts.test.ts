/** Each fixtures/NAME.c beside its facts as text; UPDATE_GOLDEN=1 writes them anew. In the text `~` marks a name that does not stand at its range. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { extractFacts } from '../../server/src/syntax/extract';
import { summarize } from './summary';

const folder = join(import.meta.dirname, 'fixtures');

describe('facts of fixtures', () => {
  for (const file of readdirSync(folder).filter((name) => /\.[ch]$/.test(name))) {
    it(file, () => {
      const text = readFileSync(join(folder, file), 'utf8');
      const summary = summarize(text, extractFacts(text));
      const golden = join(folder, `${file}.facts`);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, summary);
      expect(summary).toBe(readFileSync(golden, 'utf8'));
    });
  }
});

/** Facts of the only function in a text. */
function only(text: string) {
  const { functions } = extractFacts(text);
  expect(functions).toHaveLength(1);
  return functions[0];
}

describe('hashes', () => {
  const base = 'static int depot_add(int a, char *b)\n{\n\treturn a+ ++*b;\n}\n';
  const same: Record<string, string> = {
    'white space and comments': 'static  int depot_add( int a, /* in */ char * b )\n{\n\n\treturn a + ++ * b; // sum\n}\n',
    'CRLF': base.replaceAll('\n', '\r\n'),
    'a line splice': base.replace('return a', 'return \\\n a'),
  };
  for (const [what, text] of Object.entries(same)) {
    it(`${what} count for nothing`, () => {
      expect(only(text)?.bodyHash).toBe(only(base)?.bodyHash);
      expect(only(text)?.signatureHash).toBe(only(base)?.signatureHash);
    });
  }
  it('parameter names and attributes are no part of the signature', () => {
    const renamed = 'static __init int depot_add(int count, char *text)\n{\n\treturn a+ ++*b;\n}\n';
    expect(only(renamed)?.signatureHash).toBe(only(base)?.signatureHash);
  });

  const otherBodies = ['return a++ +*b;', 'return a+ ++*c;', 'return a+ +(+*b);', 'return a+ ++b;', ''];
  for (const body of otherBodies) {
    it(`tells the body "${body}" apart`, () => {
      expect(only(base.replace('return a+ ++*b;', body))?.bodyHash).not.toBe(only(base)?.bodyHash);
    });
  }
  for (const [one, other] of [['f("a b")', 'f("a  b")'], ["f('a')", "f('b')"], ['x >>= 1', 'x >> = 1'], ['a->b', 'a- >b'], ['0x1F', '0x1f'], ['"/* */"', '""']]) {
    it(`tells ${one ?? ''} from ${other ?? ''}`, () => {
      const body = (expression = ''): number | undefined => only(`void f(void)\n{\n\t${expression};\n}\n`)?.bodyHash;
      expect(body(one)).not.toBe(body(other));
    });
  }
  for (const signature of ['static long depot_add(int a, char *b)', 'static int depot_add(int a, char **b)', 'static int depot_add(int a, const char *b)', 'static int depot_add(int a)', 'static int *depot_add(int a, char *b)', 'static int depot_add(int a, char b[2])']) {
    it(`tells the signature ${signature} apart`, () => {
      expect(only(base.replace(/^.*\)/, signature))?.signatureHash).not.toBe(only(base)?.signatureHash);
    });
  }
});
