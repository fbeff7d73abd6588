import { describe, expect, test } from 'vitest';
import { FactStore } from '../../server/src/kernel/factStore';
import type { SourceFile } from '../../server/src/kernel/knowledge';
import { extractFacts } from '../../server/src/syntax/extract';

/** As many lines as are kept, in three files and a bit. */
const LINES = 99_000;
const MOST_LINES = 300_000;

const nothing = extractFacts('');
const file = (path: string, lines = LINES): SourceFile => ({ path, facts: { ...nothing, lineStarts: Array.from({ length: lines }, (_, line) => line) } });
const kept = (store: FactStore, files: readonly SourceFile[]): string[] => files.filter(({ path, facts }) => store.get(path)[0]?.facts === facts).map(({ path }) => path);
const filled = (files: readonly SourceFile[]): FactStore => {
  const store = new FactStore();
  for (const { path, facts } of files) store.keep(path, [{ facts, about: undefined }]);
  return store;
};

describe('what no answer holds', () => {
  test('stays as far as there is room, the files used last', () => {
    const files = ['a.c', 'b.c', 'c.c'].map((path) => file(path));
    const store = filled(files);
    store.get('a.c');
    const another = file('d.c');
    store.keep(another.path, [{ facts: another.facts, about: undefined }]);
    store.trim();
    expect(kept(store, [...files, another])).toEqual(['a.c', 'c.c', 'd.c']);
    expect(store.lines).toBeLessThanOrEqual(MOST_LINES);
  });

  test('goes when it is not used for two turns', () => {
    const files = ['a.c', 'b.c'].map((path) => file(path));
    const store = filled(files);
    for (let turn = 0; turn < 2; turn += 1) {
      store.lapse();
      store.get('b.c');
    }
    expect(kept(store, files)).toEqual(['b.c']);
    expect(store.lines).toBe(LINES);
  });

  test('is counted for each reading of a file, facts about some words as a part', () => {
    const [one, other] = [file('a.c'), file('a.c', 139 * 10_000)];
    const store = filled([one]);
    store.keep('a.c', [...store.get('a.c'), { facts: other.facts, about: new Set(['depot']) }]);
    expect({ size: store.size, lines: store.lines }).toEqual({ size: 1, lines: LINES + 39 * 10_000 });
    store.trim();
    expect({ size: store.size, lines: store.lines }).toEqual({ size: 0, lines: 0 });
  });
});

describe('what answers hold', () => {
  test('stays, however much it is, and is counted once', () => {
    const files = ['a.c', 'b.c', 'c.c', 'd.c', 'e.c'].map((path) => file(path));
    const store = filled(files);
    store.hold(files);
    store.hold(files.slice(0, 2));
    store.trim();
    for (let turn = 0; turn < 5; turn += 1) store.lapse();
    expect(kept(store, files)).toHaveLength(5);
    expect(store.heldLines).toBe(5 * LINES);
    expect(files.map(({ facts }) => store.isHeld(facts))).toEqual(files.map(() => true));
  });

  test('goes with the last answer, as far as there is no room', () => {
    const files = ['a.c', 'b.c', 'c.c', 'd.c', 'e.c'].map((path) => file(path));
    const store = filled(files);
    store.hold(files);
    store.hold(files.slice(0, 1));
    store.release(files);
    expect(store.heldLines).toBe(LINES);
    expect(files.map(({ facts }) => store.isHeld(facts))).toEqual([true, false, false, false, false]);
    store.release(files.slice(0, 1));
    expect(store.heldLines).toBe(0);
    store.trim();
    expect(store.lines).toBeLessThanOrEqual(MOST_LINES);
    for (let turn = 0; turn < 2; turn += 1) store.lapse();
    expect({ size: store.size, lines: store.lines }).toEqual({ size: 0, lines: 0 });
  });
});
