/** What a function is said to hand on, and which of its parameters it calls. */
import { expect, it } from 'vitest';
import { extractFacts } from '../../server/src/syntax/extract';

it.each([
  { body: 'kref_put(&demo->ref, release);', hands: ['kref_put 1 release'] },
  { body: 'walk(demo, visit, 0); walk(demo, visit, 1);', hands: ['walk 1 visit', 'walk 1 visit'] },
  { body: 'walk(wrap(inner, 1), (visit), outer);', hands: ['walk 2 outer', 'wrap 0 inner'] },
  { body: 'int value = 1, other; walk(value, other);', hands: [] },
  { body: 'walk(demo);', hands: [] },
  { body: 'walk(GFP_KERNEL, NULL, true, 7, "text");', hands: [] },
  { body: 'walk(visit); demo->visit = visit;', hands: [] },
  { body: 'walk(visit); if (demo->visit == visit) stop();', hands: [] },
  { body: 'walk(demo->visit, demo.visit);', hands: [] },
])('tells what is handed on: $body', ({ body, hands }) => {
  const [fact] = extractFacts(`static void f(struct demo *demo)\n{\n\t${body}\n}\n`).functions;
  expect(fact?.calls.flatMap((call) => (call.hands ?? []).map(({ argument, name }) => `${call.name} ${argument} ${name}`)).sort()).toEqual(hands);
});

it.each([
  { header: 'struct demo *demo, void (*call)(struct demo *demo, int value)', body: 'call(demo, 1);', calls: [1] },
  { header: 'call_t call, struct demo *demo', body: 'call(demo, 1);', calls: [0] },
  { header: 'void (*call)(int (*inner)(void), int), int (*other)(void)', body: 'call(inner, 1); return other();', calls: [0, 1] },
  { header: 'int __user *table[], int (*call)(void)', body: '(*call)();', calls: [1] },
  { header: 'call_t call, int value', body: 'if (call) call(value); if (!call || value) return; value = call ? 1 : 2;', calls: [0] },
  { header: 'call_t call, struct demo *demo', body: 'demo->call = call; call(demo);', calls: [] },
  { header: 'call_t call, struct demo *demo', body: 'call(demo); other(demo, call);', calls: [] },
  { header: 'call_t call', body: 'demo.call(1); demo->call(2);', calls: [] },
  { header: 'void', body: 'call();', calls: [] },
  { header: '', body: 'call();', calls: [] },
])('tells the parameters that are called: ($header) { $body }', ({ header, body, calls }) => {
  const [fact] = extractFacts(`static int f(${header})\n{\n\t${body}\n}\n`).functions;
  expect(fact?.callsBack ?? []).toEqual(calls);
});
