import type { FunctionChange } from '../../change/changes';
import type { BodyCall } from '../body';
import { functionNamed, nameRangeOf } from '../edited';
import type { Remedy, TextChange } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { perChange } from './perChange';
import { bodyOf, givenByCalls, isRenamed, thing, type Body } from './calls';
import { isReferenceCall, referenceUses, type ReferenceUse } from './references';
import { AFTER_RCU, AT_ONCE, namesIn } from './vocabulary';

export const refcountProtocol: Rule = {
  slug: 'refcount-protocol',
  title: 'A function takes or drops references that it did not, or frees after a grace period instead of at once',
  scope: 'edit',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
Function by function, references taken and dropped are compared for each object: \`kref_get()\` and \`kref_put()\`, \`get_device()\` and
\`put_device()\`, \`dget()\` and \`dput()\` and so on. A function that takes and drops the same reference, in as many places as it likes, is left alone: what
counts is what it leaves behind. \`kfree()\` in place of \`kfree_rcu()\` and the other way round is told, too.

**What happens.** Objects live longer than a transition. An object whose reference the old code did not take is dropped once too often by new code that
thinks it was taken: use after free. The other way round it is never freed. During the transition both happen, as tasks run
old and new code side by side; for objects that were there before, it happens at any later time.

**The way out.** Let the new code tell the objects of the old rule from its own, with a shadow variable that only the new code attaches as
the mark:

\`\`\`c
if (klp_shadow_get(demo, DEMO_HAS_REFERENCE))
	demo_put(demo);
\`\`\`

Or fix the function so that it drops what it took itself.

**Source.** Documentation/livepatch/shadow-vars.rst, "Other use-cases"; kpatch's patch author guide, "Data semantic changes"; the names from include/linux
(kref.h, refcount.h, device.h, …).
`,
  check(context) {
    const changed = context.changes.flatMap(({ path, functions }) => functions.flatMap((change) => compared(context, path, change)));
    return [...changed.flatMap((one) => one.effects.flatMap((effect) => told(one, effect, changed))), ...context.changes.flatMap(({ path, functions }) => functions.flatMap((change) => freedOtherwise(context, path, change)))];
  },
};

/** Whether a version of a function takes and drops references to one object. */
interface Balance {
  readonly use: ReferenceUse;
  readonly gets: boolean;
  readonly puts: boolean;
}

interface Effect {
  readonly use: ReferenceUse;
  /** What is left behind for others, before and after. */
  readonly before: 'takes' | 'drops' | 'none';
  readonly after: 'takes' | 'drops' | 'none';
}

interface Compared {
  readonly path: string;
  readonly name: string;
  readonly range: RuleFinding['range'];
  readonly isChanged: boolean;
  readonly isInEdit: boolean;
  readonly effects: readonly Effect[];
}

/** References whose count the function leaves otherwise than it did. */
const compared = perChange((context, path, change): Compared[] => {
  const before = bodyOf(context, path, 'before', change.before, isReferenceCall);
  const after = bodyOf(context, path, 'after', change.after, isReferenceCall);
  if (before === undefined && after === undefined) return [];
  const old = balances(before);
  const now = balances(after);
  const sameAs = (key: string, others: typeof old): string => [...others].find(([, { use }]) => use.kind === now.get(key)?.use.kind && isRenamed(use.object, now.get(key)?.use.object ?? '', before, after))?.[0] ?? key;
  const renamed = new Map([...now.keys()].map((key) => [key, sameAs(key, old)]));
  const oldOnly = [...old.keys()].filter((key) => ![...renamed.values()].includes(key));
  const effects = [...now.keys(), ...oldOnly].flatMap((key): Effect[] => {
    const [one, other] = [old.get(renamed.get(key) ?? key), now.get(key)];
    const use = other?.use ?? one?.use;
    if (use === undefined) return [];
    const effect = { use, before: leftBehind(one), after: leftBehind(other) };
    // Taken before and dropped now as well: a leak is mended, within the function.
    const isMended = one?.gets === true && !one.puts && other?.gets === true && other.puts;
    return effect.before === effect.after || isMended ? [] : [effect];
  });
  const fact = change.after ?? change.before;
  return [{ path, name: fact.name, range: fact.nameRange, isChanged: change.kind === 'changed' || change.kind === 'signature', isInEdit: change.after !== undefined, effects }];
});

function leftBehind(balance: Balance | undefined): Effect['before'] {
  if (balance === undefined || balance.gets === balance.puts) return 'none';
  return balance.gets ? 'takes' : 'drops';
}

function balances(body: Body | undefined): Map<string, Balance> {
  const found = new Map<string, Balance>();
  if (body === undefined) return found;
  const uses = referenceUses(body);
  // A reference that some other call gave is dropped where it was taken: there are more names for that than are known here.
  const given = givenByCalls(body);
  for (const use of uses) {
    const owner = use.isPart ? (/^\w+/.exec(use.object)?.[0] ?? use.object) : use.object;
    const same = uses.filter(({ key }) => key === use.key);
    if (!found.has(use.key)) found.set(use.key, { use, gets: given.has(owner) || same.some(({ does }) => does === 'get'), puts: same.some(({ does }) => does === 'put') });
  }
  return found;
}

function told(one: Compared, { use, before, after }: Effect, all: readonly Compared[]): RuleFinding[] {
  if (!one.isChanged) return [];
  const place = { path: one.path, range: one.isInEdit && after !== 'none' ? nameRangeOf(use.call) : one.range, function: one.name };
  const other = all.find((candidate) => candidate !== one && candidate.effects.some((effect) => effect.use.alias === use.alias && effect.after === before && effect.before === after));
  if (other !== undefined) {
    const related = other.isInEdit ? { related: [{ path: other.path, range: other.range, message: other.name }] } : {};
    return before === 'none' ? [{ ...place, severity: 'info', message: `${one.name} now ${after} a reference to ${use.object} (${use.kind}) in place of ${other.name}. Both are replaced together, so no task runs one old and one new.`, ...related }] : [];
  }
  const was = before === 'none' ? `now ${after} a reference to ${use.object} (${use.kind}) that it leaves to others${after === 'takes' ? ' to drop' : ' to take'}` : `no longer ${before} the reference to ${use.object} (${use.kind}) that ${before === 'takes' ? 'others drop' : 'others took'}`;
  return [{ ...place, message: `${one.name} ${was}: objects that are in use while the patch is applied were counted by the old rule.`, remedies: [{ kind: 'shadow-variable', title: 'Mark the objects of the new rule with a shadow variable' }] }];
}

const atOnce = new Set(namesIn(AT_ONCE));
const afterRcu = new Set(namesIn(AFTER_RCU));

/** What one version frees at once and the other after a grace period. */
function freedOtherwise(context: RuleContext, path: string, change: FunctionChange): RuleFinding[] {
  if (change.kind !== 'changed' && change.kind !== 'signature') return [];
  const isFree = (name: string): boolean => atOnce.has(name) || afterRcu.has(name);
  const before = bodyOf(context, path, 'before', change.before, isFree);
  const after = bodyOf(context, path, 'after', change.after, isFree);
  if (before === undefined || after === undefined) return [];
  // call_rcu() is given the head inside the object, with a function of any name.
  const object = (argument: string | undefined): string => thing(argument).replace(/(->|\.)\w+$/, (member) => (/rcu|head/i.test(member) ? '' : member));
  return after.calls.flatMap((call): RuleFinding[] => {
    const old = before.calls.find((one) => object(freed(one)) === object(freed(call)) && atOnce.has(one.name) !== atOnce.has(call.name));
    if (old === undefined || before.calls.some((one) => one.name === call.name && object(freed(one)) === object(freed(call)))) return [];
    const message = afterRcu.has(call.name)
      ? `${change.after.name} now frees ${object(freed(call))} after a grace period (${call.name}): until the transition ends, old code still frees at once what new code reads under RCU.`
      : `${change.after.name} now frees ${object(freed(call))} at once (${call.name}) and no longer after a grace period: readers of the old code may still be using it.`;
    // The other way round is what mends a race.
    const remedies: readonly Remedy[] = atOnce.has(call.name) ? [{ kind: 'rewrite', title: `Keep ${old.name}() in the live patch`, fix: { edits: () => asBefore(context, path, call, old) } }] : [];
    return [{ path, range: nameRangeOf(call), function: change.after.name, message, remedies }];
  });
}

/** The old call in place of the new: both are handed the same object. Nothing where the edit took away the function that the old one names. */
function asBefore({ textOf, versions }: RuleContext, path: string, call: BodyCall, old: BodyCall): TextChange[] {
  const text = textOf(path, 'before')?.slice(old.at, old.end) ?? '';
  const { before, after } = versions.get(path) ?? {};
  const isGone = (text.match(/\w+/g) ?? []).some((word) => functionNamed(before, word) !== undefined && functionNamed(after, word) === undefined);
  return text === '' || isGone ? [] : [{ path, range: { start: call.at, end: call.end }, text }];
}

const freed = ({ name, args }: { readonly name: string; readonly args: readonly string[] }): string | undefined => args[name === 'kmem_cache_free' || name === 'call_srcu' ? 1 : 0];
