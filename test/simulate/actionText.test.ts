/** Actions as texts: what each text says, what is refused, and that both ways agree. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionText, parseAction, type Action } from '../../server/src/simulate';

const second = (...functions: { name: string; object: string }[]): { name: string; functions: { name: string; object: string }[] } => ({ name: 'livepatch_second', functions });
const f = { name: 'f', object: 'vmlinux' };
const g = { name: 'g.part.0', object: 'sunrpc' };

describe('a text and its action', () => {
  it.each<[string, Action]>([
    ['signal@0ms', { atMs: 0, kind: 'signal' }],
    ['force@30s', { atMs: 30_000, kind: 'force' }],
    ['reverse@999.5ms', { atMs: 999.5, kind: 'reverse' }],
    ['disable@1.001s', { atMs: 1001, kind: 'disable' }],
    ['patch:f@1s', { atMs: 1000, kind: 'enable', patch: second(f) }],
    ['replace:f,sunrpc:g.part.0@2s', { atMs: 2000, kind: 'replace', patch: { ...second(f, g), replace: true } }],
    ['load-module:nf_nat-2@3s', { atMs: 3000, kind: 'load module', module: 'nf_nat-2' }],
    ['unload-module:sunrpc@3s', { atMs: 3000, kind: 'unload module', module: 'sunrpc' }],
    ['poke:17@500ms', { atMs: 500, kind: 'poke', pid: 17 }],
    ['force@999999999.999999s', { atMs: 999_999_999_999.999, kind: 'force' }],
  ])('%s', (text, action) => {
    expect(parseAction(text)).toEqual(action);
    expect(actionText(action)).toBe(text);
  });

  it.each([['poke:17@0.5s', 'poke:17@500ms'], ['patch:vmlinux:f, g@1000ms', 'patch:f,g@1s']])('%s is %s', (text, same) => {
    const action = parseAction(text);
    expect(action).toEqual(parseAction(same));
    expect(actionText(action as Action)).toBe(same);
  });
});

describe('no action', () => {
  it.each([
    ['', 'is KIND@TIME'], ['force', 'is KIND@TIME'], ['force@', 'is KIND@TIME'], ['force@3', 'is KIND@TIME'], ['force@3m', 'is KIND@TIME'], ['force@1e3s', 'is KIND@TIME'], ['force@-1s', 'is KIND@TIME'], ['force@0.0000001s', 'is KIND@TIME'],
    ['Force@3s', 'is KIND@TIME'], ['force@3s\n', 'is KIND@TIME'], ['constructor@3s', 'is KIND@TIME'], ['load module:m@3s', 'is KIND@TIME'],
    ['signal:1@3s', 'signal takes no "1": it is signal@TIME'],
    ['unload-module@3s', 'unload-module needs a MODULE: unload-module:MODULE@TIME'],
    ['load-module:a b@3s', 'load-module:MODULE@TIME takes a module\'s name, not "a b"'],
    ['poke:0@3s', 'poke:PID@TIME takes a task\'s number, not "0"'],
    ['patch:f,@3s', 'takes function names with commas between them; "" is none'],
  ])('%j', (text, problem) => {
    expect(parseAction(text)).toEqual({ problem: expect.stringMatching(`^${problem}`) as string });
  });
});

describe('an action that has no text', () => {
  it.each<Action>([
    { atMs: 1, kind: 'disable', patch: 'livepatch_edit' },
    { atMs: 1, kind: 'enable', patch: 'livepatch_edit' },
    { atMs: 1, kind: 'enable', patch: { ...second(f), name: 'other' } },
    { atMs: 1, kind: 'enable', patch: { ...second(f), replace: true } },
    { atMs: 1, kind: 'replace', patch: second(f) },
    { atMs: 1, kind: 'enable', patch: { ...second(f), states: [] } },
    { atMs: 1, kind: 'enable', patch: { name: 'livepatch_second', functions: [{ ...f, noFtrace: true }] } },
    { atMs: 1, kind: 'enable', patch: second() },
    { atMs: 1, kind: 'load module', module: 'm', parameters: 'debug=1' },
    { atMs: 1, kind: 'load module', module: 'a b' },
    { atMs: 1, kind: 'poke', pid: 0 },
    { atMs: -1, kind: 'force' },
    { atMs: 1e12, kind: 'force' },
    { atMs: 1 / 3, kind: 'force' },
    { atMs: NaN, kind: 'force' },
    { atMs: 1, kind: 'ftrace', enabled: false },
    { atMs: 1, kind: 'call', function: 'f' },
  ])('%j', (action) => {
    expect(actionText(action)).toBeUndefined();
  });
});

describe('both ways', () => {
  const word = fc.constantFrom('signal', 'force', 'reverse', 'disable', 'patch:f', 'patch:vmlinux:f,mod:g.cold', 'replace:f,g', 'load-module:nfs', 'unload-module:nf-2', 'poke:1', 'poke:999999999');
  const decimal = fc.tuple(fc.integer({ min: 0, max: 999_999_999 }), fc.stringMatching(/^(\.\d{1,6})?$/)).map(([whole, rest]) => `${whole}${rest}`);

  it('whatever text parses: its action has a text, which says the same', () => {
    fc.assert(fc.property(word, decimal, fc.constantFrom('ms', 's'), (kind, time, unit) => {
      const action = parseAction(`${kind}@${time}${unit}`) as Action;
      const text = actionText(action);
      expect(text).toBeDefined();
      expect(parseAction(text ?? '')).toEqual(action);
    }), { numRuns: 2000 });
  });

  it('whatever action has a text: the text says this action, whatever names are in it', () => {
    const name = fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('f', 'vmlinux', 'g.part.0', 'a,b', 'm:f', 'a@1s'));
    const functions = fc.array(fc.record({ name, object: name }), { maxLength: 3 });
    const atMs = fc.oneof(fc.integer({ min: -1, max: 100_000 }), fc.double());
    const action: fc.Arbitrary<Action> = fc.oneof(
      fc.record({ atMs, kind: fc.constantFrom('signal' as const, 'force' as const, 'disable' as const) }),
      fc.record({ atMs, kind: fc.constant('enable' as const), patch: functions.map((each) => second(...each)) }),
      fc.record({ atMs, kind: fc.constant('replace' as const), patch: functions.map((each) => ({ ...second(...each), replace: true })) }),
      fc.record({ atMs, kind: fc.constantFrom('load module' as const, 'unload module' as const), module: name }),
      fc.record({ atMs, kind: fc.constant('poke' as const), pid: fc.oneof(fc.integer(), fc.double()) }),
    );
    let told = 0;
    fc.assert(fc.property(action, (each) => {
      const text = actionText(each);
      if (text === undefined) return;
      told += 1;
      expect(parseAction(text)).toEqual({ ...each, atMs: each.atMs + 0 });
    }), { numRuns: 5000 });
    expect(told).toBeGreaterThan(100);
  });
});
