/** Static locals of a body: each `static` declaration is read like one at file scope. */
import { readDeclarations } from './declarations';
import type { StaticLocalFact } from './facts';
import { punctuation, wordAt, type Reading } from './reading';
import { TokenKind } from './tokens';

/** Ranges are counted from `base`, the start of the function. */
export function readStaticLocals(reading: Reading, from: number, to: number, base: number): StaticLocalFact[] {
  const { tokens, hidden } = reading;
  const locals: StaticLocalFact[] = [];
  const ordinals = new Map<string, number>();
  for (let at = from; at < to; at += 1) {
    if (tokens.kind[at] !== TokenKind.identifier || hidden[at] !== 0 || wordAt(tokens, at) !== 'static') continue;
    let end = at;
    for (let depth = 0; end < to; end += 1) {
      const code = punctuation(tokens, end);
      if (code === 40 || code === 91 || code === 123) depth += 1;
      else if (code === 41 || code === 93 || code === 125) depth -= 1;
      if (depth < 0 || (depth === 0 && code === 59)) break;
    }
    const shift = (tokens.start[at] ?? 0) - base;
    for (const variable of readDeclarations(reading, { kind: 'declaration', from: at, to: Math.min(end + 1, to) }).variables) {
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
