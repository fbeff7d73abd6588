/** `npm run accuracy` on a smaller sample than its own: it ends with 1 when a target is missed. The whole report also compiles objects. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

it('parse errors, and the functions ctags lists, in files no other test draws', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/accuracy.mjs'), '--only', 'parsing,functions', '--parse', '400', '--files', '300', '--seeds', '11'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  process.stdout.write(stdout);
  expect({ status, missed: stdout.split('\n').filter((line) => line.endsWith('MISSED')) }, stderr).toEqual({ status: 0, missed: [] });
  // A report that measured nothing would meet everything.
  expect(stdout).toMatch(/\(400 files\): \d+ of 400,/);
  expect(Number(/found by the scanner \(300 files, seed 11\): \d+ of (\d+)/.exec(stdout)?.[1])).toBeGreaterThan(3000);
});
