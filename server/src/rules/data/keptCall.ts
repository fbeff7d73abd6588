/** A call that is gone, kept where the compiler cannot tell that it is never made: with it stays what came in with the function it inlined. */
import type { FunctionFact } from '../../syntax/facts';
import { bodyTokens, callsIn } from '../body';
import type { Fix } from '../finding';
import type { RuleContext } from '../rule';
import { behindDeclarations } from './firstStatement';

/** The fix for a caller of the edit that no longer calls `name`; undefined where the function is gone or an argument cannot be made up. */
export function keptCall(path: string, caller: { readonly before: FunctionFact; readonly after: FunctionFact }, name: string, context: RuleContext): Fix | undefined {
  const callee = context.versions.get(path)?.after?.functions.find((fact) => fact.name === name);
  const parameters = callee === undefined || callee.definedBy !== undefined ? undefined : parametersOf(callee);
  if (parameters === undefined) return undefined;
  return {
    edits() {
      const old = callsIn(bodyTokens(context, path, 'before', caller.before)).find((call) => call.name === name);
      const own = new Set(parametersOf(caller.after)?.flatMap(({ name: parameter }) => parameter ?? []));
      // Locals may be gone, and are not declared up there; parameters are.
      const args = parameters.map(({ isPointer }, index) => {
        const before = old?.args[index] ?? '';
        return own.has(before) ? before : isPointer ? 'NULL' : '0';
      });
      const start = caller.after.bodyRange.start + 1;
      const at = behindDeclarations(bodyTokens(context, path, 'after', caller.after), context.textOf(path, 'after') ?? '', start);
      const lines = [...(at === start ? [''] : ['', '']), '\t{', '\t\tbool never = false;', '', '\t\tasm volatile("" : "+r" (never)); /* the compiler cannot know: kpatch-build looks for what this inlines */', '\t\tif (never)', `\t\t\t${name}(${args.join(', ')});`, '\t}'];
      return [{ path, range: { start: at, end: at }, text: lines.join('\n') }];
    },
  };
}

interface Parameter {
  readonly name: string | undefined;
  readonly isPointer: boolean;
}

/** Undefined when there is one that no constant can stand for: a struct by value, a function, more of them than are named. */
function parametersOf({ signature, name }: FunctionFact): Parameter[] | undefined {
  const from = new RegExp(`\\b${name}\\s*\\(`).exec(signature);
  const list = from === null ? '' : signature.slice(from.index + from[0].length, signature.lastIndexOf(')')).trim();
  if (list === '' || list === 'void') return [];
  if (/[()]|\.\.\./.test(list)) return undefined;
  const parameters = list.split(',').map((text): Parameter & { readonly isRecord: boolean } => {
    const isPointer = /[*[]/.test(text);
    return { name: /(\w+)\s*(\[.*)?$/.exec(text.trim())?.[1], isPointer, isRecord: !isPointer && /\b(struct|union)\b/.test(text) };
  });
  return parameters.some(({ isRecord }) => isRecord) ? undefined : parameters;
}
