/** Every file in which two kernel trees differ, judged as a patch of its own: what the rules say of real edits, and whether they hold out. */
import { readFileSync } from 'node:fs';
import { Analyzer, type Analysis, type EditedFile } from '../../server/src/analysis';
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
  /** Files whose path it matches alone. */
  readonly only: RegExp;
  readonly log: (line: string) => void;
}

export interface CorpusSummary {
  readonly kernel: string | undefined;
  readonly files: number;
  readonly verdicts: Readonly<Record<Analysis['verdict'], number>>;
  /** In percent of the files. */
  readonly undecided: number;
  /** Files with at least one finding of the rule, by severity; the most frequent first. */
  readonly rules: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Why a verdict is undecided: files by the reason, its names left out. */
  readonly doubts: Readonly<Record<string, number>>;
  readonly crashes: readonly { readonly path: string; readonly message: string }[];
  /** Milliseconds of CPU time for one file, and of all; the index is made before. */
  readonly time: { readonly p50: number; readonly p95: number; readonly max: number; readonly total: number };
}

interface Judged {
  readonly path: string;
  readonly analysis?: Analysis;
  readonly crash?: string;
  /** Milliseconds of CPU time. */
  readonly time: number;
}

/** Judged with one memory of the tree, as in an editor; then a new one, so that it does not grow with what went before. */
const KEPT_FOR = 50;

/** As `analyze` does. */
const MOST_ROUNDS = 24;

export async function corpus({ before, after, index, profile, configText, every, only, log }: CorpusOptions): Promise<CorpusSummary> {
  const kernelVersion = await kernelVersionOf({ root: before, host: { files: nodeFiles } });
  const isJudged = (path: string): boolean => /\.(c|h|S)$|(^|\/)(Makefile|Kbuild|Kconfig)[^/]*$/.test(path) && !/^(Documentation|tools|scripts|samples|debian)\//.test(path);
  const paths = (await differingPaths(before, after)).filter((path) => isJudged(path) && only.test(path)).filter((_, place) => place % every === 0);
  log(`${paths.length} files differ`);
  const keeper = new IndexKeeper(before, index, {
    editor: { openText: () => undefined, openPaths: () => [] },
    update: (path, signal) => updateIndex(before, path, { jobs: 1, signal }),
    ended: (failure) => { if (failure !== undefined) log(failure); },
  });
  await keeper.update();

  let edited: EditedFile | undefined;
  const makeAnalyzer = async (): Promise<Analyzer> => {
    const made = new Analyzer({ root: before, host: { files: nodeFiles }, index: keeper, readAfter: (path) => (path === edited?.path ? (edited.after ?? '') : undefined), ...(configText === undefined ? {} : { configText }) });
    await made.prepare();
    return made;
  };
  let analyzer = await makeAnalyzer();
  const judged: Judged[] = [];
  for (const path of paths) {
    if (judged.length % KEPT_FOR === KEPT_FOR - 1) analyzer = await makeAnalyzer();
    const last = edited?.path;
    edited = await editOf(path, before, after);
    const began = process.cpuUsage();
    analyzer.invalidate([path, ...(last === undefined ? [] : [last])]);
    let outcome: Pick<Judged, 'analysis' | 'crash'>;
    try {
      outcome = { analysis: await judge(analyzer, edited, { profile, kernelVersion }) };
    } catch (error) {
      outcome = { crash: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    const { user, system } = process.cpuUsage(began);
    const one = { path, ...outcome, time: Math.round((user + system) / 1000) };
    judged.push({ ...one, ...(one.analysis === undefined ? {} : { analysis: withoutFacts(one.analysis) }) });
    log(`${path}: ${one.analysis?.verdict ?? 'CRASH'}, ${one.time} ms`);
    if (one.analysis?.verdict === 'undecided') for (const reason of one.analysis.reasons) log(`  ${reason}`);
  }
  keeper.dispose();
  return { kernel: kernelVersion, ...summaryOf(judged) };
}

async function judge(analyzer: Analyzer, edited: EditedFile, options: Parameters<Analyzer['judge']>[1]): Promise<Analysis> {
  let analysis = analyzer.judge([edited], options);
  for (let round = 0; analysis.questions.length > 0 && round < MOST_ROUNDS; round += 1) {
    await analyzer.learn(analysis);
    analysis = analyzer.judge([edited], options);
  }
  return analysis;
}

async function editOf(path: string, before: string, after: string): Promise<EditedFile> {
  const [old, now] = await Promise.all([before, after].map(async (root) => decodeReading(await readTreeFile(root, path))));
  const unreadable = old?.unreadable ?? now?.unreadable;
  return { path, ...(old?.text === undefined ? {} : { before: old.text }), ...(now?.text === undefined ? {} : { after: now.text }), ...(unreadable === undefined ? {} : { unreadable }) };
}

/** What the summary goes by; facts of thousands of files would be held by the rest. */
const withoutFacts = (analysis: Analysis): Analysis => ({ ...analysis, changes: [], plan: { objects: [], unjudged: [] }, functions: [], lineStarts: new Map() });

function summaryOf(judged: readonly Judged[]): Omit<CorpusSummary, 'kernel'> {
  const verdicts = { patchable: 0, unpatchable: 0, undecided: 0 };
  const rules = new Map<string, Record<string, number>>();
  const doubts = new Map<string, number>();
  for (const { analysis } of judged) {
    if (analysis === undefined) continue;
    verdicts[analysis.verdict] += 1;
    for (const key of new Set(analysis.findings.map((finding) => `${finding.rule} ${finding.severity}`))) {
      const [rule = '', severity = ''] = key.split(' ');
      const counts = rules.get(rule) ?? {};
      rules.set(rule, { ...counts, [severity]: (counts[severity] ?? 0) + 1 });
    }
    if (analysis.verdict === 'undecided') for (const reason of new Set(analysis.reasons.map(kindOf))) doubts.set(reason, (doubts.get(reason) ?? 0) + 1);
  }
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const times = judged.map(({ time }) => time).sort((one, other) => one - other);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
  return {
    files: judged.length,
    verdicts,
    undecided: Math.round((1000 * verdicts.undecided) / Math.max(1, judged.length)) / 10,
    rules: Object.fromEntries([...rules].sort(([, one], [, other]) => sum(Object.values(other)) - sum(Object.values(one)))),
    doubts: Object.fromEntries([...doubts].sort(([, one], [, other]) => other - one)),
    crashes: judged.flatMap(({ path, crash }) => (crash === undefined ? [] : [{ path, message: crash }])),
    time: { p50: at(0.5), p95: at(0.95), max: at(1), total: sum(times) },
  };
}

/** A reason without what differs from file to file. */
const kindOf = (reason: string): string => reason.replace(/\b[\w/.-]+\.[chS]\b/g, 'FILE').replace(/\b\w*_\w+\b/g, 'NAME').replace(/\d+/g, 'N').slice(0, 120);

/** From the command line: BEFORE AFTER, and what scripts/corpus.mjs adds. */
export async function main(args: readonly string[]): Promise<void> {
  const [before = '', after = '', index = '', profile = 'klp-build', config = '', every = '1', only = ''] = args;
  const summary = await corpus({
    before, after, index, profile: profile === 'kpatch' ? 'kpatch' : 'klp-build', every: Number(every), only: new RegExp(only),
    ...(config === '' ? {} : { configText: readFileSync(config, 'utf8') }),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
}

void main(process.argv.slice(2));
