/**
 * How the core asks about the rest of the tree without reading a file: it asks a `Knowledge`, which answers at once
 * from what is known, or `undefined`. Open questions are recorded, answered outside (kernel/answers.ts, through the
 * host's ports), and the plan is made again; so planning stays a pure function, and an editor can show the first
 * answer within the keystroke.
 */
import type { EnumFact, FileFacts, RecordFact, TypedefFact } from '../syntax/facts';
import type { Taught } from '../syntax/taught';

export type Question =
  /** What the tree's common headers and these teach of its macros. */
  | { readonly kind: 'definers'; readonly headers: readonly string[] }
  /** Which object the build links this .c file into. */
  | { readonly kind: 'object'; readonly path: string }
  /** The .c and .h files of the tree whose text holds `word` as a whole word; those near the file `from` first, in case not all can be read. */
  | { readonly kind: 'mentions'; readonly word: string; readonly from?: string }
  /** The same for a header's function or macro that is to be followed into all who use it, because the file `of` is edited. Where more files hold it than can be followed, a sample of them. */
  | { readonly kind: 'users'; readonly word: string; readonly from: string; readonly of: string }
  /** The .c or the .h files of the tree whose text holds one of the phrases as whole words; those near the file `from` first, in case not all can be read. */
  | { readonly kind: 'holding'; readonly phrases: readonly string[]; readonly files: '*.c' | '*.h'; readonly from?: string }
  /** The .c and .h files of the tree that may hold an object of a record: a member, a variable, its size. Fewer than those that mention it by far, so that all can be read. */
  | { readonly kind: 'byValue'; readonly name: string; readonly from?: string }
  /** The .c files of the tree that may define a static key or static call: its name may stand in thousands. */
  | { readonly kind: 'key'; readonly name: string; readonly from: string }
  /** Where `struct tag`, `union tag`, `enum tag` or a typedef of this name is defined, as the file `from` sees it. */
  | { readonly kind: 'type'; readonly space: 'struct' | 'union' | 'enum' | 'typedef'; readonly name: string; readonly from?: string }
  /** The text of a file of the tree, for a fix that copies a part of it; a file of the edit is read there. */
  | { readonly kind: 'text'; readonly path: string }
  /** What a name of a constant expression stands for, as the file `from` sees it. */
  | { readonly kind: 'constant'; readonly name: string; readonly from: string };

export interface Answers {
  readonly definers: Taught;
  readonly object: BuildObject;
  readonly mentions: Mentions;
  readonly users: Mentions;
  readonly holding: Mentions;
  readonly byValue: Mentions;
  readonly key: Mentions;
  readonly type: TypeDefinition;
  readonly text: FileText;
  readonly constant: ConstantDefinition;
}

export type AnswerTo<Q extends Question> = Answers[Q['kind']];

export interface Knowledge {
  /** What is known, or undefined when it has not been looked up yet. */
  ask<Q extends Question>(question: Q): AnswerTo<Q> | undefined;
  /** The value of `CONFIG_X`: 'y', 'm', another string, 'n' when the tree's .config leaves it out; undefined without a .config. */
  config(name: string): string | undefined;
}

/** What a .c file becomes in the build (Documentation/kbuild/makefiles.rst: obj-y, obj-m, composite objects). */
export interface BuildObject {
  /** `vmlinux`, or the module's name as in /proc/modules (dashes are underscores); undefined when it could not be told. */
  readonly name: string | undefined;
  readonly isModule: boolean;
  /** Further objects the same file is linked into: a patch has to hold it once for each. */
  readonly alsoIn?: readonly string[];
  /** False when the .config leaves the file out of the build; undefined when that could not be told. */
  readonly isBuilt: boolean | undefined;
  /** The options that decide, as written, e.g. `CONFIG_EXT4_FS`. */
  readonly options: readonly string[];
  /** One sentence where the answer is an assumption or could not be had. */
  readonly note?: string;
  /** Compiled without ftrace: `CFLAGS_REMOVE_x.o = $(CC_FLAGS_FTRACE)` or `ccflags-remove-y`; the Makefile line (1-based) that says so. */
  readonly untraced?: { readonly makefile: string; readonly line: number };
}

export interface Mentions {
  readonly files: readonly SourceFile[];
  /** Set when the answer is not the whole truth: the search was cut off or could not run. */
  readonly incomplete?: string;
}

export interface FileText {
  /** Undefined where it could not be read. */
  readonly text: string | undefined;
}

export interface SourceFile {
  /** Relative to the tree. */
  readonly path: string;
  readonly facts: FileFacts;
}

export type TypeDefinition =
  | { readonly found: true; readonly path: string; readonly space: 'struct' | 'union'; readonly fact: RecordFact }
  | { readonly found: true; readonly path: string; readonly space: 'enum'; readonly fact: EnumFact }
  | { readonly found: true; readonly path: string; readonly space: 'typedef'; readonly fact: TypedefFact }
  /** Not found, or found several times with different definitions. */
  | { readonly found: false; readonly isAmbiguous?: true; readonly reason: string };

export type ConstantDefinition =
  /** A macro; with parameters when it is called, and with the conditions around it that the configuration does not decide. */
  | { readonly found: true; readonly path: string; readonly body: string; readonly parameters?: readonly string[]; readonly open?: readonly string[]; readonly enumeration?: never }
  /** A constant of this enum. */
  | { readonly found: true; readonly path: string; readonly enumeration: EnumFact }
  /** Not found, or found several times with different values; `isNowhere` when no file the kernel is built from defines it. */
  | { readonly found: false; readonly isNowhere: boolean; readonly reason: string };

/** The key under which a question's answer is kept. */
export function keyOf(question: Question): string {
  switch (question.kind) {
    case 'definers':
      return `definers ${question.headers.join(' ')}`;
    case 'object':
      return `object ${question.path}`;
    case 'mentions':
      return `mentions ${question.word}`;
    case 'users':
      return `users ${question.word}`;
    case 'byValue':
      return `byValue ${question.name}`;
    case 'key':
      return `key ${question.name}`;
    case 'holding':
      return `holding ${question.files} ${question.phrases.join('|')}`;
    case 'text':
      return `text ${question.path}`;
    case 'type':
      return `type ${question.space} ${question.name} ${question.from ?? ''}`;
    case 'constant':
      return `constant ${question.name} ${question.from}`;
  }
}

/** The same knowledge, remembering what was asked and is not known, and what the answers were read from. */
export function recording(knowledge: Knowledge): { readonly knowledge: Knowledge; readonly open: ReadonlyMap<string, Question>; readonly factsOf: (path: string) => FileFacts | undefined } {
  const open = new Map<string, Question>();
  const lists = new Set<readonly SourceFile[]>();
  return {
    open,
    factsOf: (path) => {
      for (const files of lists) for (const file of files) if (file.path === path) return file.facts;
      return undefined;
    },
    knowledge: {
      config: (name) => knowledge.config(name),
      ask(question) {
        const answer = knowledge.ask(question);
        if (answer === undefined) open.set(keyOf(question), question);
        else if ('files' in answer) lists.add(answer.files);
        return answer;
      },
    },
  };
}
