/** What a tree's headers teach a reader of its files. */
import { extractFacts } from './extract';
import { learnAttributes } from './learnAttributes';
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

/** The macros a text defines, without reading anything else of it. */
export function macrosIn(text: string): readonly Definition[] {
  return readDirectives(readTokens(text)).macros.map(({ name, parameters, body }) => ({ name, body, ...(parameters === undefined ? {} : { parameters }) }));
}
