/**
 * Learning from `#define`s what macros make at file scope: a macro's replacement text is read like any other text, with names such as `$0$` in
 * place of its parameters. Pure; a macro that is not understood teaches nothing.
 */
import type { FileFacts } from './facts';
import { made, sourceText, withArguments, type MadePart, type Maker, type MakerOf } from './makers';
import { definitionsByName, templateOf, withNamesWritten, type Definition } from './templates';
import { tokenize } from './tokens';
import { punctuation } from './words';

/** Text to facts, as the room's door does it. */
export type Extract = (text: string) => FileFacts;

/**
 * What the macros make, learnt when asked for. Of several definitions (they stand in different `#if` branches) the first that makes something
 * counts. `others` tells the makers that are not among them.
 */
export function learnMakers(macros: readonly Definition[], extract: Extract, others: MakerOf): MakerOf {
  // Few files ask.
  let byName: ReturnType<typeof definitionsByName> | undefined;
  const learnt = new Map<string, Maker | undefined>();
  const open = new Set<string>();
  return function makerOf(name): Maker | undefined {
    byName ??= definitionsByName(macros);
    const definitions = byName.get(name);
    if (definitions === undefined) return others(name);
    if (learnt.has(name) || open.has(name) || open.size > DEEPEST) return learnt.get(name);
    open.add(name);
    const all = byName;
    const makerFrom = (macro: Definition): Maker | undefined => (isAlias(macro) ? makerOf(macro.body) : mayMake(macro) ? learnMaker({ ...macro, body: withNamesWritten(macro, all) }, extract, makerOf) : undefined);
    const first = definitions.map(makerFrom).find((one) => one !== undefined);
    // Which of several texts is compiled is not known here.
    const maker = first === undefined || definitions.length === 1 ? first : { ...first, parts: first.parts.map(({ kind, name: part, calls, mentions }) => ({ kind, name: part, calls, mentions })) };
    open.delete(name);
    learnt.set(name, maker);
    return maker;
  };
}

/** How many macros deep a definition is followed: SYSCALL_DEFINE3 takes two steps. */
const DEEPEST = 8;

/** Another name for a macro: SYSCALL32_DEFINE6. */
const isAlias = ({ parameters, body }: Definition): boolean => parameters === undefined && /^[A-Za-z_]\w*$/.test(body);

/** What opens a function or makes a variable takes an argument to name it, and ends with a parenthesis, a brace or a semicolon, or holds one. */
const mayMake = ({ parameters, body }: Definition): boolean => parameters !== undefined && parameters.length > 0 && body.length < LONGEST && /^(?!do\b|if\b|for\b|while\b|\()[A-Za-z_].*[)};=]|^[A-Za-z_][\w\s#*]*=/s.test(body);

/** Longer replacement texts are tables or assembly. */
const LONGEST = 20_000;

/** What one definition makes, or undefined when it is no maker. `known` tells the makers its text uses. */
function learnMaker(macro: Definition, extract: Extract, known: MakerOf): Maker | undefined {
  const template = templateOf(macro);
  const header = extract(`${template} {}`);
  const last = header.functions.at(-1);
  // The braces after the template are the body of what it opens.
  const opens = last?.bodyRange.start === template.length + 1 ? last : undefined;
  const facts = opens === undefined ? extract(`${template};`) : header;
  const parts: MadePart[] = [];
  for (const fact of facts.functions) {
    if (fact === opens) continue;
    const text = template.slice(fact.range.start, fact.range.end);
    parts.push({ kind: 'function', name: fact.name, calls: [...new Set(fact.calls.map((call) => call.name))], mentions: fact.mentions, ...(isPlain(text, macro) ? { source: { template: text } } : {}) });
  }
  for (const fact of facts.variables) if (!fact.isExtern) parts.push({ kind: 'variable', name: fact.name, calls: [], mentions: fact.mentions });
  for (const { macro: name, args } of facts.registrations) parts.push(...(made(known(name) ?? NOTHING, args).parts));

  const inner = opens?.definedBy === undefined ? undefined : known(opens.definedBy);
  const innerMade = inner === undefined || opens === undefined ? undefined : made(inner, argumentsOf(opens.signature, opens.definedBy ?? ''));
  const name = innerMade?.opens ?? (opens?.definedBy === undefined ? opens?.name : undefined);
  parts.push(...(innerMade?.parts ?? []));
  // Only what an argument names is made anew at each call.
  const named = parts.filter((part) => part.name.includes('$'));
  const opensNamed = name?.includes('$') === true ? name : undefined;
  if (named.length === 0 && opensNamed === undefined) return undefined;
  return {
    ...(opensNamed === undefined ? {} : { opens: opensNamed, attributes: [...(innerMade?.attributes ?? []), ...(opens?.attributes ?? [])] }),
    parts: named.map(({ source, ...part }) => ({ ...part, calls: part.calls.filter(isPattern), mentions: part.mentions.filter(isPattern), ...(source === undefined ? {} : { source: { template: sourceText(source) } }) })),
  };
}

/** Whether each parameter that a text uses is one argument. */
const isPlain = (text: string, { parameters = [] }: Definition): boolean => !text.includes('__VA_ARGS__') && !(parameters.at(-1)?.endsWith('...') === true && text.includes(`$${parameters.length - 1}$`));

const NOTHING: Maker = { parts: [] };

/** Whether a pattern gives an identifier when the arguments do. */
const isPattern = (pattern: string): boolean => withArguments(pattern, Array.from({ length: 20 }, () => 'x')) !== undefined;

/** The arguments `macro` is called with in a signature such as `static DEPOT_SHOW(limit)`. */
export function argumentsOf(signature: string, macro: string): string[] {
  const open = signature.indexOf('(', Math.max(0, signature.search(new RegExp(`\\b${macro.replaceAll('$', '\\$')} ?\\(`))));
  const tokens = tokenize(signature.slice(open));
  const args: string[] = [];
  let from = 1;
  for (let at = 1, depth = 0; at < tokens.count; at += 1) {
    const code = punctuation(tokens, at);
    if (depth === 0 && (code === 44 || code === 41)) {
      args.push(tokens.text.slice(tokens.start[from], tokens.end[at - 1]));
      from = at + 1;
      if (code === 41) break;
    }
    depth += code === 40 ? 1 : code === 41 ? -1 : 0;
  }
  return args;
}
