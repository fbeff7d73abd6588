import { expect, test } from 'vitest';
import { storyOf } from '../../client/webview/story';
import type { Trace } from '../../server/src/simulate/types';
import { drawn, forced, quick, reversed, signaled, stuck } from './traces';

test.each<[string, Trace, string[]]>([
  ['signaled', signaled, ['Completes after 16.0 s, at pass 16.', 'z_poll was in do_sys_poll until the kernel signaled remaining tasks at 15.0 s.']],
  ['quick', quick, ['Completes after 1.0 s, at pass 1.', 'Nobody slept in the patched functions; at pass 0, swapper/1 could not be looked at while running.']],
  ['stuck', stuck, ['Does not complete: given up after 20.0 s and 20 passes.', 'kwatch is still in kwatch_loop.']],
  ['reversed', reversed, ['Is not applied: it was reversed.', 'kwatch was in kwatch_loop until the transition was reversed at 19.5 s.']],
  ['forced', forced, ['Completes after 20.0 s by force, which is not safe.', 'kwatch was in kwatch_loop until the remaining tasks were forced at 19.5 s.']],
  [
    'refused action',
    { ...stuck, actions: [{ atNs: 3e9, kind: 'signal', result: 'no such file' }] },
    ['Does not complete: given up after 20.0 s and 20 passes.', 'kwatch is still in kwatch_loop.', 'Tasks were signaled by hand at 3.0 s: no such file.'],
  ],
  ['no pass at all', { ...quick, passes: [] }, ['Completes after 1.0 s.', 'Nobody is asked what they are doing.']],
])('%s', (_name, trace, expected) => {
  const { headline, sentences } = storyOf(drawn(trace));
  expect([headline, ...sentences]).toEqual(expected);
});

test('only a trace that completes cleanly is good news', () => {
  expect([signaled, stuck, reversed, forced].map((trace) => storyOf(drawn(trace)).tone)).toEqual(['good', 'bad', 'bad', 'bad']);
});
