/** Static locals: which of them no build tool carries over, and where they stand. */
import { inside, type FunctionFact, type Range, type StaticLocalFact } from '../../syntax/facts';
import type { RuleContext } from '../rule';
import { bodyTokens } from '../body';

/**
 * Names that both tools leave alone: the patched code gets its own, and nothing is lost but that a message may come once more. kpatch-build
 * create-diff-object.c is_special_static(); tools/objtool/klp-diff.c is_uncorrelated_static_local(). What a once-macro makes
 * (___done, ___once_key) belongs here by its section.
 */
const SPECIAL: ReadonlySet<string> = new Set([
  '__key', '__warned', '__already_done', '__func__', '__FUNCTION__', '_rs', 'CSWTCH', '_entry', '_entry_ptr', '__print_once', '___done', '___once_key', 'descriptor', '__dyndbg', '__verbose',
]);

/** @param text the declaration as written: what lies in `.data.once` is special, whatever its name */
export const isSpecialStatic = (name: string, text = ''): boolean => SPECIAL.has(name) || /\.data\.{1,2}once\b/.test(text);

/** In a function that a macro call makes a declaration has no place of its own. */
export const ownText = (owner: FunctionFact, local: StaticLocalFact, text: string | undefined): string => owner.writtenOut !== undefined ? `${local.type}${local.initializer === undefined ? '' : ` = ${local.initializer}`}` : text?.slice(owner.range.start + local.range.start, owner.range.start + local.range.end) ?? '';

export const nameRangeIn = (owner: FunctionFact, local: StaticLocalFact): Range => inside(owner, local.nameRange);

/** How often the body uses the variable, its own declaration and initializer left out. */
export function usesOf(context: RuleContext, path: string, version: 'before' | 'after', owner: FunctionFact, local: StaticLocalFact): number {
  const declaration = inside(owner, local.range);
  const tokens = bodyTokens(context, path, version, owner);
  const named = tokens.filter((token, index) => token.text === local.name && !/^(\.|->)$/.test(tokens[index - 1]?.text ?? ''));
  return owner.writtenOut !== undefined ? named.length - 1 : named.filter((token) => token.at < declaration.start || token.at >= declaration.end).length;
}

/** Whether it is a number that the compiler puts where it is used: such a one has no object that could be lost. */
export const isConstantNumber = (local: StaticLocalFact): boolean => /\bconst\b/.test(local.type) && !/[*[]|\b(struct|union)\b/.test(local.type);

/** The static locals of a function that a build tool has to carry over. */
export function ordinaryStatics(owner: FunctionFact, text: string | undefined): StaticLocalFact[] {
  return owner.staticLocals.filter((local) => !isConstantNumber(local) && !isSpecialStatic(local.name, ownText(owner, local, text)));
}
