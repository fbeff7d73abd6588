/** What holds of the facts of any text: ranges lie in it, and inside what holds them; lines go forward. */
import { expect } from 'vitest';
import type { FileFacts, Range } from '../../server/src/syntax/facts';

export function expectSound(text: string, facts: FileFacts): void {
  const wrong: string[] = [];
  const check = (what: string, range: Range, outer: Range = { start: 0, end: text.length }): void => {
    const sound = Number.isInteger(range.start) && outer.start <= range.start && range.start <= range.end && range.end <= outer.end;
    if (!sound && wrong.length < 5) wrong.push(`${what}: ${range.start}..${range.end} in ${outer.start}..${outer.end}`);
  };
  const lists = { function: facts.functions, record: facts.records, enum: facts.enums, typedef: facts.typedefs, variable: facts.variables, macro: facts.macros, prototype: facts.prototypes };
  for (const [kind, list] of Object.entries(lists)) {
    for (const fact of list) {
      check(`${kind} ${fact.name}`, fact.range);
      check(`name of ${kind} ${fact.name}`, fact.nameRange, fact.range);
    }
  }
  for (const fact of facts.functions) {
    check(`body of ${fact.name}`, fact.bodyRange, fact.range);
    const whole = { start: 0, end: fact.range.end - fact.range.start };
    for (const call of fact.calls) check(`call of ${call.name}`, { start: call.at, end: call.at + call.name.length }, whole);
    for (const local of fact.staticLocals) {
      check(`static local ${local.name}`, local.range, whole);
      check(`name of static local ${local.name}`, local.nameRange, whole);
    }
  }
  for (const fact of facts.variables) if (fact.initializerRange !== undefined) check(`initializer of ${fact.name}`, fact.initializerRange, fact.range);
  for (const fact of [...facts.exports, ...facts.registrations, ...facts.includes, ...facts.problems]) check('range', fact.range);
  expect(wrong).toEqual([]);
  expect(facts.lineStarts.every((start, index) => start <= text.length && (index === 0 || start > (facts.lineStarts[index - 1] ?? 0)))).toBe(true);
}
