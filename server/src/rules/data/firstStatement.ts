/** Where a block's declarations end: many kernels are compiled with -Wdeclaration-after-statement, and a fix puts no statement before one. */
import { TokenKind } from '../../syntax/tokens';
import type { BodyToken } from '../body';

/**
 * Offset behind the last declaration that stands in a row from `from` on, and behind the #endif where it stands in an #if; `from` itself where there is none.
 * @param text the file's
 */
export function behindDeclarations(tokens: readonly BodyToken[], text: string, from: number): number {
  let end = from;
  let mayEnd = from;
  let depth = 0;
  let at = tokens.findIndex((token) => token.at >= from);
  while (at >= 0 && at < tokens.length) {
    const token = tokens[at];
    if (token?.kind === TokenKind.directive) {
      depth += /^#\s*if/.test(token.text) ? 1 : /^#\s*endif/.test(token.text) ? -1 : 0;
      if (depth < 0) return end;
      mayEnd = depth === 0 && mayEnd > end ? token.at + token.text.trimEnd().length : mayEnd;
      if (depth === 0 && /^#\s*endif/.test(token.text) && mayEnd > end) end = mayEnd;
      at += 1;
      continue;
    }
    const last = statementEnd(tokens, at);
    const semicolon = tokens[last];
    if (semicolon === undefined) return end;
    const kind = kindOf(tokens, at);
    // A macro's call may be either: where a blank line follows, it belongs to what stands above.
    if (kind === 'statement' || (kind === 'macro' && !/^[ \t]*(\/\*[^\n]*\*\/[ \t]*)?\n[ \t]*\n/.test(text.slice(semicolon.at + 1, semicolon.at + 400)) && kindOf(tokens, last + 1) !== 'declaration')) return end;
    mayEnd = semicolon.at + 1;
    if (depth === 0) end = mayEnd;
    at = last + 1;
  }
  return end;
}

/** The semicolon outside parentheses and braces; the last token where there is none. */
function statementEnd(tokens: readonly BodyToken[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    const text = tokens[at]?.text ?? '';
    if (/^[([{]$/.test(text)) depth += 1;
    else if (/^[)\]}]$/.test(text)) depth -= 1;
    if (depth < 0) return tokens.length;
    if (depth === 0 && text === ';') return at;
  }
  return tokens.length;
}

const TYPE = /^(static|const|volatile|register|extern|auto|struct|union|enum|typeof|__typeof__|unsigned|signed|int|long|short|char|void|bool|float|double|DEFINE_\w+|DECLARE_\w+|LIST_HEAD|HLIST_HEAD|KUNIT_\w+|__maybe_unused|__always_unused)$/;
const STATEMENT = /^(return|if|else|for|while|do|switch|case|default|goto|break|continue|asm|__asm__)$/;

function kindOf(tokens: readonly BodyToken[], at: number): 'declaration' | 'macro' | 'statement' {
  const [first, next] = [tokens[at], tokens[at + 1]];
  if (first?.kind !== TokenKind.identifier || STATEMENT.test(first.text)) return 'statement';
  if (TYPE.test(first.text)) return 'declaration';
  if (next?.kind === TokenKind.identifier) return 'declaration';
  if (next?.text === '(' && /^[A-Z_][A-Z0-9_]*$/.test(first.text)) return 'macro';
  // `demo_t *x = …`, and not the product that nobody writes as a statement.
  let behind = at + 1;
  while (tokens[behind]?.text === '*') behind += 1;
  return behind > at + 1 && tokens[behind]?.kind === TokenKind.identifier && /^[=;,[(]$/.test(tokens[behind + 1]?.text ?? '') ? 'declaration' : 'statement';
}
