/** What a verdict as a whole is said to rest on. */
import { expect, it } from 'vitest';
import { evidenceOf } from '../../server/src/verdict';

type Judged = Parameters<typeof evidenceOf>[0];
type Evidence = ReturnType<typeof evidenceOf>;

const judged = (verdict: Judged['verdict'], errors: readonly Evidence[], functions: readonly Evidence[]): Judged => ({
  verdict,
  findings: [...errors.map((evidence) => ({ severity: 'error', evidence })), { severity: 'warning', evidence: 'compiler' }] as unknown as Judged['findings'],
  functions: functions.map((evidence) => ({ evidence })) as unknown as Judged['functions'],
});

it.each<[Evidence, Judged]>([
  // One error is enough, so the best of them counts.
  ['symbols', judged('unpatchable', ['source', 'symbols'], ['source'])],
  ['source', judged('unpatchable', ['source'], ['symbols'])],
  // That nothing stands in the way has to hold for every function.
  ['source', judged('patchable', [], ['compiler', 'source', 'symbols'])],
  ['symbols', judged('patchable', [], ['compiler', 'symbols'])],
  ['source', judged('undecided', [], [])],
])('%s', (expected, analysis) => {
  expect(evidenceOf(analysis)).toBe(expected);
});
