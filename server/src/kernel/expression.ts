/**
 * Constant expressions of C: array bounds, bit-field widths, enum values, `#if` conditions. Three-valued: a name
 * nobody knows makes the value undefined, but `0 && unknown` is still 0.
 *
 * Precedence and operators: C11 6.5 and 6.6. Values are exact integers; a 64-bit result is all the kernel needs. What nests deeper than
 * compilers must take, or grows beyond any type, is not known either: a text may be anything.
 */

export interface Names {
  /** The value of an identifier, or undefined when it is not known. */
  readonly identifier: (name: string) => bigint | undefined;
  /** The value of `name(argument text)`: `sizeof(struct x)`, `defined(X)`, `BIT(3)`, …; undefined when it is not known. */
  readonly call?: (name: string, argument: string) => bigint | undefined;
}

/** The value of an expression, or undefined when it is not known or no expression. */
export function evaluate(text: string, names: Names): bigint | undefined {
  const tokens = tokenize(text);
  if (tokens === undefined) return undefined;
  const reader = new Reader(tokens, names);
  try {
    const value = reader.conditional();
    return reader.isAtEnd ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const TOKEN = /\s*(0[xX][0-9a-fA-F]+[uUlL]*|\d+[uUlL]*|[A-Za-z_]\w*|'(?:\\.|[^'\\])'|->|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%<>!~&|^?:(),.[\]])/y;

function tokenize(text: string): string[] | undefined {
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const token = TOKEN.exec(trimmed)?.[1];
    // A failed match also sets lastIndex back to 0.
    if (token === undefined) return undefined;
    tokens.push(token);
  }
  return tokens;
}

type Value = bigint | undefined;

/** Binary operators by precedence, weakest first. */
const LEVELS: readonly (readonly string[])[] = [['||'], ['&&'], ['|'], ['^'], ['&'], ['==', '!='], ['<', '>', '<=', '>='], ['<<', '>>'], ['+', '-'], ['*', '/', '%']];
const LEVEL_OF: ReadonlyMap<string, number> = new Map(LEVELS.flatMap((operators, level) => operators.map((operator) => [operator, level])));

/** C11 5.2.4.1 asks compilers for 63 levels of parentheses. */
const MAX_NESTING = 63;

/** Bits of the largest value that is kept: an __int128's. */
const MAX_BITS = 128;

/** Words that make up a cast to an integer type, which changes no value a constant of the kernel has. */
const CAST_WORDS = /^(unsigned|signed|int|long|short|char|size_t|u8|u16|u32|u64|s8|s16|s32|s64|__u\d+|__s\d+|gfp_t|__force)$/;

class Reader {
  private at = 0;
  private nesting = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly names: Names,
  ) {}

  get isAtEnd(): boolean {
    return this.at === this.tokens.length;
  }

  conditional(): Value {
    this.enter();
    const value = this.choice();
    this.nesting -= 1;
    return value;
  }

  private choice(): Value {
    const condition = this.binary(0);
    if (!this.take('?')) return condition;
    const then = this.conditional();
    this.expect(':');
    const otherwise = this.conditional();
    if (condition === undefined) return then === otherwise ? then : undefined;
    return condition === 0n ? otherwise : then;
  }

  /** Operators of this level and stronger. */
  private binary(weakest: number): Value {
    let left = this.unary();
    for (;;) {
      const operator = this.tokens[this.at] ?? '';
      const level = LEVEL_OF.get(operator);
      if (level === undefined || level < weakest) return left;
      this.at += 1;
      left = bounded(apply(operator, left, this.binary(level + 1)));
    }
  }

  private unary(): Value {
    const operator = this.tokens[this.at];
    if (operator !== '!' && operator !== '~' && operator !== '-' && operator !== '+') return this.primary();
    this.at += 1;
    this.enter();
    const value = this.unary();
    this.nesting -= 1;
    if (value === undefined) return undefined;
    return operator === '!' ? truth(value === 0n) : operator === '~' ? ~value : operator === '-' ? -value : value;
  }

  private primary(): Value {
    const token = this.tokens[this.at];
    if (token === undefined) throw new SyntaxError('operand expected');
    this.at += 1;
    if (token === '(') {
      if (this.takeCast()) {
        this.enter();
        const cast = this.unary();
        this.nesting -= 1;
        return cast;
      }
      const value = this.conditional();
      this.expect(')');
      return value;
    }
    if (/^\d/.test(token)) return integer(token);
    if (token.startsWith("'")) return character(token);
    if (!/^\w/.test(token)) throw new SyntaxError(`operand expected before ${token}`);
    if (token === 'defined' && /^\w/.test(this.tokens[this.at] ?? '')) {
      this.at += 1;
      return this.names.call?.('defined', this.tokens[this.at - 1] ?? '');
    }
    return this.tokens[this.at] === '(' ? this.names.call?.(token, this.argument()) : this.names.identifier(token);
  }

  private enter(): void {
    this.nesting += 1;
    if (this.nesting > MAX_NESTING) throw new SyntaxError('nested too deeply');
  }

  /** Skips `type)` after an opening parenthesis. */
  private takeCast(): boolean {
    let end = this.at;
    while (CAST_WORDS.test(this.tokens[end] ?? '')) end += 1;
    if (end === this.at || this.tokens[end] !== ')') return false;
    this.at = end + 1;
    return true;
  }

  /** The text between the parentheses of a call. */
  private argument(): string {
    this.expect('(');
    const start = this.at;
    for (let depth = 0; ; this.at += 1) {
      const token = this.tokens[this.at];
      if (token === undefined) throw new SyntaxError(') expected');
      if (token === ')' && depth === 0) break;
      if (token === '(') depth += 1;
      else if (token === ')') depth -= 1;
    }
    this.at += 1;
    return this.tokens.slice(start, this.at - 1).join(' ');
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw new SyntaxError(`${token} expected`);
  }
}

function apply(operator: string, left: Value, right: Value): Value {
  if (operator === '&&' || operator === '||') {
    const decides = operator === '||';
    if ((left !== undefined && (left !== 0n) === decides) || (right !== undefined && (right !== 0n) === decides)) return truth(decides);
    return left === undefined || right === undefined ? undefined : truth(!decides);
  }
  if (left === undefined || right === undefined) return undefined;
  switch (operator) {
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '&':
      return left & right;
    case '==':
      return truth(left === right);
    case '!=':
      return truth(left !== right);
    case '<':
      return truth(left < right);
    case '>':
      return truth(left > right);
    case '<=':
      return truth(left <= right);
    case '>=':
      return truth(left >= right);
    case '<<':
      return right >= 0n && right < 64n ? left << right : undefined;
    case '>>':
      return right >= 0n && right < 64n ? left >> right : undefined;
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0n ? undefined : left / right;
    case '%':
      return right === 0n ? undefined : left % right;
    default:
      return undefined;
  }
}

function bounded(value: Value): Value {
  return value === undefined || BigInt.asIntN(MAX_BITS, value) === value ? value : undefined;
}

function truth(value: boolean): bigint {
  return value ? 1n : 0n;
}

function integer(token: string): Value {
  const digits = token.replace(/[uUlL]+$/, '');
  if (digits.length > MAX_BITS) return undefined;
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`);
  return /^(0[xX][0-9a-fA-F]+|0|[1-9]\d*)$/.test(digits) ? BigInt(digits) : undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', 0: '\0', '\\': '\\', "'": "'", '"': '"' };

function character(token: string): Value {
  const inner = token.slice(1, -1);
  const text = inner.startsWith('\\') ? ESCAPES[inner.slice(1)] : inner;
  return text === undefined ? undefined : BigInt(text.charCodeAt(0));
}
