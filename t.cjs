"use strict";

// t.ts
var import_node_fs = require("node:fs");

// server/src/syntax/scan/block.ts
var Tag = {
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
  passed: 10
};
var TAG_BITS = 4;
var Flag = { static: 1, inline: 2, alwaysInline: 4, neverInline: 8, init: 16, exit: 32, notrace: 64, weak: 128, variadic: 256, macroMade: 512, conditional: 1024 };
var BlockWriter = class {
  bytes = new Uint8Array(1 << 16);
  length = 0;
  clear() {
    this.length = 0;
  }
  entry(tag, name) {
    this.number(name * (1 << TAG_BITS) + tag);
  }
  number(value) {
    if (this.length + 8 > this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    let rest = value;
    while (rest > 127) {
      this.bytes[this.length++] = rest & 127 | 128;
      rest = rest > 2147483647 ? Math.floor(rest / 128) : rest >>> 7;
    }
    this.bytes[this.length++] = rest;
  }
  append(other) {
    while (this.length + other.length > this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes.set(other.bytes.subarray(0, other.length), this.length);
    this.length += other.length;
  }
};
var BlockReader = class {
  constructor(bytes, from, to) {
    this.bytes = bytes;
    this.to = to;
    this.#at = from;
  }
  bytes;
  to;
  tag = 0;
  name = 0;
  /** Items: the line, from 0. `stored` and `passed`: the other name. */
  line = 0;
  /** Functions: how many lines it spans, its flags, and how many tokens its body has. */
  lines = 0;
  flags = 0;
  bodyTokens = 0;
  #at;
  /** False at the end. */
  next() {
    if (this.#at >= this.to) return false;
    const entry = this.#number();
    this.tag = entry & (1 << TAG_BITS) - 1;
    this.name = entry <= 2147483647 ? entry >>> TAG_BITS : Math.floor(entry / (1 << TAG_BITS));
    if (this.tag <= Tag.registration || this.tag >= Tag.stored) this.line = this.#number();
    if (this.tag === Tag.function) {
      this.lines = this.#number();
      this.flags = this.#number();
      this.bodyTokens = this.#number();
    }
    return true;
  }
  #number() {
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
};

// server/src/syntax/scan/characters.ts
var TAB = 9;
var LF = 10;
var CR = 13;
var SPACE = 32;
var QUOTE = 34;
var HASH = 35;
var AMPERSAND = 38;
var APOSTROPHE = 39;
var OPEN_PAREN = 40;
var CLOSE_PAREN = 41;
var STAR = 42;
var COMMA = 44;
var MINUS = 45;
var DOT = 46;
var SLASH = 47;
var ZERO = 48;
var COLON = 58;
var SEMICOLON = 59;
var EQUALS = 61;
var GREATER = 62;
var OPEN_BRACKET = 91;
var BACKSLASH = 92;
var CLOSE_BRACKET = 93;
var OPEN_BRACE = 123;
var CLOSE_BRACE = 125;
var WORD = new Uint8Array(256);
for (let code = 65; code <= 90; code += 1) WORD[code] = WORD[code + 32] = 1;
WORD[95] = WORD[36] = 1;
for (let code = 48; code <= 57; code += 1) WORD[code] = 2;
for (let code = 128; code < 256; code += 1) WORD[code] = 1;
var HASH_BASIS = 2166136261 | 0;
var HASH_PRIME = 16777619;

// server/src/syntax/scan/byteText.ts
var PADDING = 4;
var ByteText = class {
  bytes = new Uint8Array(PADDING);
  to = 0;
  /** Line ends before the place that was read last. */
  lines = 0;
  /** Behind the comment whose text begins at `from`. */
  blockComment(from) {
    const { bytes, to } = this;
    let lines = 0;
    let at = from;
    for (; at < to; at += 1) {
      const code = bytes[at];
      if (code === LF) lines += 1;
      else if (code === SLASH && bytes[at - 1] === STAR && at > from) {
        at += 1;
        break;
      }
    }
    this.lines += lines;
    return at;
  }
  /** Offset of the newline that ends a line, its spliced lines included. */
  lineEnd(from) {
    const { bytes, to } = this;
    let at = from;
    for (; at < to; at += 1) {
      if (bytes[at] !== LF) continue;
      if (!this.isSpliced(at)) break;
      this.lines += 1;
    }
    return at;
  }
  /** Offset of the newline that ends a directive; a block comment in it may run over lines. */
  directive(from) {
    const { bytes, to } = this;
    let at = from;
    for (; at < to; at += 1) {
      const code = bytes[at];
      if (code === LF) {
        if (!this.isSpliced(at)) break;
        this.lines += 1;
      } else if (code === SLASH) {
        const after = bytes[at + 1];
        if (after === STAR) at = this.blockComment(at + 2) - 1;
        else if (after === SLASH) return this.lineEnd(at);
      } else if (code === QUOTE) {
        const close = quoteEnd(bytes, at + 1, to);
        if (close > 0) {
          for (; at < close; at += 1) if (bytes[at] === LF) this.lines += 1;
        }
      }
    }
    return at;
  }
  /** Behind the closing quote, or at the newline where there is none. */
  literal(from, quote) {
    const { bytes, to } = this;
    let at = from;
    for (; at < to; at += 1) {
      const code = bytes[at];
      if (code === quote) return at + 1;
      if (code === LF) return at;
      if (code === BACKSLASH) {
        at += 1;
        if (bytes[at] === CR) at += 1;
        if (bytes[at] === LF) this.lines += 1;
      }
    }
    return to;
  }
  /** Whether the newline at an offset joins two lines. */
  isSpliced(at) {
    const { bytes } = this;
    return bytes[at - 1] === BACKSLASH || bytes[at - 1] === CR && bytes[at - 2] === BACKSLASH;
  }
};
var DEFINE = Buffer.from("define");
function constantEnd(bytes, from, to) {
  let at = from;
  for (let index = 0; index < 6; index += 1, at += 1) if (bytes[at] !== DEFINE[index]) return -1;
  while (bytes[at] === SPACE || bytes[at] === TAB) at += 1;
  while (WORD[bytes[at] ?? 0] !== 0) at += 1;
  let inNumber = false;
  for (; at < to; at += 1) {
    const code = bytes[at] ?? 0;
    if (code === LF) return at;
    const part = WORD[code];
    if (part === 1 && !inNumber || code === SLASH || code === HASH || code === BACKSLASH || code === QUOTE || code === APOSTROPHE) return -1;
    inNumber = part !== 0;
  }
  return -1;
}
function commentEnd(bytes, from, to) {
  for (let at = from + 1; at < to; at += 1) if (bytes[at] === SLASH && bytes[at - 1] === STAR) return at + 1;
  return to;
}
function quoteEnd(bytes, from, to) {
  for (let at = from; at < to; at += 1) {
    const code = bytes[at];
    if (code === QUOTE) return at;
    if (code === LF) return -1;
    if (code === BACKSLASH) at += 1;
  }
  return -1;
}

// server/src/syntax/scan/byteLexer.ts
var Kind = { end: 0, identifier: 1, number: 2, literal: 3, directive: 4, arrow: 5, ellipsis: 6 };
var ByteLexer = class extends ByteText {
  kind = 0;
  start = 0;
  end = 0;
  /** Of an identifier. */
  hash = 0;
  /** Of a directive: it is `#define NAME 0x10` or the like, and names nothing. */
  isConstant = false;
  /** Line of the token, counted from 0. */
  line = 0;
  #directives = true;
  #lineHasToken = false;
  /**
   * Begins to read bytes[from, to). The bytes behind `to` are read as far as PADDING, but never as text, if bytes[to] is 0;
   * with `directives` false, `#` is punctuation (for reading a directive's own line).
   */
  begin(bytes, from, to, line, directives) {
    this.bytes = bytes;
    this.to = to;
    this.end = from;
    this.start = from;
    this.line = line;
    this.lines = line;
    this.#directives = directives;
    this.#lineHasToken = false;
  }
  /** The kind of the next token; `Kind.end` at the end and ever after. */
  next() {
    const { bytes, to } = this;
    let at = this.end;
    for (; ; ) {
      const code2 = bytes[at] ?? 0;
      if (code2 > SPACE && code2 !== SLASH && code2 !== BACKSLASH) break;
      if (at >= to) break;
      if (code2 === LF) {
        this.lines += 1;
        this.#lineHasToken = false;
        at += 1;
      } else if (code2 === SLASH) {
        const after = bytes[at + 1];
        if (after === STAR) at = this.blockComment(at + 2);
        else if (after === SLASH) at = this.lineEnd(at + 2);
        else break;
      } else at += 1;
    }
    this.line = this.lines;
    this.start = at;
    if (at >= to) {
      this.end = to;
      return this.kind = Kind.end;
    }
    const code = bytes[at] ?? 0;
    const isFirst = !this.#lineHasToken;
    this.#lineHasToken = true;
    switch (WORD[code] ?? 0) {
      case 1: {
        let hash = HASH_BASIS;
        let letter = code;
        do {
          hash = Math.imul(hash ^ letter, HASH_PRIME);
          at += 1;
          letter = bytes[at] ?? 0;
        } while (WORD[letter] !== 0 && at < to);
        this.hash = hash;
        this.end = at;
        return this.kind = Kind.identifier;
      }
      case 2:
        do
          at += 1;
        while ((WORD[bytes[at] ?? 0] !== 0 || bytes[at] === DOT) && at < to);
        this.end = at;
        return this.kind = Kind.number;
    }
    if (code === QUOTE || code === APOSTROPHE) {
      this.end = this.literal(at + 1, code);
      return this.kind = Kind.literal;
    }
    if (code === HASH && isFirst && this.#directives) {
      const end = constantEnd(bytes, at + 1, to);
      this.isConstant = end > 0;
      this.end = end > 0 ? end : this.directive(at + 1);
      this.#lineHasToken = false;
      return this.kind = Kind.directive;
    }
    if (code === MINUS && bytes[at + 1] === GREATER) {
      this.end = at + 2;
      return this.kind = Kind.arrow;
    }
    if (code === DOT && bytes[at + 1] === DOT) {
      do
        at += 1;
      while (bytes[at] === DOT && at < to);
      this.end = at;
      return this.kind = Kind.ellipsis;
    }
    this.end = at + 1;
    return this.kind = code;
  }
  /**
   * The next brace, semicolon or directive, or the end, as `next` would come to it: what lies between is passed over several times as fast.
   * `Kind.literal` stands for a `#` behind a comment, of which this does not tell whether it begins a directive.
   */
  nextOfStructure() {
    const { bytes, to } = this;
    let at = this.end;
    for (; ; ) {
      while (STRUCTURE[bytes[at] ?? 0] === 0) at += 1;
      const code = bytes[at] ?? 0;
      if (at >= to) break;
      if (code === LF) {
        this.lines += 1;
        at += 1;
      } else if (code === SLASH) {
        const after = bytes[at + 1];
        at = after === STAR ? this.blockComment(at + 2) : after === SLASH ? this.lineEnd(at + 2) : at + 1;
      } else if (code === QUOTE || code === APOSTROPHE) at = this.literal(at + 1, code);
      else if (code === HASH) {
        let before = at - 1;
        while (before >= 0 && bytes[before] !== LF && ((bytes[before] ?? 0) <= SPACE || bytes[before] === BACKSLASH)) before -= 1;
        if (before < 0 || bytes[before] === LF) {
          this.end = at;
          this.#lineHasToken = false;
          return this.next();
        }
        if (bytes[before] === SLASH) return this.kind = Kind.literal;
        at += 1;
      } else if (code === 0) at += 1;
      else {
        this.line = this.lines;
        this.start = at;
        this.end = at + 1;
        this.#lineHasToken = true;
        return this.kind = code;
      }
    }
    this.line = this.lines;
    this.start = at;
    this.end = to;
    return this.kind = Kind.end;
  }
  /** Whether the token begins its line, without white space before it. */
  atFirstColumn() {
    return this.start === 0 || this.bytes[this.start - 1] === LF;
  }
  /** Code of the next character that is neither blank nor in a comment, 0 at the end; the token read last stays. */
  peek() {
    const { bytes, to } = this;
    for (let at = this.end; at < to; ) {
      const code = bytes[at] ?? 0;
      if (code > SPACE && code !== SLASH && code !== BACKSLASH) return code;
      if (code === SLASH) {
        if (bytes[at + 1] !== STAR) return code;
        at = commentEnd(bytes, at + 2, to);
      } else at += 1;
    }
    return 0;
  }
};
var STRUCTURE = new Uint8Array(256);
for (const code of [0, LF, SLASH, QUOTE, APOSTROPHE, HASH, OPEN_BRACE, CLOSE_BRACE, SEMICOLON]) STRUCTURE[code] = 1;

// server/src/syntax/scan/names.ts
var Space = { ordinary: 0, tag: 1 };
var Names = class {
  count = 0;
  /** Name `id` is bytes[offsets[id], offsets[id + 1]); its first byte is the space. */
  bytes;
  offsets;
  hashes;
  /** Open addressing, a power of two; id + 1, 0 for free. */
  table;
  /** @param expected about how many names there will be: what grows is copied, and until then held twice */
  constructor(expected = 1 << 14) {
    this.bytes = new Uint8Array(expected * 20);
    this.offsets = new Uint32Array(expected + 2);
    this.hashes = new Int32Array(expected + 2);
    this.table = tableOf(this.hashes, 0, expected);
  }
  /**
   * The number of the name text[from, to), which is made when it is new.
   *
   * @param hash FNV-1a of its bytes, as the lexer gives it
   */
  intern(text, from, to, hash, space) {
    const key = space === Space.ordinary ? hash : ~hash;
    const mask = this.table.length - 1;
    for (let slot = spread(key) & mask; ; slot = slot + 1 & mask) {
      const id = (this.table[slot] ?? 0) - 1;
      if (id < 0) return this.#add(slot, text, from, to, key, space);
      if (this.hashes[id] === key && this.#equals(id, text, from, to, space)) return id;
    }
  }
  internText(text, space = Space.ordinary) {
    const bytes = Buffer.from(text);
    return this.intern(bytes, 0, bytes.length, hashOf(bytes), space);
  }
  text(id) {
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + (this.offsets[id] ?? 0) + 1, (this.offsets[id + 1] ?? 0) - (this.offsets[id] ?? 0) - 1).toString();
  }
  space(id) {
    return this.bytes[this.offsets[id] ?? 0] === Space.tag ? Space.tag : Space.ordinary;
  }
  #equals(id, text, from, to, space) {
    const { bytes } = this;
    let at = this.offsets[id] ?? 0;
    if ((this.offsets[id + 1] ?? 0) - at !== to - from + 1 || bytes[at] !== space) return false;
    for (let index = from; index < to; index += 1) {
      at += 1;
      if (bytes[at] !== text[index]) return false;
    }
    return true;
  }
  #add(slot, text, from, to, key, space) {
    const id = this.count;
    let at = this.offsets[id] ?? 0;
    if (at + to - from + 1 > this.bytes.length) this.bytes = grown(this.bytes, new Uint8Array(Math.max(this.bytes.length * 2, at + to - from + 1)));
    this.bytes[at] = space;
    for (let index = from; index < to; index += 1) {
      at += 1;
      this.bytes[at] = text[index] ?? 0;
    }
    if (id + 2 > this.offsets.length) {
      this.offsets = grown(this.offsets, new Uint32Array(this.offsets.length * 2));
      this.hashes = grown(this.hashes, new Int32Array(this.hashes.length * 2));
    }
    this.offsets[id + 1] = at + 1;
    this.hashes[id] = key;
    this.table[slot] = id + 1;
    this.count += 1;
    if (this.count * ROOM > this.table.length) this.table = tableOf(this.hashes, this.count);
    return id;
  }
};
var ROOM = 1.6;
function tableOf(hashes, count, expected = count) {
  let size = 1 << 10;
  while (size < expected * ROOM + 2) size *= 2;
  const table2 = new Int32Array(size);
  for (let id = 0; id < count; id += 1) {
    let slot = spread(hashes[id] ?? 0) & size - 1;
    while (table2[slot] !== 0) slot = slot + 1 & size - 1;
    table2[slot] = id + 1;
  }
  return table2;
}
var spread = (hash) => hash ^ hash >>> 15 | 0;
function hashOf(bytes) {
  let hash = HASH_BASIS;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, HASH_PRIME);
  return hash;
}
function grown(from, to) {
  to.set(from);
  return to;
}

// server/src/syntax/scan/read.ts
function readBlock(bytes, names) {
  const file = { functions: [], records: [], macros: [], variables: [], registrations: [] };
  const nameOf2 = (id) => ({ name: names.text(id), isTag: names.space(id) === Space.tag });
  const block = new BlockReader(bytes, 0, bytes.length);
  let item = itemOf("", 0);
  let embeds = [];
  while (block.next()) {
    const name = names.text(block.name);
    switch (block.tag) {
      case Tag.record:
        embeds = [];
        file.records.push({ ...nameOf2(block.name), line: block.line, embeds });
        break;
      case Tag.embed:
        embeds.push(nameOf2(block.name));
        break;
      case Tag.function: {
        const { lines, flags, bodyTokens } = block;
        const made = { ...itemOf(name, block.line), lines, flags, bodyTokens };
        file.functions.push(made);
        item = made;
        break;
      }
      case Tag.macro:
      case Tag.variable:
      case Tag.registration:
        item = itemOf(name, block.line);
        (block.tag === Tag.macro ? file.macros : block.tag === Tag.variable ? file.variables : file.registrations).push(item);
        break;
      case Tag.call:
        item.calls.push(name);
        break;
      case Tag.mention:
        item.mentions.push(name);
        break;
      case Tag.type:
        item.types.push(name);
        break;
      case Tag.stored:
        item.stored.push({ name, field: names.text(block.line) });
        break;
      case Tag.passed:
        item.passed.push({ name, to: names.text(block.line) });
        break;
    }
  }
  return file;
}
var itemOf = (name, line) => ({ name, line, calls: [], mentions: [], types: [], stored: [], passed: [] });

// server/src/syntax/scan/conditions.ts
var Conditions = class {
  /** Depth at each open #if, and at the end of its first branch (-1 before). */
  #saved = [];
  #first = [];
  /** How many `#if` are open, `#if 0` and its kin apart. */
  get count() {
    return this.#saved.length;
  }
  clear() {
    this.#saved.length = this.#first.length = 0;
  }
  open(depth) {
    this.#saved.push(depth);
    this.#first.push(-1);
  }
  /** At #else and #elif: the depth to go on with, which is where the first branch began. */
  next(depth) {
    const top = this.#saved.length - 1;
    if (top < 0) return depth;
    if ((this.#first[top] ?? 0) < 0) this.#first[top] = depth;
    return this.#saved[top] ?? 0;
  }
  /** At #endif: the depth to go on with, which is where the first branch ended. */
  close(depth) {
    this.#saved.pop();
    const first = this.#first.pop() ?? -1;
    return first >= 0 ? first : depth;
  }
};

// server/src/syntax/scan/marks.ts
var Mark = { called: 0, named: 1, declared: 2 };
var MARKS = 3;
var Marks = class {
  /** Of each name its three, side by side as they are looked at together. */
  #marks;
  /** @param expected about how many names there will be: room that nothing is written to takes no memory */
  constructor(expected) {
    this.#marks = new Int32Array(expected * MARKS);
  }
  /** @param serial of the item */
  has(id, mark, serial) {
    return this.#marks[id * MARKS + mark] === serial;
  }
  /** False when the name has this mark already. */
  set(id, mark, serial) {
    const at = id * MARKS + mark;
    if (at >= this.#marks.length) this.#grow(at);
    if (this.#marks[at] === serial) return false;
    this.#marks[at] = serial;
    return true;
  }
  #grow(at) {
    const larger = new Int32Array(Math.max(this.#marks.length * 2, at + MARKS));
    larger.set(this.#marks);
    this.#marks = larger;
  }
};

// server/src/syntax/scan/places.ts
var Places = class {
  #text = Buffer.alloc(0);
  #offsets;
  #next = 0;
  #end = 0;
  /** Set when something was passed over in which a word stands, or may stand: the file is to be read again, all of it. */
  isUnsure = false;
  /** @param offsets of the words, in order; undefined when everything is asked for */
  beginFile(bytes, length, offsets) {
    this.#text = Buffer.from(bytes.buffer, bytes.byteOffset, length);
    this.#offsets = offsets;
    this.#next = this.#end = 0;
    this.isUnsure = false;
  }
  get areKnown() {
    return this.#offsets !== void 0;
  }
  /** Where the next word stands; offsets are asked about in order. */
  after(offset) {
    const offsets = this.#offsets;
    if (offsets === void 0) return offset;
    while ((offsets[this.#next] ?? Infinity) < offset) this.#next += 1;
    return offsets[this.#next] ?? Infinity;
  }
  /** Where a body that begins at an offset ends in the kernel's style, behind a brace at the first column. Only a guess. */
  guessEnd(offset) {
    if (this.#end <= offset) {
      const found = this.#text.indexOf(END, offset);
      this.#end = found < 0 ? Infinity : found + END.length;
    }
    return this.#end;
  }
};
var END = Buffer.from("\n}");

// server/src/syntax/makers.ts
var none = [];
var fn = (name, mentions = none, calls2 = none) => ({ kind: "function", name, calls: calls2, mentions });
var data = (name, mentions = none) => ({ kind: "variable", name, calls: none, mentions });
var syscall = (name, ...attributes) => ({
  opens: `__do_sys_${name}`,
  attributes: ["static", ...attributes],
  parts: ["__se_sys_", "__x64_sys_", "__ia32_sys_", "__arm64_sys_", "sys_"].map((prefix) => fn(prefix + name))
});
var compatSyscall = (name, ...attributes) => ({
  opens: `__do_compat_sys_${name}`,
  attributes: ["static", ...attributes],
  parts: ["__se_compat_sys_", "__ia32_compat_sys_", "__x64_compat_sys_", "__arm64_compat_sys_", "compat_sys_"].map((prefix) => fn(prefix + name))
});
var bpfCall = (...attributes) => ({ opens: "$0$", attributes, parts: [fn("____$0$")] });
var interruptEntry = { opens: "$0$", attributes: ["noinstr"], parts: [fn("__$0$")] };
var interruptHandler = { opens: "__$0$", attributes: ["static", "noinline"], parts: [fn("$0$", none, ["__$0$"]), fn("fred_$0$", none, ["__$0$"])] };
var simpleAttribute = { parts: [fn("$0$_open", ["$1$", "$2$"], ["simple_attr_open"]), data("$0$", ["$0$_open"])] };
var attribute = (variable, ...accessors) => ({ parts: [data(variable, accessors.map((accessor) => `$0$_${accessor}`))] });
var givenAttribute = (variable, ...mentions) => ({ parts: [data(variable, mentions)] });
var tracePoint = (name) => ({
  parts: [...["trace_", "__traceiter_", "register_trace_", "unregister_trace_", "check_trace_callback_type_"].map((prefix) => fn(prefix + name)), fn(`trace_${name}_enabled`), data(`__tracepoint_${name}`)]
});
var eventClass = ["trace_event_raw_event_", "trace_event_get_offsets_", "trace_raw_output_", "perf_trace_"].map((prefix) => fn(`${prefix}$0$`));
var table = [
  // Without arguments there is nothing to convert: the wrappers are aliases of the body.
  ["SYSCALL_DEFINE0", syscall("$0$")],
  ["SYSCALL_DEFINE1 SYSCALL_DEFINE2 SYSCALL_DEFINE3 SYSCALL_DEFINE4 SYSCALL_DEFINE5 SYSCALL_DEFINE6", syscall("$0$", "inline")],
  // kpatch's and the kernel's macros for a system call in a live patch.
  ...["KPATCH", "KLP"].map((prefix) => [[0, 1, 2, 3, 4, 5, 6].map((count) => `${prefix}_SYSCALL_DEFINE${count}`).join(" "), syscall("$0$", "inline")]),
  ["COMPAT_SYSCALL_DEFINE0", compatSyscall("$0$")],
  ["COMPAT_SYSCALL_DEFINE1 COMPAT_SYSCALL_DEFINE2 COMPAT_SYSCALL_DEFINE3 COMPAT_SYSCALL_DEFINE4 COMPAT_SYSCALL_DEFINE5 COMPAT_SYSCALL_DEFINE6", compatSyscall("$0$", "inline")],
  // Their argument begins with the underscore: SYSCALL_DEFINEx(3, _read, …).
  ["SYSCALL_DEFINEx __SYSCALL_DEFINEx", afterUnderscore(syscall("", "inline"))],
  ["COMPAT_SYSCALL_DEFINEx", afterUnderscore(compatSyscall("", "inline"))],
  ["BPF_CALL_0 BPF_CALL_1 BPF_CALL_2 BPF_CALL_3 BPF_CALL_4 BPF_CALL_5", bpfCall()],
  ["NOTRACE_BPF_CALL_1", bpfCall("notrace")],
  ["DEFINE_IDTENTRY DEFINE_IDTENTRY_ERRORCODE DEFINE_IDTENTRY_SYSVEC_SIMPLE", interruptEntry],
  ["DEFINE_IDTENTRY_SYSVEC DEFINE_IDTENTRY_IRQ", interruptHandler],
  ["DEFINE_IDTENTRY_DEBUG_USER DEFINE_IDTENTRY_MCE_USER", { opens: "noist_$0$", attributes: ["noinstr"], parts: [fn("__noist_$0$")] }],
  // include/linux/seq_file.h
  ["DEFINE_SHOW_ATTRIBUTE", { parts: [fn("$0$_open", ["$0$_show"], ["single_open"]), data("$0$_fops", ["$0$_open"])] }],
  ["DEFINE_SHOW_STORE_ATTRIBUTE", { parts: [fn("$0$_open", ["$0$_show"], ["single_open"]), data("$0$_fops", ["$0$_open", "$0$_write"])] }],
  ["DEFINE_PROC_SHOW_ATTRIBUTE", { parts: [fn("$0$_open", ["$0$_show"], ["single_open"]), data("$0$_proc_ops", ["$0$_open"])] }],
  ["DEFINE_SEQ_ATTRIBUTE", { parts: [fn("$0$_open", ["$0$_sops"], ["seq_open"]), data("$0$_fops", ["$0$_open"])] }],
  ["DEFINE_SIMPLE_ATTRIBUTE DEFINE_SIMPLE_ATTRIBUTE_SIGNED DEFINE_DEBUGFS_ATTRIBUTE DEFINE_DEBUGFS_ATTRIBUTE_SIGNED", simpleAttribute],
  // include/linux/device.h and device/{bus,class,driver}.h
  ...[["DEVICE", "dev"], ["DRIVER", "driver"], ["BUS", "bus"], ["CLASS", "class"]].flatMap(([macro = "", prefix = ""]) => [
    [`${macro}_ATTR_RW ${macro}_ATTR_ADMIN_RW`, attribute(`${prefix}_attr_$0$`, "show", "store")],
    [`${macro}_ATTR_RO ${macro}_ATTR_ADMIN_RO`, attribute(`${prefix}_attr_$0$`, "show")],
    [`${macro}_ATTR_WO`, attribute(`${prefix}_attr_$0$`, "store")]
  ]),
  ["DEVICE_ATTR DEVICE_ATTR_PREALLOC DEVICE_ATTR_IGNORE_LOCKDEP", givenAttribute("dev_attr_$0$", "$2$", "$3$")],
  ["DEVICE_ULONG_ATTR DEVICE_INT_ATTR DEVICE_BOOL_ATTR", givenAttribute("dev_attr_$0$", "$2$")],
  // include/linux/sysfs.h
  ["BIN_ATTR", givenAttribute("bin_attr_$0$", "$2$", "$3$")],
  ["BIN_ATTR_RO BIN_ATTR_ADMIN_RO", attribute("bin_attr_$0$", "read")],
  ["BIN_ATTR_WO", attribute("bin_attr_$0$", "write")],
  ["BIN_ATTR_RW BIN_ATTR_ADMIN_RW", attribute("bin_attr_$0$", "read", "write")],
  ["ATTRIBUTE_GROUPS BIN_ATTRIBUTE_GROUPS", { parts: [data("$0$_group", ["$0$_attrs"]), data("$0$_groups", ["$0$_group"])] }],
  // include/linux/perf_event.h
  ["PMU_FORMAT_ATTR", { parts: [fn("$0$_show"), data("format_attr_$0$", ["$0$_show"])] }],
  // include/linux/tracepoint.h and include/trace/{trace_events,perf}.h
  ["TRACE_EVENT TRACE_EVENT_CONDITION TRACE_EVENT_FN TRACE_EVENT_FN_COND", { parts: [...tracePoint("$0$").parts, ...eventClass] }],
  ["DECLARE_TRACE DEFINE_TRACE", tracePoint("$0$")],
  ["DECLARE_EVENT_CLASS", { parts: eventClass }],
  ["DEFINE_EVENT DEFINE_EVENT_FN DEFINE_EVENT_CONDITION DEFINE_EVENT_PRINT", tracePoint("$1$")],
  // include/linux/static_call.h: the trampoline is code, but no C.
  ["DEFINE_STATIC_CALL DEFINE_STATIC_CALL_NULL DEFINE_STATIC_CALL_RET0", { parts: [fn("__SCT__$0$", ["$1$"]), data("__SCK__$0$", ["$1$"])] }],
  // include/linux/device/driver.h, and what drivers of a bus make of it: an init and an exit function around a registration.
  ...["driver pci_driver platform_driver i2c_driver spi_driver usb_driver hid_driver acpi_driver virtio_driver phy_driver mdio_driver pnp_driver rpmsg_driver sdio_driver"].map((list2) => [
    list2.split(" ").map((bus) => `module_${bus}`).join(" "),
    { parts: [fn("$0$_init", ["$0$"]), fn("$0$_exit", ["$0$"])] }
  ]),
  ["module_platform_driver_probe", { parts: [fn("$0$_init", ["$0$", "$1$"]), fn("$0$_exit", ["$0$"])] }]
];
var knownMakers = new Map(table.flatMap(([names, maker]) => names.split(" ").map((name) => [name, maker])));
function afterUnderscore({ opens = "", attributes = [], parts }) {
  const named = (prefix) => `${prefix.replace(/_$/, "")}$1$`;
  return { opens: named(opens), attributes, parts: parts.map((part) => ({ ...part, name: named(part.name) })) };
}
function withArguments(pattern, args) {
  const name = pattern.replace(/\$(\d+)\$/g, (_, index) => args[Number(index)]?.trim() ?? "");
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : void 0;
}

// server/src/syntax/macros.ts
var attributeMacros = new Map([
  // Sections of code and data (init.h, cache.h, linkage.h, kprobes.h, percpu-defs.h, memblock.h).
  ...words("__init __exit __initdata __exitdata __initconst __exitconst __init_or_module __initdata_or_module __initconst_or_module"),
  ...words("__meminit __memexit __meminitdata __meminitconst __cpuinit __cpuexit __cpuinitdata __cpuinitconst __devinit __devexit __devinitdata __devinitconst"),
  ...words("__net_init __net_exit __net_initdata __init_memblock __initdata_memblock __ref __refdata __refconst __head __ro_after_init __read_mostly"),
  ...words("__sched __lockfunc __kprobes __cpuidle __irq_entry __irqentry_text __softirq_entry __entry_text __latent_entropy"),
  ...words("____cacheline_aligned ____cacheline_aligned_in_smp __cacheline_aligned __cacheline_aligned_in_smp ____cacheline_internodealigned_in_smp"),
  ...words("__page_aligned_data __page_aligned_bss __bss_decrypted __nosavedata"),
  ...calls("__section __noinstr_section"),
  // Inlining, tracing and linkage (compiler_types.h, compiler_attributes.h, linkage.h).
  ...words("__always_inline nokprobe_inline noinline noinline_for_stack notrace noinstr asmlinkage __visible __weak __used __maybe_unused __always_unused"),
  ...words("__cold __hot __pure __attribute_const__ __flatten __naked __noreturn __deprecated __must_check __malloc __efiapi __bpf_kfunc"),
  ...words("__no_kasan_or_inline __no_sanitize_or_inline __no_sanitize_address __no_sanitize_undefined __no_sanitize_coverage __no_kcsan __no_kmsan_checks"),
  ...words("__no_sanitize_memory __no_sanitize_thread __no_stack_protector __no_profile __nocfi __noscs __noclone __noendbr __noretpoline"),
  // Not attributes, but they stand in front of members and vanish unless layouts are randomized.
  ...words("randomized_struct_fields_start randomized_struct_fields_end"),
  ...words("__randomize_layout __no_randomize_layout __designated_init __packed __gnu_inline __inline __inline__ __no_caller_saved_registers"),
  ...calls("__attribute__ __attribute __printf __scanf __format_arg __aligned __alloc_size __realloc_size __assume_aligned __diagnose_as __no_sanitize"),
  ...calls("__alias __copy __nonnull __counted_by __counted_by_le __counted_by_be __guarded_by __pt_guarded_by __free __cleanup"),
  ...calls("__compiletime_error __compiletime_warning"),
  // Checkers: sparse and lockdep (compiler_types.h).
  ...calls("__acquires __releases __cond_acquires __cond_releases __must_hold __acquires_shared __releases_shared"),
  ...words("__user __kernel __iomem __percpu __rcu __force __bitwise __bitwise__ __nocast __safe __private __nonstring")
]);
var keywords = new Set(
  "auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while _Bool _Alignof _Alignas _Generic _Noreturn _Static_assert _Thread_local _Atomic __inline __inline__ __attribute__ __asm__ asm __asm typeof __typeof__ __typeof __volatile__ __const __extension__ __alignof__ __auto_type __thread __signed__ __label__".split(" ")
);
function definedFunctionName(macro, args) {
  const opens = knownMakers.get(macro)?.opens;
  const name = opens === void 0 ? void 0 : withArguments(opens, args);
  return name ?? withArguments("$0$", args) ?? macro;
}
function words(list2) {
  return list2.split(" ").map((name) => [name, "word"]);
}
function calls(list2) {
  return list2.split(" ").map((name) => [name, "call"]);
}

// server/src/syntax/scan/vocabulary.ts
var Word = {
  name: 0,
  /** A keyword after which an expression stands: what follows is no declared name. */
  statement: 1,
  /** A keyword of a type or a specifier: a name right after it is declared. */
  type: 2,
  /** struct, union: a tag follows. */
  record: 3,
  enum: 4,
  /** An attribute, alone or with arguments. */
  attribute: 5,
  goto: 6,
  typedef: 7
};
var TYPE_WORDS = "auto char const double extern float inline int long register restrict short signed static unsigned void volatile _Bool _Noreturn _Thread_local _Atomic __inline __inline__ __extension__ __thread __signed__ __const __volatile__ typeof __typeof__ __typeof __auto_type";
var COMMON = "bool u8 u16 u32 u64 s8 s16 s32 s64 __u8 __u16 __u32 __u64 __s8 __s16 __s32 __s64 __le16 __le32 __le64 __be16 __be32 __be64 size_t ssize_t loff_t uint ulong ushort gfp_t uint8_t uint16_t uint32_t uint64_t";
var FLAGS = {
  static: Flag.static,
  inline: Flag.inline,
  __inline: Flag.inline,
  __inline__: Flag.inline,
  __always_inline: Flag.alwaysInline,
  always_inline: Flag.alwaysInline,
  nokprobe_inline: Flag.alwaysInline,
  __no_kasan_or_inline: Flag.alwaysInline,
  __no_sanitize_or_inline: Flag.alwaysInline,
  noinline: Flag.neverInline,
  noinline_for_stack: Flag.neverInline,
  noinstr: Flag.neverInline | Flag.notrace,
  __noinline__: Flag.neverInline,
  __init: Flag.init,
  __init_or_module: Flag.init,
  __meminit: Flag.init,
  __net_init: Flag.init,
  __head: Flag.init,
  __exit: Flag.exit,
  __net_exit: Flag.exit,
  __memexit: Flag.exit,
  notrace: Flag.notrace,
  __weak: Flag.weak,
  weak: Flag.weak,
  __weak__: Flag.weak
};
var REGISTRARS = new Set("kthread_run kthread_create kthread_create_on_node kthread_create_on_cpu kthread_run_on_cpu kthread_create_worker kernel_thread user_mode_thread kthread_init_work kthread_init_delayed_work INIT_WORK INIT_DELAYED_WORK INIT_DEFERRABLE_WORK INIT_WORK_ONSTACK INIT_RCU_WORK init_task_work init_irq_work timer_setup timer_setup_on_stack hrtimer_setup tasklet_setup tasklet_init open_softirq request_irq request_threaded_irq devm_request_irq devm_request_threaded_irq request_percpu_irq request_any_context_irq devm_request_any_context_irq free_irq call_rcu call_srcu call_rcu_tasks stop_machine stop_one_cpu stop_two_cpus smp_call_function smp_call_function_single smp_call_function_many on_each_cpu on_each_cpu_mask smpboot_register_percpu_thread cpuhp_setup_state cpuhp_setup_state_nocalls set_handle_irq netif_napi_add netif_napi_add_tx".split(" "));
var STORAGE = new Set("static extern const volatile inline __inline __inline__ __extension__ register restrict _Noreturn __const".split(" "));
var TYPE_OF = /* @__PURE__ */ new Set(["typeof", "__typeof__", "__typeof", "_Atomic"]);
var GROUPS = /* @__PURE__ */ new Set(["struct_group", "struct_group_attr", "struct_group_tagged", "__struct_group"]);
var Trait = { takesArguments: 1, registers: 2, storage: 4, typeOf: 8, groups: 16 };
var Vocabulary = class {
  /** `Word` of each name below `known`. */
  words;
  flags;
  /** Bits of `Trait`. */
  traits;
  known;
  /** Makes every known word the first names of an empty `names`. */
  constructor(names) {
    const typeWords = /* @__PURE__ */ new Set([...TYPE_WORDS.split(" "), ...COMMON.split(" ")]);
    const all = /* @__PURE__ */ new Set([...keywords, "true", "false", ...typeWords, ...attributeMacros.keys(), ...Object.keys(FLAGS), ...REGISTRARS, ...GROUPS]);
    this.known = all.size;
    this.words = new Uint8Array(all.size);
    this.flags = new Uint16Array(all.size);
    this.traits = new Uint8Array(all.size);
    for (const word of all) {
      const id = names.internText(word);
      this.words[id] = kindOf(word, typeWords);
      this.flags[id] = FLAGS[word] ?? 0;
      this.traits[id] = (attributeMacros.get(word) === "call" ? Trait.takesArguments : 0) | (REGISTRARS.has(word) ? Trait.registers : 0) | (STORAGE.has(word) ? Trait.storage : 0) | (TYPE_OF.has(word) ? Trait.typeOf : 0) | (GROUPS.has(word) ? Trait.groups : 0);
    }
  }
  /** Whether a name is known for it. */
  has(id, trait) {
    return id < this.known && ((this.traits[id] ?? 0) & trait) !== 0;
  }
  registers(id) {
    return this.has(id, Trait.registers);
  }
};
function kindOf(word, typeWords) {
  if (word === "struct" || word === "union") return Word.record;
  if (word === "enum") return Word.enum;
  if (word === "goto") return Word.goto;
  if (word === "typedef") return Word.typedef;
  if (typeWords.has(word)) return Word.type;
  if (attributeMacros.has(word) || word === "__attribute__" || word === "__noinline__" || word === "always_inline") return Word.attribute;
  return keywords.has(word) || word === "true" || word === "false" ? Word.statement : Word.name;
}

// server/src/syntax/scan/words.ts
var Words = class {
  constructor(names) {
    this.names = names;
  }
  names;
  /** Of each word: hash, file, length, offset, number. */
  #recent = new Int32Array(RECENT * 5);
  #files = 0;
  beginFile() {
    this.#files += 1;
  }
  /** The number of the identifier the lexer stands on. */
  number({ bytes, start, end, hash }, space) {
    const length = end - start;
    const recent = this.#recent;
    const key = space === Space.ordinary ? hash : ~hash;
    const slot = ((key ^ key >>> 13) & RECENT - 1) * 5;
    if (recent[slot] === key && recent[slot + 1] === this.#files && recent[slot + 2] === length) {
      let at = recent[slot + 3] ?? 0;
      let index = start;
      while (index < end && bytes[at] === bytes[index]) {
        at += 1;
        index += 1;
      }
      if (index === end) return recent[slot + 4] ?? 0;
    }
    const id = this.names.intern(bytes, start, end, hash, space);
    recent[slot] = key;
    recent[slot + 1] = this.#files;
    recent[slot + 2] = length;
    recent[slot + 3] = start;
    recent[slot + 4] = id;
    return id;
  }
};
var RECENT = 1 << 12;

// server/src/syntax/scan/context.ts
var Context = class {
  constructor(names) {
    this.names = names;
    this.vocabulary = new Vocabulary(names);
    this.#words = new Words(names);
    this.#marks = new Marks(names.offsets.length);
  }
  names;
  lexer = new ByteLexer();
  vocabulary;
  conditions = new Conditions();
  /** Where in the file the words stand that are asked for. */
  places = new Places();
  /** Finished items of the file. */
  items = new BlockWriter();
  /** What the item being read uses. */
  uses = new BlockWriter();
  /** How deep the reading of the moment is in braces. */
  depth = 0;
  /** Whose parentheses are open in the item being read: the name in front of each, or 0. */
  callees = new Int32Array(MOST_PARENTHESES);
  /** Reads the directive the lexer stands on: what it says of braces changes `depth`. */
  onDirective = () => void 0;
  #calleesAside = new Int32Array(MOST_PARENTHESES);
  #words;
  #marks;
  #item = 0;
  #items = 0;
  beginFile() {
    this.items.clear();
    this.conditions.clear();
    this.depth = 0;
    this.#words.beginFile();
    this.beginItem();
  }
  beginItem() {
    this.#item = this.#items += 1;
    this.uses.clear();
  }
  /** Reads an item inside another one (a macro defined in a function); the outer one goes on as it was. */
  aside(uses, read) {
    const outer = { uses: this.uses, item: this.#item, depth: this.depth, callees: this.callees };
    this.uses = uses;
    this.callees = this.#calleesAside;
    this.beginItem();
    read();
    this.uses = outer.uses;
    this.callees = outer.callees;
    this.#item = outer.item;
    this.depth = outer.depth;
  }
  /** The number of the identifier the lexer stands on. */
  word(lexer, space = Space.ordinary) {
    return this.#words.number(lexer, space);
  }
  /** What the scanner knows of a word: `Word`. */
  kindOf(id) {
    return id < this.vocabulary.known ? this.vocabulary.words[id] ?? 0 : Word.name;
  }
  declareLocal(id) {
    this.#marks.set(id, Mark.declared, this.#item);
  }
  isLocal(id) {
    return this.#marks.has(id, Mark.declared, this.#item);
  }
  /** Each name is told once per item for each way it is used. */
  call(id) {
    if (this.#marks.set(id, Mark.called, this.#item)) this.uses.entry(Tag.call, id);
  }
  mention(id) {
    if (this.#marks.set(id, Mark.named, this.#item)) this.uses.entry(Tag.mention, id);
  }
  type(id) {
    if (this.#marks.set(id, Mark.named, this.#item)) this.uses.entry(Tag.type, id);
  }
  /** A function that is stored in a field, or passed to another one. */
  handOver(tag, id, to) {
    this.uses.entry(tag, id);
    this.uses.number(to);
  }
  /** Writes an item down, with all that was used since `beginItem`. */
  item(tag, name, line, ...figures) {
    this.items.entry(tag, name);
    this.items.number(line);
    for (const figure of figures) this.items.number(figure);
    this.items.append(this.uses);
    this.beginItem();
  }
  /** Writes a record down, whatever item is being read. */
  record(name, line, embedded) {
    this.items.entry(Tag.record, name);
    this.items.number(line);
    for (const member of new Set(embedded)) this.items.entry(Tag.embed, member);
  }
  /** From an opening parenthesis, which the lexer stands on, to its partner; stands on it afterwards. */
  skipParentheses() {
    const { lexer } = this;
    let depth = 0;
    for (let kind = lexer.kind; kind !== Kind.end; kind = lexer.next()) {
      if (kind === OPEN_PAREN) depth += 1;
      else if (kind === CLOSE_PAREN && (depth -= 1) <= 0) return;
    }
  }
};
var MOST_PARENTHESES = 64;

// server/src/syntax/scan/records.ts
function readMembers(context, nesting = 0) {
  const { lexer } = context;
  const embedded = [];
  if (nesting === MAX_NESTING) {
    skipBraces(context);
    return embedded;
  }
  const base = context.depth;
  context.depth += 1;
  let type = 0;
  let inner = [];
  let words2 = 0;
  let isPointer = false;
  let groups = 0;
  const endDeclarator = () => {
    if (!isPointer && type > 0) embedded.push(type);
    if (!isPointer) embedded.push(...inner);
    isPointer = false;
  };
  const endMember = () => {
    type = 0;
    words2 = 0;
    inner = [];
    isPointer = false;
  };
  for (let kind = lexer.next(); kind !== Kind.end; kind = lexer.next()) {
    switch (kind) {
      case Kind.directive:
        context.onDirective();
        if (context.depth <= base) return embedded;
        break;
      case Kind.identifier: {
        const id = context.word(lexer);
        const word = context.kindOf(id);
        if (word === Word.record || word === Word.enum) {
          words2 += 1;
          const tag = readTag(context);
          if (lexer.peek() !== OPEN_BRACE) {
            type = word === Word.record && tag > 0 ? tag : BUILT_IN;
            break;
          }
          const { line } = lexer;
          lexer.next();
          if (word === Word.enum) {
            skipBraces(context);
            type = BUILT_IN;
            break;
          }
          const members = readMembers(context, nesting + 1);
          if (tag > 0) context.record(tag, line, members);
          type = tag > 0 ? tag : BUILT_IN;
          inner = tag > 0 ? [] : members;
        } else if (word === Word.attribute || lexer.peek() === OPEN_PAREN) {
          if (lexer.peek() !== OPEN_PAREN || word === Word.attribute && !context.vocabulary.has(id, Trait.takesArguments)) break;
          lexer.next();
          if (context.vocabulary.has(id, Trait.groups)) {
            groups += 1;
            endMember();
          } else {
            context.skipParentheses();
            if (type === 0) type = BUILT_IN;
          }
        } else if (word === Word.type) type = type === 0 && !context.vocabulary.has(id, Trait.storage) ? BUILT_IN : type;
        else {
          words2 += 1;
          if (type === 0) type = id;
        }
        break;
      }
      case STAR:
        isPointer = true;
        break;
      case OPEN_PAREN:
        context.skipParentheses();
        isPointer = true;
        break;
      case CLOSE_PAREN:
        if (groups > 0) groups -= 1;
        endMember();
        break;
      case OPEN_BRACKET:
        while (lexer.kind !== CLOSE_BRACKET && lexer.kind !== Kind.end && lexer.kind !== SEMICOLON) lexer.next();
        break;
      case COMMA:
        if (groups > 0 && words2 < 2 && !isPointer) endMember();
        else endDeclarator();
        break;
      case SEMICOLON:
        endDeclarator();
        endMember();
        break;
      case OPEN_BRACE:
        skipBraces(context);
        break;
      case CLOSE_BRACE:
        context.depth = base;
        return embedded;
    }
  }
  return embedded;
}
var MAX_NESTING = 63;
var BUILT_IN = -1;
function readTag(context) {
  const { lexer } = context;
  while (lexer.peek() !== OPEN_BRACE) {
    if (lexer.next() !== Kind.identifier) return 0;
    const id = context.word(lexer);
    if (context.kindOf(id) !== Word.attribute) return context.word(lexer, Space.tag);
    if (lexer.peek() === OPEN_PAREN && lexer.next() === OPEN_PAREN) context.skipParentheses();
  }
  return 0;
}
function skipBraces(context) {
  const { lexer } = context;
  const base = context.depth;
  context.depth += 1;
  while (context.depth > base && lexer.next() !== Kind.end) {
    if (lexer.kind === OPEN_BRACE) context.depth += 1;
    else if (lexer.kind === CLOSE_BRACE) context.depth -= 1;
    else if (lexer.kind === Kind.directive) context.onDirective();
  }
  context.depth = Math.min(context.depth, base);
}

// server/src/syntax/scan/declarators.ts
function readParameters(context, definition) {
  const { lexer } = context;
  let depth = 1;
  let onlyNames = true;
  let names = 0;
  let before = 0;
  while (depth > 0) {
    const kind = lexer.next();
    if (kind === Kind.end || kind === OPEN_BRACE || kind === SEMICOLON) return false;
    if (kind === Kind.directive) context.onDirective();
    else if (kind === OPEN_PAREN) depth += 1;
    else if (kind === CLOSE_PAREN) depth -= 1;
    else if (kind === Kind.ellipsis) definition.flags |= Flag.variadic;
    if (kind !== Kind.identifier) {
      if (kind !== COMMA && kind !== CLOSE_PAREN) onlyNames = false;
      before = kind;
      continue;
    }
    const id = context.word(lexer);
    const word = context.kindOf(id);
    if (word === Word.record || word === Word.enum) {
      const tag = lexer.peek() === OPEN_BRACE ? 0 : readTag(context);
      if (tag > 0) context.type(tag);
      onlyNames = false;
    } else if (word === Word.name) {
      const next = lexer.peek();
      names += 1;
      if (before === Kind.identifier) onlyNames = false;
      if (next === COMMA || next === CLOSE_PAREN || next === OPEN_BRACKET || next === HASH) context.declareLocal(id);
      else context.mention(id);
    } else onlyNames = false;
    before = Kind.identifier;
  }
  return onlyNames && names > 0;
}
function readDeclarator(context, definition) {
  const { lexer } = context;
  definition.onlySpecifiers = false;
  let depth = 1;
  let isFirst = definition.name === 0 && !definition.isEnclosed;
  let isPointer = false;
  while (depth > 0) {
    const kind = lexer.next();
    if (kind === Kind.end || kind === OPEN_BRACE || kind === SEMICOLON) return;
    if (kind === Kind.directive) context.onDirective();
    else if (kind === OPEN_PAREN) depth += 1;
    else if (kind === CLOSE_PAREN) depth -= 1;
    else if (kind === STAR) isPointer = true;
    else if (kind === Kind.identifier && isFirst) {
      const id = context.word(lexer);
      if (context.kindOf(id) !== Word.name) continue;
      isFirst = false;
      const isFunction = lexer.peek() === OPEN_PAREN;
      if (isFunction) lexer.next();
      else definition.isEnclosed = true;
      nameDefinition(context, definition, id, isFunction);
      if (isFunction) readParameters(context, definition);
    }
  }
  if (!definition.isEnclosed) return;
  if (isPointer) definition.isPointer = true;
  else if (definition.name === 0 && lexer.peek() === OPEN_PAREN) {
    definition.name = definition.last;
    definition.nameLine = definition.lastLine;
    lexer.next();
    readParameters(context, definition);
  }
}
function nameDefinition(context, definition, id, isFunction) {
  const { line } = context.lexer;
  if (definition.last > 0 && !definition.isTypedef) context.mention(definition.last);
  if (definition.last > 0) definition.hasType = true;
  if (isFunction) {
    definition.name = id;
    definition.nameLine = line;
    definition.last = 0;
  } else {
    if (definition.target === 0) definition.target = definition.last;
    definition.last = id;
    definition.lastLine = line;
  }
}
function readAttribute(context, definition) {
  const { lexer, vocabulary } = context;
  let depth = 1;
  while (depth > 0 && lexer.next() !== Kind.end) {
    if (lexer.kind === OPEN_PAREN) depth += 1;
    else if (lexer.kind === CLOSE_PAREN) depth -= 1;
    else if (lexer.kind === Kind.identifier) {
      const id = context.word(lexer);
      if (id < vocabulary.known) definition.flags |= (vocabulary.flags[id] ?? 0) & ~Flag.static;
    }
  }
}

// server/src/syntax/scan/definition.ts
var Definition = class {
  /** Nothing of it was read yet. */
  isFresh = true;
  /** The name in front of the parentheses, a function's or a macro's; 0 before it is read. */
  name = 0;
  nameLine = 0;
  /** Only specifiers stood before that name: it is a macro's. */
  isMacro = false;
  /** The macro's arguments as written. */
  macroArguments = "";
  /** The name read last outside parentheses: a variable's, a typedef's, or, while another one may follow, their type's. */
  last = 0;
  lastLine = 0;
  /** `Flag` bits. */
  flags = 0;
  onlySpecifiers = true;
  isPointer = false;
  /** Its declarator stood in parentheses: `(*name)(…)`. */
  isEnclosed = false;
  /** int f(a) int a; { … }: a list of names alone, … */
  isOldStyle = false;
  /** … and something before the body. */
  declares = false;
  isTypedef = false;
  /** What a typedef names: a tag, or another typedef. */
  target = 0;
  /** What the anonymous record embeds that a typedef names. */
  members = [];
  /** Tag of the struct, union or enum. */
  tag = 0;
  /** Of what type it is was read: a keyword, a record, or a name with another one behind it. */
  hasType = false;
  /** Whose braces come. */
  expects = "nothing";
  begin() {
    this.name = this.last = this.flags = this.target = this.tag = 0;
    this.isMacro = this.isTypedef = this.isPointer = this.isEnclosed = this.isOldStyle = this.declares = this.hasType = false;
    this.onlySpecifiers = this.isFresh = true;
    this.members = [];
    this.expects = "nothing";
  }
};

// server/src/syntax/scan/uses.ts
var Until = {
  /** With the brace that closes the one read before. */
  brace: 0,
  /** With the parenthesis that closes the one read before. */
  parenthesis: 1,
  /** With a semicolon outside braces. */
  semicolon: 2,
  /** With the text. */
  end: 3
};
function readUses(context, lexer, until) {
  const { callees } = context;
  const base = context.depth;
  let parentheses = 0;
  let tokens = 0;
  let callee = 0;
  let before = SEMICOLON;
  let earlier = SEMICOLON;
  let earliest = SEMICOLON;
  let wordBefore = Word.statement;
  let wordEarlier = Word.statement;
  let field = 0;
  let isOver = false;
  let lastLine = 0;
  let declaredAt = -1;
  let declaredIn = 0;
  for (; ; ) {
    let kind = lexer.next();
    if (isOver) {
      isOver = false;
      if (kind === Kind.end || lexer.atFirstColumn() && kind !== CLOSE_BRACE && kind !== SEMICOLON && kind !== Kind.literal) {
        context.depth = base;
        return { tokens, line: lastLine, overrun: true };
      }
    }
    tokens += 1;
    let word = wordBefore;
    switch (kind) {
      case Kind.end:
        return { tokens, line: lexer.line, overrun: true };
      case Kind.directive:
        context.onDirective();
        if (context.depth < base) return { tokens, line: lexer.line, overrun: false };
        continue;
      case Kind.identifier: {
        word = Word.name;
        if (before === DOT || before === Kind.arrow) {
          field = lexer.peek() === EQUALS ? context.word(lexer) : 0;
          break;
        }
        const next = lexer.peek();
        if (next !== OPEN_PAREN && isConstantName(lexer)) break;
        const id = context.word(lexer);
        word = context.kindOf(id);
        if (word === Word.name) {
          if (next === OPEN_PAREN) {
            callee = id;
            if (before !== HASH && !context.isLocal(id)) context.call(id);
          } else if (isDeclared(before, wordBefore, earlier, wordEarlier, earliest)) {
            context.declareLocal(id);
            declaredAt = context.depth;
            declaredIn = parentheses;
          } else if (before !== HASH && next !== HASH && !isLabel(before, wordBefore, next) && !context.isLocal(id)) {
            context.mention(id);
            if (parentheses > 0 && parentheses <= MOST_PARENTHESES && context.vocabulary.registers(callees[parentheses - 1] ?? 0)) context.handOver(Tag.passed, id, callees[parentheses - 1] ?? 0);
            else if (field > 0 && (before === EQUALS || before === AMPERSAND && earlier === EQUALS)) context.handOver(Tag.stored, id, field);
          }
        } else if ((word === Word.record || word === Word.enum) && next !== OPEN_BRACE && WORD[next] === 1) {
          lexer.next();
          tokens += 1;
          context.type(context.word(lexer, Space.tag));
          word = Word.type;
        } else if (word === Word.attribute) continue;
        break;
      }
      case OPEN_PAREN:
        if (parentheses < MOST_PARENTHESES) callees[parentheses] = before === Kind.identifier && wordBefore === Word.name ? callee : 0;
        parentheses += 1;
        break;
      case CLOSE_PAREN:
        if (parentheses > 0) parentheses -= 1;
        else if (until === Until.parenthesis) return { tokens, line: lexer.line, overrun: false };
        break;
      case OPEN_BRACE:
        context.depth += 1;
        break;
      case CLOSE_BRACE:
        context.depth -= 1;
        if (context.depth < base && (until === Until.brace || until === Until.semicolon)) return { tokens: tokens - 1, line: lexer.line, overrun: false };
        isOver = (until === Until.brace || until === Until.semicolon) && lexer.atFirstColumn();
        lastLine = lexer.line;
        if (until !== Until.parenthesis) parentheses = 0;
        break;
      case EQUALS:
        if (before === EQUALS) field = 0;
        break;
      case OPEN_BRACKET:
        field = 0;
        break;
      case COMMA:
        field = 0;
        if (declaredAt === context.depth && declaredIn === parentheses && (parentheses === 0 || callees[parentheses - 1] === 0)) {
          kind = Kind.identifier;
          word = Word.type;
        }
        break;
      case SEMICOLON:
        field = 0;
        declaredAt = -1;
        if (until === Until.semicolon && context.depth <= base) return { tokens, line: lexer.line, overrun: false };
        if (until !== Until.parenthesis) parentheses = 0;
        break;
    }
    earliest = earlier;
    earlier = before;
    wordEarlier = wordBefore;
    before = kind;
    wordBefore = word;
  }
}
function isDeclared(before, wordBefore, earlier, wordEarlier, earliest) {
  if (before === Kind.identifier) return wordBefore === Word.name || wordBefore === Word.type;
  if (before !== STAR || earlier !== Kind.identifier) return false;
  return wordEarlier === Word.type || wordEarlier === Word.name && isStatementStart(earliest);
}
var isLabel = (before, wordBefore, next) => before === Kind.identifier && wordBefore === Word.goto || next === COLON && isStatementStart(before);
function isConstantName({ bytes, start, end }) {
  if ((bytes[start] ?? 0) >= 97) return false;
  for (let at = start; at < end; at += 1) if ((bytes[at] ?? 0) >= 97) return false;
  return true;
}
var isStatementStart = (kind) => kind === SEMICOLON || kind === OPEN_BRACE || kind === CLOSE_BRACE || kind === COLON;

// server/src/syntax/scan/passOver.ts
function passOver(context, until) {
  const { lexer, places } = context;
  const word = places.after(lexer.end);
  if (!places.areKnown || word < Infinity && word < places.guessEnd(lexer.end)) return void 0;
  const stretch = pass(context, until);
  if (word < lexer.end) places.isUnsure = true;
  return stretch;
}
function pass(context, until) {
  const { lexer } = context;
  const base = context.depth;
  let isOver = false;
  let lastLine = 0;
  for (; ; ) {
    const kind = isOver ? lexer.next() : lexer.nextOfStructure();
    if (isOver) {
      isOver = false;
      if (kind === Kind.end || lexer.atFirstColumn() && kind !== CLOSE_BRACE && kind !== SEMICOLON && kind !== Kind.literal) {
        context.depth = base;
        return { tokens: 0, line: lastLine, overrun: true };
      }
    } else if (kind === Kind.literal) {
      context.places.isUnsure = true;
      return { tokens: 0, line: lexer.line, overrun: false };
    }
    switch (kind) {
      case Kind.end:
        return { tokens: 0, line: lexer.line, overrun: true };
      case Kind.directive:
        context.onDirective();
        if (context.depth < base) return { tokens: 0, line: lexer.line, overrun: false };
        break;
      case OPEN_BRACE:
        context.depth += 1;
        break;
      case CLOSE_BRACE:
        context.depth -= 1;
        if (context.depth < base) return { tokens: 0, line: lexer.line, overrun: false };
        isOver = lexer.atFirstColumn();
        lastLine = lexer.line;
        break;
      case SEMICOLON:
        if (until === Until.semicolon && context.depth <= base) return { tokens: 0, line: lexer.line, overrun: false };
        break;
    }
  }
}

// server/src/syntax/scan/definitions.ts
function beginDefinition(context, definition) {
  definition.begin();
  context.depth = 0;
  context.beginItem();
}
function readBraces(context, definition) {
  if (definition.name > 0) return readBody(context, definition);
  if (definition.expects === "record") {
    const { line } = context.lexer;
    const members = readMembers(context);
    if (definition.tag > 0) context.record(definition.tag, line, members);
    else definition.members = members;
  } else if (definition.expects === "enum") skipBraces(context);
  else beginDefinition(context, definition);
  definition.expects = "nothing";
  return false;
}
function readBody(context, definition) {
  const { lexer } = context;
  const { isMacro, nameLine } = definition;
  const name = isMacro ? madeFunction(context, definition) : definition.name;
  const flags = definition.flags | (context.conditions.count > 0 ? Flag.conditional : 0);
  context.depth = 1;
  const { tokens, line, overrun } = passOver(context, Until.brace) ?? readUses(context, lexer, Until.brace);
  if (isMacro) context.call(definition.name);
  context.item(Tag.function, name, nameLine, Math.max(0, line - nameLine), flags, tokens);
  beginDefinition(context, definition);
  return overrun;
}
function madeFunction(context, definition) {
  const { names, vocabulary } = context;
  const macro = names.text(definition.name);
  definition.flags |= Flag.macroMade;
  for (const attribute2 of knownMakers.get(macro)?.attributes ?? []) definition.flags |= vocabulary.flags[names.internText(attribute2)] ?? 0;
  return names.internText(definedFunctionName(macro, definition.macroArguments.split(",").slice(0, 2)));
}
function readMacroCall(context, definition) {
  const { lexer } = context;
  const from = lexer.end;
  const { bytes } = lexer;
  context.depth = 0;
  readUses(context, lexer, Until.parenthesis);
  const { line } = lexer;
  const close = lexer.start;
  const kind = lexer.next();
  if (kind === OPEN_BRACE && lexer.peek() !== DOT) {
    definition.macroArguments = Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(close - from, 4096)).toString();
    return true;
  }
  const goesOn = kind !== SEMICOLON && kind !== Kind.end && kind !== Kind.directive && lexer.line === line;
  const isVariable = goesOn && (kind === EQUALS || kind === OPEN_BRACE || kind === OPEN_BRACKET);
  if (goesOn && !isVariable) {
    definition.name = 0;
    definition.isMacro = false;
    return true;
  }
  if (isVariable) readUses(context, lexer, Until.semicolon);
  context.item(Tag.registration, definition.name, definition.nameLine);
  beginDefinition(context, definition);
  return !isVariable && kind !== SEMICOLON;
}
function readInitializer(context, definition) {
  context.depth = 0;
  const { overrun } = passOver(context, Until.semicolon) ?? readUses(context, context.lexer, Until.semicolon);
  if (definition.last > 0) context.item(Tag.variable, definition.last, definition.lastLine);
  else context.item(Tag.variable, definition.name, definition.nameLine);
  beginDefinition(context, definition);
  return overrun;
}
function endTypedef(context, definition) {
  const { last, target, members, isPointer } = definition;
  if (last === 0 || isPointer) return;
  const embedded = members.length > 0 ? members : target > 0 && target !== last ? [target] : [];
  if (embedded.length > 0) context.record(last, definition.lastLine, embedded);
}

// server/src/syntax/scan/directives.ts
var Directives = class {
  constructor(context) {
    this.context = context;
  }
  context;
  #line = new ByteLexer();
  /** A macro may be defined inside a function: its item is kept apart from the function's. */
  #uses = new BlockWriter();
  macros = new BlockWriter();
  /** Reads the directive the lexer stands on. */
  read() {
    const { context } = this;
    const { conditions, lexer } = context;
    if (lexer.isConstant) return;
    switch (wordOf(lexer)) {
      case "define":
        if (context.places.after(lexer.start) < lexer.end) this.#define(lexer);
        break;
      case "if":
        if (isZero(lexer)) this.#skipBranch(lexer);
        else conditions.open(context.depth);
        break;
      case "ifdef":
      case "ifndef":
        conditions.open(context.depth);
        break;
      case "else":
      case "elif":
        context.depth = conditions.next(context.depth);
        break;
      case "endif":
        context.depth = conditions.close(context.depth);
        break;
    }
  }
  /** Nothing of `#if 0` is compiled: its text may be anything. Ends at its #endif, or opens the condition of its #else. */
  #skipBranch(lexer) {
    let depth = 0;
    while (lexer.next() !== Kind.end) {
      if (lexer.kind !== Kind.directive) continue;
      const word = wordOf(lexer);
      if (word === "if" || word === "ifdef" || word === "ifndef") depth += 1;
      else if (word === "endif" && (depth -= 1) < 0) return;
      else if ((word === "else" || word === "elif") && depth === 0) {
        this.context.conditions.open(this.context.depth);
        return;
      }
    }
  }
  #define(lexer) {
    const { bytes, end } = lexer;
    let at = lexer.start + 1;
    while (bytes[at] === SPACE || bytes[at] === TAB) at += 1;
    at += "define".length;
    while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at += 1;
    const line = this.#line;
    line.begin(bytes, at, end, lexer.line, false);
    if (line.next() !== Kind.identifier) return;
    this.#macro(line, bytes[line.end] === OPEN_PAREN);
  }
  #macro(line, hasParameters) {
    const { context } = this;
    const { start, end, hash, line: from } = line;
    context.aside(this.#uses, () => {
      if (hasParameters) {
        for (let kind = line.next(); kind !== CLOSE_PAREN && kind !== Kind.end; kind = line.next()) {
          if (kind === Kind.identifier) context.declareLocal(context.word(line));
        }
      }
      readUses(context, line, Until.end);
    });
    if (this.#uses.length === 0) return;
    const name = context.names.intern(line.bytes, start, end, hash, Space.ordinary);
    this.macros.entry(Tag.macro, name);
    this.macros.number(from);
    this.macros.append(this.#uses);
  }
};
function wordOf({ bytes, start, end }) {
  let at = start + 1;
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at += 1;
  for (const [word, letters] of WORDS) {
    let index = 0;
    while (index < letters.length && bytes[at + index] === letters[index]) index += 1;
    if (index === letters.length && WORD[bytes[at + index] ?? 0] === 0) return word;
  }
  return "";
}
var WORDS = ["define", "endif", "ifdef", "if", "else", "ifndef", "elif"].map((word) => [word, Buffer.from(word)]);
function isZero({ bytes, start, end }) {
  let at = start + 1;
  while (at < end && bytes[at] !== SPACE && bytes[at] !== TAB) at += 1;
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at += 1;
  return bytes[at] === ZERO && (at + 1 >= end || (bytes[at + 1] ?? 0) <= SPACE || bytes[at + 1] === SLASH);
}

// server/src/syntax/scan/scanner.ts
var Scanner = class {
  /** @param names numbers the names of all files this scanner reads; it must be empty */
  constructor(names) {
    this.names = names;
    this.#context = new Context(names);
    this.#directives = new Directives(this.#context);
    this.#context.onDirective = () => {
      this.#directives.read();
    };
  }
  names;
  #context;
  #directives;
  #definition = new Definition();
  /**
   * Scans bytes[0, length), which bytes[length] must end with a 0 (see PADDING).
   *
   * @param places where the words stand that are asked for, in order: with them, other words may be left out of the block, and bodies' tokens are not counted
   * @returns the block, good until the next scan
   */
  scan(bytes, length, places) {
    const context = this.#context;
    context.beginFile();
    context.places.beginFile(bytes, length, places);
    this.#directives.macros.clear();
    context.lexer.begin(bytes, 0, length, 0, true);
    beginDefinition(context, this.#definition);
    this.#fileScope();
    if (context.places.isUnsure) return this.scan(bytes, length);
    context.items.append(this.#directives.macros);
    return context.items;
  }
  #fileScope() {
    const context = this.#context;
    const definition = this.#definition;
    const { lexer } = context;
    let isRead = false;
    for (; ; ) {
      const kind = isRead ? lexer.kind : lexer.next();
      isRead = false;
      switch (kind) {
        case Kind.end:
          return;
        case Kind.directive:
          context.onDirective();
          context.depth = 0;
          continue;
        case Kind.identifier:
          if (definition.isFresh && context.places.after(lexer.start) === Infinity) return;
          definition.isFresh = false;
          isRead = this.#word();
          continue;
        case SEMICOLON:
          if (definition.isOldStyle && definition.declares) continue;
          if (definition.isTypedef) endTypedef(context, definition);
          beginDefinition(context, definition);
          continue;
        case EQUALS:
          if (definition.last > 0 || definition.name > 0) isRead = readInitializer(context, definition);
          continue;
        case STAR:
          definition.isPointer = true;
          definition.onlySpecifiers = false;
          continue;
        case COMMA:
          if (definition.isTypedef) endTypedef(context, definition);
          definition.isPointer = definition.isEnclosed = false;
          definition.last = 0;
          continue;
        case OPEN_BRACKET:
          while (lexer.kind !== CLOSE_BRACKET && lexer.kind !== Kind.end && lexer.kind !== SEMICOLON) lexer.next();
          continue;
        case OPEN_PAREN:
          readDeclarator(context, definition);
          continue;
        case OPEN_BRACE:
          isRead = readBraces(context, definition);
          continue;
        case CLOSE_BRACE:
        case Kind.literal:
          beginDefinition(context, definition);
          continue;
        default:
          definition.onlySpecifiers = false;
      }
    }
  }
  /** True when the token after it was read, too. */
  #word() {
    const context = this.#context;
    const definition = this.#definition;
    const { lexer, vocabulary } = context;
    const id = context.word(lexer);
    const word = context.kindOf(id);
    if (definition.name > 0 && word !== Word.attribute) definition.declares = true;
    if (word === Word.name) return this.#name(id);
    definition.flags |= vocabulary.flags[id] ?? 0;
    switch (word) {
      case Word.record:
      case Word.enum:
        definition.onlySpecifiers = false;
        definition.hasType = true;
        definition.tag = readTag(context);
        if (definition.tag > 0) context.type(definition.tag);
        definition.target = word === Word.record ? definition.tag : 0;
        definition.expects = lexer.peek() !== OPEN_BRACE ? "nothing" : word === Word.record ? "record" : "enum";
        return definition.tag === 0 && definition.expects === "nothing";
      case Word.typedef:
        definition.isTypedef = true;
        definition.onlySpecifiers = false;
        return false;
      case Word.type:
        if (!vocabulary.has(id, Trait.storage)) {
          definition.onlySpecifiers = false;
          definition.hasType = true;
        }
        if (vocabulary.has(id, Trait.typeOf)) this.#skipArguments();
        return false;
      case Word.attribute:
        if (vocabulary.has(id, Trait.takesArguments) && lexer.peek() === OPEN_PAREN) {
          lexer.next();
          readAttribute(context, definition);
        }
        return false;
      default:
        this.#skipArguments();
        return false;
    }
  }
  /** A word nothing is known of. True when the token after it was read, too. */
  #name(id) {
    const context = this.#context;
    const definition = this.#definition;
    const { lexer } = context;
    if (definition.name === 0 && lexer.peek() === OPEN_PAREN) {
      definition.isMacro = definition.onlySpecifiers;
      nameDefinition(context, definition, id, true);
      lexer.next();
      if (definition.isMacro) return readMacroCall(context, definition);
      definition.isOldStyle = readParameters(context, definition);
      return false;
    }
    if (definition.name > 0 && !definition.isMacro) {
      this.#skipArguments();
      return false;
    }
    definition.onlySpecifiers = false;
    if (definition.hasType && definition.last > 0 && this.#isReserved(id) && !this.#isReserved(definition.last)) {
      context.mention(id);
      return false;
    }
    nameDefinition(context, definition, id, false);
    return false;
  }
  /** Whether a name begins with two underscores, as attribute macros do. */
  #isReserved(id) {
    return this.names.text(id).startsWith("__");
  }
  #skipArguments() {
    const { lexer } = this.#context;
    if (lexer.peek() !== OPEN_PAREN) return;
    lexer.next();
    this.#context.skipParentheses();
  }
};

// test/syntax/scan/scanText.ts
function scanText(text) {
  return scanBytes(Buffer.from(text));
}
function scanBytes(text, scanner = new Scanner(new Names())) {
  const bytes = new Uint8Array(text.length + PADDING);
  bytes.set(text);
  const block = scanner.scan(bytes, text.length);
  return readBlock(block.bytes.slice(0, block.length), scanner.names);
}
function summarize({ functions, records, macros, variables, registrations }) {
  const rows = [
    ...functions.map((item) => ({ line: item.line, row: `function ${item.name} @${item.line + 1}..${item.line + item.lines + 1} ${flagsOf(item.flags)}tokens=${item.bodyTokens}${usesOf(item)}` })),
    ...records.map(({ line, embeds, ...name }) => ({ line, row: `record ${nameOf(name)} @${line + 1}${list("embeds", embeds.map(nameOf))}` })),
    ...macros.map((item) => ({ line: item.line, row: `macro ${item.name} @${item.line + 1}${usesOf(item)}` })),
    ...variables.map((item) => ({ line: item.line, row: `variable ${item.name} @${item.line + 1}${usesOf(item)}` })),
    ...registrations.map((item) => ({ line: item.line, row: `registration ${item.name} @${item.line + 1}${usesOf(item)}` }))
  ];
  return rows.sort((one, other) => one.line - other.line).map(({ row }) => `${row}
`).join("");
}
var flagsOf = (flags) => Object.entries(Flag).filter(([, bit]) => (flags & bit) !== 0).map(([name]) => `${name} `).join("");
var nameOf = ({ name, isTag }) => isTag ? `struct ${name}` : name;
var list = (what, names) => names.length > 0 ? `
  ${what} ${names.join(", ")}` : "";
var usesOf = ({ calls: calls2, mentions, types, stored, passed }) => list("calls", calls2) + list("mentions", mentions) + list("types", types) + list("stores", stored.map(({ name, field }) => `${name} in .${field}`)) + list("passes", passed.map(({ name, to }) => `${name} to ${to}`));

// t.ts
for (const f of process.argv.slice(2)) console.log(summarize(scanText((0, import_node_fs.readFileSync)(f, "utf8"))));
