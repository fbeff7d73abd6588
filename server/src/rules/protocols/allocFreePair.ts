import type { BodyCall } from '../body';
import { nameRangeOf } from '../edited';
import type { Fix, Remedy } from '../finding';
import type { Rule, RuleFinding } from '../rule';
import { enumerate } from '../words';
import { perChange } from './perChange';
import { assignedTo, bodyOf, isRenamed, lastName, thing, type Body } from './calls';
import { allocatedBy, freedBy, freedLike } from './memoryFix';
import { AFTER_RCU, ALLOCATORS, namesIn, type Allocator } from './vocabulary';

export const allocFreePair: Rule = {
  slug: 'alloc-free-pair',
  title: 'Memory is allocated or freed otherwise than the other side expects',
  scope: 'edit',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
Function by function, what allocates and what frees the same thing is compared: an allocator that the old \`free\` cannot take back (\`kmalloc()\` became
\`kvmalloc()\`), a \`free\` that cannot take what was allocated before (\`kvfree()\` became \`kfree()\`), a pair that does not fit within one function, and
a function that frees what it did not, or no longer frees what it did.

**What happens.** Memory outlives the transition. What the old code allocated is freed by the new, and until the transition ends, what the new code
allocated is freed by old code, too; so do functions that are not part of the patch, in this file or in others. \`kfree()\` of memory from
\`vmalloc()\` is a crash; two that both free are a double free, none is a leak.

**The way out.** Keep the allocator, or let everything that frees it be patched with \`kvfree()\`, which takes both, in one patch, and change
the allocator in a later one. Mark with a shadow variable who has to free.

\`\`\`c
demo->ring = kmalloc(size, GFP_KERNEL);    /* before */
demo->ring = kvmalloc(size, GFP_KERNEL);   /* the edit: a kfree(demo->ring) that is not replaced crashes */
\`\`\`

**Source.** include/linux/slab.h, vmalloc.h, mm.h; mm/util.c kvfree(); Documentation/livepatch/livepatch.rst, "Consistency model".
`,
  check(context) {
    const changed = context.changes.flatMap(({ path, functions }) => functions.flatMap((change) => compared(context, path, change)));
    return changed.flatMap((one) => [...otherAllocator(one), ...otherFree(one), ...misfits(one), ...ownership(one, changed)]);
  },
};

interface Alloc {
  readonly call: BodyCall;
  readonly allocator: Allocator;
  readonly target: string;
}

interface Free {
  readonly call: BodyCall;
  /** Allocators whose memory it takes. */
  readonly takes: readonly Allocator[];
  readonly target: string;
}

interface Memory {
  readonly body: Body | undefined;
  readonly allocs: readonly Alloc[];
  readonly frees: readonly Free[];
  /** What a head of is given to RCU: `x->rcu` for x. */
  readonly freedLater: readonly string[];
  /** Variables whose value goes elsewhere: returned, or stored. */
  readonly escapes: (target: string) => boolean;
}

interface Compared {
  readonly path: string;
  readonly name: string;
  readonly signature: string;
  readonly range: RuleFinding['range'];
  readonly isChanged: boolean;
  readonly isInEdit: boolean;
  readonly before: Memory;
  readonly after: Memory;
}

const allocators = new Map(ALLOCATORS.flatMap((allocator) => namesIn(allocator.alloc).map((name) => [name, allocator] as const)));
const frees = new Map<string, Allocator[]>();
for (const allocator of ALLOCATORS) for (const name of namesIn(allocator.free)) frees.set(name, [...(frees.get(name) ?? []), allocator]);
/** Frees later, through a function of any name. */
const later = new Set(namesIn(AFTER_RCU).filter((name) => !frees.has(name)));
const isMemoryCall = (name: string): boolean => allocators.has(name) || frees.has(name) || later.has(name);

const compared = perChange((context, path, change): Compared[] => {
  const before = bodyOf(context, path, 'before', change.before, isMemoryCall);
  const after = bodyOf(context, path, 'after', change.after, isMemoryCall);
  if (before === undefined && after === undefined) return [];
  const fact = change.after ?? change.before;
  return [{ path, name: fact.name, signature: fact.signature, range: fact.nameRange, isChanged: change.kind === 'changed' || change.kind === 'signature', isInEdit: change.after !== undefined, before: memoryOf(before), after: memoryOf(after) }];
});

function memoryOf(body: Body | undefined): Memory {
  if (body === undefined) return { body, allocs: [], frees: [], freedLater: [], escapes: () => false };
  const { tokens } = body;
  return {
    body,
    allocs: body.calls.flatMap((call): Alloc[] => {
      const allocator = allocators.get(call.name);
      const target = allocator === undefined ? undefined : assignedTo(body, call);
      return allocator === undefined || target === undefined ? [] : [{ call, allocator, target }];
    }),
    frees: body.calls.flatMap((call): Free[] => {
      const takes = frees.get(call.name);
      const target = thing(call.args[takes?.[0]?.argument ?? 0]);
      return takes === undefined || target === '' ? [] : [{ call, takes, target }];
    }),
    freedLater: body.calls.filter(({ name }) => later.has(name)).map(({ args }) => thing(args[0])),
    escapes: (target) => /->|\.|\[/.test(target) || tokens.some(({ text }, at) => text === target && /^(=|return)$/.test(tokens[at - 1]?.text ?? '') && tokens[at + 1]?.text === ';'),
  };
}

/** `x = kmalloc()` that became `x = kvmalloc()`: what frees x elsewhere, or still runs, cannot take it. */
function otherAllocator({ path, name, isChanged, before, after }: Compared): RuleFinding[] {
  if (!isChanged) return [];
  return after.allocs.flatMap(({ call, allocator, target }): RuleFinding[] => {
    const was = before.allocs.find((one) => one.target === target);
    const old = was?.allocator;
    const stays = before.allocs.some((one) => one.target === target && one.allocator === allocator);
    if (was === undefined || old === undefined || stays || old === allocator) return [];
    const fits = namesIn(old.free).every((free) => namesIn(allocator.free).includes(free));
    if (fits || (!after.escapes(target) && after.frees.some((free) => free.target === target))) return [];
    const fix = allocatedBy(path, call, allocator, old);
    return [{ path, range: nameRangeOf(call), function: name, message: `${target} comes from ${call.name} now, not from ${old.kind}: old code that frees it during the transition, and code that is not part of the patch, cannot take that.`, remedies: [...withFix(`Keep ${old.kind} in the live patch`, fix), { kind: 'rewrite', title: `${fix === undefined ? `Keep ${old.kind}, or have` : 'Have'} all that frees ${target} patched before` }] }];
  });
}

/** `kvfree(x)` that became `kfree(x)`: what the old code allocated may be of the other kind. */
function otherFree({ path, name, isChanged, before, after }: Compared): RuleFinding[] {
  if (!isChanged) return [];
  return after.frees.flatMap(({ call, takes, target }): RuleFinding[] => {
    const old = before.frees.filter((one) => one.target === target);
    if (old.length === 0 || old.some((one) => one.takes.every((allocator) => takes.includes(allocator))) || after.allocs.some((one) => one.target === target)) return [];
    const [first] = old;
    const title = `Keep ${first?.call.name ?? 'the old function'} in the live patch`;
    const fixed = withFix(title, first === undefined ? undefined : freedLike(path, call, first.call, [...first.takes, ...takes]));
    return [{ path, range: nameRangeOf(call), function: name, message: `${target} is freed with ${call.name} now, not with ${first?.call.name ?? ''}: what was allocated before the patch may not be of that kind.`, remedies: fixed.length > 0 ? fixed : [{ kind: 'rewrite', title }] }];
  });
}

/** Allocated and freed in one function by two that do not fit, and did fit before. */
function misfits({ path, name, before, after }: Compared): RuleFinding[] {
  return misfitsOf(after).filter(({ target }) => !misfitsOf(before).some((one) => one.target === target)).map(({ target, alloc, free }) => {
    const isOnly = after.allocs.every((one) => one.target !== target || one.allocator === alloc.allocator);
    const [own = ''] = namesIn(alloc.allocator.free);
    return { path, range: nameRangeOf(free.call), function: name, message: `${target} comes from ${alloc.call.name}, and ${free.call.name} cannot free that.`, remedies: withFix(`Free it with ${own}()`, isOnly ? freedBy(path, free.call, alloc.allocator) : undefined) };
  });
}

const withFix = (title: string, fix: Fix | undefined): Remedy[] => (fix === undefined ? [] : [{ kind: 'rewrite', title, fix }]);

function misfitsOf({ allocs, frees: freeing }: Memory): { target: string; alloc: Alloc; free: Free }[] {
  return freeing.flatMap((free) => {
    const same = allocs.filter((alloc) => alloc.target === free.target);
    const [alloc] = same;
    return alloc === undefined || same.some(({ allocator }) => free.takes.includes(allocator)) ? [] : [{ target: free.target, alloc, free }];
  });
}

/**
 * Who frees has changed. A function that frees what it allocated itself is its own affair; so is a local variable, which stands for something
 * that has another name elsewhere.
 */
function ownership(one: Compared, all: readonly Compared[]): RuleFinding[] {
  if (!one.isChanged) return [];
  const gained = onlyIn(one.after, one.before);
  const lost = unpaired(onlyIn(one.before, one.after), gained)
    .filter(({ target }) => !one.before.allocs.some((alloc) => alloc.target === target) || one.after.allocs.some((alloc) => alloc.target === target))
    .filter(({ target }) => !one.after.freedLater.some((head) => head.startsWith(`${target}->`)) && !all.some((other) => other !== one && onlyIn(other.after, other.before).some((free) => lastName(free.target) === lastName(target))));
  const isOthers = ({ target }: Free): boolean => !one.after.allocs.some((alloc) => alloc.target === target) && (/->|\./.test(target) || (/^\w+$/.test(target) && new RegExp(`\\W${target}\\W*[,)]`).test(one.signature)));
  return [
    ...unpaired(gained, onlyIn(one.before, one.after)).filter(isOthers).map(({ call, target }): RuleFinding => {
      const from = all.find((other) => other !== one && onlyIn(other.before, other.after).some((free) => lastName(free.target) === lastName(target)));
      const place = { path: one.path, range: nameRangeOf(call), function: one.name };
      if (from === undefined) return { ...place, message: `${one.name} now frees ${target} (${call.name}), which it did not: old code, and code that is not part of the patch, may free it as before.` };
      return { ...place, severity: 'info', message: `${target} is now freed in ${one.name} and no longer in ${from.name}. Both are replaced together, so no task runs one old and one new.`, ...(from.isInEdit ? { related: [{ path: from.path, range: from.range, message: from.name }] } : {}) };
    }),
    ...(lost.length === 0 ? [] : [{ path: one.path, range: one.range, function: one.name, message: `${one.name} no longer frees ${enumerate(lost.map(({ target }) => target))}: see who does, for what is allocated already, too.` }]),
  ];
}

/** Without as many as the other list has of the same call: the same thing under another name. */
function unpaired(some: readonly Free[], others: readonly Free[]): Free[] {
  const left = others.map(({ call }) => call.name);
  return some.filter(({ call }) => {
    const at = left.indexOf(call.name);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Things that one version frees and the other does not, each once. Packets and pages are counted, not owned. */
function onlyIn(some: Memory, others: Memory): Free[] {
  const known = new Set(others.frees.map(({ target }) => target));
  return some.frees.filter(({ target, takes }) => {
    if (takes.some(({ isCounted }) => isCounted === true) || known.has(target) || others.frees.some((other) => isRenamed(other.target, target, others.body, some.body))) return false;
    known.add(target);
    return true;
  });
}
