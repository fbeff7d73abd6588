/**
 * Which pieces of a file (functions, macros, variables) hold a name. A keystroke gives a file with one piece changed, so what was looked
 * up in one version serves the next: pieces are told apart by an object of theirs that is the same for as long as their text is,
 * and only those between the ends that both versions have in common are looked through again.
 */

/** The pieces of one version, by the names they hold. */
interface Base {
  readonly tokens: readonly object[];
  /** By name: places in `tokens`, ascending. */
  readonly holders: ReadonlyMap<string, readonly number[]>;
}

/** Pieces that are looked through for each name; where more have changed, all are looked up anew. */
const MOST_CHANGED = 64;

/** Pieces of one kind in all the files and versions of a process. */
export class NameFinder<P> {
  readonly #bases = new WeakMap<object, Base>();

  /**
   * @param tokenOf the object that tells a piece: the same one for as long as the names it holds are the same
   * @param namesOf the names a piece holds; may be asked again
   */
  constructor(
    private readonly tokenOf: (piece: P) => object,
    private readonly namesOf: (piece: P) => Iterable<string>,
  ) {}

  /** Gives, for a name, the pieces of a file that hold it, in order. */
  in(pieces: readonly P[]): (name: string) => readonly P[] {
    if (pieces.length === 0) return () => [];
    let look: ((name: string) => readonly P[]) | undefined;
    return (name) => (look ??= this.#look(pieces))(name);
  }

  #look(pieces: readonly P[]): (name: string) => readonly P[] {
    const known = this.#bases.get(this.tokenOf(pieces[0] as P)) ?? this.#bases.get(this.tokenOf(pieces.at(-1) as P));
    const ends = known === undefined ? undefined : this.#commonEnds(known.tokens, pieces);
    if (known === undefined || ends === undefined || pieces.length - ends.prefix - ends.suffix > MOST_CHANGED) {
      const base = this.#baseOf(pieces);
      return (name) => (base.holders.get(name) ?? []).map((place) => pieces[place] as P);
    }
    const { prefix, suffix } = ends;
    const changed = pieces.slice(prefix, pieces.length - suffix).map((piece) => ({ piece, names: new Set(this.namesOf(piece)) }));
    return (name) => {
      const found: P[] = [];
      const holders = known.holders.get(name) ?? [];
      for (const place of holders) if (place < prefix) found.push(pieces[place] as P);
      for (const { piece, names } of changed) if (names.has(name)) found.push(piece);
      const moved = pieces.length - known.tokens.length;
      for (const place of holders) if (place >= known.tokens.length - suffix) found.push(pieces[place + moved] as P);
      return found;
    };
  }

  #commonEnds(tokens: readonly object[], pieces: readonly P[]): { prefix: number; suffix: number } {
    const shorter = Math.min(tokens.length, pieces.length);
    let prefix = 0;
    while (prefix < shorter && this.tokenOf(pieces[prefix] as P) === tokens[prefix]) prefix += 1;
    let suffix = 0;
    while (suffix < shorter - prefix && this.tokenOf(pieces[pieces.length - suffix - 1] as P) === tokens[tokens.length - suffix - 1]) suffix += 1;
    return { prefix, suffix };
  }

  #baseOf(pieces: readonly P[]): Base {
    const holders = new Map<string, number[]>();
    for (const [place, piece] of pieces.entries()) {
      for (const name of this.namesOf(piece)) {
        const places = holders.get(name);
        if (places === undefined) holders.set(name, [place]);
        else if (places.at(-1) !== place) places.push(place);
      }
    }
    const tokens = pieces.map(this.tokenOf);
    const base = { tokens, holders };
    for (const token of [tokens[0], tokens.at(-1)]) if (token !== undefined) this.#bases.set(token, base);
    return base;
  }
}
