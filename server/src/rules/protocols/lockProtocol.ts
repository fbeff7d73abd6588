import type { FunctionFact } from '../../syntax/facts';
import { nameRangeOf } from '../edited';
import type { Rule, RuleFinding } from '../rule';
import { perChange } from './perChange';
import { bodyOf, isRenamed } from './calls';
import { heldIn, isHeldByCaller, isLockCall, lockUses, withoutHalves, type Held, type LockUse } from './locks';
import { namesIn } from './vocabulary';

export const lockProtocol: Rule = {
  slug: 'lock-protocol',
  title: 'A function takes or releases other locks than before, or in another order',
  scope: 'edit',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
Function by function, the locks of both versions are compared: which are taken, which is taken while another is held, and which are still held at a
\`return\`. What moved from one function of the edit to another is told as information. Read sections of RCU and what keeps interrupts or
preemption off count for what is left held only.

**What happens.** Tasks cross over to a patch one by one, so until the transition ends some run the old code and some the new. A lock that only
the new code takes keeps nobody of the others out; two locks in a new order can deadlock against the old order. Within one
task old and new do not mix, except for a lock that is held across the moment of crossing over: taken in one patched function and released
in another, with a sleep between them outside of both.

**The way out.** Keep the order of the old code. Where a lock is new, see to it that the race it closes does no more harm during the
transition than before, and let the code bear data that was written without the lock. Take and release in the same function.

\`\`\`c
spin_lock(&demo->lock);          /* before, and in tasks that have not crossed over */
spin_lock(&demo->queue_lock);

spin_lock(&demo->queue_lock);    /* the edit: each may wait for the other's second lock */
spin_lock(&demo->lock);
\`\`\`

**How sure.** Locks are compared by their expressions, as written (\`&x->lock\`), without following calls; a subsystem's own by their names (\`xfs_ilock()\`
and \`xfs_iunlock()\`) where a function calls both. A function that returns with a lock held in one version and
in the other alike is left alone.

**Source.** Documentation/livepatch/livepatch.rst, "Consistency model"; the names of locks from include/linux (mutex.h, spinlock.h, rwsem.h, …).
`,
  check(context) {
    const changed = context.changes.flatMap(({ path, functions }) => functions.flatMap((change) => compared(context, path, change)));
    const lost = changed.flatMap((one) => one.lost.map((use) => ({ one, use })));
    return changed.flatMap((one) => {
      const otherKind = one.gained.flatMap((use) => one.lost.filter(({ lock, pair }) => lock !== '' && lock === use.lock && base(pair) !== base(use.pair)).map((old) => ({ use, old })));
      const gained = one.gained.filter((use) => !otherKind.some((pair) => pair.use === use)).map((use) => ({ use, from: lost.find((other) => other.one !== one && other.use.alias === use.alias) }));
      const moved = gained.flatMap(({ use, from }) => (from === undefined ? [] : [movedHere(one, use, from.one)]));
      const added = gained.filter(({ from }) => from === undefined && one.kind === 'changed').map(({ use }) => at(one, use, newlyTaken(one, use)));
      const dropped = one.kind === 'changed' ? one.lost.filter((use) => !otherKind.some((pair) => pair.old === use) && !changed.some((other) => other !== one && other.gained.some(({ alias }) => alias === use.alias))) : [];
      return [
        ...moved,
        ...otherKind.map(({ use, old }) => at(one, use, `${one.name} now takes ${use.lock} as a ${use.pair.kind}, where the old code takes a ${old.pair.kind}: the two do not keep one another out.`)),
        ...added,
        ...dropped.map((use) => at(one, undefined, `${one.name} no longer ${verb(use)} ${lockOf(use)}: until the transition ends, the old code still does, and rests on it.`)),
        ...(one.kind === 'changed' ? [...orders(one), ...leftHeld(one)] : []),
      ];
    });
  },
};

interface Compared {
  readonly kind: 'changed' | 'added' | 'removed';
  readonly name: string;
  readonly path: string;
  /** As the edit has it; the baseline's for a removed one. */
  readonly fact: FunctionFact;
  readonly isInEdit: boolean;
  /** Locks it did not take before, and those it takes no more: the first use of each. */
  readonly gained: readonly LockUse[];
  readonly lost: readonly LockUse[];
  readonly uses: readonly LockUse[];
  readonly before: Held;
  readonly after: Held;
}

const NOTHING: Held = { nestings: new Map(), atExit: new Map() };

const compared = perChange((context, path, change): Compared[] => {
  const before = bodyOf(context, path, 'before', change.before, isLockCall);
  const after = bodyOf(context, path, 'after', change.after, isLockCall);
  if (before === undefined && after === undefined) return [];
  const uses = [before, after].map((body) => (body === undefined ? [] : lockUses(body)));
  const [old = [], now = []] = uses.map((list, index) => withoutHalves(list, uses[1 - index] ?? []));
  if (old.map(textOf).join() === now.map(textOf).join() && change.kind !== 'added' && change.kind !== 'removed' && sameJumps(before?.tokens, after?.tokens)) return [];
  const fact = change.after ?? change.before;
  const [gained, lost] = [missing(now, old), missing(old, now)];
  return [
    {
      kind: change.kind === 'added' || change.kind === 'removed' ? change.kind : 'changed',
      name: fact.name,
      path,
      fact,
      isInEdit: change.after !== undefined,
      gained: gained.filter((use) => !lost.some((other) => isRenamed(other.lock, use.lock, before, after))),
      lost: lost.filter((use) => !gained.some((other) => isRenamed(use.lock, other.lock, before, after))),
      uses: now,
      before: before === undefined ? NOTHING : heldIn(before, old),
      after: after === undefined ? NOTHING : heldIn(after, now),
    },
  ];
});

const textOf = ({ key, does }: LockUse): string => `${does} ${key}`;

/** Whether control leaves at as many places in both versions. */
function sameJumps(before: readonly { readonly text: string }[] | undefined, after: readonly { readonly text: string }[] | undefined): boolean {
  const count = (tokens: readonly { readonly text: string }[] | undefined): number => tokens?.filter(({ text }) => text === 'return' || text === 'goto').length ?? 0;
  return count(before) === count(after);
}

/** Locks taken in `some` and not in `others`, each once. Another way to take the same lock is no other lock. */
function missing(some: readonly LockUse[], others: readonly LockUse[]): LockUse[] {
  const takes = (use: LockUse): boolean => use.does !== 'release' && use.pair.isSection !== true;
  const known = new Set(others.filter(takes).map(({ key }) => key));
  return some.filter((use) => {
    if (!takes(use) || known.has(use.key)) return false;
    known.add(use.key);
    return true;
  });
}

function newlyTaken({ name, uses }: Compared, use: LockUse): string {
  if (isHeldByCaller(uses, use.key)) return `${name} now lets go of ${lockOf(use)} for a while and takes it again: callers of the old code rely on its being held throughout.`;
  return `${name} now ${verb(use)} ${lockOf(use)}: until the transition ends, other tasks run the old code, which does not.`;
}

function movedHere(one: Compared, use: LockUse, from: Compared): RuleFinding {
  return {
    ...at(one, use, `${lockOf(use)} is now taken in ${one.name} and no longer in ${from.name}. Both are replaced together, so no task runs one old and one new.`),
    severity: 'info',
    ...(from.isInEdit ? { related: [{ path: from.path, range: from.fact.nameRange, message: from.name }] } : {}),
  };
}

/** Two locks the other way round, or one newly taken inside another. */
function orders(one: Compared): RuleFinding[] {
  const known = [...one.before.nestings.values()];
  const had = (first: LockUse, second: LockUse): boolean => known.some((old) => old.outer.alias === first.alias && old.inner.alias === second.alias);
  return [...one.after.nestings.values()].flatMap(({ outer, inner }) => {
    if (had(outer, inner)) return [];
    if (had(inner, outer)) return [at(one, inner, `${one.name} now takes ${lockOf(outer)} before ${lockOf(inner)}, where the old code takes them the other way round: old and new code can deadlock until the transition ends.`)];
    const isNew = one.gained.some(({ key: gained }) => gained === outer.key || gained === inner.key);
    return isNew ? [] : [at(one, inner, `${one.name} now takes ${lockOf(inner)} while it holds ${lockOf(outer)}, which the old code does not: see that no old code takes them the other way round.`)];
  });
}

/** Locks held at a return that no return of the baseline's had. */
function leftHeld(one: Compared): RuleFinding[] {
  const known = new Set([...one.before.atExit.values()].map(({ alias }) => alias));
  return [...one.after.atExit.values()].filter(({ alias }) => !known.has(alias)).map((use) => {
    const release = `${namesIn(use.pair.release)[0] ?? ''}(${use.lock})`;
    return at(one, use, use.pair.isSection === true ? `${one.name} can now return without ${release}.` : `${one.name} can now return with ${lockOf(use)} held: who releases it has to be part of the patch, and a task that crosses over in between mixes both versions.`);
  });
}

function at(one: Compared, use: LockUse | undefined, message: string): RuleFinding {
  return { path: one.path, range: use === undefined ? one.fact.nameRange : nameRangeOf(use.call), function: one.name, message };
}

/** What the lock is, however it is taken. */
const base = ({ kind }: LockUse['pair']): string => kind.replace(/ for (reading|writing)$/, '');

const verb = ({ does }: LockUse): string => (does === 'try' ? 'tries to take' : 'takes');

/** `x->lock (mutex)`, `rtnl_mutex`. */
function lockOf({ lock, pair }: LockUse): string {
  return lock === '' ? pair.kind : `${lock} (${pair.kind})`;
}
