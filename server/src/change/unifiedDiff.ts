/**
 * Reads unified diffs: of diff -u, of git with its extended headers, and both with prose around them, as in
 * git format-patch mail and mbox. Every hunk keeps its line in the patch, so that a message can name it.
 */

export interface FilePatch {
  readonly kind: 'modify' | 'create' | 'delete' | 'rename' | 'copy';
  /** As written, with the `a/` or other first component; absent for a created file. */
  readonly oldPath?: string;
  /** As written; absent for a deleted file. */
  readonly newPath?: string;
  readonly hunks: readonly Hunk[];
  /** Line of the file's header in the patch, from 1. */
  readonly line: number;
}

export interface Hunk {
  /** Where the first line of `lines` stands in the old file, from 1; for a hunk without old lines, where its lines go. */
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  /** Each with its mark (space, `-` or `+`), and with `noNewline` behind it where the file ends without a line end. */
  readonly lines: string[];
  /** Line of the `@@` in the patch, from 1. */
  readonly line: number;
}

/** Stands behind the last line of a file that ends without a line end, so that comparing lines compares that too. No byte decodes to it. */
export const noNewline = '\uffff';

/** What is wrong with a patch, and on which of its lines (from 1). */
export class PatchError extends Error {
  constructor(message: string, readonly line?: number) {
    super(message);
  }
}

interface Header {
  oldPath?: string;
  newPath?: string;
  kind: FilePatch['kind'];
  line: number;
}

const devNull = '/dev/null';

/** The diffs of one text, in order. Throws a PatchError for a damaged one, a binary one, and a text without any. */
export function parseUnifiedDiff(text: string): FilePatch[] {
  const reader = new Reader(text);
  const patches: FilePatch[] = [];
  while (!reader.done) {
    const header = readGitHeader(reader) ?? readHeader(reader);
    if (header === undefined) {
      if (/^@@ -\d/.test(reader.current)) throw new PatchError('a hunk without a file header before it', reader.line);
      reader.next();
      continue;
    }
    const hunks: Hunk[] = [];
    while (reader.current.startsWith('@@ -')) hunks.push(readHunk(reader));
    if (hunks.length > 0 || header.kind !== 'modify') patches.push({ ...header, hunks });
  }
  return patches;
}

/** A cursor over the patch's lines. */
class Reader {
  private readonly lines: readonly string[];
  private at = 0;

  constructor(text: string) {
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    // A patch that went through a mailer or Windows has CR LF in its headers too: those CRs are not the files'. (In a
    // hunk's header the text behind the second @@ is a line of the file and says nothing.)
    const mangled = lines.some((line, at) => /^--- .*\r$/.test(line) && /^\+\+\+ .*\r$/.test(lines[at + 1] ?? '') && (lines[at + 2] ?? '').startsWith('@@ -'));
    this.lines = mangled ? lines.map((line) => line.replace(/\r$/, '')) : lines;
  }

  get done(): boolean { return this.at >= this.lines.length; }
  /** From 1. */
  get line(): number { return this.at + 1; }
  get current(): string { return this.lines[this.at] ?? ''; }
  peek(by: number): string { return this.lines[this.at + by] ?? ''; }
  next(): string {
    const line = this.current;
    this.at += 1;
    return line;
  }
}

/** `diff --git` and what follows it up to the first hunk. */
function readGitHeader(reader: Reader): Header | undefined {
  if (!reader.current.startsWith('diff --git ')) return undefined;
  const header: Header = { kind: 'modify', line: reader.line };
  const names = namesOf(reader.next().slice('diff --git '.length));
  const path = names?.newPath ?? 'a file';
  for (; !reader.done; reader.next()) {
    const [, word, value = ''] = /^(old mode|new mode|deleted file mode|new file mode|copy from|copy to|rename from|rename to|rename old|rename new|similarity index|dissimilarity index|index) (.*)$/.exec(reader.current) ?? [];
    if (/^GIT binary patch|^Binary files .* differ$/.test(reader.current)) throw new PatchError(`${path} is changed by a binary diff, which cannot be judged`, reader.line);
    if (word === undefined) break;
    if (/mode$|^index$/.test(word) && /(?:^|\s)1[26]0000$/.test(value)) throw new PatchError(`${path} is a symbolic link or a submodule, which cannot be patched here`, reader.line);
    if (word === 'new file mode') header.kind = 'create';
    else if (word === 'deleted file mode') header.kind = 'delete';
    else if (word.startsWith('rename ') || word.startsWith('copy ')) {
      header.kind = word.startsWith('rename') ? 'rename' : 'copy';
      // These lines have no a/ and b/ prefix; the other places do.
      if (/from$|old$/.test(word)) header.oldPath = `a/${unquoted(value)}`;
      else header.newPath = `b/${unquoted(value)}`;
    }
  }
  const named = readFileLines(reader) ?? names;
  if (named === undefined && header.oldPath === undefined) {
    if (header.kind === 'modify') return header;
    throw new PatchError('a git header without file names', header.line);
  }
  if (header.kind !== 'create') header.oldPath ??= named?.oldPath ?? named?.newPath ?? '';
  if (header.kind !== 'delete') header.newPath ??= named?.newPath ?? named?.oldPath ?? '';
  return header;
}

/** `---` and `+++` without a git header before them. */
function readHeader(reader: Reader): Header | undefined {
  // In a mail's prose a line may begin with `--- `: it is a header only with its second line and a hunk.
  if (!(reader.current.startsWith('--- ') && reader.peek(1).startsWith('+++ ') && reader.peek(2).startsWith('@@ -'))) {
    if (/^Binary files .* differ$/.test(reader.current)) throw new PatchError('a file is changed by a binary diff, which cannot be judged', reader.line);
    return undefined;
  }
  const { line } = reader;
  const named = readFileLines(reader) ?? {};
  // GNU diff -N writes a new file's old side with the epoch as time stamp; the hunk's zero lines say it as well.
  const [, oldSide, newSide] = /^@@ -(\d+(?:,\d+)?) \+(\d+(?:,\d+)?) @@/.exec(reader.current) ?? [];
  if (named.oldPath === undefined || (oldSide === '0,0' && named.epoch === 'old')) return { kind: 'create', line, ...(named.newPath === undefined ? {} : { newPath: named.newPath }) };
  if (named.newPath === undefined || (newSide === '0,0' && named.epoch === 'new')) return { kind: 'delete', line, oldPath: named.oldPath };
  return { kind: 'modify', line, oldPath: named.oldPath, newPath: named.newPath };
}

interface FileLines {
  oldPath?: string;
  newPath?: string;
  epoch?: 'old' | 'new';
}

function readFileLines(reader: Reader): FileLines | undefined {
  if (!(reader.current.startsWith('--- ') && reader.peek(1).startsWith('+++ '))) return undefined;
  const named: FileLines = {};
  for (const side of ['old', 'new'] as const) {
    const rest = reader.next().slice(4);
    const [name = '', stamp = ''] = rest.startsWith('"') ? [unquoted(rest)] : rest.split('\t');
    if (name !== devNull) named[`${side}Path`] = name.trimEnd();
    if (/^19(69-12-31|70-01-01) /.test(stamp)) named.epoch = side;
  }
  return named;
}

function readHunk(reader: Reader): Hunk {
  const { line } = reader;
  const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(reader.next());
  if (header === null) throw new PatchError('a hunk header that cannot be read', line);
  const count = (text: string | undefined): number => (text === undefined ? 1 : Number(text));
  const oldLines = count(header[2]);
  const newLines = count(header[4]);
  const lines: string[] = [];
  let old = 0;
  let added = 0;
  while (old < oldLines || added < newLines) {
    if (reader.done) throw new PatchError('the patch ends within a hunk', reader.line);
    // Mailers strip trailing white space: an empty line is an empty line of context.
    const text = reader.current === '' ? ' ' : reader.current;
    if (text.startsWith('\\')) markLast(lines);
    else {
      if (!/^[ +-]/.test(text)) throw new PatchError('a line within a hunk that begins with neither space, + nor -', reader.line);
      if (!text.startsWith('+')) old += 1;
      if (!text.startsWith('-')) added += 1;
      lines.push(text);
    }
    reader.next();
  }
  if (reader.current.startsWith('\\')) {
    markLast(lines);
    reader.next();
  }
  // `-- ` is a mail's signature, `--- ` the next file; any other line of this kind would silently be left out.
  if (old > oldLines || added > newLines || /^(\+|-(?!-(-| |$)))/.test(reader.current)) throw new PatchError('a hunk whose line counts do not fit its lines', line);
  return { oldStart: Number(header[1]) + (oldLines === 0 ? 1 : 0), oldLines, newStart: Number(header[3]), newLines, lines, line };
}

function markLast(lines: string[]): void {
  const last = lines.pop();
  if (last !== undefined) lines.push(last + noNewline);
}

/** The two names of a `diff --git` line; they only count where no other line names the file, and are equal there. */
function namesOf(rest: string): { oldPath: string; newPath: string } | undefined {
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)$/.exec(rest);
  if (quoted?.[1] !== undefined && quoted[2] !== undefined) return { oldPath: unquoted(quoted[1]), newPath: unquoted(quoted[2]) };
  // Names with spaces are not quoted: being equal behind their prefixes, they split in the middle.
  const middle = (rest.length - 1) / 2;
  return Number.isInteger(middle) && rest[middle] === ' ' ? { oldPath: rest.slice(0, middle), newPath: rest.slice(middle + 1) } : undefined;
}

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** Git quotes names with control characters, quotes or bytes above 127 as C strings do. */
function unquoted(name: string): string {
  if (!name.startsWith('"')) return name;
  const end = /^"((?:[^"\\]|\\.)*)"/.exec(name);
  return (end?.[1] ?? name).replace(/\\([0-7]{3}|.)/g, (_, code: string) => (/^\d{3}$/.test(code) ? String.fromCharCode(parseInt(code, 8)) : (escapes[code] ?? code)));
}
