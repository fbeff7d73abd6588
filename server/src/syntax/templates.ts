/** Replacement texts of macros, made readable as C. */
import type { MacroFact } from './facts';
import { attributeMacros, keywords } from './macros';
import { tokenize, TokenKind } from './tokens';
import { punctuation, wordAt } from './words';

/** A `#define`, as far as learning goes. */
export type Definition = Pick<MacroFact, 'name' | 'parameters' | 'body'>;

/** All definitions of each name: a macro is what every one of them says. */
export function definitionsByName(macros: readonly Definition[]): Map<string, Definition[]> {
  const byName = new Map<string, Definition[]>();
  for (const macro of macros) {
    const list = byName.get(macro.name);
    if (list === undefined) byName.set(macro.name, [macro]);
    else list.push(macro);
  }
  return byName;
}

/** Macros deep. */
const DEEPEST = 4;

/**
 * A replacement text in which calls of macros that only put a name together (`#define OP(grp, op) grp_ ## grp ## _ ## op`), with words in front at most, are replaced: what follows such a call is the
 * rest of a function's or a variable's definition.
 */
export function withNamesWritten({ body }: Pick<Definition, 'body'>, byName: ReadonlyMap<string, readonly Definition[]>, depth = 0): string {
  return body.replace(/\b([A-Za-z_]\w*)\s*\(([\w\s,]*)\)/g, (call, name: string, list: string) => {
    const [macro, ...others] = byName.get(name) ?? [];
    const args = list.split(',').map((argument) => argument.trim());
    if (macro?.parameters?.length !== args.length || others.length > 0 || depth > DEEPEST) return call;
    const text = withNamesWritten(macro, byName, depth + 1);
    if (!/^[\w\s*]+(##[\w\s*]+)+$/.test(text)) return call;
    const places = new Map(macro.parameters.map((parameter, index) => [parameter, args[index]]));
    return text.replace(/[A-Za-z_]\w*/g, (word) => places.get(word) ?? word);
  });
}

/**
 * A replacement text as C: parameters become `$0$`, `$1$`, …, which are names of their own to the lexer, `##` joins, `#x` is a string.
 * Macro calls that follow one another without a semicolon get a line each.
 */
export function templateOf({ parameters = [], body }: Definition): string {
  const places = new Map(parameters.map((parameter, index) => [parameter.replace(/\.\.\.$/, ''), `$${index}$`]));
  const tokens = tokenize(`x ${body}`); // a leading # is no directive
  let text = '';
  let joins = true;
  let depth = 0;
  for (let at = 1; at < tokens.count; at += 1) {
    const word = wordAt(tokens, at);
    if (word === '##') {
      joins = true;
      continue;
    }
    const isString = word === '#' && places.has(wordAt(tokens, at + 1));
    if (isString) at += 1;
    const code = punctuation(tokens, at);
    const startsCall = depth === 0 && text.endsWith(')') && tokens.kind[at] === TokenKind.identifier && punctuation(tokens, at + 1) === 40 && !attributeMacros.has(word) && !keywords.has(word);
    text += (joins ? '' : startsCall ? '\n' : ' ') + (isString ? `"${places.get(wordAt(tokens, at)) ?? ''}"` : (places.get(word) ?? word));
    if (code === 40 || code === 123) depth += 1;
    else if (code === 41 || code === 125) depth -= 1;
    joins = false;
  }
  return text;
}
