import type { FunctionChange } from '../../change/changes';
import type { RuleContext } from '../rule';

/**
 * Keeps what is worked out of one change and its two texts alone. These rules hold all changes of an edit against one another with every keystroke,
 * and the changes of a file that is as it was are the same objects.
 */
export function perChange<T>(make: (context: RuleContext, path: string, change: FunctionChange) => T): typeof make {
  const known = new WeakMap<FunctionChange, { readonly path: string; readonly made: T }>();
  return (context, path, change) => {
    const one = known.get(change);
    if (one?.path === path) return one.made;
    const made = make(context, path, change);
    known.set(change, { path, made });
    return made;
  };
}
