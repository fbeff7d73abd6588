/** What a body does to locks, and which it holds where. */
import type { BodyCall, BodyToken } from '../body';
import { lastName, thing, type Body } from './calls';
import { GUARDS, LOCKS, namesIn, type LockPair } from './vocabulary';

export interface LockUse {
  /** The kind and the lock: equal for what takes and what releases it. */
  readonly key: string;
  /** As written, without `&`; empty where there is but one. */
  readonly lock: string;
  /** The lock as other functions may call it: its kind and last member. */
  readonly alias: string;
  readonly pair: LockPair;
  readonly call: BodyCall;
  readonly does: 'take' | 'try' | 'release' | 'guard';
  /** Told by its name, and by the other half's. */
  readonly isOwn?: true;
}

const names = new Map<string, { readonly pair: LockPair; readonly does: 'take' | 'try' | 'release' }>(
  LOCKS.flatMap((pair) => [
    ...namesIn(pair.take).map((name) => [name, { pair, does: 'take' }] as const),
    ...namesIn(pair.tryTake).map((name) => [name, { pair, does: 'try' }] as const),
    ...namesIn(pair.release).map((name) => [name, { pair, does: 'release' }] as const),
  ]),
);

/** A subsystem's own: `ext4_lock_group()` and `ext4_unlock_group()`, `xfs_ilock()` and `xfs_iunlock()`. */
const OWN = /^(?!.*(assert|dep|init|held|destroy))(\w+_)?i?(un)?lock(_\w+)?$/;

export const isLockCall = (name: string): boolean => names.has(name) || name === 'guard' || name === 'scoped_guard' || OWN.test(name);

export function lockUses({ tokens, calls }: Body): LockUse[] {
  return calls.flatMap((call): LockUse[] => {
    const known = names.get(call.name);
    if (known !== undefined) {
      const { pair, does } = known;
      return [use(pair, does, call, pair.argument === undefined ? '' : thing(call.args[pair.argument]))];
    }
    if (OWN.test(call.name)) return [ownUse(call)];
    const pair = LOCKS.find(({ kind }) => kind === GUARDS[call.args[0] ?? '']);
    if (pair === undefined) return [];
    return [use(pair, 'guard', call, thing(call.name === 'scoped_guard' ? call.args[1] : argumentBehind(tokens, call)))];
  });
}

/** The two names often take other arguments, so it counts as one lock, whatever they are. */
function ownUse(call: BodyCall): LockUse {
  const take = call.name.replace('unlock', 'lock');
  const does = take !== call.name ? 'release' : /interruptible|killable|nowait|try/.test(take) ? 'try' : 'take';
  return { ...use({ kind: `${take}()`, take, release: take.replace(/lock(?!.*lock)/, 'unlock') }, does, call, ''), isOwn: true };
}

/** A pair by its names only is one where a function uses both. */
export function withoutHalves(uses: readonly LockUse[], others: readonly LockUse[]): LockUse[] {
  const all = [...uses, ...others];
  return uses.filter((one) => one.isOwn !== true || (all.some(({ key, does }) => key === one.key && does === 'release') && all.some(({ key, does }) => key === one.key && does !== 'release')));
}

function use(pair: LockPair, does: LockUse['does'], call: BodyCall, lock: string): LockUse {
  return { key: `${pair.kind} ${lock}`, alias: `${pair.kind} ${lastName(lock)}`, lock, pair, call, does };
}

/** The second parentheses of `guard(mutex)(&x->lock)`. */
function argumentBehind(tokens: readonly BodyToken[], call: BodyCall): string | undefined {
  let at = call.index;
  while (at < tokens.length && (tokens[at]?.at ?? 0) < call.end) at += 1;
  if (tokens[at]?.text !== '(') return undefined;
  const words: string[] = [];
  for (at += 1; at < tokens.length && tokens[at]?.text !== ')'; at += 1) words.push(tokens[at]?.text ?? '');
  return words.join('');
}

/** Whether the function is called with the lock held: the first thing it does with it is to let it go. */
export function isHeldByCaller(uses: readonly LockUse[], key: string): boolean {
  return uses.find((use) => use.key === key)?.does === 'release';
}

export interface Held {
  /** `inner` taken while `outer` is held: both keys, outer first, with a tab between. */
  readonly nestings: ReadonlyMap<string, { readonly outer: LockUse; readonly inner: LockUse }>;
  /** Ends of the function at which a lock is still held, by key. */
  readonly atExit: ReadonlyMap<string, LockUse>;
}

/**
 * Follows the text from top to bottom. What a block does that ends in a jump is not seen behind it, and `else` begins where `if` began; loops,
 * labels and conditions are passed over. Good for comparing two versions, which err alike; not a proof.
 */
export function heldIn(body: Body, uses: readonly LockUse[]): Held {
  const { tokens } = body;
  const at = new Map(uses.map((one) => [one.call.index, one]));
  const unsure = new Set(uses.filter(({ does }) => does === 'try').map(({ key }) => key));
  const nestings = new Map<string, { outer: LockUse; inner: LockUse }>();
  const atExit = new Map<string, LockUse>();
  const blocks: Map<string, LockUse>[] = [];
  let held = new Map<string, LockUse>();
  let jumped = false;
  /** A scoped_guard() before its block. */
  let scoped: string | undefined;
  const leave = (): void => {
    for (const [key, one] of held) if (!unsure.has(key) && one.does === 'take' && !isHeldByCaller(uses, key)) atExit.set(key, one);
  };
  tokens.forEach(({ text }, index) => {
    const one = at.get(index);
    if (one?.does === 'release') held.delete(one.key);
    else if (one !== undefined) {
      if (one.pair.isSection !== true) for (const outer of held.values()) if (outer.pair.isSection !== true && outer.key !== one.key) nestings.set(`${outer.key}\t${one.key}`, { outer, inner: one });
      held.set(one.key, one);
      if (one.call.name === 'scoped_guard') scoped = one.key;
    }
    if (text === 'return') leave();
    if (text === 'return' || text === 'goto' || text === 'break' || text === 'continue') jumped = true;
    else if (text === '{') {
      blocks.push(new Map([...held].filter(([key]) => key !== scoped)));
      jumped = false;
      scoped = undefined;
    } else if (text === '}') {
      const before = blocks.pop();
      if (index === tokens.length - 1 && !jumped) leave();
      if (before !== undefined && (jumped || tokens[index + 1]?.text === 'else')) held = before;
      else for (const [key, { does }] of held) if (does === 'guard' && before?.has(key) !== true) held.delete(key);
      jumped = false;
    } else if (text === ';' && jumped && !isJump(tokens, index)) jumped = false;
  });
  return { nestings, atExit };
}

/** Whether the statement that ends here is a jump, on its own and not behind an `if` without braces. */
function isJump(tokens: readonly BodyToken[], semicolon: number): boolean {
  for (let at = semicolon - 1; at >= 0; at -= 1) {
    const text = tokens[at]?.text ?? '';
    if (/^(return|goto|break|continue)$/.test(text)) return /^[;{}:]$/.test(tokens[at - 1]?.text ?? '');
    if (/^[;{}]$/.test(text)) return false;
  }
  return false;
}
