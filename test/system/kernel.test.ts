/** Edits of real kernel source, judged by the engine on the tree as Debian packs it: no git, no .config. */
import { describe, expect, it } from 'vitest';
import { kernelSource } from '../../scripts/setup.mjs';
import { analyze, type Analysis, type EditedFile } from '../../server/src/analysis';
import { nodeHost } from '../../server/src/host/node';
import { edits, headerEdits, textsOf, type KernelEdit } from './edits';
import { expectedOf, judgedOf } from './judging';
import { partOfKernel } from './part';

const options = { profile: 'klp-build', kernelVersion: '6.1' } as const;

async function judge(edit: KernelEdit, root: string): Promise<Analysis> {
  const texts = textsOf(edit, root);
  const files = [...texts].map(([path, text]): EditedFile => ({ path, ...text }));
  return analyze(files, { root, host: nodeHost, readAfter: (path) => texts.get(path)?.after }, options);
}

describe.each([...new Set(edits.map((edit) => edit.replacements[0]?.file ?? ''))])('%s', (file) => {
  it.each(edits.filter((edit) => edit.replacements[0]?.file === file))('$name', async (edit) => {
    const analysis = await judge(edit, kernelSource);
    expect(judgedOf(analysis)).toEqual(expectedOf(edit));
    expect(analysis.questions).toEqual([]);
  });
});

describe('headers, in a part of the tree under git', () => {
  it.each(headerEdits)('$name', async (edit) => {
    const analysis = await judge(edit, partOfKernel());
    expect(judgedOf(analysis)).toEqual(expectedOf(edit));
    for (const reason of edit.reasons ?? []) expect(analysis.reasons).toContainEqual(expect.stringContaining(reason));
  });

  it.each(headerEdits.slice(0, 1))('$name: the same in the whole tree, which is in no repository', async (edit) => {
    expect(judgedOf(await judge(edit, kernelSource))).toEqual(expectedOf(edit));
  });
});
