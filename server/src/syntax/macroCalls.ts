/** Macro calls at file scope -> exports, variables that a macro defines, and registrations (all others). */
import type { ExportFact, Range, RegistrationFact, VariableFact } from './facts';
import { hashTokens } from './hash';
import type { Item } from './items';
import { identifiersIn, splitArguments } from './lookup';
import { definedVariable, isExportMacro } from './macros';
import { punctuation, wordAt, type Reading } from './reading';
import { fold } from './text';
import { hashText } from './tokens';

export interface MacroCallFacts {
  readonly exports?: readonly ExportFact[];
  readonly variables?: readonly VariableFact[];
  readonly registrations?: readonly RegistrationFact[];
}

/** Ranges are counted from the item's start; ordinals and conditions are filled in later. */
export function readMacroCall(reading: Reading, item: Item): MacroCallFacts {
  const { tokens } = reading;
  const base = tokens.start[item.from] ?? 0;
  const range: Range = { start: 0, end: (tokens.end[item.to - 1] ?? base) - base };
  const macro = wordAt(tokens, item.nameToken ?? item.from);
  const args = splitArguments(tokens, item.open ?? 0, item.close ?? 0);
  const hash = hashTokens(tokens, item.from, item.to);
  if (isExportMacro(macro)) return { exports: [{ name: args[0] ?? '', macro, range }] };
  const definition = definedVariable(macro);
  const name = args[definition?.nameArgument ?? 0] ?? '';
  if (definition === undefined || !/^\w+$/.test(name)) return { registrations: [{ macro, args, range, hash, conditions: [] }] };

  const open = item.open ?? item.from;
  const close = item.close ?? item.from;
  const specifiers = fold(tokens.text.slice(base, tokens.start[item.nameToken ?? item.from])).split(' ').filter((word) => word !== '');
  const nameStart = (tokens.start[argumentToken(reading, open, definition.nameArgument)] ?? base) - base;
  // DEFINE_PER_CPU(int, x) = 3;
  const equals = punctuation(tokens, close + 1) === 61 ? close + 1 : -1;
  const initializer = equals < 0 ? undefined : { start: (tokens.start[equals + 1] ?? base) - base, end: (tokens.end[item.to - 2] ?? base) - base };
  return {
    variables: [
      {
        name, ordinal: 0, range, nameRange: { start: nameStart, end: nameStart + name.length }, conditions: [],
        type: definition.typeArgument === undefined ? (definition.type ?? '') : (args[definition.typeArgument] ?? ''),
        typeHash: hashText([...specifiers, macro, ...args].join(' ')),
        attributes: specifiers,
        isStatic: specifiers.includes('static'),
        isExtern: macro.startsWith('DECLARE_PER_CPU'),
        ...(initializer === undefined ? {} : { initializer: fold(tokens.text.slice(base + initializer.start, base + initializer.end)), initializerRange: initializer }),
        initializerHash: equals < 0 ? 0 : hashTokens(tokens, equals + 1, item.to - 1),
        mentions: identifiersIn(tokens, tokens.end[open] ?? base, base + range.end).filter((mention) => mention !== name),
        definedBy: macro,
      },
    ],
  };
}

/** The first token of an argument, counted from 0. */
function argumentToken({ tokens, partner }: Reading, open: number, index: number): number {
  let at = open + 1;
  for (let commas = 0; commas < index && at < tokens.count; at += 1) {
    if (punctuation(tokens, at) === 44) commas += 1;
    else at = Math.max(at, partner[at] ?? -1);
  }
  return at;
}
