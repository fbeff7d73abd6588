/**
 * The one door to the engine: an edit goes in, a judged plan comes out. The editor and the command line both call this.
 */
import type { FileChanges } from './change/changes';
import { EditedFiles } from './editedFiles';
import type { Host } from './host/ports';
import { createAnswers, type Answering } from './kernel/answers';
import { localHeaders } from './kernel/definers';
import { builtInsteadOf } from './kernel/architecture';
import { TreeUses, type IndexAccess } from './kernel/index/treeUses';
import { EditedKnowledge, type EditedSource } from './kernel/editedKnowledge';
import { Kept, type Around, type Version } from './kernel/kept';
import { recording, type Question } from './kernel/knowledge';
import { defaultLimits } from './kernel/mentions';
import { makePlan } from './plan/makePlan';
import type { Plan } from './plan/plan';
import { MOST_FILES } from './plan/reach';
import { decide } from './policy/apply';
import { commentsIn } from './policy/comments';
import { noPolicy, POLICY_FILE, readPolicy } from './policy/policy';
import type { Analysis, AnalysisOptions, EditedFile } from './result';
import type { Bodies } from './rules/body';
import type { Finding } from './rules/finding';
import { checkRules, rules } from './rules/registry';
import { possibleSleepers } from './rules/transition/sleepers';
import { extractFacts } from './syntax/extract';
import type { FileFacts } from './syntax/facts';
import { compareTexts } from './syntax/text';
import { judge } from './verdict';

export type { Analysis, AnalysisOptions, EditedFile } from './result';

/** A kernel tree as the analysis may look at it. */
export interface TreeAccess {
  /** Absolute path of the tree. */
  readonly root: string;
  readonly host: Host;
  /** A file's text in the edit, where that differs from the disk; undefined falls back to the disk. */
  readonly readAfter?: (path: string) => string | undefined;
  /** The tree's stored index, where there is one. */
  readonly index?: IndexAccess;
  /** Text of the .config to go by, instead of the tree's own. */
  readonly configText?: string;
  /** Lines of other files that the analysis may know at once, some 140 bytes each; what takes more is left open, with the reason. All that it takes where absent. */
  readonly mostLines?: number;
}

const slugs: ReadonlySet<string> = new Set(rules.map((rule) => rule.slug));

const COMMON_DEFINERS = { kind: 'definers', headers: [] } as const;

/** Questions whose words are searched for at once. */
const AHEAD = 100;

/** Rounds of asking the tree; each inlining step through a header costs one. */
const MOST_ROUNDS = 24;

/** Judges an edit, looking up in the tree all that it takes. Rejects only when aborted. */
export async function analyze(edit: readonly EditedFile[], tree: TreeAccess, options: AnalysisOptions, signal?: AbortSignal): Promise<Analysis> {
  const analyzer = new Analyzer(tree);
  await analyzer.prepare();
  let analysis = analyzer.judge(edit, options);
  for (let round = 0; analysis.questions.length > 0 && round < MOST_ROUNDS; round += 1) {
    await analyzer.learn(analysis, signal);
    analysis = analyzer.judge(edit, options);
  }
  return analysis;
}

/**
 * The analysis of one tree, kept between keystrokes: `judge` answers at once from what is known, `learn` looks up what a
 * result left open, and then `judge` knows more.
 */
export class Analyzer {
  /** Who uses what in the tree; undefined where its files cannot be read on the spot. */
  readonly uses: TreeUses | undefined;
  readonly #answers: Answering;
  readonly #files = new EditedFiles();
  readonly #edited: EditedKnowledge;
  #policy = noPolicy;

  /** @param kept what is kept between judgements; a test looks without */
  constructor(
    tree: TreeAccess,
    private readonly kept: Pick<Kept, 'keep' | 'age'> = new Kept(),
  ) {
    this.#answers = createAnswers(tree, (_path, text, about) => extractFacts(text, this.#answers.ask(COMMON_DEFINERS), about), { ...defaultLimits, lines: tree.mostLines });
    this.#edited = new EditedKnowledge(this.#answers);
    const { index } = tree;
    if (index === undefined) return;
    this.uses = new TreeUses({ current: () => index.current(), damaged: () => { index.damaged(); }, files: index.files, candidates: (words, signal, under) => this.#answers.filesWith(words, signal, under) });
  }

  /** Reads the tree's configuration, without which every CONFIG condition is unknown, and what its headers teach of their macros. Never rejects. */
  async prepare(): Promise<void> {
    await this.#answers.prepare();
    const policy = await this.#answers.text(POLICY_FILE);
    this.#policy = policy === undefined ? noPolicy : readPolicy(policy, slugs);
    await this.#answers.answer(COMMON_DEFINERS);
  }

  judge(edit: readonly EditedFile[], options: AnalysisOptions): Analysis {
    const versions = new Map<string, Version>();
    const changes: FileChanges[] = [];
    const definers: Question[] = [];
    const texts = new Map(edit.map((file) => [file.path, file]));
    for (const file of [...edit].sort((one, other) => compareTexts(one.path, other.path))) {
      if (file.unreadable !== undefined) continue;
      const open = this.#teach(file);
      if (open !== undefined) definers.push(open);
      const before = this.#facts(file.path, 'before', file.before);
      const after = this.#facts(file.path, 'after', file.after);
      versions.set(file.path, { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) });
      changes.push(this.#files.changes(file.path, before, after));
    }
    this.#files.keep(new Set(versions.keys()));
    this.#answers.lapse();
    this.#edited.use(edit.flatMap((file) => sourceOf(file, versions.get(file.path))));
    this.kept.age();
    const { knowledge, open, factsOf } = recording(this.#edited);
    const around: Around = { versions, knowledge, textOf: (path, version) => texts.get(path)?.[version] };
    const isForeign = ({ path, tokensEqual }: FileChanges): boolean => !tokensEqual && builtInsteadOf(path, (name) => knowledge.config(name)) !== undefined;
    const own = changes.filter((change) => !isForeign(change));
    const plan = makePlan(own, around, this.kept.keep, options.profile === 'kpatch');
    const bodies: Bodies = new Map();
    const all = checkRules({ ...options, plan, changes: own, foreign: changes.filter(isForeign), ...around, bodies }, this.kept.keep);
    const sleepers = this.kept.keep('sleepers', [options.kernelVersion, ...plan.objects.flatMap((object) => object.functions)], around, ({ versions: read, knowledge: known, textOf }) => possibleSleepers({ ...options, plan, changes: [], versions: read, knowledge: known, textOf, bodies }));
    const questions = [...definers, ...open.values()];
    const lineStarts = new Map<string, readonly number[]>();
    for (const [path, version] of versions) lineStarts.set(path, (version.after ?? version.before)?.lineStarts ?? [0]);
    for (const path of pathsIn(plan, all)) {
      const facts = lineStarts.has(path) ? undefined : factsOf(path);
      if (facts !== undefined) lineStarts.set(path, facts.lineStarts);
    }
    const comments = new Map(edit.flatMap(({ path, after }) => (after === undefined || !/\.[ch]$/.test(path) ? [] : [[path, this.kept.keep(`comments ${path}`, [after], around, () => commentsIn(path, after, slugs))] as const])));
    const { findings, setAside, problems: policyProblems } = decide(all, this.#policy, comments, (path) => lineStarts.get(path) ?? [0]);
    return { ...options, ...judge(plan, findings, edit, questions.length, this.#answers.faults(), setAside), plan, findings, setAside, policyProblems, sleepers, changes, questions, lineStarts };
  }

  /**
   * Looks up what `analysis` left open, and ends early when `isCurrent` says that the analysis is outdated: a
   * comment opened for a moment takes thousands of macros away, and each is a search of the tree. Never rejects but when aborted: what cannot
   * be had is an answer with a reason.
   */
  async learn(analysis: Analysis, signal?: AbortSignal, isCurrent = (): boolean => true): Promise<void> {
    /** Files that answers brought for each file of the edit: where they are enough, the rest is not asked for any more. */
    const brought = new Map<string, Set<string>>();
    for (const [index, question] of analysis.questions.entries()) {
      signal?.throwIfAborted();
      if (index > 0 && !isCurrent()) return;
      if (index % AHEAD === 0) await this.#answers.ahead(analysis.questions.slice(index, index + AHEAD), signal);
      const files = question.kind === 'users' ? (brought.get(question.of) ?? new Set<string>()) : undefined;
      if (files !== undefined && files.size >= MOST_FILES) continue;
      const answer = await this.#answers.answer(question, signal);
      if (files === undefined || question.kind !== 'users' || !('files' in answer)) continue;
      for (const { path } of answer.files) files.add(path);
      brought.set(question.of, files);
    }
  }

  /** Forgets what the tree said of these files, or all of it. */
  invalidate(paths?: readonly string[]): void {
    this.#answers.invalidate(paths);
  }

  /** Has a file read with what the headers it includes teach, once that is known; gives the question while it is not. */
  #teach({ path, before, after }: EditedFile): Question | undefined {
    const facts = this.#facts(path, 'after', after) ?? this.#facts(path, 'before', before);
    if (facts === undefined) return undefined;
    const question: Question = { kind: 'definers', headers: localHeaders(path, facts.includes) };
    const taught = this.#answers.ask(question);
    if (taught === undefined) return question;
    if (taught !== this.#files.taught(path)) this.#files.teach(path, taught);
    return undefined;
  }

  #facts(path: string, version: 'before' | 'after', text: string | undefined): FileFacts | undefined {
    return this.#files.facts(path, version, text, this.#answers.ask(COMMON_DEFINERS));
  }
}

/** A C file of the edit, as it is now; a deleted one as it was. */
function sourceOf({ path, before, after }: EditedFile, version: Version | undefined): EditedSource[] {
  const facts = version?.after ?? version?.before;
  if (facts === undefined || !/\.[ch]$/.test(path)) return [];
  const read = [[version?.before, before] as const, [version?.after, after] as const].flatMap(([one, text]) => (one === undefined || text === undefined ? [] : [{ facts: one, text }]));
  return [{ path, facts, versions: read }];
}

/** Every file a plan or finding points into. */
function pathsIn(plan: Plan, findings: readonly Finding[]): Set<string> {
  const functions = plan.objects.flatMap((object) => object.functions);
  return new Set([...functions.map((planned) => planned.path), ...findings.flatMap((finding) => [finding.path, ...finding.related.map((place) => place.path)])]);
}
