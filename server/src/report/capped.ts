/** Long lists for a person: an edit of list.h reaches two thousand functions, and nobody reads them. The JSON has all. */

export interface Capped<T> {
  readonly shown: readonly T[];
  /** How many are left out. */
  readonly rest: number;
}

/** The first `most`; one more where it alone would be left out. */
export function capped<T>(list: readonly T[], most: number): Capped<T> {
  const shown = list.length <= most + 1 ? list : list.slice(0, most);
  return { shown, rest: list.length - shown.length };
}

/** `… and 12 more (--format json has all)`, or nothing. */
export function restLine(rest: number, indent: number, of = '', format: 'json' | 'sarif' = 'json'): string[] {
  return rest === 0 ? [] : [`${' '.repeat(indent)}… and ${rest} more${of === '' ? '' : ` ${of}`} (--format ${format} has all)`];
}
