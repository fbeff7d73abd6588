/** I8: the lines about one patch come in one order, whatever happens in between. */
import type { Recorder } from '../../recorder';

/** One letter for each line that starts with the patch's name. */
const LETTERS: readonly (readonly [RegExp, string])[] = [
  [/^livepatch: enabling patch '(.*)'$/, 'e'],
  [/^livepatch: '(.*)': initializing (un)?patching transition$/, 'i'],
  [/^livepatch: '(.*)': (?:starting )?(un)?patching(?: transition|\.\.\.)$/, 's'],
  [/^livepatch: '(.*)': reversing transition/, 'r'],
  [/^livepatch: '(.*)': canceling patching transition/, 'x'],
  [/^livepatch: '(.*)': completing (un)?patching transition$/, 'c'],
  [/^livepatch: '(.*)': (un)?patching complete$/, 'd'],
];

/** Enabled or disabled, initialized; then started and perhaps turned around, or canceled; then completed. */
const ORDER = /^(?:e?i(?:s(?:rs)*|x)cd)*(?:e?(?:i(?:(?:s(?:rs)*|x)c?)?)?)?$/;

/** Reports each patch whose lines break the order; the last transition may still be under way. */
export function checkGrammar(recorder: Recorder): void {
  const seen = new Map<string, string>();
  for (const { text } of recorder.lines()) {
    // Most lines of a long run are about tasks, not patches.
    if (text.startsWith('livepatch: klp_')) continue;
    for (const [pattern, letter] of LETTERS) {
      const name = pattern.exec(text)?.[1];
      if (name !== undefined) seen.set(name, (seen.get(name) ?? '') + letter);
    }
  }
  for (const [name, letters] of seen) if (!ORDER.test(letters)) recorder.violation({ invariant: 'I8', text: `the lines about '${name}' come as ${letters}` });
}
