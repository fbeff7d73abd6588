import type { Plan, PlannedFunction } from './plan';

/**
 * Whether the loaded patch redirects it, by its symbol: the running kernel has to have one, and the patched object, too. What is inlined away changes through the
 * functions that hold its copy; what is new, or was inlined everywhere until now, is nobody's to redirect. (kernel/livepatch/core.c klp_find_object_symbol())
 */
export function isRedirected({ change, ownSymbol, inKernel }: PlannedFunction): boolean {
  return change !== 'added' && change !== 'removed' && ownSymbol !== 'no' && inKernel !== 'no';
}

/** The functions that the loaded patch redirects. */
export function patchedFunctions(plan: Plan): { readonly name: string; readonly object: string }[] {
  return plan.objects.flatMap((object) => object.functions.filter(isRedirected).map((planned) => ({ name: planned.name, object: object.name })));
}
