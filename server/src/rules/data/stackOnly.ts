/** Records that live on the stack alone: no object of them is older than the call that made it. */
import type { FileFacts, FunctionFact, RecordFact } from '../../syntax/facts';
import { bodyTokens } from '../body';
import type { RuleContext } from '../rule';

/**
 * True when a .c file declares its record as a local only and hands pointers to it to its own static functions only. Anything else the text
 * may mean (a cast, a sizeof, a member, a pointer that is kept) makes it false.
 */
export function livesOnStack(record: RecordFact, path: string, context: RuleContext): boolean {
  const versions = context.versions.get(path);
  if (!path.endsWith('.c') || record.name === '' || versions?.before === undefined || versions.after === undefined) return false;
  const isNamed = new RegExp(`\\b${record.name}\\b`);
  let locals = 0;
  for (const version of ['before', 'after'] as const) {
    const facts = versions[version];
    if (facts === undefined || isNamedOutside(facts, record, isNamed)) return false;
    for (const fact of facts.functions) {
      const isMentioned = fact.mentions.includes(record.name);
      if (isNamed.test(fact.signature) && !fact.isStatic) return false;
      if (!isMentioned) continue;
      const found = localsIn(fact, record, path, version, context);
      if (found === undefined) return false;
      locals += found;
    }
  }
  return locals > 0;
}

/** In another type, a variable, a macro or a prototype that is not static. */
function isNamedOutside(facts: FileFacts, { name, kind }: RecordFact, isNamed: RegExp): boolean {
  return (
    facts.variables.some((fact) => isNamed.test(fact.type)) ||
    facts.typedefs.some((fact) => isNamed.test(fact.type)) ||
    facts.macros.some((fact) => fact.mentions.includes(name)) ||
    facts.records.some((fact) => (fact.name !== name || fact.kind !== kind) && fact.fields.some((field) => isNamed.test(field.type))) ||
    facts.records.some((fact) => fact.name === name && fact.fields.some((field) => isNamed.test(field.type)))
  );
}

/** How many locals of it a body declares; undefined when it names the record otherwise. */
function localsIn(fact: FunctionFact, record: RecordFact, path: string, version: 'before' | 'after', context: RuleContext): number | undefined {
  const tokens = bodyTokens(context, path, version, fact);
  let count = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.text !== record.name || tokens[index - 1]?.text !== record.kind) continue;
    if (!/^[A-Za-z_]\w*$/.test(tokens[index + 1]?.text ?? '') || tokens[index - 2]?.text === 'static') return undefined;
    count += 1;
  }
  return count;
}
