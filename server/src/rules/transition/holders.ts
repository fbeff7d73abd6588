/** What the transition rules say of functions, said once for all that hold a copy of the same edited code. */
import type { PlannedFunction } from '../../plan/plan';
import { certainty, entersText, placeOf, relatedWay, type RuleFinding } from '../rule';
import { enumerate } from '../words';

export interface Held {
  readonly planned: PlannedFunction;
  readonly severity: 'error' | 'warning' | 'info';
  /**
   * The sentence about these functions, `names` in it; what is equal but for the names is said once.
   * @param names `a`, `a and b`, and how the edited code gets there
   */
  say(names: string): string;
}

/** One finding for each place of the edit, severity and sentence; errors, which make a function's verdict, for each function. */
export function findingsFor(held: readonly Held[]): RuleFinding[] {
  const groups = new Map<string, Held[]>();
  for (const one of held) {
    const place = placeOf(one.planned);
    const key = [place.path, place.range.start, place.through === undefined, one.severity, one.say('')].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { through, ...place } = placeOf(first.planned);
    const list = enumerate(group.map(({ planned }) => planned.name));
    const names = through === undefined ? list : `${list} (${place.function} ${entersText(first.planned)} ${group.length === 1 ? 'it' : 'them'})`;
    return [
      {
        ...place,
        ...(through === undefined || group.length > 1 ? {} : { through }),
        severity: first.severity,
        ...(first.severity === 'error' ? certainty(first.planned) : {}),
        message: first.say(names),
        related: group.length > 1 ? group.map(({ planned }) => ({ path: planned.path, range: planned.fact.nameRange, message: planned.name })) : relatedWay(first.planned),
      },
    ];
  });
}
