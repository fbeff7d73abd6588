/** Static locals of a body: each `static` declaration is read like one at file scope. */
import { readDeclarations } from './declarations';
import type { StaticLocalFact, VariableFact } from './facts';
import { readMacroCall } from './macroCalls';
import { keywords } from './macros';
import { punctuation, wordAt, type Reading } from './reading';
import { TokenKind } from './tokens';

/** Ranges are counted from `base`, the start of the function. */
export function readStaticLocals(reading: Reading, from: number, to: number, base: number): StaticLocalFact[] {
  const { tokens, hidden } = reading;
  const locals: StaticLocalFact[] = [];
  const ordinals = new Map<string, number>();
  for (let at = from; at < to; at += 1) {
    if (tokens.kind[at] !== TokenKind.identifier || hidden[at] !== 0 || wordAt(tokens, at) !== 'static') continue;
    const end = declarationEnd(reading, at, to);
    const shift = (tokens.start[at] ?? 0) - base;
    for (const variable of readVariables(reading, at, Math.min(end + 1, to))) {
      const ordinal = ordinals.get(variable.name) ?? 0;
      ordinals.set(variable.name, ordinal + 1);
      locals.push({
        name: variable.name,
        ordinal,
        range: { start: variable.range.start + shift, end: variable.range.end + shift },
        nameRange: { start: variable.nameRange.start + shift, end: variable.nameRange.end + shift },
        type: variable.type,
        typeHash: variable.typeHash,
        ...(variable.initializer === undefined ? {} : { initializer: variable.initializer }),
        initializerHash: variable.initializerHash,
      });
    }
    at = end;
  }
  return locals;
}

/** The semicolon of the declaration at `from`, or where its block ends. */
function declarationEnd({ tokens, partner }: Reading, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const code = punctuation(tokens, at);
    if (code === 59 || code === 125) break;
    at = Math.max(at, partner[at] ?? -1) + 1;
  }
  return at;
}

function readVariables(reading: Reading, from: number, to: number): readonly VariableFact[] {
  const { tokens, partner } = reading;
  // static DEFINE_RATELIMIT_STATE(limit, HZ, 10);
  const close = partner[from + 2] ?? -1;
  const isMacroCall = tokens.kind[from + 1] === TokenKind.identifier && !keywords.has(wordAt(tokens, from + 1)) && punctuation(tokens, from + 2) === 40 && close > 0;
  if (isMacroCall) return readMacroCall(reading, { kind: 'macro-call', from, to, nameToken: from + 1, open: from + 2, close }).variables ?? [];
  return readDeclarations(reading, { kind: 'declaration', from, to }).variables;
}
