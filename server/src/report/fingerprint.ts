/** What tells a finding from others, and stays while lines move above it and numbers in its message change. */
import type { Finding } from '../rules/finding';
import { combineHash, finishHash, hashSeed, type HashState } from '../syntax/hash';

/** One for each finding, in their order: 14 hexadecimal digits. Findings that are alike in rule, file, function and symbol are told apart by their order. */
export function fingerprintsOf(findings: readonly Finding[]): string[] {
  const seen = new Map<string, number>();
  return findings.map(({ rule, path, function: name = '', symbol = '', through = '' }) => {
    const identity = [rule, path, name, symbol, through].join('\0');
    const earlier = seen.get(identity) ?? 0;
    seen.set(identity, earlier + 1);
    return digest(`${identity}\0${earlier}`);
  });
}

function digest(text: string): string {
  let state: HashState = hashSeed;
  for (let at = 0; at < text.length; at += 1) state = combineHash(state, text.charCodeAt(at));
  return finishHash(state).toString(16).padStart(14, '0');
}
