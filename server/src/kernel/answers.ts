/**
 * Answers the questions of a plan from the tree, through the host's ports. `ask` and `config` answer at once from
 * what is known; `answer` looks it up. What cannot be had is an answer with a reason.
 */
import { lookAhead } from './ahead';
import { constantOf } from './constants';
import { Definers } from './definers';
import { Headers } from './headers';
import type { Config } from './kconfig';
import { parseConfig } from './kconfig';
import type { Answers, AnswerTo, Knowledge, Question } from './knowledge';
import { keyOf } from './knowledge';
import type { Limits, ReadFacts } from './mentions';
import { defaultLimits, Sources } from './mentions';
import { objectOf } from './objects';
import { Options } from './options';
import type { TreeSource } from './tree';
import { CONFIGURATION, MAKEFILES, Tree } from './tree';
import { definitionOf } from './types';

export interface Answering extends Knowledge {
  /** Reads the tree's configuration, so that `config` can tell; `answer` does so by itself. Never rejects. */
  prepare(): Promise<void>;
  /** Looks the answer up, or gives the one it has. Rejects only when aborted. */
  answer<Q extends Question>(question: Q, signal?: AbortSignal): Promise<AnswerTo<Q>>;
  /** Text of a file of the tree, as the user sees it; undefined when there is none. Never rejects. */
  text(path: string): Promise<string | undefined>;
  /** Begins what many questions need together; each is to be answered for itself then. Rejects only when aborted. */
  ahead(questions: readonly Question[], signal?: AbortSignal): Promise<void>;
  /** Files, of a folder given with its `/`, that hold one of the words; it may name others. Rejects only when aborted. */
  filesWith(words: readonly string[], signal?: AbortSignal, under?: string): Promise<{ readonly files: readonly string[]; readonly incomplete?: string }>;
  /** Forgets what may be different now that these files changed (relative to the tree); everything without them. */
  invalidate(paths?: readonly string[]): void;
  /** What could not be read, a sentence each: the answers given rest on less than the whole tree. */
  faults(): readonly string[];
  /** To be called with each analysis: forgets answers that none of the last ones asked for. */
  lapse(): void;
}

/** Analyses in which an answer has to be asked for again to be kept; an answer holds the facts of up to 300 files. */
const KEPT_FOR = 50;

interface Known {
  readonly answer: Answers[Question['kind']];
  /** The analysis that asked for it last. */
  asked: number;
}

/** @param readFacts text to facts, as the syntax room does it; called once for each version of a file */
export function createAnswers(source: TreeSource, readFacts: ReadFacts, limits: Limits = defaultLimits): Answering {
  return new TreeAnswers(source, readFacts, limits);
}

class TreeAnswers implements Answering {
  readonly #tree: Tree;
  readonly #options: Options;
  readonly #definers: Definers;
  readonly #sources: Sources;
  readonly #headers: Headers;
  readonly #known = new Map<string, Known>();
  #analyses = 0;
  #config: Config | undefined;
  /** Counts invalidations: an answer begun before one is given, but not kept. */
  #age = 0;

  constructor(source: TreeSource, readFacts: ReadFacts, limits: Limits) {
    this.#tree = new Tree(source);
    this.#options = new Options(this.#tree);
    this.#definers = new Definers(this.#tree);
    this.#sources = new Sources(this.#tree, readFacts, limits);
    this.#headers = new Headers(this.#tree);
    if (source.configText !== undefined) this.#config = parseConfig(source.configText);
  }

  ask<Q extends Question>(question: Q): AnswerTo<Q> | undefined {
    const known = this.#known.get(keyOf(question));
    if (known === undefined) return undefined;
    known.asked = this.#analyses;
    return known.answer as AnswerTo<Q>;
  }

  lapse(): void {
    this.#analyses += 1;
    this.#sources.files.kept.trim();
    if (this.#analyses % KEPT_FOR !== 0) return;
    this.#forget((_key, { asked }) => asked <= this.#analyses - KEPT_FOR);
    this.#sources.files.kept.lapse();
    this.#headers.lapse();
  }

  config(name: string): string | undefined {
    return this.#config?.(name);
  }

  faults(): readonly string[] {
    return this.#tree.allFaults();
  }

  async prepare(): Promise<void> {
    this.#config = await this.#tree.config();
  }

  async answer<Q extends Question>(question: Q, signal?: AbortSignal): Promise<AnswerTo<Q>> {
    signal?.throwIfAborted();
    const known = this.ask(question);
    if (known !== undefined) return known;
    const age = this.#age;
    // What only earlier analyses asked for makes room.
    if (this.#sources.files.isFull) this.#forget((_key, { answer, asked }) => asked < this.#analyses && 'files' in answer);
    await this.prepare();
    const answer = await this.#lookUp(question, signal);
    signal?.throwIfAborted();
    if (age === this.#age) this.#keep(keyOf(question), answer);
    this.#sources.files.kept.trim();
    return answer as AnswerTo<Q>;
  }

  text(path: string): Promise<string | undefined> {
    return this.#tree.text(path);
  }

  async ahead(questions: readonly Question[], signal?: AbortSignal): Promise<void> {
    const open = questions.filter((question) => this.ask(question) === undefined);
    await lookAhead(open, this.#sources, this.#headers, signal);
  }

  async filesWith(words: readonly string[], signal?: AbortSignal, under = ''): Promise<{ files: readonly string[]; incomplete?: string }> {
    return this.#sources.search.holding(words, [`${under}*.c`, `${under}*.h`], under, signal);
  }

  invalidate(paths?: readonly string[]): void {
    this.#age += 1;
    // An answer given while something could not be read may be different without any file's having changed.
    const changesBuild = paths === undefined || this.#tree.allFaults().length > 0 || paths.some((path) => MAKEFILES.test(path) || CONFIGURATION.test(path));
    this.#tree.invalidate(paths);
    if (changesBuild) this.#options.invalidate();
    // What was searched for depends on the configuration too: it decides which architecture counts.
    this.#sources.invalidate(changesBuild ? undefined : paths);
    this.#headers.invalidate(changesBuild ? undefined : paths);
    const changesHeaders = paths === undefined || paths.some((path) => path.endsWith('.h'));
    // What headers teach stays when other files change.
    this.#forget((key) => (changesBuild || !key.startsWith('object ')) && (changesHeaders || !key.startsWith('definers ')));
  }

  #keep(key: string, answer: Known['answer']): void {
    const earlier = this.#known.get(key)?.answer;
    this.#known.set(key, { answer, asked: this.#analyses });
    if ('files' in answer) this.#sources.files.kept.hold(answer.files);
    if (earlier !== undefined && 'files' in earlier) this.#sources.files.kept.release(earlier.files);
  }

  #forget(isForgotten: (key: string, known: Known) => boolean): void {
    for (const [key, known] of this.#known) {
      if (!isForgotten(key, known)) continue;
      this.#known.delete(key);
      if ('files' in known.answer) this.#sources.files.kept.release(known.answer.files);
    }
  }

  async #lookUp(question: Question, signal: AbortSignal | undefined): Promise<Answers[Question['kind']]> {
    switch (question.kind) {
      case 'definers':
        return this.#definers.taughtBy(question.headers);
      case 'object':
        return this.#object(question.path);
      case 'mentions':
        return this.#sources.mentions(question.word, question.from ?? '', signal);
      case 'users':
        return this.#sources.users(question.word, question.from, signal);
      case 'holding':
        return this.#sources.holding(question.phrases, question.files, question.from ?? '', signal);
      case 'byValue':
        return this.#sources.byValue(question.name, question.from ?? '', signal);
      case 'text':
        return { text: await this.text(question.path) };
      case 'key':
        return this.#sources.definingKey(question.name, question.from, signal);
      case 'type':
        return definitionOf(this.#sources, this.#headers, question, signal);
      case 'constant':
        return constantOf(this.#sources, this.#headers, question, signal);
    }
  }

  async #object(path: string): Promise<Answers['object']> {
    return objectOf(this.#tree, this.#options, path);
  }
}
