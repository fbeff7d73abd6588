/** Which files are measured: the same for the same seed. */
import { readdirSync } from 'node:fs';

/** All .c files of the kernel proper: tools/ and scripts/ are user space. */
export function sourceFiles(tree) {
  return readdirSync(tree, { recursive: true })
    .filter((path) => path.endsWith('.c') && !/^(tools|scripts)\//.test(path))
    .sort();
}

/** `wanted` of `all`, sorted. */
export function choose(all, wanted, seed) {
  return shuffled(all, wanted, seed).sort();
}

/** A Fisher-Yates shuffle cut off after `wanted`. */
export function shuffled(all, wanted, seed) {
  const from = [...all];
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' linear congruential generator
    return state / 2 ** 32;
  };
  const chosen = [];
  while (chosen.length < wanted && from.length > 0) chosen.push(...from.splice(Math.floor(random() * from.length), 1));
  return chosen;
}

export function count(map, key) {
  map.set(key, (map.get(key) ?? 0) + 1);
}

/** The line of `text` that holds `offset`, trimmed. */
export function lineOf(text, offset) {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end < 0 ? text.length : end).trim();
}

/** The macro or word a place is about, for counting: the first name in front of a parenthesis, or the line. */
export function construct(line) {
  return /\b([A-Za-z_]\w*)\s*\(/.exec(line)?.[1] ?? line.slice(0, 40);
}
