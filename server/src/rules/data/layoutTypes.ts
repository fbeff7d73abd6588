import type { LayoutTypes } from '../../kernel/layout';
import type { AnswerTo, Question } from '../../kernel/knowledge';
import type { FileFacts } from '../../syntax/facts';
import type { RuleContext } from '../rule';

type TypeQuestion = Extract<Question, { kind: 'type' }>;

/**
 * The types a record's layout rests on, as the baseline or as the edit has them: from the files of the edit in that
 * version, then from the tree.
 */
export function layoutTypes({ versions, knowledge }: RuleContext, path: string, side: 'before' | 'after'): LayoutTypes {
  const edited = [...versions].map(([file, version]): [string, FileFacts | undefined] => [file, version[side]]);
  // The record's own file comes first: a private type hides one of the same name elsewhere.
  const files = edited.sort(([one], [other]) => Number(other === path) - Number(one === path)).flatMap(([, facts]) => (facts === undefined ? [] : [facts]));

  const find = <F extends { readonly name: string }>(list: (facts: FileFacts) => readonly F[], name: string): F | undefined => {
    for (const facts of files) {
      const found = list(facts).find((fact) => fact.name === name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const ask = (space: TypeQuestion['space'], name: string): AnswerTo<TypeQuestion> | undefined => knowledge.ask({ kind: 'type', space, name, from: path });

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
    constant: (name) => find((facts) => facts.macros.filter((macro) => macro.parameters === undefined), name)?.body,
    config: (name) => knowledge.config(name),
  };
}
