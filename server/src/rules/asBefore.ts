/** A part of the edit put back as the baseline has it, or taken out again. */
import type { FileFacts, FunctionFact, Range, VariableFact } from '../syntax/facts';
import type { Fix } from './finding';
import type { RuleContext } from './rule';

/** The edit's text at `after` becomes the baseline's at `before`; undefined where that names what the edit no longer has. */
export function asBefore(context: RuleContext, path: string, before: Range, after: Range): Fix | undefined {
  const old = context.textOf(path, 'before')?.slice(before.start, before.end);
  return old === undefined || namesGone(old, path, context) ? undefined : { edits: () => [{ path, range: after, text: old }] };
}

/** Whether a part of the baseline's text names something of its file that the edit's has not. */
export function namesGone(text: string, path: string, { versions }: RuleContext): boolean {
  const { before, after } = versions.get(path) ?? {};
  const has = (facts: FileFacts | undefined, name: string): boolean => facts !== undefined && [facts.functions, facts.variables, facts.macros, facts.prototypes, facts.generated].some((all) => all.some((fact) => fact.name === name));
  return (text.match(/[A-Za-z_]\w*/g) ?? []).some((name) => has(before, name) && !has(after, name));
}

/** A file of the edit as the baseline has it; undefined where that has none. */
export function fileAsBefore(context: RuleContext, path: string): Fix | undefined {
  const [old, now] = [context.textOf(path, 'before'), context.textOf(path, 'after')];
  return old === undefined || now === undefined ? undefined : { edits: () => [{ path, range: { start: 0, end: now.length }, text: old }] };
}

/** A function as the baseline has it; undefined, too, where it calls one that is called otherwise in the edit. */
export function functionAsBefore(context: RuleContext, path: string, before: FunctionFact, after: FunctionFact): Fix | undefined {
  if (before.signatureHash !== after.signatureHash || context.versions.get(path)?.after?.functions.includes(after) !== true) return undefined;
  const others = new Set(context.changes.flatMap(({ functions }) => functions.flatMap((one) => (one.kind === 'signature' ? [one.after.name] : []))));
  return before.calls.some(({ name }) => others.has(name)) ? undefined : asBefore(context, path, before.range, after.range);
}

/** The declaration of a variable up to its initializer; undefined where it shares one with others. */
export function headAsBefore(context: RuleContext, path: string, before: VariableFact, after: VariableFact): Fix | undefined {
  const [old, now] = [headOf(before, context.textOf(path, 'before'), context.versions.get(path)?.before), headOf(after, context.textOf(path, 'after'), context.versions.get(path)?.after)];
  return old === undefined || now === undefined || namesGone(old, path, context) ? undefined : { edits: () => [{ path, range: { start: after.range.start, end: after.range.start + now.length }, text: old }] };
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

/** The fix for a line of its own that changed or came, a registration or an export: the baseline's where there was one, else none. */
export function lineAsBefore(context: RuleContext, path: string, before: Range | undefined, after: Range): Fix | undefined {
  return before === undefined ? leftOut(context, path, after) : asBefore(context, path, before, after);
}
