/** Many words answered by one look at an indexed tree that git cannot search: what that reads, and that a damaged index is told and costs no answer. */
import { closeSync, fstatSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { updateIndex } from '../../../server/src/host/indexing';
import { IndexKeeper } from '../../../server/src/host/indexKeeper';
import { untrustedHost } from '../../../server/src/host/node';
import { createAnswers, type Answering } from '../../../server/src/kernel/answers';
import type { IndexAccess } from '../../../server/src/kernel/index/treeUses';
import type { Question } from '../../../server/src/kernel/knowledge';
import { extractFacts } from '../../../server/src/syntax/extract';

/** Constants, which the index does not keep; the last stands nowhere. */
const CONSTANTS = ['GATE_OPEN', 'GATE_SHUT', 'GATE_AJAR', 'GATE_BARRED', 'GATE_LOST', 'GATE_NONE'];
/** What it does keep. */
const FUNCTIONS = ['open_gate', 'shut_gate', 'bar_gate', 'lose_gate', 'turn_gate'];
const FILES: Readonly<Record<string, string>> = {
  Kbuild: 'obj-y += core/\n',
  'include/gate.h': '#define GATE_OPEN 1\n#define GATE_SHUT 2\n#define GATE_AJAR 3\n#define GATE_BARRED 4\n#define GATE_LOST 5\n',
  'core/open.c': 'int open_gate(void) { return turn_gate(GATE_OPEN) + turn_gate(GATE_AJAR); }\n',
  'core/shut.c': 'int shut_gate(void) { return turn_gate(GATE_SHUT); }\nint bar_gate(void) { return GATE_BARRED_TWICE; }\n',
  'core/turn.c': 'int turn_gate(int to) { return to; }\nint lose_gate(void) { return open_gate() ? GATE_LOST : 0; }\n',
};
const RIGHT: Readonly<Record<string, readonly string[]>> = {
  GATE_OPEN: ['core/open.c', 'include/gate.h'],
  GATE_SHUT: ['core/shut.c', 'include/gate.h'],
  GATE_AJAR: ['core/open.c', 'include/gate.h'],
  GATE_BARRED: ['include/gate.h'],
  GATE_LOST: ['core/turn.c', 'include/gate.h'],
  GATE_NONE: [],
  open_gate: ['core/open.c', 'core/turn.c'],
  shut_gate: ['core/shut.c'],
  bar_gate: ['core/shut.c'],
  lose_gate: ['core/turn.c'],
  turn_gate: ['core/open.c', 'core/shut.c', 'core/turn.c'],
};

let root: string;
let keeper: IndexKeeper;
let texts: Map<string, string>;
let read: string[];
let damages: number;
let answers: Answering;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'livepatch-ahead-'));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  texts = new Map();
  read = [];
  damages = 0;
  const index = join(root, '.cache/index.lpsx');
  keeper = new IndexKeeper(root, index, { editor: { openText: (path) => texts.get(path), openPaths: () => [...texts.keys()] }, update: () => updateIndex(root, index, { jobs: 1 }), ended: () => undefined });
  await keeper.update();
  const watched: IndexAccess = {
    current: () => keeper.current(),
    damaged: () => { damages += 1; keeper.damaged(); },
    files: { read: (path) => { read.push(path); return keeper.files.read(path); }, get bytes() { return keeper.files.bytes; }, get length() { return keeper.files.length; } },
  };
  answers = createAnswers({ root, host: untrustedHost, index: watched, readAfter: (path) => texts.get(path) }, (_path, text) => extractFacts(text));
});
afterEach(() => {
  keeper.dispose();
  rmSync(root, { recursive: true });
});

const about = (word: string): Question & { kind: 'mentions' } => ({ kind: 'mentions', word });
const mentioned = async (words: readonly string[]): Promise<Record<string, string[]>> => Object.fromEntries(await Promise.all(words.map(async (word) => [word, (await answers.answer(about(word))).files.map(({ path }) => path).sort()] as const)));
/** Those that were read. */
const cFiles = (): string[] => read.filter((path) => /\.[ch]$/.test(path)).sort();
const right = (words: readonly string[]): Record<string, readonly string[]> => Object.fromEntries(words.map((word) => [word, RIGHT[word] ?? []]));

/** In place, as a failing disk would: the file that is open is the one that is damaged. */
function damage(): void {
  const file = openSync(keeper.path, 'r+');
  for (let at = 0; at < fstatSync(file).size - 64; at += 16) writeSync(file, Buffer.of(0xa5), 0, 1, at);
  closeSync(file);
}

it('reads each file once for all words the index does not keep', async () => {
  await answers.ahead(CONSTANTS.map(about));
  const all = ['core/open.c', 'core/shut.c', 'core/turn.c', 'include/gate.h'];
  expect(cFiles()).toEqual(all);
  read.length = 0;
  expect(await mentioned(CONSTANTS)).toEqual(right(CONSTANTS));
  // For their facts.
  expect([...new Set(cFiles())]).toEqual(all);
});

it('reads none for words it keeps', async () => {
  await answers.ahead(FUNCTIONS.map(about));
  expect(cFiles()).toEqual([]);
  expect(await mentioned(FUNCTIONS)).toEqual(right(FUNCTIONS));
  expect([...new Set(cFiles())]).toEqual(['core/open.c', 'core/shut.c', 'core/turn.c']);
});

it('knows what an editor has open, and what changed since', async () => {
  texts.set('core/turn.c', 'int turn_gate(int to) { return to == GATE_NONE; }\n');
  await answers.ahead(CONSTANTS.map(about));
  const changed = { ...right(CONSTANTS), GATE_LOST: ['include/gate.h'], GATE_NONE: ['core/turn.c'] };
  expect(await mentioned(CONSTANTS)).toEqual(changed);
  texts.set('core/shut.c', 'int shut_gate(void) { return 0; }\n');
  answers.invalidate(['core/shut.c']);
  expect(await mentioned(CONSTANTS)).toEqual({ ...changed, GATE_SHUT: ['include/gate.h'] });
});

it.each([['it keeps', FUNCTIONS], ['it does not keep', CONSTANTS]])('tells that the index is damaged, met with words %s, and answers right without it', async (_, words) => {
  // An index of several pages: what opening it read is not read again.
  for (let index = 0; index < 400; index += 1) writeFileSync(join(root, `core/quiet${index}.c`), `int quiet${index};\n`);
  await keeper.update();
  damage();
  await answers.ahead(words.map(about));
  expect(damages).toBe(1);
  expect(keeper.current()).toBeUndefined();
  expect(await mentioned(words)).toEqual(right(words));
  expect(damages).toBe(1);
});
