/** A function that cannot be replaced left as it was, and the callers in its file given the edit's version under a new name. */
import { unitOf } from '../../plan/unit';
import type { FileFacts, FunctionFact } from '../../syntax/facts';
import { bodyTokens } from '../body';
import { copyName, functionNamed } from '../edited';
import type { Fix, TextChange } from '../finding';
import type { RuleContext } from '../rule';

/** What keeps ftrace out of a function, or puts it into a section of its own kind: no business of a copy. */
const MARKERS = /\b(notrace|noinstr|inline|__inline|__inline__|__always_inline|__naked|__no_instrument_function__|__sched|__lockfunc|__kprobes|__cpuidle|__irq_entry|__irqentry_text|__softirq_entry|__entry_text|__ref|__weak)\b[ \t]*/g;

/**
 * The fix for an edited function whose callers stand below it in its own file. Undefined where the copy would not do: the function has a static local, which would be there
 * twice; its address is taken; other files of the edit call it; a caller stands above it, or cannot be traced itself.
 */
export function renamedCopy(context: RuleContext, path: string, after: FunctionFact): Fix | undefined {
  const { before: old, after: now } = context.versions.get(path) ?? {};
  const before = functionNamed(old, after.name);
  if (before === undefined || now === undefined || !path.endsWith('.c') || !now.functions.includes(after) || after.definedBy !== undefined || after.staticLocals.length > 0 || after.conditions.length > 0) return undefined;
  const { name } = after;
  const copy = copyName(context, name);
  const unit = unitOf(now);
  const callers = unit.callersOf(name).filter(({ caller }) => caller !== after);
  const canCall = callers.length > 0 && callers.every(({ caller, macros }) => macros.length === 0 && caller.range.start > after.range.end && !/\b(notrace|noinstr|__init|__exit)\b/.test(caller.signature));
  const callsItself = after.calls.some((call) => call.name === name);
  if (!canCall || callsItself || unit.isAddressTaken(name) || functionNamed(now, copy) !== undefined || isCalledElsewhere(context, path, name)) return undefined;
  const edits = (): TextChange[] => {
    const [was, is] = [cut(context.textOf(path, 'before'), before), cut(context.textOf(path, 'after'), after)];
    if (was === undefined || is === undefined) return [];
    const renamed = asCopy(is, after, copy);
    return [
      ...declarations(context, name),
      // Nobody would call a static one any more.
      { path, range: after.range, text: before.isStatic ? renamed : `${was}\n\n${renamed}` },
      ...callers.flatMap(({ caller }) => bodyTokens(context, path, 'after', caller).filter(({ text }) => text === name).map(({ at }): TextChange => ({ path, range: { start: at, end: at + name.length }, text: copy }))),
    ];
  };
  return { edits };
}

/** A function's text under a new name: static, and without what marks the original. */
export function asCopy(text: string, { name, range, nameRange }: FunctionFact, copy: string): string {
  const nameAt = nameRange.start - range.start;
  const head = text.slice(0, nameAt).replace(/__(attribute__|section|noinstr_section)\s*\(+[^()]*(\([^()]*\)[^()]*)*\)+\s*/g, '').replace(MARKERS, '');
  return `${/\bstatic\b/.test(head) ? '' : 'static '}${head}${copy}${text.slice(nameAt + name.length)}`;
}

const cut = (text: string | undefined, { range }: FunctionFact): string | undefined => text?.slice(range.start, range.end);

function isCalledElsewhere({ versions }: RuleContext, path: string, name: string): boolean {
  const calls = (facts: FileFacts | undefined): boolean => facts !== undefined && (unitOf(facts).callCount(name) > 0 || unitOf(facts).isAddressTaken(name));
  return [...versions].some(([other, { after }]) => other !== path && calls(after));
}

/** Declarations that the edit changed, in whichever of its files, as the baseline has them. */
function declarations(context: RuleContext, name: string): TextChange[] {
  return [...context.versions].flatMap(([path, { before, after }]) => (after?.prototypes ?? []).flatMap((prototype): TextChange[] => {
    const old = prototype.name === name ? before?.prototypes.find((one) => one.name === name && one.ordinal === prototype.ordinal) : undefined;
    const text = old === undefined || old.hash === prototype.hash ? undefined : context.textOf(path, 'before')?.slice(old.range.start, old.range.end);
    return text === undefined ? [] : [{ path, range: prototype.range, text }];
  }));
}
