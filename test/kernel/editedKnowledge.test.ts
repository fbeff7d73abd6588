/** Answers about the tree's files, with those of the edit in them as the edit has them. */
import { expect, it } from 'vitest';
import { EditedKnowledge, type EditedSource } from '../../server/src/kernel/editedKnowledge';
import type { Knowledge, Mentions, Question } from '../../server/src/kernel/knowledge';
import { extractFacts } from '../../server/src/syntax/extract';

const source = (path: string, before: string, after: string): EditedSource => {
  const versions = [before, after].map((text) => ({ facts: extractFacts(text), text }));
  return { path, facts: versions[1]?.facts ?? extractFacts(''), versions };
};
const onDisk: Mentions = { files: [{ path: 'fs/a.c', facts: extractFacts('int old_a;') }, { path: 'fs/b.c', facts: extractFacts('int b;') }] };
/** What the tree says to whatever is asked for files. */
const tree: Knowledge = { config: () => undefined, ask: ((question: Question) => (question.kind === 'object' ? { name: 'vmlinux', isModule: false, isBuilt: true, options: [] } : onDisk)) as Knowledge['ask'] };

const questions: readonly (readonly [Question & { kind: 'mentions' | 'byValue' | 'holding' }, string])[] = [
  [{ kind: 'mentions', word: 'depot' }, 'int depot;'],
  [{ kind: 'byValue', name: 'depot' }, 'struct yard { struct depot first; };'],
  [{ kind: 'holding', phrases: ['EXPORT_SYMBOL(depot)'], files: '*.c' }, 'EXPORT_SYMBOL(depot);'],
];

it.each(questions)('a file of the edit is in the answer to %j as the edit has it, saved or not', (question, text) => {
  const knowledge = new EditedKnowledge(tree);
  const [added, taken, other] = [source('fs/a.c', '', text), source('fs/c.c', text, ''), source('fs/d.c', 'int d;', 'int e;')];
  knowledge.use([added, taken, other]);
  const files = knowledge.ask(question)?.files ?? [];
  expect(files.map(({ path }) => path)).toEqual(['fs/b.c', 'fs/a.c', 'fs/c.c']);
  expect(files[1]?.facts).toBe(added.facts);
});

it.each(questions)('the answer to %j is the same object until a file in it changes', (question, text) => {
  const knowledge = new EditedKnowledge(tree);
  const [a, other] = [source('fs/a.c', '', text), source('fs/d.c', 'int d;', 'int e;')];
  knowledge.use([a, other]);
  const first = knowledge.ask(question);
  knowledge.use([a, source('fs/d.c', 'int d;', 'int f;')]);
  expect(knowledge.ask(question)).toBe(first);
  knowledge.use([source('fs/a.c', '', `${text}\nint more;`), other]);
  expect(knowledge.ask(question)).not.toBe(first);
});

it('other answers are the tree\'s', () => {
  const knowledge = new EditedKnowledge(tree);
  knowledge.use([source('fs/a.c', '', 'int depot;')]);
  expect(knowledge.ask({ kind: 'object', path: 'fs/a.c' })?.name).toBe('vmlinux');
});
