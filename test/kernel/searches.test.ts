/** What a layout costs in searches of the tree: one for a kernel's worth of files takes a CPU-second. */
import { expect, test } from 'vitest';
import { createAnswers } from '../../server/src/kernel/answers';
import { recording, type Question } from '../../server/src/kernel/knowledge';
import { layoutOf } from '../../server/src/kernel/layout';
import { layoutTypes } from '../../server/src/kernel/editedTypes';
import { extractFacts } from '../../server/src/syntax/extract';
import { FakeFiles, FakeGit, ROOT } from './fakes';

const TYPES = 'include/linux/depot.h';
const FILES = {
  [TYPES]: `#define parcel_head letter_head
struct letter_head {
	struct letter_head *next;
	void (*send)(struct letter_head *head);
};
struct shelf {
	long room;
};
typedef struct shelf shelf_t;
typedef unsigned int seqcount_t;
#ifdef CONFIG_DEPOT_TRACE
typedef struct shelf *depot_tracker;
#else
typedef struct { } depot_tracker;
#endif
`,
  'kernel/depot.c': `#include <linux/depot.h>
struct depot {
	shelf_t first;
	struct shelf second;
	struct parcel_head parcels;
	seqcount_mutex_t count;
	depot_tracker tracker;
};
`,
  'kernel/far.c': 'int use(struct parcel_head *head);\nstruct row { struct shelf shelf; };\nstruct wall { struct shelf shelf; };\n',
};

function depot() {
  const fake = new FakeFiles(FILES);
  const git = new FakeGit(fake);
  const answers = createAnswers({ root: ROOT, host: { files: fake, git } }, (_path, text) => extractFacts(text));
  return { answers, git };
}

test('a layout asks for types first, and for macros of their names only where no type is: nothing is searched for', async () => {
  const { answers, git } = depot();
  const record = extractFacts(FILES['kernel/depot.c']).records.find(({ name }) => name === 'depot');
  if (record === undefined) throw new Error('no struct depot was read');
  const asked: string[][] = [];
  for (;;) {
    const { knowledge, open } = recording(answers);
    const layout = layoutOf(record, layoutTypes({ versions: new Map(), knowledge }, 'kernel/depot.c', 'before'));
    if (open.size === 0) {
      // Which tracker it is depends on the configuration, which is not there.
      expect(layout.fields.map(({ path, offset, size }) => [path, offset, size])).toEqual([['first', 0, 8], ['second', 8, 8], ['parcels', 16, 16], ['count', undefined, undefined], ['tracker', undefined, undefined]]);
      break;
    }
    asked.push([...open.values()].map((question) => `${question.kind} ${'name' in question ? question.name : ''}`).sort());
    await answers.ahead([...open.values()]);
    for (const question of open.values()) await answers.answer(question);
  }
  expect(asked).toEqual([['type depot_tracker', 'type parcel_head', 'type seqcount_t', 'type shelf', 'type shelf_t'], ['constant parcel_head'], ['type letter_head']]);
  expect(git.greps).toEqual([]);
});

test('who holds many records by value is one search', async () => {
  const { answers, git } = depot();
  const questions = ['shelf', 'letter_head', 'depot', 'row', 'wall', 'nothing'].map((name): Question & { kind: 'byValue' } => ({ kind: 'byValue', name }));
  await answers.ahead(questions);
  expect(git.searches).toBe(1);
  const files = await Promise.all(questions.map(async (question) => (await answers.answer(question)).files.map(({ path }) => path).sort()));
  expect(files).toEqual([['include/linux/depot.h', 'kernel/depot.c', 'kernel/far.c'], [], [], [], [], []]);
  expect(git.searches).toBe(1);
});

test.each<[string, boolean]>([
  ['struct parcel one;', true],
  ['struct parcel many[3];', true],
  ['struct parcel one, *other;', true],
  ['struct parcel\n\tone __aligned(8);', true],
  ['static DEFINE_PER_CPU_SHARED_ALIGNED(struct parcel, one);', true],
  ['long size(void) { return sizeof (struct parcel); }', true],
  ['void init(void) { cache = KMEM_CACHE(parcel, 0); }', true],
  ['void *p = alloc_percpu(struct parcel);', true],
  ['struct parcel __aligned(8) one = { 0 };', true],
  ['struct parcel one\n#ifdef CONFIG_SHARED\n\t__shared\n#endif\n= { 0 };', true],
  ['struct parcel one SHARED_ALIGNED = { 0 };', true],
  ['struct parcel *one;', false],
  ['struct parcel __rcu *one;', false],
  ['struct parcel *make_parcel(void);\nstruct parcel make_parcel_at(long at);', false],
  ['int f(struct parcel *one, struct parcels two);', false],
  ['int f(void) { return send(parcel, 3); }', false],
])('an object of a record: %s', async (text, isHeld) => {
  const fake = new FakeFiles({ 'kernel/a.c': `${text}\n` });
  const answers = createAnswers({ root: ROOT, host: { files: fake, git: new FakeGit(fake) } }, (_path, source) => extractFacts(source));
  expect((await answers.answer({ kind: 'byValue', name: 'parcel' })).files).toHaveLength(isHeld ? 1 : 0);
});

test('what one round of questions asks of a tree is one search, and each header is read once for it', async () => {
  const fake = new FakeFiles({
    'kernel/yard.c': '#include "yard.h"\n',
    'kernel/yard.h': 'struct gate { int width; };\nenum side { LEFT, RIGHT };\n#define GATES 4\ntypedef struct gate gate_t;\n',
    'include/linux/far.h': 'struct far_gate { struct gate gate; };\n#define FAR_GATES 5\n',
    'kernel/far.c': 'struct gate first_gate;\n',
  });
  const git = new FakeGit(fake);
  const reads: string[] = [];
  const answers = createAnswers({ root: ROOT, host: { files: fake, git } }, (path, text, about) => {
    reads.push(`${path} ${about?.join(' ') ?? ''}`);
    return extractFacts(text, undefined, about);
  });
  const from = 'kernel/yard.c';
  const questions: Question[] = [
    { kind: 'type', space: 'struct', name: 'gate', from }, { kind: 'type', space: 'enum', name: 'side', from }, { kind: 'type', space: 'typedef', name: 'gate_t', from },
    { kind: 'constant', name: 'GATES', from }, { kind: 'constant', name: 'FAR_GATES', from }, { kind: 'type', space: 'struct', name: 'far_gate', from }, { kind: 'byValue', name: 'gate' },
  ];
  await answers.ahead(questions);
  expect(git.searches).toBe(1);
  expect(reads).toEqual(['kernel/yard.h gate side gate_t GATES']);
  const found = await Promise.all(questions.map((question) => answers.answer(question)));
  expect(found.map((answer) => ('files' in answer ? answer.files.map(({ path }) => path).sort() : 'found' in answer && answer.found))).toEqual([true, true, true, true, true, true, ['include/linux/far.h', 'kernel/far.c', 'kernel/yard.h']]);
  expect(git.searches).toBe(1);
});
