/**
 * What is known of the tree, with the files of the edit in every answer about mentions. What a search finds in them depends on what
 * is saved at the moment; a plan has both their versions, and looks for the word in each.
 */
import type { FileFacts } from '../syntax/facts';
import type { Answers, AnswerTo, Knowledge, Mentions, Question, SourceFile } from './knowledge';

/** A C file of the edit, as it is now; a deleted one as it was. */
export interface EditedSource extends SourceFile {
  /** Where the text of none of its versions holds a word, no answer about the word needs the file. */
  readonly versions: readonly { readonly facts: FileFacts; readonly text: string }[];
}

interface Merged {
  readonly without: ReadonlySet<string>;
  readonly added: readonly SourceFile[];
  readonly answer: Mentions;
}

/** A question for files by what their text holds. */
type ForFiles = Extract<Question, { kind: 'mentions' | 'users' | 'holding' | 'byValue' | 'key' }>;

/** Equal answers are the same object for as long as the tree's answer and the edited files in it are the same. */
export class EditedKnowledge implements Knowledge {
  #edited: readonly EditedSource[] = [];
  #paths: ReadonlySet<string> = new Set();
  readonly #merged = new WeakMap<Mentions, Merged>();
  /** Whether the text of these facts holds a word: it is searched once for each. */
  readonly #holds = new WeakMap<FileFacts, Map<string, boolean>>();
  readonly #sources = new WeakMap<FileFacts, SourceFile>();

  constructor(private readonly tree: Knowledge) {}

  /** @param edited by path */
  use(edited: readonly EditedSource[]): void {
    this.#edited = edited;
    if (edited.length !== this.#paths.size || edited.some(({ path }) => !this.#paths.has(path))) this.#paths = new Set(edited.map(({ path }) => path));
  }

  config(name: string): string | undefined {
    return this.tree.config(name);
  }

  ask<Q extends Question>(question: Q): AnswerTo<Q> | undefined {
    const answer: Answers[Question['kind']] | undefined = this.tree.ask(question);
    // An answer with files is one to a question for files.
    return (answer !== undefined && 'files' in answer ? this.#withEdit(question as ForFiles, answer) : answer) as AnswerTo<Q> | undefined;
  }

  #withEdit(question: ForFiles, answer: Mentions): Mentions {
    const added = this.#edited.filter((source) => this.#isAbout(question, source)).map((source) => this.#plain(source));
    const known = this.#merged.get(answer);
    if (known?.without === this.#paths && known.added.length === added.length && known.added.every((file, index) => file === added[index])) return known.answer;
    const merged = { ...answer, files: [...answer.files.filter((file) => !this.#paths.has(file.path)), ...added] };
    this.#merged.set(answer, { without: this.#paths, added, answer: merged });
    return merged;
  }

  #isAbout(question: ForFiles, source: EditedSource): boolean {
    if (question.kind !== 'holding') return this.#has(source, 'word' in question ? question.word : question.name);
    return source.path.endsWith(question.files.slice(1)) && question.phrases.some((phrase) => (phrase.match(/\w+/g) ?? []).every((word) => this.#has(source, word)));
  }

  #has({ versions }: EditedSource, word: string): boolean {
    return versions.some(({ facts, text }) => {
      const words = this.#holds.get(facts) ?? new Map<string, boolean>();
      this.#holds.set(facts, words);
      const known = words.get(word) ?? text.includes(word);
      words.set(word, known);
      return known;
    });
  }

  #plain(source: EditedSource): SourceFile {
    const { path, facts } = source;
    const known = this.#sources.get(facts);
    if (known?.path === path) return known;
    const plain = { path, facts };
    this.#sources.set(facts, plain);
    return plain;
  }
}
