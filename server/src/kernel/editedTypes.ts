import type { Declared, EnumFact, FileFacts, MacroFact } from '../syntax/facts';
import { evaluateCondition } from './conditions';
import { isAboutItself } from './constants';
import type { Around } from './kept';
import type { AnswerTo, Question } from './knowledge';
import { Constants } from './layoutConstants';
import type { LayoutTypes } from './layoutTypes';

type TypeQuestion = Extract<Question, { kind: 'type' }>;
type ConstantQuestion = Extract<Question, { kind: 'constant' }>;

/**
 * The types a record's layout rests on, as the baseline or as the edit has them: from the files of the edit in that
 * version, then from the tree.
 */
export function layoutTypes({ versions, knowledge }: Pick<Around, 'versions' | 'knowledge'>, path: string, side: 'before' | 'after'): LayoutTypes {
  const config = (name: string): string | undefined => knowledge.config(name);
  const edited = [...versions].map(([file, version]): [string, FileFacts | undefined] => [file, version[side]]);
  // The record's own file comes first: a private type hides one of the same name elsewhere.
  const files = edited.sort(([one], [other]) => Number(other === path) - Number(one === path)).flatMap(([, facts]) => (facts === undefined ? [] : [facts]));

  /** The first of this name that the configuration does not rule out, `#ifndef X` around an X after the others. */
  const find = <F extends Declared>(list: (facts: FileFacts) => readonly F[], name: string): F | undefined => {
    for (const facts of files) {
      const found = list(facts).filter((fact) => fact.name === name && !fact.conditions.some((condition) => evaluateCondition(condition, config) === false));
      if (found.length > 0) return found.find((fact) => !fact.conditions.includes(`!defined(${name})`)) ?? found[0];
    }
    return undefined;
  };
  const ask = (space: TypeQuestion['space'], name: string): AnswerTo<TypeQuestion> | undefined => knowledge.ask({ kind: 'type', space, name, from: path });

  const askConstant = (name: string): AnswerTo<ConstantQuestion> | undefined => knowledge.ask({ kind: 'constant', name, from: path });
  const ownEnum = (name: string): EnumFact | undefined => files.flatMap((facts) => facts.enums).find((fact) => fact.constants.some((constant) => constant.name === name));
  const asking = new Set<string>();
  /** A macro whose conditions hang on itself is not known. */
  const once = <T>(key: string, look: () => T): T | undefined => {
    if (asking.has(key)) return undefined;
    asking.add(key);
    const found = look();
    asking.delete(key);
    return found;
  };
  const holdAll = (conditions: readonly string[]): boolean | undefined => {
    const told = conditions.map((condition) => constants.holds(condition));
    return told.includes(false) ? false : told.includes(undefined) ? undefined : true;
  };
  const others = ({ conditions, name }: MacroFact): readonly string[] => conditions.filter((condition) => !isAboutItself(condition, name));
  const isOne = (list: readonly MacroFact[]): boolean => new Set(list.map(({ hash }) => hash)).size === 1;

  interface Called { readonly parameters?: readonly string[]; readonly body: string }
  const called = (answer: AnswerTo<ConstantQuestion> | undefined): Called | undefined =>
    answer?.found === true && answer.enumeration === undefined && holdAll(answer.open ?? []) !== false ? answer : undefined;

  /** The file's own macro, when it is known which: `#ifndef X` around it is for whoever has no other, and of several that differ their conditions tell. */
  const macroOf = (name: string): Called | undefined => {
    for (const facts of files) {
      const possible = facts.macros.filter((fact) => fact.name === name && !fact.conditions.some((condition) => evaluateCondition(condition, config) === false));
      const own = possible.filter((fact) => others(fact).length === fact.conditions.length);
      const left = isOne(own) ? own : own.filter((fact) => holdAll(fact.conditions) !== false);
      if (left.length > 0) return isOne(left) ? left[0] : undefined;
      const answer = possible.length === 0 ? undefined : askConstant(name);
      if (possible.length > 0) return answer === undefined ? undefined : (called(answer) ?? possible[0]);
    }
    return called(askConstant(name));
  };

  const types: LayoutTypes = {
    record(kind, name) {
      const own = find((facts) => facts.records.filter((fact) => fact.kind === kind), name);
      if (own !== undefined) return own;
      const answer = ask(kind, name);
      return answer?.found === true && answer.space === kind ? answer.fact : undefined;
    },
    enumeration(name) {
      const own = find((facts) => facts.enums, name);
      if (own !== undefined) return own;
      const answer = ask('enum', name);
      return answer?.found === true && answer.space === 'enum' ? answer.fact : undefined;
    },
    typedef(name) {
      const own = find((facts) => facts.typedefs, name);
      if (own !== undefined) return own;
      const answer = ask('typedef', name);
      return answer?.found === true && answer.space === 'typedef' ? answer.fact : undefined;
    },
    constant(name) {
      if (find((facts) => facts.macros, name) === undefined && ownEnum(name) !== undefined) return undefined;
      const { parameters, body } = once(`macro ${name}`, () => macroOf(name)) ?? {};
      return parameters === undefined ? body : undefined;
    },
    macro(name) {
      const { parameters, body } = once(`macro ${name}`, () => macroOf(name)) ?? {};
      return parameters === undefined || body === undefined ? undefined : { parameters, body };
    },
    enumerationOf(name) {
      const answer = ownEnum(name) ?? askConstant(name);
      return answer === undefined || 'constants' in answer ? answer : answer.found ? answer.enumeration : undefined;
    },
    isDefined(name) {
      return once(`defined ${name}`, () => {
        const told = files.flatMap((facts) => facts.macros).filter((fact) => fact.name === name).map((fact) => holdAll(others(fact)));
        if (told.some((one) => one !== false)) return told.includes(true) ? true : undefined;
        const answer = askConstant(name);
        if (answer?.found === true) return answer.enumeration === undefined ? holdAll(answer.open ?? []) : false;
        return answer === undefined ? undefined : answer.isNowhere ? false : undefined;
      });
    },
    isMissing(space, name) {
      const answer = ask(space, name);
      return answer?.found === false && answer.isAmbiguous !== true;
    },
    config,
  };
  const constants = new Constants(types, () => ({}), () => undefined);
  return types;
}
