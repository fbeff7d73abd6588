/** What is kept between keystrokes is what would be found anew: one analyzer through many states of an edit, and a new one for each. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { Analyzer, type Analysis, type EditedFile } from '../../server/src/analysis';
import { nodeHost } from '../../server/src/host/node';
import { Kept, keepNothing } from '../../server/src/kernel/kept';
import { allEdits, applyPatch, copyTree, KERNEL } from '../sample/edits';

const options = { profile: 'klp-build', kernelVersion: '6.1.192' } as const;

/** By file: its text in the baseline first, then in each sample edit that touches it, and with its lines moved. */
const variants = new Map<string, string[]>();

beforeAll(() => {
  for (const { patchFile, touches } of allEdits()) {
    const tree = copyTree();
    applyPatch(tree, patchFile);
    for (const path of touches) {
      const texts = variants.get(path) ?? [readFileSync(join(KERNEL, path), 'utf8')];
      texts.push(readFileSync(join(tree, path), 'utf8'));
      variants.set(path, texts);
    }
    rmSync(tree, { recursive: true });
  }
  for (const texts of variants.values()) texts.push(`\n${texts.at(-1) ?? ''}`, `${texts[0] ?? ''}\nstatic int added_for_this(void)\n{\n\treturn 1;\n}\n`);
}, 60_000);

/** The state of the tree in an editor: some files differ from the disk. */
class State {
  readonly #chosen = new Map<string, number>();

  choose(path: string, variant: number): void {
    this.#chosen.set(path, variant % (variants.get(path)?.length ?? 1));
  }

  get edit(): EditedFile[] {
    return [...this.#chosen].flatMap(([path, chosen]) => (chosen === 0 ? [] : [{ path, before: variants.get(path)?.[0] ?? '', after: variants.get(path)?.[chosen] ?? '' }]));
  }

  analyzer(kept: Pick<Kept, 'keep' | 'age'>): Analyzer {
    return new Analyzer({ root: KERNEL, host: { files: nodeHost.files }, readAfter: (path) => this.edit.find((file) => file.path === path)?.after }, kept);
  }
}

async function settled(analyzer: Analyzer, edit: readonly EditedFile[]): Promise<Analysis> {
  await analyzer.prepare();
  for (;;) {
    const analysis = analyzer.judge(edit, options);
    if (analysis.questions.length === 0) return analysis;
    await analyzer.learn(analysis);
  }
}

/** All that is told of an edit, its fixes made. */
function told({ verdict, plan, findings, lineStarts, ...rest }: Analysis): unknown {
  const made = findings.map((finding) => ({ ...finding, remedies: finding.remedies.map(({ fix, ...remedy }) => ({ ...remedy, edits: fix?.edits() })) }));
  return { verdict, reasons: rest.reasons, plan, findings: made, lineStarts: [...lineStarts] };
}

/** Judges one state after the other, and gives how many results were kept. */
async function compared(steps: readonly (readonly [path: string, variant: number])[]): Promise<number> {
  const state = new State();
  const kept = new Kept();
  const analyzer = state.analyzer(kept);
  let paths: string[] = [];
  for (const [path, variant] of steps) {
    state.choose(path, variant);
    const edited = state.edit.map((file) => file.path);
    // As the editor does it: a file that is as it was is read anew.
    const restored = paths.filter((one) => !edited.includes(one));
    if (restored.length > 0) analyzer.invalidate(restored);
    paths = edited;
    expect(told(await settled(analyzer, state.edit))).toEqual(told(await settled(state.analyzer({ keep: keepNothing, age: () => undefined }), state.edit)));
  }
  return kept.given;
}

it('a header stays in step with its users', async () => {
  const paths = [...variants.keys()];
  const users = paths.filter((path) => path.endsWith('.c'));
  for (const header of paths.filter((path) => path.endsWith('.h'))) {
    for (const variant of (variants.get(header) ?? []).keys()) await compared([[header, variant], ...users.flatMap((user) => [[user, (variants.get(user)?.length ?? 0) - 2], [user, 0]] as const)]);
  }
});

it('is the same as found anew', async () => {
  let given = 0;
  const paths = [...variants.keys()];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...paths), fc.nat()), { minLength: 4, maxLength: 10 }), async (steps) => {
      given += await compared(steps);
    }),
    { numRuns: 12, seed: 1 },
  );
  expect(given).toBeGreaterThan(50);
});
