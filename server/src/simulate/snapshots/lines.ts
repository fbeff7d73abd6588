/** The lines of a text, one by one, without a copy of them all; and the count of those that could not be read. */
import type { Malformed } from './types';

export interface Lines {
  /** Goes to the next line; false behind the last one. */
  readonly next: () => boolean;
  /** The line, without its line end (`\n` or `\r\n`). */
  line: string;
  /** Its number, from 1. */
  number: number;
}

/** Goes through a text line by line. One object for all lines: a snapshot has millions of them. */
export function linesOf(text: string): Lines {
  let from = 0;
  const lines: Lines = {
    line: '',
    number: 0,
    next: () => {
      if (from >= text.length) return false;
      let to = text.indexOf('\n', from);
      if (to < 0) to = text.length;
      lines.line = text.slice(from, to > from && text.charCodeAt(to - 1) === 13 ? to - 1 : to);
      lines.number++;
      from = to + 1;
      return true;
    },
  };
  return lines;
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

/** PID_MAX_LIMIT of include/linux/threads.h. */
export const LARGEST_PID = 4_194_304;

/** A task id: digits only, from 1; undefined for anything else, 0 included. */
export function pidOf(text: string | undefined): number | undefined {
  const pid = wholeNumber(text);
  return pid !== undefined && pid >= 1 && pid <= LARGEST_PID ? pid : undefined;
}

/** Up to nine digits and nothing else. */
export function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined || text.length === 0 || text.length > 9) return undefined;
  let number = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number;
}
