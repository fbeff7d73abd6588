/** The analysis of the moment: made when somebody asks and kept until what it rests on changes; what it leaves open is looked up behind it. */
import type { Analysis, AnalysisOptions, Analyzer } from '../analysis';
import { messageOf } from '../host/files';
import type { TreeUses } from '../kernel/index/treeUses';
import { POLICY_FILE } from '../policy/policy';
import type { EditedFile } from '../result';

export interface Subject {
  /** Whether there is something to judge it against. */
  isReady(): boolean;
  /** What is judged. */
  edit(): readonly EditedFile[];
  options(): AnalysisOptions;
  /** What was looked up may have changed the answers. */
  learned(): void;
  /** The engine threw, which it never should. */
  fault(error: unknown): void;
}

/** What is open is looked up in the tree when nothing was edited for so long: an unfinished word is not worth a search. */
const PAUSE_MS = 60;

export class CurrentAnalysis {
  #analyzer: Analyzer | undefined;
  #analysis: Analysis | undefined;
  /** Paths of the files in the last analysis' edit. */
  #edited: ReadonlySet<string> = new Set();
  #fault: string | undefined;
  #learning: Promise<void> | undefined;
  /** Ends a wait for a pause in the typing. */
  #hurry: () => void = () => undefined;
  /** Counts changes of what an analysis rests on; a slow look-up that comes too late is told by it. */
  #generation = 0;
  readonly #abort = new AbortController();

  constructor(private readonly subject: Subject) {}

  /** Judges by this analyzer from now on, once it has read what it needs. Never rejects. */
  async use(analyzer: Analyzer): Promise<void> {
    this.#analyzer = analyzer;
    await analyzer.prepare();
    this.forget();
  }

  dispose(): void {
    this.#abort.abort();
    this.#hurry();
  }

  /** Why the last judgement failed, a sentence. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Who uses what in the tree; undefined while there is no analyzer. */
  get uses(): TreeUses | undefined {
    return this.#analyzer?.uses;
  }

  /** The analysis is to be made anew. */
  forget(): void {
    this.#analysis = undefined;
    this.#generation += 1;
  }

  /** Files of the tree changed, or without them any may have; what was read of them is forgotten. Never rejects. */
  async treeChanged(paths?: readonly string[]): Promise<void> {
    this.#analyzer?.invalidate(paths);
    if (paths?.includes(POLICY_FILE) === true) await this.#analyzer?.prepare();
    this.forget();
  }

  /** It may leave questions open; undefined while there is nothing to judge, or the engine failed. */
  now(): Analysis | undefined {
    if (this.#analyzer === undefined || !this.subject.isReady()) return undefined;
    try {
      this.#analysis ??= this.#judge(this.#analyzer);
      this.#fault = undefined;
    } catch (error) {
      if (this.#fault === undefined) this.subject.fault(error);
      this.#fault = `This edit could not be analyzed, which is a fault of Livepatch Studio: ${messageOf(error)}`;
      return undefined;
    }
    if (this.#analysis.questions.length > 0) this.#learning ??= this.#learn().finally(() => (this.#learning = undefined));
    return this.#analysis;
  }

  /**
   * With nothing left open: for what is asked now and then, not with every keystroke.
   *
   * @param ready waits until all that was told so far is in the edit
   */
  async complete(ready: () => Promise<void>): Promise<Analysis | undefined> {
    for (;;) {
      await ready();
      const analysis = this.now();
      if (analysis === undefined || analysis.questions.length === 0 || this.#abort.signal.aborted) return analysis;
      this.#hurry();
      await this.#learning;
    }
  }

  #judge(analyzer: Analyzer): Analysis {
    const edit = this.subject.edit();
    const edited = new Set(edit.map((file) => file.path));
    // What was learned while a file was edited may hold facts of its edited text; a file that is as it was is not asked again.
    const restored = [...this.#edited].filter((path) => !edited.has(path));
    if (restored.length > 0) analyzer.invalidate(restored);
    this.#edited = edited;
    return analyzer.judge(edit, this.subject.options());
  }

  /** Looks up what the analysis leaves open, in the background, until nothing is. */
  async #learn(): Promise<void> {
    const { signal } = this.#abort;
    for (let learned = -1; ; ) {
      if (learned !== this.#generation) await this.#pause();
      const analysis = signal.aborted ? undefined : this.now();
      if (analysis === undefined || analysis.questions.length === 0) break;
      const generation = (learned = this.#generation);
      try {
        await this.#analyzer?.learn(analysis, signal, () => generation === this.#generation);
      } catch (error) {
        if (!signal.aborted) this.subject.fault(error);
        return;
      }
      if (generation === this.#generation) this.#analysis = undefined;
    }
    this.subject.learned();
  }

  /** Waits until nobody has edited for a moment, or somebody waits for the answers. */
  async #pause(): Promise<void> {
    for (let seen = -1; seen !== this.#generation; ) {
      seen = this.#generation;
      const hurried = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(resolve, PAUSE_MS, false);
        this.#hurry = () => {
          clearTimeout(timer);
          resolve(true);
        };
      });
      if (hurried) return;
    }
  }
}
