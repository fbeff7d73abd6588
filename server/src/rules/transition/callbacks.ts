/** The callbacks that an edit registers with the build tools' macros. */
import type { FileFacts, FunctionFact, RegistrationFact } from '../../syntax/facts';
import type { RuleContext } from '../rule';

export type CallbackKind = 'pre_patch' | 'post_patch' | 'pre_unpatch' | 'post_unpatch';

export interface Callback {
  readonly kind: CallbackKind;
  /** Which tool's macro registers it: KLP_… of include/linux/livepatch_helpers.h, KPATCH_… of kpatch's kpatch-macros.h. */
  readonly family: 'KLP' | 'KPATCH';
  readonly path: string;
  readonly registration: RegistrationFact;
  /** Name of the function. */
  readonly name: string;
  /** Undefined when it is not defined in the same file. */
  readonly fact: FunctionFact | undefined;
}

const MACRO = /^(KLP|KPATCH)_(PRE_PATCH|POST_PATCH|PRE_UNPATCH|POST_UNPATCH)_CALLBACK$/;

/** Every callback of the edit's files, in order. Callbacks belong to the whole patch, whether their own text changed or not. */
export function callbacksOf({ versions }: RuleContext): Callback[] {
  return [...versions].flatMap(([path, { after }]) => (after === undefined ? [] : callbacksIn(path, after)));
}

function callbacksIn(path: string, facts: FileFacts): Callback[] {
  return facts.registrations.flatMap((registration) => {
    const match = MACRO.exec(registration.macro);
    if (match === null) return [];
    const name = registration.args[0] ?? '';
    return [{ kind: (match[2] ?? '').toLowerCase() as CallbackKind, family: match[1] as Callback['family'], path, registration, name, fact: facts.functions.find((fact) => fact.name === name) }];
  });
}

/** Functions the callback reaches within its own file, itself first. */
export function reachedFrom({ path, fact }: Callback, { versions }: RuleContext): FunctionFact[] {
  const functions = versions.get(path)?.after?.functions ?? [];
  const found = new Set(fact === undefined ? [] : [fact]);
  for (const one of found) for (const { name } of one.calls) for (const callee of functions) if (callee.name === name) found.add(callee);
  return [...found];
}
