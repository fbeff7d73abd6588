import type { FunctionFact } from '../../syntax/facts';
import { beforeFree } from '../data/beforeFree';
import { freesIn, pointersIn } from '../data/memberAccess';
import { nameRangeOf } from '../edited';
import type { Fix, TextChange } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { inPostUnpatch } from './unpatchCallback';
import { shadowCalls, type ShadowCall } from './shadowVariables';
import { isUsedUntested, tested } from './untested';
import { waitBy } from './waits';

export const shadowLifecycle: Rule = {
  slug: 'shadow-lifecycle',
  title: 'A shadow variable is not freed with its object, or is used where it may be missing',
  scope: 'edit',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
Over the whole edit: an id that \`klp_shadow_alloc()\` or \`klp_shadow_get_or_alloc()\` allocates and no \`klp_shadow_free()\` frees; one that is looked up and
never allocated; a result of \`klp_shadow_get()\` or of an allocation that is used without a test for \`NULL\`; a constructor that sleeps.

**What happens.** A shadow variable belongs to an object by its address and an id. If it is not freed where the object is, it leaks, and an object that
gets the same address later finds the data of the old one. \`klp_shadow_alloc()\` then warns and gives \`NULL\`. Objects that were made
before the patch have no shadow variable, so \`klp_shadow_get()\` gives \`NULL\` for them. Constructors run under a spinlock with interrupts off.

**The way out.** Patch the function that frees the object, too, and free the variable there; test what \`klp_shadow_get()\` and allocations give (the quick fix reads 0 and writes
nothing where there is none):

\`\`\`c
static void demo_release(struct demo *demo)
{
	klp_shadow_free(demo, DEMO_LIMIT, NULL);
	kfree(demo);
}
\`\`\`

\`klp_shadow_free_all()\` in a post-unpatch callback takes what is left when the patch is disabled (its absence is told as information: a later
patch may want the data).

**Source.** Documentation/livepatch/shadow-vars.rst; kernel/livepatch/shadow.c: __klp_shadow_get_or_alloc() holds klp_shadow_lock while it calls the
constructor; kpatch's patch author guide, "Use a shadow variable".
`,
  check(context) {
    const calls = shadowCalls(context);
    const of = (does: ShadowCall['does'], id: string): boolean => calls.some((one) => one.does === does && one.id === id);
    return [
      ...firstOfEach(calls, 'alloc').flatMap((one) => lifetime(context, one, of('free', one.id), of('free-all', one.id))),
      ...firstOfEach(calls, 'get').filter((one) => !of('alloc', one.id)).map((one) => said(one, `${one.id} is looked up here and allocated nowhere in the edit: the result is always NULL, unless another patch allocated it.`)),
      ...calls.filter(isUsedUntested).map((one) => untested(context, one)),
      ...calls.flatMap((one) => sleepingConstructor(context, one)),
    ];
  },
};

function untested(context: RuleContext, one: ShadowCall): RuleFinding {
  const when = one.does === 'get' ? 'for objects that are older than the patch it is NULL' : `where there is no memory${one.call.name === 'klp_shadow_alloc' ? ', or the object has one,' : ''} it is NULL`;
  const edits = tested(context, one);
  return said(one, `What ${one.call.name}() gives for ${one.id} is used without a test: ${when}.`, edits.length === 0 ? 'Test the result for NULL' : 'Test the result for NULL: read 0 and write nothing where there is none', edits.length === 0 ? undefined : { edits: () => edits });
}

/** The first call for each id. */
function firstOfEach(calls: readonly ShadowCall[], does: ShadowCall['does']): ShadowCall[] {
  const wanted = calls.filter((one) => one.does === does);
  return wanted.filter((one, index) => wanted.findIndex((other) => other.id === one.id) === index);
}

function lifetime(context: RuleContext, one: ShadowCall, isFreed: boolean, isFreedAtLast: boolean): RuleFinding[] {
  if (!isFreed && !livesForever(one.object ?? '')) {
    const but = isFreedAtLast ? 'freed only all at once, not with its object' : 'freed nowhere in the edit';
    return [said(one, `${one.id} is allocated for ${one.object ?? ''} and ${but}: it leaks, and an object that gets the same address later finds the old data.`, `Call klp_shadow_free() where ${one.object ?? 'the object'} is freed`, freeFix(context, one, isFreedAtLast))];
  }
  if (isFreedAtLast) return [];
  const fix: Fix = { edits: () => freeAll(context, one) };
  return [{ ...said(one, `${one.id} is not freed when the patch is disabled: klp_shadow_free_all() in a post-unpatch callback would, unless a later patch wants the data.`, 'Free them all in a post-unpatch callback', fix), severity: 'info' }];
}

function freeAll(context: RuleContext, { path, id }: ShadowCall): TextChange[] {
  const name = /^[A-Za-z_]\w*$/.test(id) ? id.toLowerCase() : 'shadow';
  return inPostUnpatch(context, path, `${name}_post_unpatch`, [`klp_shadow_free_all(${id}, NULL);`]);
}

/** Freed before each call of the edit that frees an object of the same record, where the id is known there; and all that is left when the patch is disabled. */
function freeFix(context: RuleContext, one: ShadowCall, isFreedAtLast: boolean): Fix | undefined {
  const { path, inFunction, id, object = '' } = one;
  const record = /^\w+$/.test(object) ? pointersIn(inFunction, path, context).get(object) : undefined;
  if (record === undefined) return undefined;
  const { macros = [], functions = [] } = context.versions.get(path)?.after ?? {};
  const known = macros.find(({ name }) => name === id)?.range.start ?? 0;
  const edits = (): TextChange[] => functions.filter((fact) => fact.range.start >= known).flatMap((fact) => freesIn(record, path, fact, context).map((free) => beforeFree(context, path, fact, free, `klp_shadow_free(${free.base}, ${id}, NULL);`)));
  return edits().length === 0 ? undefined : { edits: () => [...edits(), ...(isFreedAtLast ? [] : freeAll(context, one))] };
}

/** A variable of its own (`&init_net`), or no object at all, is never freed. */
const livesForever = (object: string): boolean => /^(&\w+|NULL)$/.test(object);

function said({ path, inFunction, call, id }: ShadowCall, message: string, title?: string, fix?: Fix): RuleFinding {
  return { path, range: nameRangeOf(call), function: inFunction.name, symbol: id, message, ...(title === undefined ? {} : { remedies: [{ kind: 'shadow-variable', title, ...(fix === undefined ? {} : { fix }) }] }) };
}

function sleepingConstructor(context: RuleContext, one: ShadowCall): RuleFinding[] {
  const name = one.constructor_?.replace(/^&/, '');
  const constructor = name === undefined ? undefined : context.versions.get(one.path)?.after?.functions.find((fact) => fact.name === name);
  const why = constructor === undefined ? undefined : sleeps(constructor);
  return why === undefined || name === undefined ? [] : [said(one, `${name} is called with a spinlock held and interrupts off, and it may sleep (${why}).`, `Do what sleeps before the call, and pass the result to ${name}`)];
}

/** What makes a function sleep: a wait, a lock that sleeps, or an allocation that may wait for memory. */
function sleeps({ calls, mentions }: FunctionFact): string | undefined {
  const call = calls.find(({ name }) => waitBy(name) !== undefined || /^(mutex_lock|down_read|down_write|down|might_sleep|cond_resched|copy_(from|to)_user|vmalloc|vzalloc)\w*$/.test(name));
  if (call !== undefined) return call.name;
  return mentions.find((name) => /^GFP_(KERNEL|USER|NOIO|NOFS|HIGHUSER)\w*$/.test(name));
}
