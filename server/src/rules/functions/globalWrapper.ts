/** A static function that the edit makes global left static, and a new global one that calls it given to the edit's other files. */
import { unitOf } from '../../plan/unit';
import type { FunctionFact } from '../../syntax/facts';
import { copyName, functionNamed } from '../edited';
import type { Fix, TextChange } from '../finding';
import { usesIn } from '../privateCopy';
import type { RuleContext } from '../rule';
import { declarationOf } from './copyText';
import { replaceWord } from './sourceEdits';

/** Undefined where a new name would not do: the function is exported or its address is taken, a macro calls it, its own file declares it, or its parameters cannot be handed on. */
export function globalWrapper(context: RuleContext, path: string, fact: FunctionFact): Fix | undefined {
  const { name } = fact;
  const copy = copyName(context, name);
  const own = context.versions.get(path)?.after;
  const names = parameterNames(fact);
  const others = [...context.versions].flatMap(([file, { after }]) => (after === undefined || file === path || functionNamed(after, name) !== undefined ? [] : [{ file, facts: after }]));
  const isUsedOtherwise = others.some(({ facts }) => unitOf(facts).isAddressTaken(name) || unitOf(facts).macrosOver(name).length > 0 || unitOf(facts).generatedFrom(name).length > 0);
  const isKnown = [own, ...others.map(({ facts }) => facts)].some((facts) => functionNamed(facts, copy) !== undefined || facts?.exports.some((one) => one.name === name) === true);
  if (own === undefined || names === undefined || fact.definedBy !== undefined || isUsedOtherwise || isKnown || own.prototypes.some((one) => one.name === name)) return undefined;
  const edits = (): TextChange[] => {
    const text = context.textOf(path, 'after') ?? '';
    const declaration = declarationOf(text, fact, copy, 'global');
    const isDeclared = others.some(({ file, facts }) => file.endsWith('.h') && facts.prototypes.some((one) => one.name === name));
    const returns = /(^|\s)void\s*$/.test(text.slice(fact.range.start, fact.nameRange.start)) ? '' : 'return ';
    const wrapper = `${isDeclared ? '' : `${declaration}\n\n`}${declaration.slice(0, -1)}\n{\n\t${returns}${name}(${names.join(', ')});\n}`;
    const renamed = others.flatMap(({ file, facts }) => {
      const places = unitOf(facts).callersOf(name).flatMap(({ caller }) => usesIn(context.textOf(file, 'after') ?? '', caller, name));
      return [...facts.prototypes.filter((one) => one.name === name).map(({ nameRange }) => nameRange.start), ...places].map((start): TextChange => ({ path: file, range: { start, end: start + name.length }, text: copy }));
    });
    return [...replaceWord(context, path, fact, /^/, 'static '), { path, range: { start: fact.range.end, end: fact.range.end }, text: `\n\n${wrapper}` }, ...renamed];
  };
  return { edits };
}

/** `a`, `b` of `(int a, int (*b)(int))`; undefined where one has no name, or there may be more. */
function parameterNames({ name, signature, isVariadic }: FunctionFact): string[] | undefined {
  const list = signature.slice(signature.search(new RegExp(`\\b${name}\\s*\\(`)) + name.length).trim().slice(1);
  const parameters = [''];
  let depth = 1;
  for (const character of list) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    if (depth === 0) break;
    if (depth === 1 && character === ',') parameters.push('');
    else parameters.push(`${parameters.pop() ?? ''}${character}`);
  }
  if (parameters.length === 1 && /^\s*(void)?\s*$/.test(parameters[0] ?? '')) return [];
  const names = parameters.map((parameter) => (/\(\s*\*+\s*(\w+)/.exec(parameter) ?? /\w[\w\s*]*[\s*](\w+)\s*(\[[^\]]*\]\s*)*$/.exec(parameter))?.[1]);
  const known = names.filter((one) => one !== undefined);
  return isVariadic || known.length < names.length ? undefined : known;
}
