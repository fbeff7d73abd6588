/** Who is given a renamed copy of a function that stays as it was, and who goes on calling the old one. */
import { unitOf } from '../../plan/unit';
import type { FileFacts, FunctionFact } from '../../syntax/facts';
import { functionNamed } from '../edited';
import type { HelperUser } from '../privateCopy';
import type { RuleContext } from '../rule';
import { isIrreplaceable } from './irreplaceable';
import { isStored } from './pointers';

export interface CopyCallers {
  /** Functions of .c files of its own object that can be replaced. */
  readonly patched: readonly HelperUser[];
  /** Others go on calling the old one. */
  readonly isCalledYet: boolean;
}

/** More files are not for a fix to change, nor worth reading for one. */
const MOST_FILES = 8;
const MOST_CANDIDATES = 20;

/**
 * Of a function with the signature it had, all callers; of one with a new signature those of the edit's files, which call the new one. A sentence's end where that cannot be told, or
 * where one of them cannot call a copy; undefined where there is none, or while it is being looked up.
 */
export function copyCallers(context: RuleContext, path: string, before: FunctionFact, after: FunctionFact): CopyCallers | string | undefined {
  const { versions, knowledge } = context;
  const { name, isStatic } = after;
  const isNewSignature = before.signatureHash !== after.signatureHash;
  const files = isStatic ? ownFile(context, path) : isNewSignature ? filesOfEdit(context, path, name) : filesOfTree(context, path, name);
  if (files === undefined || typeof files === 'string') return files;
  const patched: HelperUser[] = [];
  let isCalledYet = false;
  let isOpen = false;
  for (const [file, facts] of files) {
    const callers = callersIn(file, facts, name, after);
    if (callers.length === 0) continue;
    if (file !== path && file.endsWith('.c')) {
      const [home, object] = [path, file].map((one) => knowledge.ask({ kind: 'object', path: one }));
      isOpen ||= home === undefined || object === undefined;
      if (object?.isBuilt === false) continue;
      if (home !== undefined && object !== undefined && (home.name === undefined || home.name !== object.name || home.alsoIn !== undefined || object.alsoIn !== undefined)) return `${file}, which calls it, belongs to ${object.name ?? 'an object that is not known'}, and a copy would have to be exported`;
    }
    if (typeof callers === 'string') return callers;
    for (const fact of callers) {
      const user: HelperUser = { path: file, facts, fact };
      const isSyscall = /^(COMPAT_)?SYSCALL_DEFINE[1-6x]$/.test(fact.definedBy ?? '');
      const isLeft = !isSyscall && isIrreplaceable(context, user);
      if (isSyscall || (isLeft && isNewSignature)) return `${fact.name}, which calls it, cannot be replaced${isSyscall ? ' as a system call' : ''}`;
      if (isLeft) isCalledYet = true;
      else patched.push(user);
    }
  }
  if (isOpen || versions.get(path)?.after === undefined) return undefined;
  if (new Set(patched.map((user) => user.path)).size > MOST_FILES) return `functions of more than ${MOST_FILES} files call it`;
  if (patched.length === 0) return isCalledYet ? 'none of its callers can be replaced' : undefined;
  return { patched, isCalledYet };
}

type Files = ReadonlyMap<string, FileFacts>;

function ownFile({ versions }: RuleContext, path: string): Files {
  const own = versions.get(path)?.after;
  return new Map(own === undefined ? [] : [[path, own]]);
}

/** A file with a function of that name means its own. */
function filesOfEdit(context: RuleContext, path: string, name: string): Files {
  const others = [...context.versions].flatMap(([file, { after }]): [string, FileFacts][] => (after === undefined || file === path || functionNamed(after, name) !== undefined ? [] : [[file, after]]));
  return new Map([...ownFile(context, path), ...others]);
}

function filesOfTree(context: RuleContext, path: string, name: string): Files | string | undefined {
  const answer = context.knowledge.ask({ kind: 'users', word: name, from: path, of: path });
  if (answer === undefined) return undefined;
  if (answer.incomplete !== undefined) return `who calls it is not known in full (${answer.incomplete})`;
  if (answer.files.length > MOST_CANDIDATES) return `${answer.files.length} files name it`;
  const others = answer.files.filter((file) => !context.versions.has(file.path) && functionNamed(file.facts, name) === undefined);
  return new Map([...filesOfEdit(context, path, name), ...others.map((file): [string, FileFacts] => [file.path, file.facts])]);
}

/** Functions that call it by its name, but for itself; a sentence's end where others use it. */
function callersIn(path: string, facts: FileFacts, name: string, self: FunctionFact): readonly FunctionFact[] | string {
  const unit = unitOf(facts);
  if (isStored(facts, name)) return `its address is stored in ${path}`;
  const [macro] = unit.macrosOver(name);
  if (macro !== undefined) return `${macro} of ${path}, a macro, names it`;
  if (unit.generatedFrom(name).length > 0) return `a function that a macro makes in ${path} calls it`;
  const callers = unit.callersOf(name).flatMap(({ caller }) => (caller === self ? [] : [caller]));
  const [first] = callers;
  return first !== undefined && !path.endsWith('.c') ? `${first.name} of ${path}, a header, calls it` : callers;
}
