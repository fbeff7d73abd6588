import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The manual page of a rule: it is shipped beside the bundled programs. */
export function manualUri(rule: string): string {
  return pathToFileURL(join(__dirname, 'manual', `${rule}.md`)).href;
}
