// npm test: everything, on a fresh Debian machine, with one closing line `N passed, N failed`.
// --unit runs the quick part only. Needs nothing installed but Node, npm and (for what is missing) root.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));
const report = join(root, 'node_modules/.vitest-report.json');
const log = (line) => console.log(`== ${line}`);
let passed = 0;
let failed = 0;

/** One step of the verification counts as one test. */
function step(title, command, args) {
  log(title);
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status === 0) passed += 1;
  else {
    failed += 1;
    log(`${title}: failed`);
  }
  return status === 0;
}

function tests(project) {
  log(`${project} tests`);
  rmSync(report, { force: true });
  const { status } = spawnSync('npx', ['vitest', 'run', '--project', project, '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (!existsSync(report)) {
    failed += 1;
    return;
  }
  const counts = JSON.parse(readFileSync(report, 'utf8'));
  passed += counts.numPassedTests;
  failed += counts.numFailedTests + counts.numPendingTests;
  for (const file of counts.testResults) {
    for (const test of file.assertionResults) if (test.status !== 'passed') log(`${test.status}: ${file.name.slice(root.length)}: ${test.fullName}`);
    // A file that could not be loaded has no tests to count.
    if (file.status === 'failed' && file.assertionResults.length === 0) {
      failed += 1;
      log(`failed to load: ${file.name.slice(root.length)}: ${file.message}`);
    }
  }
  if (status !== 0 && failed === 0) failed += 1;
}

try {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs) {
    log('installing npm packages');
    const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error('npm ci failed');
  }
  const quick = process.argv.includes('--unit');
  if (!quick) {
    const { setUp } = await import('./setup.mjs');
    const { rehearsalParts } = await import('./rehearsal.mjs');
    const { hostVersions, installHost } = await import('./vscode/install-host.mjs');
    setUp(log);
    rehearsalParts(log);
    for (const version of hostVersions()) await installHost(version, log);
  }
  step('types', 'npm', ['run', '--silent', 'typecheck']);
  step('lint', 'npm', ['run', '--silent', 'lint']);
  const built = step('package', 'npm', ['run', '--silent', 'package']);
  tests('unit');
  if (!quick && built) {
    tests('system');
    tests('e2e');
  }
} catch (error) {
  failed += 1;
  log(error instanceof Error ? error.message : String(error));
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
