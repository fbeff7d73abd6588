/** Every sample edit, judged; what is expected was checked against gcc (test/sample/compiler-truth.test.ts). */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { analyze, type Analysis, type EditedFile } from '../../server/src/analysis';
import { nodeHost } from '../../server/src/host/node';
import { allEdits, applyPatch, copyTree, KERNEL, type Expectation } from '../sample/edits';

it.each(allEdits())('$name', async ({ patchFile, touches, expected }) => {
  const tree = copyTree();
  try {
    expect(applyPatch(tree, patchFile)).toBe('');
    const edit = touches.map((path): EditedFile => ({ path, before: readFileSync(join(KERNEL, path), 'utf8'), after: readFileSync(join(tree, path), 'utf8') }));
    const analysis = await analyze(edit, { root: tree, host: { files: nodeHost.files } }, { profile: 'klp-build', kernelVersion: '6.1.192' });
    expect(found(analysis)).toEqual(wanted(expected));
  } finally {
    rmSync(tree, { recursive: true });
  }
});

function found(analysis: Analysis): unknown {
  return {
    verdict: analysis.verdict,
    functions: Object.fromEntries(analysis.plan.objects.map((object) => [object.name, object.functions.map((planned) => [planned.name, planned.path, planned.change, planned.via.map((step) => step.name)].join(' ')).sort()])),
    rules: analysis.findings.map((finding) => [finding.rule, finding.severity, finding.path, finding.symbol ?? finding.function ?? '', finding.through ?? ''].join(' ')).sort(),
  };
}

function wanted(expected: Expectation): unknown {
  return {
    verdict: expected.verdict,
    functions: Object.fromEntries(Object.entries(expected.functions).map(([object, list]) => [object, list.map((one) => [one.name, one.file, one.change, one.via ?? []].join(' ')).sort()])),
    rules: expected.rules.map((one) => [one.rule, one.severity, one.file, one.symbol ?? one.function ?? '', one.through ?? ''].join(' ')).sort(),
  };
}
