/** What the rules of masking work with. */
import type { Item } from './items';
import type { Reading } from './reading';

/** What the brackets around a token make of it. */
export type Scope = 'arguments' | 'group' | 'record' | 'enum' | 'list' | 'block';

/** The item under way: what the rules of masking look at, and how they say what to change. */
export interface Masking extends Reading {
  readonly item: Item;
  /** The innermost scope around the token that is looked at. */
  readonly scope: () => Scope | undefined;
  /** The next and the previous token that is read; -1 when the item holds none. */
  readonly next: (index: number) => number;
  readonly previous: (index: number) => number;
  /** Blanks tokens [from, to] and puts `text` at their start; without effect when it does not fit. */
  readonly rewrite: (from: number, to: number, text: string) => void;
}
