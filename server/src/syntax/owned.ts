/**
 * Strings of their own for facts that outlive the text they were read from: V8 makes a slice of 13 characters or more a view that
 * keeps the whole text alive (v8/src/objects/string.h, SlicedString::kMinLength).
 */
const SHORTEST_SLICE = 13;

/** The same facts, their strings copied, in place: they must be nobody else's yet. */
export function owned<F extends object>(facts: F): F {
  const copies = new Map<string, string>();
  own(facts as Record<string, unknown>, copies);
  return facts;
}

function own(holder: Record<string | number, unknown>, copies: Map<string, string>): void {
  if (Array.isArray(holder)) {
    // Offsets of lines: as many as a file has, and no strings.
    if (typeof holder[0] !== 'number') for (let at = 0; at < holder.length; at += 1) ownAt(holder, at, copies);
  } else for (const key in holder) ownAt(holder, key, copies);
}

function ownAt(holder: Record<string | number, unknown>, key: string | number, copies: Map<string, string>): void {
  const value = holder[key];
  if (typeof value === 'string') {
    if (value.length >= SHORTEST_SLICE) holder[key] = copyOf(value, copies);
  } else if (typeof value === 'object' && value !== null) own(value as Record<string, unknown>, copies);
}

function copyOf(text: string, copies: Map<string, string>): string {
  const known = copies.get(text);
  if (known !== undefined) return known;
  const copy = ownedText(text);
  copies.set(copy, copy);
  return copy;
}

/** The same characters, lone surrogates too, in a string of their own. */
export function ownedText(text: string): string {
  return text.length < SHORTEST_SLICE ? text : (JSON.parse(JSON.stringify(text)) as string);
}
