/** Why a function that nobody edited is replaced all the same: a sentence for lists, hovers and the tree. */
import type { PlannedFunction, Step } from '../plan/plan';

/**
 * `ticks_to_ms is inlined here (declared inline), through depot_clock (static, called once)`; undefined for a function that the edit itself changes.
 *
 * @param name how a name is written, in Markdown for instance
 */
export function whyReached({ via }: Pick<PlannedFunction, 'via'>, name = (text: string): string => text): string | undefined {
  return sentence(via, name, ({ reason }) => ` (${reason})`);
}

/** The same without the reasons, which differ from file to file: for functions that are reached on one way. */
export function wayReached({ via }: Pick<PlannedFunction, 'via'>): string | undefined {
  return via.length === 1 ? whyReached({ via }) : sentence(via, (text) => text, () => '');
}

function sentence(via: readonly Step[], name: (text: string) => string, reasonOf: (step: Step) => string): string | undefined {
  const [edited, ...between] = via;
  if (edited === undefined) return undefined;
  const through = between.map((step) => `${name(step.name)}${reasonOf(step)}`).join(' → ');
  return `${enters(edited.kind, name(edited.name), reasonOf(edited), via.every((step) => step.isSure))}${through === '' ? '' : `, through ${through}`}`;
}

function enters(kind: Step['kind'], name: string, reason: string, isSure: boolean): string {
  switch (kind) {
    case 'function':
      return `${name} is ${isSure ? '' : 'probably '}inlined here${reason}`;
    case 'macro':
      return `macro ${name} expands here`;
    case 'constant':
      return `the value of ${name} changes`;
    case 'record':
      return `members of ${name} move`;
    case 'line':
      return `${name} moved`;
  }
}
