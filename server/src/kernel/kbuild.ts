/**
 * Reads a Kbuild Makefile into statements, each with the conditions it stands under. Nothing is decided here:
 * names and values stay as written, because what they mean depends on the configuration.
 *
 * Source of the syntax: the GNU make manual ("How make Reads a Makefile") and Documentation/kbuild/makefiles.rst.
 */

/** A condition around a statement: `ifeq (left,right)`; `ifdef X` is "not ifeq ($(X),)". */
export interface Guard {
  /** As written, e.g. `ifdef CONFIG_SMP`, for messages. */
  readonly text: string;
  /** The two sides, unexpanded; absent when the condition could not be read. */
  readonly sides?: { readonly left: string; readonly right: string };
  /** Holds when the sides differ (`ifneq`, `ifdef`, the `else` of an `ifeq`). */
  readonly negated: boolean;
}

export interface At {
  /** 1-based, where the statement starts. */
  readonly line: number;
  /** Outermost first. */
  readonly guards: readonly Guard[];
}

export type Statement = Assignment | Include | Unread;

export interface Assignment extends At {
  readonly kind: 'assign';
  readonly name: string;
  readonly operator: '=' | ':=' | '+=' | '?=';
  readonly value: string;
}

export interface Include extends At {
  readonly kind: 'include';
  readonly paths: string;
}

/** Kept, not guessed: a later answer that rests on this file can say what it did not understand. */
export interface Unread extends At {
  readonly kind: 'unread';
  readonly text: string;
  readonly reason: string;
}

/** One `if … else if … else` on the way: the branches behind us, negated, and the one we are in. */
interface Branch {
  readonly passed: Guard[];
  current: readonly Guard[];
}

export function parseKbuild(text: string): Statement[] {
  const statements: Statement[] = [];
  const branches: Branch[] = [];
  let inRule = false;
  let inDefine = false;

  for (const { line, text: raw } of logicalLines(text)) {
    if (inDefine) {
      inDefine = !/^\s*endef\b/.test(raw);
      continue;
    }
    // A tab starts a recipe line only below a rule; elsewhere people indent assignments with it.
    if (raw.startsWith('\t') && inRule) continue;
    const statement = withoutComment(raw).trim();
    if (statement === '') continue;
    if (takeConditional(statement, branches)) continue;

    const at = { line, guards: guardsOf(branches) };
    if (/^(override\s+|export\s+)*define\b/.test(statement)) {
      inDefine = true;
      statements.push({ kind: 'unread', text: statement, reason: 'a define block', ...at });
      continue;
    }
    const read = parseStatement(statement);
    inRule = read === 'rule';
    if (read !== 'rule') statements.push({ ...read, ...at });
  }
  return statements;
}

type WithoutAt<T> = T extends At ? Omit<T, keyof At> : never;

function parseStatement(statement: string): WithoutAt<Statement> | 'rule' {
  const include = /^[-s]?include\s+(.*)$/.exec(statement);
  if (include?.[1] !== undefined) return { kind: 'include', paths: include[1] };
  const split = splitAssignment(statement.replace(/^((export|override|private)\s+)+(?=\S)/, ''));
  if (split === 'rule') return 'rule';
  if (split !== undefined) return { kind: 'assign', ...split };
  return { kind: 'unread', text: statement, reason: 'neither an assignment, an include nor a rule' };
}

/** Finds the first operator outside `$(…)`; a `:` that is none makes the line a rule. */
function splitAssignment(statement: string): Pick<Assignment, 'name' | 'operator' | 'value'> | 'rule' | undefined {
  for (let at = 0, depth = 0; at < statement.length; at += 1) {
    const character = statement[at];
    if (character === '(' || character === '{') depth += 1;
    else if (character === ')' || character === '}') depth -= 1;
    else if (depth === 0 && (character === '=' || character === ':' || character === '+' || character === '?')) {
      const operator = /^(=|::?:?=|\+=|\?=)/.exec(statement.slice(at))?.[0];
      if (operator !== undefined) {
        return {
          name: statement.slice(0, at).trim(),
          operator: operator.startsWith(':') ? ':=' : (operator as Assignment['operator']),
          value: statement.slice(at + operator.length).trim(),
        };
      }
      if (character === ':') return 'rule';
    }
  }
  return undefined;
}

/** Follows `ifeq`, `ifneq`, `ifdef`, `ifndef`, `else` and `endif`; false when the line is none of them. */
function takeConditional(statement: string, branches: Branch[]): boolean {
  const keyword = /^(ifn?eq|ifn?def)\b|^else\b|^endif\b/.exec(statement)?.[0];
  if (keyword === undefined) return false;
  if (keyword === 'endif') {
    branches.pop();
    return true;
  }
  if (keyword !== 'else') {
    branches.push({ passed: [], current: [parseGuard(statement)] });
    return true;
  }
  const branch = branches.at(-1);
  if (branch === undefined) return true;
  for (const guard of branch.current) branch.passed.push({ ...guard, negated: !guard.negated, text: `not ${guard.text}` });
  const rest = statement.slice('else'.length).trim();
  branch.current = /^ifn?(eq|def)\b/.test(rest) ? [parseGuard(rest)] : [];
  return true;
}

/** More conditions around one statement than this (linux-source-6.1 has up to 18) are not kept. */
const MAX_GUARDS = 64;

function guardsOf(branches: readonly Branch[]): Guard[] {
  const guards: Guard[] = [];
  for (const { passed, current } of branches) {
    for (const guard of passed.length > MAX_GUARDS ? passed.slice(0, MAX_GUARDS) : passed) guards.push(guard);
    guards.push(...current);
    if (guards.length <= MAX_GUARDS) continue;
    // Nobody can tell whether this one holds.
    return [...guards.slice(0, MAX_GUARDS), { text: `more than ${MAX_GUARDS} conditions`, negated: false }];
  }
  return guards;
}

function parseGuard(text: string): Guard {
  const keyword = /^\w+/.exec(text)?.[0] ?? '';
  const rest = text.slice(keyword.length).trim();
  if (keyword.endsWith('def')) return { text, sides: { left: `$(${rest})`, right: '' }, negated: keyword === 'ifdef' };
  const sides = rest.startsWith('(') ? parenthesized(rest) : quoted(rest);
  return { text, negated: keyword === 'ifneq', ...(sides === undefined ? {} : { sides }) };
}

function parenthesized(text: string): Guard['sides'] {
  let comma: number | undefined;
  for (let at = 1, depth = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '(') depth += 1;
    else if (character === ',' && depth === 0) comma ??= at;
    else if (character === ')' && depth > 0) depth -= 1;
    else if (character === ')') {
      return comma === undefined ? undefined : { left: text.slice(1, comma).trim(), right: text.slice(comma + 1, at).trim() };
    }
  }
  return undefined;
}

function quoted(text: string): Guard['sides'] {
  const match = /^(["'])(.*?)\1\s+(["'])(.*?)\3$/.exec(text);
  return match?.[2] === undefined || match[4] === undefined ? undefined : { left: match[2], right: match[4] };
}

/** Lines with their continuations joined by one space. */
function* logicalLines(text: string): Generator<{ line: number; text: string }> {
  const lines = text.split(/\r\n|\r|\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const line = at + 1;
    const parts: string[] = [];
    let part = lines[at] ?? '';
    while (/(^|[^\\])(\\\\)*\\$/.test(part) && at + 1 < lines.length) {
      parts.push(part.slice(0, -1).trimEnd());
      at += 1;
      part = (lines[at] ?? '').trimStart();
    }
    parts.push(part);
    yield { line, text: parts.length === 1 ? part : parts.filter((one) => one !== '').join(' ') };
  }
}

function withoutComment(line: string): string {
  const hash = /(^|[^\\])#/.exec(line);
  return hash === null ? line : line.slice(0, hash.index + (hash[1]?.length ?? 0));
}
