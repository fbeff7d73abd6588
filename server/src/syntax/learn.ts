/** What a tree's headers teach a reader of its files. */
import { extractFacts } from './extract';
import { learnAttributes } from './learnAttributes';
import { learnMakers } from './learnMakers';
import { knownMakers } from './makers';
import type { Taught } from './taught';
import type { Definition } from './templates';

/** @param macros all definitions of the headers, in whatever `#if` branch they stand */
export function learn(macros: readonly Definition[]): Taught {
  return { attributes: learnAttributes(macros), makerOf: learnMakers(macros, extractFacts, (name) => knownMakers.get(name)) };
}
