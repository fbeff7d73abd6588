import { memoryUsage } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { extractFacts } from '../../server/src/syntax/extract';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const MEGABYTE = 2 ** 20;
const TEXTS = 40;
/** One long comment, and of each kind of fact something whose name is a slice of the text. */
const textOf = (number: number): string => `/*${'-'.repeat(MEGABYTE)}*/
#include "depot_with_a_long_name_${number}.h"
#define DEPOT_WITH_A_LONG_NAME_${number} depot_with_another_long_name_${number}
struct depot_with_a_long_name_${number} { unsigned long member_with_a_long_name_${number}; };
int depot_function_with_a_long_name_${number}(void) { return another_with_a_long_name_${number}(); }
module_init(depot_function_with_a_long_name_${number});
`;

it('lets go of the text', () => {
  collect();
  const before = memoryUsage().heapUsed;
  const facts = Array.from({ length: TEXTS }, (_, number) => extractFacts(textOf(number)));
  collect();
  expect(memoryUsage().heapUsed - before).toBeLessThan((TEXTS / 4) * MEGABYTE);
  expect(facts.map(({ includes }) => includes[0]?.path)).toEqual(facts.map((_, number) => `depot_with_a_long_name_${number}.h`));
});
