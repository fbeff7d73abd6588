/** Figures and numbers in a simulation's report. */
export function seconds(ms: number | null): string {
  return ms === null ? '-' : `${(ms / 1000).toFixed(3)} s`;
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** Milliseconds below a second: that is what tells systems apart that stop the machine. */
export function duration(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(1)} ms` : seconds(ms);
}

const SHOWN = 8;

/** The first few, and how many more. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}
