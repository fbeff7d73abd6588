/**
 * The syntax room's door: text -> facts. Never fails and never throws, whatever the text: it gives facts and problems.
 *
 * A `FactReader` remembers the text it read last. Of the next one the lexer reads only what the two do not have in common, and
 * an item whose text did not change gives its facts again, moved, without being parsed. What stands where it stood is the same
 * object in both texts' facts, which costs neither time nor memory.
 */
import { agreementOf, type Agreeable } from './agreement';
import type { FileFacts } from './facts';
import { FileMakers } from './generated';
import { hashTokens } from './hash';
import { isTold, itemKey, NOTHING, readItem, type ItemFacts } from './itemFacts';
import { splitItems, type Item, type SplitItem } from './items';
import { sameAttributes, type LearntAttributes } from './learnAttributes';
import { owned } from './owned';
import { gathered, keepsNumber, numberedIn, placed, sameList, type NumberOf } from './placing';
import { Numbering } from './numbering';
import { lineStartsOf } from './positions';
import { withPacking } from './pragmas';
import { readDirectives } from './preprocessor';
import { readingOf, type Reading } from './reading';
import { Residue } from './residue';
import { retokenize, type Kept } from './retokenize';
import type { Taught } from './taught';
import { tokenize, type Tokens } from './tokens';
import { WordPlaces } from './wordPlaces';

/**
 * Facts of a text read once, which they do not hold on to.
 *
 * @param about reads only items that hold one of these words: nothing is told of other items. Macros, includes and lines are told in full.
 */
export function extractFacts(text: string, taught?: Taught, about?: readonly string[]): FileFacts {
  return owned(new FactReader(taught, about).read(text));
}

/** What is known of an item wherever it stands. */
interface KnownItem {
  readonly key: number;
  readonly found: ItemFacts;
  /** Whether its facts tell of every change of it. */
  readonly told: boolean;
}

const PASSED_OVER: KnownItem = { key: 0, found: NOTHING, told: false };

interface PlacedItem {
  readonly item: SplitItem;
  /** Where its facts are placed. */
  readonly base: number;
  readonly conditions: readonly string[];
  readonly known: KnownItem;
  readonly placed: ItemFacts;
}

/** A text that was read. */
interface Read extends Agreeable {
  readonly tokens: Tokens;
  readonly candidates: readonly number[];
  readonly learnt: LearntAttributes;
  readonly items: readonly PlacedItem[];
  readonly facts: FileFacts;
}

export class FactReader {
  readonly #taught: Taught | undefined;
  readonly #makers: FileMakers;
  #last: Read | undefined;
  /** While a comment is open to the end of the text, the text before it was opened: closing the comment gives all of that back. */
  #whole: Read | undefined;
  /** Items that were parsed, over all texts: what an edit costs. */
  parsed = 0;

  /**
   * @param taught what the headers of the file's tree teach of its macros (learn.ts)
   * @param about words of the items that are read; all are without
   */
  constructor(
    taught?: Taught,
    private readonly about?: readonly string[],
  ) {
    this.#taught = taught;
    this.#makers = new FileMakers(extractFacts, taught?.makerOf);
  }

  read(text: string): FileFacts {
    const last = this.#last;
    if (last?.tokens.text === text) return last.facts;
    const before = this.#whole ?? last;
    const { tokens, kept } = before === undefined ? { tokens: tokenize(text), kept: undefined } : retokenize(before.tokens, text);
    const reading = readingOf(tokens, this.#taught?.attributes, before === undefined || kept === undefined ? undefined : { ...before, kept });
    // What an attribute macro stands for is told in the facts of whoever uses it.
    const isAlike = before !== undefined && sameAttributes(before.learnt, reading.learnt);
    const read = isAlike ? this.#read(reading, before, kept) : this.#read(reading, undefined, undefined);
    this.#whole = before !== undefined && isCutOff(tokens) && !isCutOff(before.tokens) ? before : undefined;
    this.#last = read;
    return read.facts;
  }

  #read(reading: Reading, before: Read | undefined, kept: Kept | undefined): Read {
    const { tokens, hidden, partner } = reading;
    const directives = readDirectives(reading, before !== undefined && kept !== undefined ? { macros: before.facts.macros, kept } : undefined);
    const residue = new Residue(reading, directives.told);
    const items = this.#items(reading, before, kept);
    for (const { item, known } of items) {
      residue.upTo(item.from);
      if (known.told) residue.skipTo(item.to);
      else residue.upTo(item.to);
    }
    residue.upTo(tokens.count);

    const { problems, ...facts } = this.#makers.complete(gathered(items), directives.macros);
    const cutOff = tokens.unterminated.at(-1)?.at;
    return {
      tokens,
      hidden,
      partner,
      candidates: reading.candidates,
      learnt: reading.learnt,
      items,
      facts: {
        ...facts,
        records: withPacking(facts.records, tokens, directives.pragmas),
        macros: directives.macros,
        includes: directives.includes,
        residueHash: residue.hash,
        tokenHash: hashTokens(tokens, 0, tokens.count),
        problems: cutOff === undefined ? problems : [...problems, { kind: 'unterminated', message: 'A comment or literal is not closed.', range: { start: cutOff, end: cutOff + 1 } }],
        lineStarts: lineStartsOf(tokens.text),
      },
    };
  }

  /** The items of a text, placed: those at its ends that are the earlier text's stay what they are, or move. */
  #items(reading: Reading, before: Read | undefined, kept: Kept | undefined): PlacedItem[] {
    const { tokens, conditionals } = reading;
    const { items, prefix, suffix } = splitItems(reading, before === undefined || kept === undefined ? undefined : agreementOf(reading, before, kept, before.items.map(({ item }) => item)));
    const then = before?.items ?? [];
    const between = items.length - suffix;
    const known = new KnownItems(reading, before);
    const places = this.about === undefined ? undefined : new WordPlaces(tokens.text, this.about);
    const isRead = (item: SplitItem): boolean => places?.isIn(tokens.start[item.from] ?? 0, tokens.end[item.to - 1] ?? 0) !== false;
    const whatOf = (item: SplitItem): KnownItem => (isRead(item) ? known.get(item, () => this.#parse(reading, item, before !== undefined)) : PASSED_OVER);
    const [gone, come] = [then.slice(prefix, then.length - suffix), items.slice(prefix, between).map((item) => ({ item, what: whatOf(item) }))];
    const all: PlacedItem[] = [];
    const place = (item: SplitItem, what: KnownItem, earlier: PlacedItem | undefined, numberOf: NumberOf | typeof keepsNumber): void => {
      const base = tokens.start[item.from] ?? 0;
      const conditions = conditionals.conditionsAt(item.from);
      const stays = numberOf === keepsNumber && earlier?.item === item && earlier.base === base && sameList(earlier.conditions, conditions);
      all.push(stays ? earlier : { item, base, conditions, known: what, placed: placed(what.found, base, conditions, earlier?.placed, numberOf) });
    };
    const placeAgain = (from: number, to: number, moved: number, numberOf: NumberOf | typeof keepsNumber): void => {
      for (const [at, item] of items.slice(from, to).entries()) {
        const earlier = then[from + at + moved];
        place(item, earlier?.known ?? whatOf(item), earlier, numberOf);
      }
    };
    placeAgain(0, prefix, 0, keepsNumber);
    const names = (some: readonly ItemFacts[]): string[] => some.flatMap((facts) => numberedIn(facts).map(({ name }) => name));
    const numbers = new Numbering(gone.flatMap((one) => numberedIn(one.placed)), names(come.map(({ what }) => what.found)), () => names(all.map((one) => one.placed)));
    for (const { item, what } of come) place(item, what, undefined, (name) => numbers.next(name));
    placeAgain(between, items.length, then.length - items.length, numbers.keepsAll ? keepsNumber : (name, earlier = 0) => numbers.behind(name, earlier));
    return all;
  }

  #parse(reading: Reading, item: Item, isEdit: boolean): ItemFacts {
    this.parsed += 1;
    const found = readItem(reading, item);
    // The facts of a text read in full may hold on to it. But item after item read from edit after edit would keep as many texts.
    return isEdit ? owned(found) : found;
  }
}

/** Items by what their facts depend on: an item that moved is found again, and of several that are alike one is read. */
class KnownItems {
  readonly #reading: Reading;
  readonly #before: Read | undefined;
  #items: Map<number, KnownItem> | undefined;

  constructor(reading: Reading, before: Read | undefined) {
    this.#reading = reading;
    this.#before = before;
  }

  get(item: Item, parse: () => ItemFacts): KnownItem {
    this.#items ??= new Map(this.#before?.items.map(({ known }) => [known.key, known]));
    const key = itemKey(this.#reading, item);
    const known = this.#items.get(key);
    if (known !== undefined) return known;
    const found = parse();
    const read = { key, found, told: isTold(this.#reading, item, found) };
    this.#items.set(key, read);
    return read;
  }
}

/** Whether a comment runs to the end of the text, or what else is cut off was looked for up to there. */
const isCutOff = ({ text, unterminated }: Tokens): boolean => unterminated.at(-1)?.seen === text.length;
