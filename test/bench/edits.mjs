// What a person types, as edits of a text: seeded, so that two runs measure the same.
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

const PASTED_LINES = 200;

/** Kinds of edit, each `(text, line offsets, pick) -> { at, remove, insert }`; `pick(n)` draws from 0 to n - 1. */
const kinds = {
  word: (text, _lines, pick) => ({ at: wordAt(text, pick(text.length)), remove: 0, insert: 'x' }),
  brace: (_text, lines, pick) => ({ at: lines[pick(lines.length)], remove: 0, insert: '{' }),
  quote: (text, _lines, pick) => ({ at: wordAt(text, pick(text.length)), remove: 0, insert: '"' }),
  comment: (_text, lines, pick) => ({ at: lines[pick(lines.length)], remove: 0, insert: '/*' }),
  paste: (text, lines, pick) => {
    const from = pick(Math.max(1, lines.length - PASTED_LINES));
    return { at: lines[pick(lines.length)], remove: 0, insert: text.slice(lines[from], lines[from + PASTED_LINES]) };
  },
  deletion: (text, lines, pick) => {
    const from = pick(lines.length);
    return { at: lines[from], remove: (lines[from + 1 + pick(3)] ?? text.length) - lines[from], insert: '' };
  },
};

/**
 * `count` edits of a text: of each kind in turn, at random places. Every second one takes the one before back, as a person closes a
 * brace again; so a text stays what it was, and opening and closing are measured alike.
 *
 * @returns {{ kind: string, at: number, remove: number, insert: string }[]} offsets count in the text as it is by then
 */
export function editsOf(text, count, seed) {
  const generator = xoroshiro128plus(seed);
  const pick = (n) => uniformInt(generator, 0, n - 1);
  const lines = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)].slice(0, -1);
  const names = Object.keys(kinds);
  return Array.from({ length: count / 2 }, (_, i) => {
    const kind = names[i % names.length];
    const edit = { kind, ...kinds[kind](text, lines, pick) };
    return [edit, { kind: `${kind} back`, at: edit.at, remove: edit.insert.length, insert: text.slice(edit.at, edit.at + edit.remove) }];
  }).flat();
}

/** The next end of a word at or after an offset. */
function wordAt(text, offset) {
  const found = /\w\b/.exec(text.slice(offset));
  return found === null ? text.length : offset + found.index + 1;
}
