/** Directives -> macro and include facts. */
import { directiveWords } from './conditionals';
import type { IncludeFact, MacroFact } from './facts';
import { keywords } from './macros';
import type { Reading } from './reading';
import { fold } from './text';
import { TokenKind } from './tokens';

export function readDirectives({ tokens, conditionals }: Reading): { macros: MacroFact[]; includes: IncludeFact[] } {
  const macros: MacroFact[] = [];
  const includes: IncludeFact[] = [];
  const ordinals = new Map<string, number>();
  for (let at = 0; at < tokens.count; at += 1) {
    if (tokens.kind[at] !== TokenKind.directive) continue;
    const start = tokens.start[at] ?? 0;
    const end = tokens.end[at] ?? 0;
    const head = /^#[ \t]*(define|include)\b[ \t]*/.exec(tokens.text.slice(start, Math.min(end, start + 64)));
    if (head === null) continue;
    const conditions = conditionals.conditionsAt(at);
    const text = tokens.text.slice(start + head[0].length, end);
    if (head[1] === 'include') {
      const path = /^(?:"([^"\n]+)"|<([^>\n]+)>)/.exec(text);
      if (path !== null) includes.push({ path: path[1] ?? path[2] ?? '', system: path[2] !== undefined, range: { start, end }, conditions });
      continue;
    }
    const parts = /^([A-Za-z_]\w*)(\(([^)]*)\))?/.exec(text);
    if (parts === null) continue;
    const name = parts[1] ?? '';
    const ordinal = ordinals.get(name) ?? 0;
    ordinals.set(name, ordinal + 1);
    const nameStart = start + head[0].length;
    macros.push({
      name,
      ordinal,
      range: { start, end },
      nameRange: { start: nameStart, end: nameStart + name.length },
      conditions,
      ...(parts[2] === undefined ? {} : { parameters: fold(parts[3] ?? '').split(/\s*,\s*/).filter((parameter) => parameter !== '') }),
      body: fold(text.slice(parts[0].length)),
      hash: tokens.hash[at] ?? 0,
      mentions: [...new Set(directiveWords(tokens, at).slice(2))].filter((word) => /^[A-Za-z_]/.test(word) && !keywords.has(word)),
    });
  }
  return { macros, includes };
}
