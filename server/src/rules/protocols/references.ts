/** What a body does to reference counts. */
import type { BodyCall } from '../body';
import { assignedTo, lastName, thing, type Body } from './calls';
import { COUNTERS, namesIn, REFERENCES } from './vocabulary';

export interface ReferenceUse {
  /** What is counted and which object: equal for what gets and what puts. */
  readonly key: string;
  /** The same as other functions may call it. */
  readonly alias: string;
  readonly kind: string;
  readonly object: string;
  /** Written with `&`: part of the object that it counts. */
  readonly isPart: boolean;
  readonly does: 'get' | 'put';
  readonly call: BodyCall;
}

const names = new Map<string, { readonly kind: string; readonly does: 'get' | 'find' | 'put' }>(
  REFERENCES.flatMap(({ kind, get, find, put }) => [
    ...namesIn(get).map((name) => [name, { kind, does: 'get' }] as const),
    ...namesIn(find).map((name) => [name, { kind, does: 'find' }] as const),
    ...namesIn(put).map((name) => [name, { kind, does: 'put' }] as const),
  ]),
);
const counterGets = new Set(namesIn(COUNTERS.get));
const counterPuts = new Set(namesIn(COUNTERS.put));

export const isReferenceCall = (name: string): boolean => names.has(name) || counterGets.has(name) || counterPuts.has(name);

export function referenceUses(body: Body): ReferenceUse[] {
  return body.calls.flatMap((call): ReferenceUse[] => {
    const known = names.get(call.name);
    if (known === undefined) return counter(call);
    const { kind, does } = known;
    // `x = get(y)` gives y itself where a get has a result at all, and then x is as good a name for it.
    const object = does === 'find' ? assignedTo(body, call) : thing(call.args[0]);
    return object === undefined || object === '' ? [] : [use(kind, object, does === 'put' ? 'put' : 'get', call)];
  });
}

function counter(call: BodyCall): ReferenceUse[] {
  const object = thing(call.args[0]);
  return COUNTERS.fields.test(object) ? [use('counter', object, counterGets.has(call.name) ? 'get' : 'put', call)] : [];
}

function use(kind: string, object: string, does: ReferenceUse['does'], call: BodyCall): ReferenceUse {
  return { key: `${kind} ${object}`, alias: `${kind} ${lastName(object)}`, kind, object, isPart: call.args[0]?.startsWith('&') === true, does, call };
}
