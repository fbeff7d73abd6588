/**
 * Stack entries as the kernel's %pB prints them, `NAME+0xOFFSET/0xSIZE [MODULE BUILDID]`, and what tools make of them.
 * A machine's stacks hold few different entries, so each text is read once.
 */
import type { Frame } from './types';

export interface ParsedFrame {
  readonly frame: Frame;
  /** False: the unwinder did not confirm it (`? ` before, or `(unreliable)` behind). */
  readonly reliable: boolean;
}

/** `end`: the all-ones address with which older kernels close /proc/PID/stack. */
export type FrameResult = ParsedFrame | 'end' | undefined;

export interface FrameReader {
  /** @returns undefined when the text is no stack entry */
  readonly read: (text: string) => FrameResult;
}

/**
 * @param mark what makes a text a stack entry: an offset behind the name, an address in `[<>]` before it, or nothing,
 *   where the format has already said that this is one
 */
export function createFrameReader(mark: 'offset' | 'address' | 'none'): FrameReader {
  const known = new Map<string, FrameResult>();
  return {
    read: (text) => {
      let result = known.get(text);
      if (result === undefined && !known.has(text)) {
        result = readFrame(text, mark);
        known.set(text, result);
      }
      return result;
    },
  };
}

/** A frame of which the name is known already. */
export function frameOf(symbol: string, module?: string): Frame {
  const name = sourceName(symbol);
  return { symbol, name, ...(module === undefined ? {} : { module }), ...(symbol.startsWith('0x') ? { unresolved: true } : {}) };
}

/** Without what the compiler appends: `.part.0`, `.isra.0`, `.constprop.0`, `.cold`, `.llvm.123`. No C name holds a dot. */
export function sourceName(symbol: string): string {
  const dot = symbol.indexOf('.', 1);
  return dot < 0 ? symbol : symbol.slice(0, dot);
}

const SPACE = 32;
const TAB = 9;

function readFrame(text: string, mark: 'offset' | 'address' | 'none'): FrameResult {
  let at = skipSpaces(text, 0);
  // s390 puts what it does not trust in parentheses.
  let reliable = text[at] !== '(';
  if (!reliable) at++;
  let addresses = 0;
  for (let close = addressEnd(text, at); close >= 0; close = addressEnd(text, at)) {
    addresses++;
    at = skipSpaces(text, close);
  }
  if (mark === 'address' && addresses === 0) return undefined;
  if (text[at] === '?' && text.charCodeAt(at + 1) === SPACE) {
    reliable = false;
    at = skipSpaces(text, at + 1);
  }
  const nameEnd = skipName(text, at);
  if (nameEnd === at) return undefined;
  const symbol = text.slice(at, nameEnd);
  if (/^0xf{8}(f{8})?$/.test(symbol)) return 'end';
  at = skipOffset(text, nameEnd);
  if (at < 0 || (mark === 'offset' && at === nameEnd && addresses === 0 && !symbol.startsWith('0x'))) return undefined;
  return finish(text, at, symbol, reliable);
}

/** What may stand behind the offset: the module, flags in parentheses. */
function finish(text: string, behind: number, symbol: string, reliable: boolean): FrameResult {
  let at = skipSpaces(text, behind);
  let module: string | undefined;
  if (text[at] === '[') {
    const close = text.indexOf(']', at);
    if (close < 0) return undefined;
    // Behind the name there may be a build id (CONFIG_STACKTRACE_BUILD_ID).
    module = text.slice(at + 1, close).split(' ', 1)[0];
    if (module === undefined || !/^[\w-]{1,64}$/.test(module)) return undefined;
    at = skipSpaces(text, close + 1);
  }
  let trusted = reliable;
  if (text[at] === '(') {
    const close = text.indexOf(')', at);
    if (close < 0) return undefined;
    if (text.slice(at, close + 1) === '(unreliable)') trusted = false;
    at = skipSpaces(text, close + 1);
  } else if (text[at] === ')') at = skipSpaces(text, at + 1);
  return at < text.length ? undefined : { frame: frameOf(symbol, module), reliable: trusted };
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB) at++;
  return at;
}

/** Behind `[<ffffffff810a1b2c>]`, `[<0>]` or powerpc's `[c0000000001e2a0c]`; -1 when there is none. */
function addressEnd(text: string, at: number): number {
  if (text[at] !== '[') return -1;
  const close = text.indexOf(']', at);
  return close > 0 && close - at <= 20 && /^\[(<[0-9a-f]+>|[0-9a-f]{8,16})\]$/.test(text.slice(at, close + 1)) ? close + 1 : -1;
}

function skipName(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const letter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
    if (!letter && code !== 95 && code !== 46 && code !== 36) break;
  }
  return at;
}

/** Behind `+0x34d/0xa00`, `+0x34d` or `+845`; `at` itself where there is no offset, -1 where it is none. */
function skipOffset(text: string, at: number): number {
  if (text[at] !== '+') return at;
  const space = indexOfSpace(text, at);
  return /^\+(0x[0-9a-f]{1,16}(\/0x[0-9a-f]{1,16})?|\d{1,10})\)?$/.test(text.slice(at, Math.min(space, at + 48))) ? space : -1;
}

function indexOfSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== SPACE && text.charCodeAt(at) !== TAB) at++;
  return at;
}
