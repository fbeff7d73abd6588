/**
 * How far the edit of one file is followed into the tree. What every file includes has thousands of users: a patch that replaces them all is nobody's, and
 * some hundreds show what stands against it. So all that the file changes is followed together up to a bound, and what lies beyond is said.
 */
import type { FileFacts, Range } from '../syntax/facts';
import type { Unjudged } from './plan';

/** Functions that hold a copy of something the file changes. */
const MOST_FUNCTIONS = 500;

/** Files of the tree read for it: some 2 s. */
export const MOST_FILES = 200;

/** Names listed of those that were not followed. */
const MOST_NAMED = 3;

export class Reach {
  readonly #functions = new Set<string>();
  readonly #files = new Map<string, FileFacts>();
  readonly #left = new Set<string>();
  #isCutOff = false;

  /** Takes a function in, by what tells it from others; false when there are too many. */
  admits(key: string): boolean {
    if (this.#functions.has(key)) return true;
    if (this.#functions.size >= MOST_FUNCTIONS) this.#isCutOff = true;
    else this.#functions.add(key);
    return !this.#isCutOff;
  }

  /** Whether the users of a header's function or macro may be asked for; one that may not is listed. */
  mayAsk(name: string): boolean {
    if (this.#files.size < MOST_FILES && !this.#isCutOff) return true;
    this.#left.add(name);
    return false;
  }

  /** A file that an answer brought. */
  bring(path: string, facts: FileFacts): void {
    this.#files.set(path, facts);
  }

  brought(path: string): FileFacts | undefined {
    return this.#files.get(path);
  }

  /** What was not followed. */
  unjudged(path: string, range: Range): Unjudged[] {
    if (this.#isCutOff) return [{ path, range, reason: `what ${path} changes is part of more than ${MOST_FUNCTIONS} functions; the others were not followed` }];
    if (this.#left.size === 0) return [];
    const names = [...this.#left];
    const named = `${names.slice(0, MOST_NAMED).join(', ')}${names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''}`;
    return [{ path, range, reason: `what ${path} changes stands in ${this.#files.size} files and more; who uses ${named} was not followed` }];
  }
}
