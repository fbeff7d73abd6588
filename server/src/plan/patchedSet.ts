import type { Plan } from './plan';

/**
 * The functions that the loaded patch would redirect, by symbol: those that the running kernel has and that keep a symbol of
 * their own. What is inlined away blocks through the functions that hold its copy; what is new is on nobody's stack.
 */
export function patchedFunctions(plan: Plan): { readonly name: string; readonly object: string }[] {
  return plan.objects.flatMap((object) =>
    object.functions
      .filter((planned) => planned.change !== 'added' && planned.change !== 'removed' && planned.ownSymbol !== 'no')
      .map((planned) => ({ name: planned.name, object: object.name })),
  );
}
