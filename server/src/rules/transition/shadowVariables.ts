/** The calls of the shadow variables' interface in an edit: include/linux/livepatch.h, kernel/livepatch/shadow.c. */
import type { FunctionFact } from '../../syntax/facts';
import { bodyTokens, callsIn, type BodyCall, type BodyToken } from '../body';
import type { RuleContext } from '../rule';

export interface ShadowCall {
  readonly path: string;
  readonly inFunction: FunctionFact;
  readonly tokens: readonly BodyToken[];
  readonly call: BodyCall;
  readonly does: 'alloc' | 'get' | 'free' | 'free-all';
  /** The id as written: constants are compared by their name. */
  readonly id: string;
  /** The object it belongs to, as written; absent for free-all. */
  readonly object?: string;
  /** The constructor, as written; absent where there is none. */
  readonly constructor_?: string;
}

const CALLS: Readonly<Record<string, ShadowCall['does']>> = {
  klp_shadow_alloc: 'alloc',
  klp_shadow_get_or_alloc: 'alloc',
  klp_shadow_get: 'get',
  klp_shadow_free: 'free',
  klp_shadow_free_all: 'free-all',
};

const isShadowCall = ({ name }: { readonly name: string }): boolean => Object.hasOwn(CALLS, name);

/** All of them in the edit's files: a pair may be kept by a function whose text did not change. None when no changed function has one. */
export function shadowCalls(context: RuleContext): ShadowCall[] {
  const touched = context.changes.some(({ functions }) => functions.some(({ before, after }) => [before, after].some((fact) => fact?.calls.some(isShadowCall) === true)));
  if (!touched) return [];
  return [...context.versions].flatMap(([path, { after }]) =>
    (after?.functions ?? []).filter((fact) => fact.calls.some(isShadowCall)).flatMap((fact) => {
      const tokens = bodyTokens(context, path, 'after', fact);
      return callsIn(tokens).filter(isShadowCall).map((call) => shadowCall(path, fact, tokens, call));
    }),
  );
}

function shadowCall(path: string, inFunction: FunctionFact, tokens: readonly BodyToken[], call: BodyCall): ShadowCall {
  const does = CALLS[call.name] ?? 'get';
  if (does === 'free-all') return { path, inFunction, tokens, call, does, id: call.args[0] ?? '' };
  const [object = '', id = '', , , constructor] = call.args;
  return { path, inFunction, tokens, call, does, id, object, ...(constructor === undefined || constructor === 'NULL' || does !== 'alloc' ? {} : { constructor_: constructor }) };
}
