import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Frame } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core calls a barrier for many people; `minor` and `moderate` are matters of taste in a part of a window. */
const GRAVE = ['serious', 'critical'];

/**
 * Looks at a frame as assistive technology does: names, roles, contrast, tab order.
 *
 * @returns a line for each element that breaks a rule gravely: `rule: what it asks; where`
 */
export async function graveViolations(frame: Frame): Promise<string[]> {
  // Evaluated through the debugger, which the page's content security policy does not hold for.
  await frame.evaluate(AXE);
  const { violations, passes }: AxeResults = await frame.evaluate('axe.run(document, { resultTypes: ["violations"] })');
  if (passes.length === 0) throw new Error('axe-core found nothing to look at');
  return violations
    .filter(({ impact }) => GRAVE.includes(impact ?? ''))
    .flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary = '' }) => `${id}: ${help}; ${target.join(' ')} (${failureSummary.replaceAll(/\s+/g, ' ')})`));
}
