/** What an analysis leaves open is looked up as long as the analysis counts. */
import { expect, it } from 'vitest';
import { Analyzer } from '../../server/src/analysis';
import { FakeFiles, FakeGit, ROOT } from './fakes';

const macros = Array.from({ length: 50 }, (_, index) => `#define DEPOT_${index} ${index}\n`).join('');
const options = { profile: 'klp-build', kernelVersion: '6.1.0' } as const;

it('an outdated analysis is given up after the question under way', async () => {
  const files = new FakeFiles({ Makefile: 'VERSION = 6\n', Kbuild: '', 'include/linux/depot.h': macros });
  const git = new FakeGit(files);
  const analyzer = new Analyzer({ root: ROOT, host: { files, git } });
  await analyzer.prepare();
  const judged = () => analyzer.judge([{ path: 'include/linux/depot.h', before: macros, after: `/* ${macros}` }], options);
  await analyzer.learn(judged());
  const all = git.greps.length;
  expect(all).toBeGreaterThanOrEqual(50);

  analyzer.invalidate();
  await analyzer.prepare();
  await analyzer.learn(judged(), undefined, () => git.greps.length - all < 2);
  expect(git.greps.length - all).toBe(2);
});
