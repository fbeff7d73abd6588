/** A part of the edit put back as the baseline has it, or taken out again. */
import type { FileFacts, Range, VariableFact } from '../syntax/facts';
import type { Fix } from './finding';
import type { RuleContext } from './rule';

/** The edit's text at `after` becomes the baseline's at `before`; undefined where either file is not there. */
export function asBefore(context: RuleContext, path: string, before: Range, after: Range): Fix | undefined {
  const old = context.textOf(path, 'before')?.slice(before.start, before.end);
  return old === undefined ? undefined : { edits: () => [{ path, range: after, text: old }] };
}

/** The declaration of a variable up to its initializer; undefined where it shares one with others. */
export function headAsBefore(context: RuleContext, path: string, before: VariableFact, after: VariableFact): Fix | undefined {
  const [old, now] = [headOf(before, context.textOf(path, 'before'), context.versions.get(path)?.before), headOf(after, context.textOf(path, 'after'), context.versions.get(path)?.after)];
  return old === undefined || now === undefined ? undefined : { edits: () => [{ path, range: { start: after.range.start, end: after.range.start + now.length }, text: old }] };
}

function headOf(fact: VariableFact, text: string | undefined, facts: FileFacts | undefined): string | undefined {
  const head = text?.slice(fact.range.start, fact.initializerRange?.start ?? fact.range.end).replace(/\s*[=;]?\s*$/, '');
  return facts?.variables.filter((one) => one.range.start === fact.range.start).length === 1 ? head : undefined;
}

/** What the edit adds is taken out, with its line where nothing else stands there. */
export function leftOut(context: RuleContext, path: string, { start, end }: Range): Fix | undefined {
  const text = context.textOf(path, 'after');
  if (text === undefined) return undefined;
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', end);
  const to = next < 0 ? text.length : next + 1;
  const isAlone = text.slice(from, start).trim() === '' && /^;?\s*$/.test(text.slice(end, to));
  const semicolon = /^\s*;/.exec(text.slice(end))?.[0].length ?? 0;
  return { edits: () => [{ path, range: isAlone ? { start: from, end: to } : { start, end: end + semicolon }, text: '' }] };
}
