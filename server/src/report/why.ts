/** Why a function that nobody edited is replaced all the same: a sentence for lists, hovers and the tree. */
import type { PlannedFunction, Step } from '../plan/plan';

/**
 * `ticks_to_ms is inlined here (declared inline), through depot_clock (static, called once)`; undefined for a function that the edit itself changes.
 *
 * @param name how a name is written, in Markdown for instance
 */
export function whyReached({ via }: Pick<PlannedFunction, 'via'>, name = (text: string): string => text): string | undefined {
  const [edited, ...between] = via;
  if (edited === undefined) return undefined;
  const through = between.map((step) => `${name(step.name)} (${step.reason})`).join(' → ');
  return `${enters(edited, name(edited.name), via.every((step) => step.isSure))}${through === '' ? '' : `, through ${through}`}`;
}

function enters({ kind, reason }: Step, name: string, isSure: boolean): string {
  switch (kind) {
    case 'function':
      return `${name} is ${isSure ? '' : 'probably '}inlined here (${reason})`;
    case 'macro':
      return `macro ${name} expands here`;
    case 'constant':
      return `the value of ${name} changes`;
    case 'record':
      return `members of ${name} move`;
  }
}
