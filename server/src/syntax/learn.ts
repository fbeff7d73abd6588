/** What a tree's headers teach a reader of its files. */
import { extractFacts } from './extract';
import { learnAttributes } from './learnAttributes';
import type { IncludeFact } from './facts';
import { learnMakers } from './learnMakers';
import { knownMakers } from './makers';
import { readDirectives } from './preprocessor';
import { readTokens } from './reading';
import type { Taught } from './taught';
import type { Definition } from './templates';

/** @param macros all definitions of the headers, in whatever `#if` branch they stand */
export function learn(macros: readonly Definition[]): Taught {
  return { attributes: learnAttributes(macros), makerOf: learnMakers(macros, extractFacts, (name) => knownMakers.get(name)) };
}

/** What of a header is read to learn from it. */
export interface HeaderText {
  readonly macros: readonly Definition[];
  readonly includes: readonly IncludeFact[];
}

/** The macros a text defines and the headers it includes, without reading anything else of it. */
export function readHeader(text: string): HeaderText {
  const { macros, includes } = readDirectives(readTokens(text));
  return { macros: macros.map(({ name, parameters, body }) => ({ name, body, ...(parameters === undefined ? {} : { parameters }) })), includes };
}
