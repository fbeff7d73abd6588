/**
 * Which patches provide each function, newest first: what an ftrace handler or a jump at the function's entry can choose
 * from. A patch is known by its number: 1 for the first one of the simulation, counting up; 0 is the original.
 */
export interface Versions {
  readonly push: (name: string, patch: number) => void;
  readonly remove: (name: string, patch: number) => void;
  /** Takes away everything `patch` provides. */
  readonly removePatch: (patch: number) => void;
  /** The newest patch that provides the function; 0 when none does. */
  readonly top: (name: string) => number;
  /** The patch that provided it before `patch` did; 0 when none did. */
  readonly below: (name: string, patch: number) => number;
  /** How many patches provide it. */
  readonly depth: (name: string) => number;
}

export function createVersions(): Versions {
  const stacks = new Map<string, number[]>();
  const remove = (name: string, patch: number): void => {
    const rest = (stacks.get(name) ?? []).filter((each) => each !== patch);
    if (rest.length === 0) stacks.delete(name);
    else stacks.set(name, rest);
  };
  return {
    push: (name, patch) => stacks.set(name, [patch, ...(stacks.get(name) ?? [])]),
    remove,
    removePatch: (patch) => {
      for (const name of [...stacks.keys()]) remove(name, patch);
    },
    top: (name) => stacks.get(name)?.[0] ?? 0,
    below: (name, patch) => {
      const stack = stacks.get(name) ?? [];
      return stack[stack.indexOf(patch) + 1] ?? 0;
    },
    depth: (name) => stacks.get(name)?.length ?? 0,
  };
}
