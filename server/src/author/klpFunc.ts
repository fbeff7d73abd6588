/** How the functions of a patch are called in its module, and how they stand in the tables of struct klp_func (include/linux/livepatch.h). */
import { isRedirected } from '../plan/patchedSet';
import type { Plan, PlannedFunction } from '../plan/plan';

/** The line of each function that the patch redirects: `{ .old_name = "f", .new_func = livepatch_f },`. No `old_sympos`: only the kernel that runs has it (/proc/kallsyms). */
export function klpFuncs(plan: Plan): ReadonlyMap<PlannedFunction, string> {
  const names = newNames(plan);
  return new Map(plan.objects.flatMap((object) => object.functions.filter(isRedirected).map((planned) => [planned, klpFunc(planned, names)] as const)));
}

export function klpFunc(planned: PlannedFunction, names: ReadonlyMap<string, string>): string {
  return `{ .old_name = "${planned.name}", .new_func = ${newName(planned, names)} },`;
}

/** `livepatch_` before the old name, and a number behind it where two files have functions of one name; by identity. */
export function newNames(plan: Plan): ReadonlyMap<string, string> {
  const taken = new Map<string, number>();
  return new Map(distinct(plan.objects.flatMap((object) => object.functions)).filter(isRedirected).map((planned) => {
    const number = (taken.get(planned.name) ?? 0) + 1;
    taken.set(planned.name, number);
    return [identity(planned), `livepatch_${planned.name}${number === 1 ? '' : `_${number}`}`];
  }));
}

export const newName = (planned: PlannedFunction, names: ReadonlyMap<string, string>): string => names.get(identity(planned)) ?? planned.name;

/** Code that is linked into several objects stands in the plan once for each. */
export function distinct(functions: readonly PlannedFunction[]): PlannedFunction[] {
  return [...new Map(functions.map((planned) => [identity(planned), planned])).values()];
}

const identity = ({ path, fact }: PlannedFunction): string => `${path} ${fact.name} ${fact.ordinal}`;
