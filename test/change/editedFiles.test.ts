/** What is kept of the edit's files between keystrokes: enough, and not more with every file that was ever open. */
import { describe, expect, it } from 'vitest';
import type { FileChanges } from '../../server/src/change/changes';
import { EditedFiles } from '../../server/src/editedFiles';
import type { FileFacts } from '../../server/src/syntax/facts';

const before = 'int depot_first(void)\n{\n\treturn 1;\n}\n\nint depot_second(void)\n{\n\treturn 2;\n}\n';
const after = before.replace('return 2', 'return 3');

function read(files: EditedFiles, path: string): { before: FileFacts | undefined; after: FileFacts | undefined; changes: FileChanges } {
  const facts = { before: files.facts(path, 'before', before, undefined), after: files.facts(path, 'after', after, undefined) };
  return { ...facts, changes: files.changes(path, facts.before, facts.after) };
}

describe('edited files', () => {
  it('give the same answer for the same text, and share what two versions have in common', () => {
    const files = new EditedFiles();
    const first = read(files, 'depot.c');
    const second = read(files, 'depot.c');
    expect(second.after).toBe(first.after);
    expect(second.changes).toBe(first.changes);
    expect(first.changes.functions.map(({ kind, after: fact }) => [kind, fact?.name])).toEqual([['changed', 'depot_second']]);
    expect(first.after?.functions[0]).toBe(first.before?.functions[0]);
  });

  it('are forgotten when many others were in the edit since', () => {
    const files = new EditedFiles();
    const paths = Array.from({ length: 1000 }, (_, index) => `drivers/depot/${index}.c`);
    for (const path of paths) {
      read(files, path);
      files.keep(new Set([path]));
    }
    expect(files.size).toBeLessThan(20);
  });

  it('that are in the edit are all kept', () => {
    const files = new EditedFiles();
    const paths = Array.from({ length: 100 }, (_, index) => `drivers/depot/${index}.c`);
    const changes = paths.map((path) => read(files, path).changes);
    files.keep(new Set(paths));
    expect(paths.filter((path, index) => read(files, path).changes !== changes[index])).toEqual([]);
  });
});
