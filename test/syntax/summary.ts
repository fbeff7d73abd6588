/** Facts as text, one line each: what golden files hold. Hashes are left out (other tests compare them). */
import type { Declared, FieldFact, FileFacts, FunctionFact } from '../../server/src/syntax/facts';
import { inside } from '../../server/src/syntax/facts';

export function summarize(text: string, facts: FileFacts): string {
  const lines: { at: number; text: string }[] = [];
  const say = (at: number, line: string): void => void lines.push({ at, text: line });
  const head = (kind: string, fact: Declared): string =>
    `${kind} ${text.slice(fact.nameRange.start, fact.nameRange.end) === fact.name ? '' : '~'}${fact.name || '(none)'}${fact.ordinal > 0 ? ` #${fact.ordinal}` : ''}${conditions(fact.conditions)}`;

  for (const fact of facts.functions) say(fact.range.start, `${head('function', fact)}${functionDetails(text, fact)}`);
  for (const fact of facts.records) say(fact.range.start, `${head(fact.kind, fact)}${words(fact.attributes)}${fields(fact.fields, '  ')}`);
  for (const fact of facts.enums) say(fact.range.start, `${head('enum', fact)}${words(fact.attributes)} { ${fact.constants.map(({ name, value }) => (value === undefined ? name : `${name} = ${value}`)).join(', ')} }`);
  for (const fact of facts.typedefs) say(fact.range.start, `${head('typedef', fact)}: ${fact.type}${'*'.repeat(fact.pointers)}${fact.arrays.map((bound) => `[${bound}]`).join('')}${words(fact.attributes)}`);
  for (const fact of facts.variables) {
    const by = fact.definedBy === undefined ? '' : ` by ${fact.definedBy}`;
    const traits = `${fact.isStatic ? ' static' : ''}${fact.isExtern ? ' extern' : ''}`;
    const initializer = fact.initializer === undefined ? '' : ` = ${fact.initializer}`;
    say(fact.range.start, `${head('variable', fact)}: ${fact.type}${by}${traits}${words(fact.attributes)}${initializer}${fact.mentions.length > 0 ? `\n  mentions ${fact.mentions.join(' ')}` : ''}`);
  }
  for (const fact of facts.macros) say(fact.range.start, `${head('macro', fact)}${fact.parameters === undefined ? '' : `(${fact.parameters.join(', ')})`} -> ${fact.body}${fact.mentions.length > 0 ? `\n  mentions ${fact.mentions.join(' ')}` : ''}`);
  for (const fact of facts.includes) say(fact.range.start, `include ${fact.system ? `<${fact.path}>` : `"${fact.path}"`}${conditions(fact.conditions)}`);
  for (const fact of facts.exports) say(fact.range.start, `export ${fact.name} by ${fact.macro}`);
  for (const fact of facts.registrations) say(fact.range.start, `call ${fact.macro}(${fact.args.join(' | ')})${conditions(fact.conditions)}`);
  for (const { kind, name, definedBy, range, calls, mentions } of facts.generated) {
    const uses = `${calls.length > 0 ? `\n  calls ${calls.join(' ')}` : ''}${mentions.length > 0 ? `\n  mentions ${mentions.join(' ')}` : ''}`;
    say(range.start, `made ${kind} ${name} by ${definedBy}${uses}`);
  }
  for (const fact of facts.prototypes) say(fact.range.start, head('prototype', fact));
  for (const { kind, range } of facts.problems) say(range.start, `problem ${kind}: ${oneLine(text.slice(range.start, range.end)).slice(0, 40)}`);
  return lines.sort((one, other) => one.at - other.at).map((line) => `${line.text}\n`).join('');
}

function functionDetails(text: string, fact: FunctionFact): string {
  const traits = [fact.isStatic && 'static', fact.inline !== 'no' && `inline=${fact.inline}`, fact.isVariadic && 'variadic', fact.definedBy !== undefined && `by ${fact.definedBy}`].filter((trait) => trait !== false);
  const rows = [
    traits.join(' '),
    `signature ${fact.signature}`,
    fact.wrappers === undefined ? '' : `wrappers ${fact.wrappers.join(' ')}`,
    fact.attributes.length > 0 ? `attributes ${fact.attributes.join(' ')}` : '',
    fact.calls.length > 0 ? `calls ${fact.calls.map(({ name, at }) => (text.startsWith(name, fact.range.start + at) ? name : `${name} at a wrong place`)).join(' ')}` : '',
    fact.mentions.length > 0 ? `mentions ${fact.mentions.join(' ')}` : '',
    ...fact.staticLocals.map((local) => {
      const { start, end } = inside(fact, local.nameRange);
      return `static local ${text.slice(start, end) === local.name ? '' : '~'}${local.name}${local.ordinal > 0 ? ` #${local.ordinal}` : ''}: ${local.type}${local.initializer === undefined ? '' : ` = ${local.initializer}`}`;
    }),
  ];
  return rows.filter((row) => row !== '').map((row) => `\n  ${row}`).join('');
}

function fields(list: readonly FieldFact[], indent: string): string {
  return list
    .map((field) => {
      const shape = `${'*'.repeat(field.pointers)}${field.arrays.map((bound) => `[${bound}]`).join('')}${field.bits === undefined ? '' : ` : ${field.bits}`}`;
      const nested = field.record === undefined ? '' : ` ${field.record.kind}${words(field.record.attributes)}${fields(field.record.fields, `${indent}  `)}`;
      return `\n${indent}${field.name ?? '(none)'}: ${field.type}${shape}${words(field.attributes)}${conditions(field.conditions)}${nested}`;
    })
    .join('');
}

const conditions = (list: readonly string[]): string => (list.length === 0 ? '' : ` if ${list.join(' && ')}`);
const words = (list: readonly string[]): string => (list.length === 0 ? '' : ` {${list.join(' ')}}`);
const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
