/** Questions while there is no index: what is searched for, and that the answer is that of a scan of everything. */
import { expect, it } from 'vitest';
import type { SourceReader } from '../../../server/src/kernel/index/spotScanner';
import { TreeUses } from '../../../server/src/kernel/index/treeUses';
import { PADDING } from '../../../server/src/syntax/scan/byteLexer';

class Texts implements SourceReader {
  bytes = new Uint8Array();
  length = 0;
  readonly read: (path: string) => boolean;

  constructor(texts: Readonly<Record<string, string>>) {
    this.read = (path) => {
      const text = Buffer.from(texts[path] ?? '');
      this.bytes = new Uint8Array(text.length + PADDING);
      this.bytes.set(text);
      this.length = text.length;
      return path in texts;
    };
  }
}

/** What is searched for, word by word, beside who asks. */
function searching(texts: Readonly<Record<string, string>>): { uses: TreeUses; searched: string[][] } {
  const searched: string[][] = [];
  const candidates = (words: readonly string[], _signal?: AbortSignal, under = ''): Promise<{ files: string[] }> => {
    searched.push([...words, ...(under === '' ? [] : [`in ${under}`])]);
    return Promise.resolve({ files: Object.keys(texts).filter((path) => path.startsWith(under) && words.some((word) => new RegExp(`\\b${word}\\b`).test(texts[path] ?? ''))) });
  };
  return { uses: new TreeUses({ current: () => undefined, damaged: () => undefined, files: new Texts(texts), candidates }), searched };
}

const callersOf = async (uses: TreeUses, name: string): Promise<string[]> => (await uses.callersOf(name)).found.map((caller) => `${caller.path} ${caller.name} ${caller.via.join(' ')}`.trim());

it('searches once for all macros of a header that lead to each other', async () => {
  const { uses, searched } = searching({
    'include/linux/gate.h': '#define gate_twice(g) (gate_once(g), gate_once(g))\n#define gate_once(g) gate_turn(g)\n#define gate_often(g) gate_twice(g)\n#define gate_back(g) gate_often(g), gate_once(g)\n',
    'kernel/gate.c': 'int gate_turn(int g) { return g; }\nvoid often(void) { gate_often(1); }\nvoid plain(void) { gate_turn(2); }\n',
    'fs/gate.c': 'void back(void) { gate_back(1); }\n',
  });
  expect(await callersOf(uses, 'gate_turn')).toEqual(['fs/gate.c back gate_once gate_back', 'kernel/gate.c often gate_once gate_twice gate_often', 'kernel/gate.c plain']);
  expect(searched).toEqual([['gate_turn'], ['gate_once', 'gate_twice', 'gate_back', 'gate_often']]);
});

it('searches for macros where they can be seen: a part of the tree, or only their file', async () => {
  const { uses, searched } = searching({
    'drivers/gate/gate/inner.h': '#define inner(g) gate_turn(g)\n',
    'drivers/gate/gate/a.c': '#define own(g) gate_turn(g)\nvoid a(void) { inner(own(1)); }\n',
    'kernel/other.c': 'void other(void) { inner(own(1)); }\n',
  });
  expect(await callersOf(uses, 'gate_turn')).toEqual(['drivers/gate/gate/a.c a inner']);
  expect(searched).toEqual([['gate_turn'], ['inner', 'in drivers/gate/gate/']]);
});
