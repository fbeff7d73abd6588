/** Stacks are kept once: of a machine's thousands of tasks most sleep in a few places. */
import type { Frame } from './types';

interface Branch {
  stack: readonly Frame[] | undefined;
  readonly inner: Map<Frame, Branch>;
}

/** @returns a function that gives the first stack of the same frames it was given. */
export function createStackPool(): (stack: readonly Frame[]) => readonly Frame[] {
  const root: Branch = { stack: undefined, inner: new Map() };
  return (stack) => {
    let branch = root;
    // From the outside: that is where stacks are alike.
    for (let at = stack.length - 1; at >= 0; at--) {
      const frame = stack[at];
      if (frame === undefined) break;
      let inner = branch.inner.get(frame);
      if (inner === undefined) {
        inner = { stack: undefined, inner: new Map() };
        branch.inner.set(frame, inner);
      }
      branch = inner;
    }
    return (branch.stack ??= stack);
  };
}
