/**
 * Results kept between keystrokes. What makes one is handed the edit and the tree through `Around`, which notes all that
 * it looks at; the result is good for as long as each of these looks would see the same. So nobody has to say what a
 * rule depends on, and none can be wrong about it.
 */
import type { FileFacts } from '../syntax/facts';
import { keyOf, type Knowledge, type Question } from './knowledge';

export interface Version {
  readonly before?: FileFacts;
  readonly after?: FileFacts;
}

/** Both versions of the files of the edit, by path. */
export type Versions = ReadonlyMap<string, Version>;

/** All that a plan or a rule can look at besides what it is made for. */
export interface Around {
  readonly versions: Versions;
  readonly knowledge: Knowledge;
  /** Text of a file of the edit; undefined for one that does not exist in that version, or is not part of the edit. */
  readonly textOf: (path: string, version: 'before' | 'after') => string | undefined;
}

/**
 * Gives what `make` makes, or gave when the same `inputs` (told by identity) were there for `key` and everything it looked at was the same.
 * `make` must be pure, and look at nothing else.
 */
export type Keep = <R>(key: string, inputs: readonly unknown[], around: Around, make: (around: Around) => R) => R;

export const keepNothing: Keep = (_key, _inputs, around, make) => make(around);

interface Entry {
  readonly inputs: readonly unknown[];
  readonly looked: Looked;
  readonly result: unknown;
}

export class Kept {
  /** Results given again, over all. */
  given = 0;
  #entries = new Map<string, Entry>();
  #older = new Map<string, Entry>();

  /** What `keep` kept before the last call of this and was not asked for since is forgotten: to be called with each analysis. */
  age(): void {
    this.#older = this.#entries;
    this.#entries = new Map();
  }

  readonly keep: Keep = (key, inputs, around, make) => {
    const known = this.#entries.get(key) ?? this.#older.get(key);
    if (known !== undefined && isSameList(known.inputs, inputs) && known.looked.holds(around)) {
      this.#entries.set(key, known);
      known.looked.now = around;
      this.given += 1;
      return known.result as ReturnType<typeof make>;
    }
    const looked = new Looked(around);
    const result = make(looked);
    this.#entries.set(key, { inputs, looked, result });
    return result;
  };
}

/**
 * Every look that was taken. Questions are asked again when it is held against a later edit, so that those still open are asked on.
 * What looks later (a fix, once somebody wants it) sees the edit as it is then.
 */
class Looked implements Around {
  readonly versions: Versions = new NotedVersions(this);
  readonly knowledge: Knowledge = {
    config: (name) => {
      const value = this.now.knowledge.config(name);
      this.#config.set(name, value);
      return value;
    },
    ask: (question) => {
      const answer = this.now.knowledge.ask(question);
      this.#answers.set(keyOf(question), { question, answer });
      return answer;
    },
  };
  readonly #versions = new Map<string, Version | undefined>();
  readonly #answers = new Map<string, { readonly question: Question; readonly answer: unknown }>();
  readonly #config = new Map<string, string | undefined>();
  #paths: readonly string[] | undefined;

  constructor(public now: Around) {}

  /** A text is what its facts were read from: to look at one is to look at the other. */
  readonly textOf: Around['textOf'] = (path, version) => (this.versionOf(path) === undefined ? undefined : this.now.textOf(path, version));

  versionOf(path: string): Version | undefined {
    const version = this.now.versions.get(path);
    this.#versions.set(path, version);
    return version;
  }

  list(): void {
    this.#paths ??= [...this.now.versions.keys()];
  }

  holds({ versions, knowledge }: Around): boolean {
    for (const [path, version] of this.#versions) if (!isSameVersion(versions.get(path), version)) return false;
    if (this.#paths !== undefined && !isSameList([...versions.keys()], this.#paths)) return false;
    for (const [name, value] of this.#config) if (knowledge.config(name) !== value) return false;
    for (const { question, answer } of this.#answers.values()) if (knowledge.ask(question) !== answer) return false;
    return true;
  }
}

/** A map that notes what is read of it: single entries, or which there are. */
class NotedVersions implements Versions {
  constructor(private readonly looked: Looked) {}

  get size(): number {
    this.looked.list();
    return this.looked.now.versions.size;
  }

  get(path: string): Version | undefined {
    return this.looked.versionOf(path);
  }

  has(path: string): boolean {
    return this.get(path) !== undefined;
  }

  keys(): MapIterator<string> {
    this.looked.list();
    return this.looked.now.versions.keys();
  }

  values(): MapIterator<Version> {
    this.#readAll();
    return this.looked.now.versions.values();
  }

  entries(): MapIterator<[string, Version]> {
    this.#readAll();
    return this.looked.now.versions.entries();
  }

  [Symbol.iterator](): MapIterator<[string, Version]> {
    return this.entries();
  }

  forEach(each: (version: Version, path: string, map: Versions) => void): void {
    for (const [path, version] of this.entries()) each(version, path, this);
  }

  #readAll(): void {
    for (const path of this.keys()) this.get(path);
  }
}

const isSameList = (one: readonly unknown[], other: readonly unknown[]): boolean => one.length === other.length && one.every((item, index) => item === other[index]);

const isSameVersion = (one: Version | undefined, other: Version | undefined): boolean => (one === undefined) === (other === undefined) && one?.before === other?.before && one?.after === other?.after;
