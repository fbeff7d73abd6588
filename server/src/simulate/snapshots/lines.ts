/** The lines of a text, one by one, without a copy of them all; and the count of those that could not be read. */
import type { Malformed } from './types';

/** Each line without its line end (`\n` or `\r\n`), and its number from 1. */
export function* linesOf(text: string): Generator<readonly [line: string, number: number], undefined, undefined> {
  let number = 0;
  for (let from = 0; from < text.length;) {
    let to = text.indexOf('\n', from);
    if (to < 0) to = text.length;
    const end = to > from && text.charCodeAt(to - 1) === 13 ? to - 1 : to;
    yield [text.slice(from, end), ++number];
    from = to + 1;
  }
}

/** How many malformed lines are named; the rest are counted. */
const NAMED = 5;

export interface Complaints {
  readonly add: (line: number, why: string) => void;
  readonly result: () => Malformed;
}

export function createComplaints(): Complaints {
  const first: { line: number; why: string }[] = [];
  let count = 0;
  return {
    add: (line, why) => {
      if (count++ < NAMED) first.push({ line, why });
    },
    result: () => ({ count, first }),
  };
}

/** A task id: digits only, 1 to 2^22 (PID_MAX_LIMIT of include/linux/threads.h); undefined for anything else, 0 included. */
export function pidOf(text: string | undefined): number | undefined {
  const pid = wholeNumber(text);
  return pid !== undefined && pid >= 1 && pid <= 4_194_304 ? pid : undefined;
}

/** Up to nine digits and nothing else. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
