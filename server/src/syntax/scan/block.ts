/**
 * What the scanner found in one file, as it is handed on: a stream of variable-length numbers, each a tag and, above it, a name's
 * number. An item (a function, a record, a macro, a variable, a call at file scope) opens with its own tag and a few figures; what it uses
 * follows until the next item. A file's block takes some 600 bytes and is read in microseconds.
 */

/** Tags. Those up to `registration` open an item. */
export const Tag = {
  /** A function's definition: line, lines, flags and body tokens follow (a few more than `FunctionFact` has: see `Stretch`). */
  function: 0,
  /** A struct or union, by its tag or its typedef's name: line follows. */
  record: 1,
  /** A #define whose replacement text names something: line follows. */
  macro: 2,
  /** A file-scope variable with an initializer: line follows. */
  variable: 3,
  /** A macro call at file scope, by the macro's name: line follows. EXPORT_SYMBOL(x), module_init(x), DEFINE_MUTEX(x), … */
  registration: 4,
  /** Called: the name stands in front of a parenthesis (a function, or a macro that looks like one). */
  call: 5,
  /** Named otherwise: a variable, a constant, a macro, or a function whose address is taken. */
  mention: 6,
  /** The tag of a struct, union or enum that is named. */
  type: 7,
  /** A record's or typedef's name whose object stands inside this record, by value. */
  embed: 8,
  /** Stored in a field, `.open = name` or `x->open = name`: the field's name follows. */
  stored: 9,
  /** Given to a function that will call it later, in a thread, a timer, an interrupt: that function's name follows. */
  passed: 10,
} as const;
const TAG_BITS = 4;

/** Of a function. */
export const Flag = { static: 1, inline: 2, alwaysInline: 4, neverInline: 8, init: 16, exit: 32, notrace: 64, weak: 128, variadic: 256, macroMade: 512, conditional: 1024 } as const;

export class BlockWriter {
  bytes = new Uint8Array(1 << 16);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  entry(tag: number, name: number): void {
    // Multiplied, not shifted: the number may take more than 28 bits.
    this.number(name * (1 << TAG_BITS) + tag);
  }

  number(value: number): void {
    if (this.length + 8 > this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    let rest = value;
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 128;
      rest = rest > 0x7fffffff ? Math.floor(rest / 128) : rest >>> 7;
    }
    this.bytes[this.length++] = rest;
  }

  append(other: BlockWriter): void {
    while (this.length + other.length > this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes.set(other.bytes.subarray(0, other.length), this.length);
    this.length += other.length;
  }
}

/** One after another, the entries of a block; `figures` hold what follows a tag. */
export class BlockReader {
  tag = 0;
  name = 0;
  /** Items: the line, from 0. `stored` and `passed`: the other name. */
  line = 0;
  /** Functions: how many lines it spans, its flags, and how many tokens its body has. */
  lines = 0;
  flags = 0;
  bodyTokens = 0;
  #at: number;

  constructor(
    readonly bytes: Uint8Array,
    from: number,
    readonly to: number,
  ) {
    this.#at = from;
  }

  /** False at the end. */
  next(): boolean {
    if (this.#at >= this.to) return false;
    const entry = this.#number();
    this.tag = entry & ((1 << TAG_BITS) - 1);
    this.name = entry <= 0x7fffffff ? entry >>> TAG_BITS : Math.floor(entry / (1 << TAG_BITS));
    if (this.tag <= Tag.registration || this.tag >= Tag.stored) this.line = this.#number();
    if (this.tag === Tag.function) {
      this.lines = this.#number();
      this.flags = this.#number();
      this.bodyTokens = this.#number();
    }
    return true;
  }

  #number(): number {
    const first = this.bytes[this.#at] ?? 0;
    if (first < 128) {
      this.#at += 1;
      return first;
    }
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.#at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
}
