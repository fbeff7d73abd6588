/** What an analysis leaves open is looked up as long as the analysis counts. */
import { expect, it } from 'vitest';
import { Analyzer } from '../../server/src/analysis';
import { FakeFiles, FakeGit, ROOT } from './fakes';

/** More than are searched for at once, fewer than are too many to follow. */
const COUNT = 180;
const macros = Array.from({ length: COUNT }, (_, index) => `#define DEPOT_${index} ${index}\n`).join('');
const options = { profile: 'klp-build', kernelVersion: '6.1.0' } as const;

it('an outdated analysis is given up after the question under way', async () => {
  const files = new FakeFiles({ Makefile: 'VERSION = 6\n', Kbuild: '', 'include/linux/depot.h': macros });
  const git = new FakeGit(files);
  const analyzer = new Analyzer({ root: ROOT, host: { files, git } });
  await analyzer.prepare();
  const judged = () => analyzer.judge([{ path: 'include/linux/depot.h', before: macros, after: `/* ${macros}` }], options);
  await analyzer.learn(judged());
  const all = git.greps.length;
  expect(all).toBeGreaterThanOrEqual(COUNT);

  analyzer.invalidate();
  await analyzer.prepare();
  await analyzer.learn(judged(), undefined, () => git.greps.length === all);
  // The words of one search, and no more.
  expect(git.greps.length - all).toBeGreaterThan(0);
  expect(git.greps.length - all).toBeLessThanOrEqual(100);
});

it('the words of many questions are one search, and each gets the answer it would get alone', async () => {
  const users = Object.fromEntries(Array.from({ length: COUNT }, (_, index) => [`drivers/u${index}.c`, `int u${index}(void)\n{\n\treturn DEPOT_${index} + DEPOT_${(index * 7) % COUNT};\n}\n`]));
  const files = new FakeFiles({ Makefile: 'VERSION = 6\n', Kbuild: '', 'include/linux/depot.h': macros, ...users });
  const edit = [{ path: 'include/linux/depot.h', before: macros, after: macros.replaceAll(/(\d+)$/gm, '$1 + 1') }];
  const answers = async (learn: (analyzer: Analyzer) => Promise<unknown>, git: FakeGit): Promise<unknown> => {
    const analyzer = new Analyzer({ root: ROOT, host: { files, git } });
    await analyzer.prepare();
    await learn(analyzer);
    return analyzer.judge(edit, options).plan.objects;
  };
  const git = new FakeGit(files);
  let searches = 0;
  const counted = Object.assign(Object.create(git) as FakeGit, { grep: (...args: Parameters<FakeGit['grep']>) => { searches += 1; return git.grep(...args); } });
  const together = await answers((analyzer) => analyzer.learn(analyzer.judge(edit, options)), counted);
  expect(searches).toBeLessThan(10);
  expect(together).not.toEqual([]);
  const alone = await answers(async (analyzer) => { for (const question of analyzer.judge(edit, options).questions) await analyzer.learn({ ...analyzer.judge(edit, options), questions: [question] }); }, new FakeGit(files));
  expect(together).toEqual(alone);
});
