/** Every file in which two kernel trees differ, judged as a patch of its own: what the rules say of real edits, and whether they hold out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyze, type Analysis, type EditedFile } from '../../server/src/analysis';
import { updateIndex } from '../../server/src/host/indexing';
import { IndexKeeper } from '../../server/src/host/indexKeeper';
import { nodeFiles } from '../../server/src/host/files';
import { decodeReading, readTreeFile } from '../../server/src/host/reading';
import { differingPaths } from '../../server/src/host/trees';
import { kernelVersionOf } from '../../server/src/kernel/tree';
import type { Profile } from '../../server/src/rules/finding';

export interface CorpusOptions {
  /** Absolute paths of the trees. */
  readonly before: string;
  readonly after: string;
  /** Where the index of the first tree may lie. */
  readonly index: string;
  readonly profile: Profile;
  /** Text of the .config to judge by. */
  readonly configText?: string;
  /** Every n-th file alone. */
  readonly every: number;
  readonly log: (line: string) => void;
}

export interface CorpusSummary {
  readonly kernel: string | undefined;
  readonly files: number;
  readonly verdicts: Readonly<Record<Analysis['verdict'], number>>;
  /** Files with at least one finding of the rule, by severity. */
  readonly rules: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Why a verdict is undecided: files by the reason, its names left out. */
  readonly doubts: Readonly<Record<string, number>>;
  readonly crashes: readonly { readonly path: string; readonly message: string }[];
  /** Milliseconds for one file. */
  readonly time: { readonly p50: number; readonly p95: number; readonly max: number };
}

export async function corpus({ before, after, index, profile, configText, every, log }: CorpusOptions): Promise<CorpusSummary> {
  const kernel = await kernelVersionOf({ root: before, host: { files: nodeFiles } });
  const paths = (await differingPaths(before, after)).filter((path) => /\.(c|h|S)$|(^|\/)(Makefile|Kbuild|Kconfig)[^/]*$/.test(path) && !/^(Documentation|tools|scripts|samples|debian)\//.test(path)).filter((_, place) => place % every === 0);
  log(`${paths.length} files differ`);
  const keeper = new IndexKeeper(before, index, {
    editor: { openText: () => undefined, openPaths: () => [] },
    update: (path, signal) => updateIndex(before, path, { jobs: 1, signal }),
    ended: (failure) => { if (failure !== undefined) log(failure); },
  });
  await keeper.update();
  const verdicts = { patchable: 0, unpatchable: 0, undecided: 0 };
  const rules: Record<string, Record<string, number>> = {};
  const doubts: Record<string, number> = {};
  const crashes: { path: string; message: string }[] = [];
  const times: number[] = [];
  for (const [place, path] of paths.entries()) {
    if (place % 100 === 0) log(`  ${place} …`);
    const [old, now] = await Promise.all([before, after].map(async (root) => decodeReading(await readTreeFile(root, path))));
    const file: EditedFile = { path, ...(old?.text === undefined ? {} : { before: old.text }), ...(now?.text === undefined ? {} : { after: now.text }), ...(old?.unreadable ?? now?.unreadable) === undefined ? {} : { unreadable: old?.unreadable ?? now?.unreadable ?? '' } };
    const began = performance.now();
    try {
      const analysis = await analyze([file], { root: before, host: { files: nodeFiles }, index: keeper, readAfter: (asked) => (asked === path ? (now?.text ?? '') : undefined), ...(configText === undefined ? {} : { configText }) }, { profile, kernelVersion: kernel });
      verdicts[analysis.verdict] += 1;
      for (const key of new Set(analysis.findings.map((finding) => `${finding.rule} ${finding.severity}`))) {
        const [rule = '', severity = ''] = key.split(' ');
        const counts = (rules[rule] ??= {});
        counts[severity] = (counts[severity] ?? 0) + 1;
      }
      if (analysis.verdict === 'undecided') for (const reason of new Set(analysis.reasons.map(kindOf))) doubts[reason] = (doubts[reason] ?? 0) + 1;
    } catch (error) {
      crashes.push({ path, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
    times.push(performance.now() - began);
  }
  keeper.dispose();
  times.sort((one, other) => one - other);
  const at = (share: number): number => Math.round(times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0);
  return { kernel, files: paths.length, verdicts, rules, doubts: Object.fromEntries(Object.entries(doubts).sort((one, other) => other[1] - one[1]).slice(0, 25)), crashes, time: { p50: at(0.5), p95: at(0.95), max: at(1) } };
}

/** A reason without what differs from file to file. */
const kindOf = (reason: string): string => reason.replace(/\b[\w/.-]+\.[chS]\b/g, 'FILE').replace(/\b\w*_\w+\b/g, 'NAME').replace(/\d+/g, 'N').slice(0, 120);

/** From the command line: BEFORE AFTER, and what scripts/corpus.mjs adds. */
export async function main(args: readonly string[]): Promise<void> {
  const [before = '', after = '', index = '', profile = 'klp-build', config = '', every = '1'] = args;
  const summary = await corpus({
    before, after, index, profile: profile === 'kpatch' ? 'kpatch' : 'klp-build', every: Number(every),
    ...(config === '' ? {} : { configText: readFileSync(join(config), 'utf8') }),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
}

void main(process.argv.slice(2));
