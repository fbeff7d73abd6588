import type { FunctionView, PlanView } from '../../server/src/lsp/protocol';
import type { Verdict } from '../../server/src/rules/finding';
import { functionsOf, verdictTextColors, verdictWords, worst } from './planWords';

/** What VS Code draws beside a name: at most two characters, and a theme color. */
export interface Decoration {
  readonly badge: string;
  readonly tooltip: string;
  readonly color: string;
}

/** Names in a tooltip; a file of many changes is told by the first. */
const NAMED = 5;

/** Of a row of the tree: how the function changed, in the color of its verdict. */
export function rowDecoration({ change, verdict }: Pick<FunctionView, 'change' | 'verdict'>): Decoration {
  return { badge: changeLetters[change], tooltip: `${changeTitles[change]}, ${verdictWords[verdict]}`, color: verdictTextColors[verdict] };
}

/** Of the files that a live patch replaces something of, by URI. */
export function fileDecorations(plans: readonly PlanView[]): ReadonlyMap<string, Decoration> {
  const byFile = new Map<string, FunctionView[]>();
  for (const fn of plans.filter(({ state }) => state === 'ready').flatMap(functionsOf)) byFile.set(fn.uri, [...(byFile.get(fn.uri) ?? []), fn]);
  return new Map([...byFile].map(([uri, functions]) => [uri, fileDecoration(functions)]));
}

function fileDecoration(functions: readonly FunctionView[]): Decoration {
  const verdict: Verdict = worst(functions.map((fn) => fn.verdict));
  const names = [...new Set(functions.map(({ name }) => name))];
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return { badge: 'LP', tooltip: `Live patch of ${names.slice(0, NAMED).join(', ')}${more}: ${verdictWords[verdict]}`, color: verdictTextColors[verdict] };
}

/** As git's letters in the Explorer, and an arrow for what comes along. */
const changeLetters = { changed: 'M', added: 'A', removed: 'D', signature: 'S', reached: '↳' } as const satisfies Record<FunctionView['change'], string>;

const changeTitles = { changed: 'Changed', added: 'Added', removed: 'Removed', signature: 'Signature changed', reached: 'Reached' } as const satisfies Record<FunctionView['change'], string>;
