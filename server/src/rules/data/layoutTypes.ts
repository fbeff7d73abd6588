import { evaluateCondition } from '../../kernel/conditions';
import type { LayoutTypes } from '../../kernel/layout';
import type { AnswerTo, Question } from '../../kernel/knowledge';
import type { Declared, EnumFact, FileFacts } from '../../syntax/facts';
import type { RuleContext } from '../rule';

type TypeQuestion = Extract<Question, { kind: 'type' }>;
type ConstantQuestion = Extract<Question, { kind: 'constant' }>;

/**
 * The types a record's layout rests on, as the baseline or as the edit has them: from the files of the edit in that
 * version, then from the tree.
 */
export function layoutTypes({ versions, knowledge }: Pick<RuleContext, 'versions' | 'knowledge'>, path: string, side: 'before' | 'after'): LayoutTypes {
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
  const called = (answer: AnswerTo<ConstantQuestion> | undefined): { parameters?: readonly string[]; body: string } | undefined => (answer?.found === true && answer.enumeration === undefined ? answer : undefined);

  return {
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
      const own = find((facts) => facts.macros, name);
      if (own === undefined && ownEnum(name) !== undefined) return undefined;
      const { parameters, body } = own ?? called(askConstant(name)) ?? {};
      return parameters === undefined ? body : undefined;
    },
    macro(name) {
      const { parameters, body } = find((facts) => facts.macros, name) ?? called(askConstant(name)) ?? {};
      return parameters === undefined || body === undefined ? undefined : { parameters, body };
    },
    enumerationOf(name) {
      const answer = ownEnum(name) ?? askConstant(name);
      return answer === undefined || 'constants' in answer ? answer : answer.found ? answer.enumeration : undefined;
    },
    isDefined(name) {
      if (find((facts) => facts.macros, name) !== undefined) return true;
      const answer = askConstant(name);
      return answer === undefined ? undefined : answer.found ? answer.enumeration === undefined : answer.isNowhere ? false : undefined;
    },
    isMissing(space, name) {
      const answer = ask(space, name);
      return answer?.found === false && answer.isAmbiguous !== true;
    },
    config,
  };
}
