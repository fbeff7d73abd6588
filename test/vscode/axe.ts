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
  const lines: string[] = [];
  for (const { id, help, nodes } of violations.filter(({ impact }) => GRAVE.includes(impact ?? ''))) {
    for (const { target, failureSummary = '' } of nodes) {
      const where = target.join(' ');
      if (id === 'label-content-name-mismatch' && (await frame.evaluate<boolean>(`(${isCut})(document.querySelector(${JSON.stringify(where)}))`))) continue;
      lines.push(`${id}: ${help}; ${where} (${failureSummary.replaceAll(/\s+/g, ' ')})`);
    }
  }
  return lines;
}

/** Whether an element's visible text is cut to the room there is and all its parts are in its name: axe-core takes "depot_wai…" for another word than "depot_wait_space". */
const isCut = `(element) => {
  const text = [...element.querySelectorAll('text')].map(({ textContent }) => textContent).join(' ');
  return text.includes('…') && text.split('…').every((part) => element.getAttribute('aria-label').includes(part.trim()));
}`;
