import { expect, test } from 'vitest';
import { heldUpBy, heldUpWords } from '../../client/src/preview/blockers';
import type { Block, Fate, Group, PassView } from '../../server/src/simulate/types';

const group = (label: string, tasks: number, blocks: readonly (readonly [string | undefined, number, number])[], fate: Fate): Group => ({
  label, tasks, kinds: ['user'], pids: [1], morePids: tasks - 1, moreBlocks: 0, fate, shares: [],
  blocks: blocks.map(([name, fromPass, toPass]): Block => ({ fromPass, toPass, reason: 'sleeping', ...(name !== undefined && { function: name }) })),
});
const passes = [0, 1, 2, 3].map((index): PassView => ({ index, atNs: index * 1e9, cpu: 0, switched: 0, blocking: 1, rows: [], moreRows: 0 }));
const switched = (seconds: number): Fate => ({ kind: 'switched', atNs: seconds * 1e9, cause: 'stack check' });
const words = (...families: Group[]): Record<string, string> => Object.fromEntries([...heldUpBy({ groups: { families, compact: [] }, passes })].map(([name, held]) => [name, heldUpWords(held)]));

test('a function holds up all that were found in it, until the last has switched', () => {
  expect(words(group('nfsd', 8, [['f', 0, 2]], switched(3)), group('z_poll', 4, [['f', 0, 3]], switched(16.3)))).toEqual({ f: 'holds up 12 tasks until 16.3 s' });
});
test('one that goes on to another function is out of the first by the next pass', () => {
  expect(words(group('a', 1, [['f', 0, 1], ['g', 2, 3]], switched(9)))).toEqual({ f: 'holds up 1 task until 2.0 s', g: 'holds up 1 task until 9.0 s' });
});
test('a task that never switches is held up for good, whatever the others do', () => {
  expect(words(group('a', 1, [['f', 0, 3]], { kind: 'pending' }), group('b', 1, [['f', 0, 1]], switched(2)))).toEqual({ f: 'holds up 2 tasks for good' });
});
test('imagined tasks can be held up; with real ones they count as well', () => {
  expect(words(group('?f', 1, [['f', 0, 0]], switched(1)))).toEqual({ f: 'can hold up a task until 1.0 s' });
  expect(words(group('?f', 1, [['f', 0, 0]], switched(1)), group('a', 1, [['f', 0, 0]], switched(0.5)))).toEqual({ f: 'holds up 2 tasks until 1.0 s' });
});
test('who ran, or was not looked at, is held up by no function', () => {
  expect(words(group('a', 3, [[undefined, 0, 1]], switched(1)), group('b', 2, [], switched(0)))).toEqual({});
});
