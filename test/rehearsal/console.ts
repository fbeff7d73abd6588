/** What a rehearsal's guest said, read: for each patch the machine before it, and what the kernel did. */
import type { Recorded } from './guest';

export interface Rehearsed {
  /** From 1. */
  readonly id: number;
  /** As `livepatch-studio snapshot` collects it, taken just before the patch was loaded. */
  readonly snapshot: string;
  /** The kernel's own words, when it did not take the patch. */
  readonly refused?: string;
  /** All times in seconds since the transition began. */
  readonly passes: readonly Pass[];
  readonly signals: readonly number[];
  /** When the kernel said that it completes the transition; undefined when it did not before it was forced. */
  readonly completed?: number;
  /** Threads that were not switched yet when the load returned. */
  readonly pending: readonly number[];
}

/** A pass in which somebody could not be switched. */
export interface Pass {
  readonly at: number;
  /** Thread -> the function it sleeps on, or `running`. Idle tasks have no number of their own and are left out. */
  readonly blocked: ReadonlyMap<number, string>;
}

interface Line {
  readonly at: number;
  readonly text: string;
}

/** Passes are a second apart; each looks at everybody once. */
const APART_S = 0.5;

export function read({ console, found }: Recorded): Rehearsed[] {
  const lines = linesOf(console);
  return [...sections(found)].filter(([title]) => title.startsWith('snapshot ')).map(([title, snapshot]) => {
    const id = Number(title.split(' ')[1]);
    const at = (mark: string): number => lines.findIndex(({ text }) => text === `rehearsal: ${mark} ${id}`);
    const untilWaited = lines.slice(at('load'), at('refused') >= 0 ? at('refused') : at('waited'));
    const states = sections(found).get(`patch_state ${id}`) ?? '';
    return { id, snapshot, pending: pendingIn(states), ...transition(untilWaited), ...(at('refused') < 0 ? {} : { refused: refusal(untilWaited) }) };
  });
}

function transition(lines: readonly Line[]): Pick<Rehearsed, 'passes' | 'signals' | 'completed'> {
  const timed = (pattern: RegExp): number[] => lines.filter(({ text }) => pattern.test(text)).map(({ at }) => at);
  const [start = 0] = timed(/^livepatch: '.*': starting patching transition$/);
  const [completed] = timed(/^livepatch: '.*': completing patching transition$/);
  const passes: { at: number; last: number; seen: Set<string>; blocked: Map<number, string> }[] = [];
  for (const { at, text } of lines) {
    const [, who, pid, why, name] = /^livepatch: \w+: (.*:(\d+)) is (running|sleeping on function (\S+))$/.exec(text) ?? [];
    if (who === undefined || pid === undefined) continue;
    let pass = passes.at(-1);
    if (pass === undefined || at - pass.last > APART_S || pass.seen.has(who)) passes.push((pass = { at: at - start, last: at, seen: new Set(), blocked: new Map() }));
    pass.last = at;
    pass.seen.add(who);
    if (pid !== '0') pass.blocked.set(Number(pid), name ?? why ?? '');
  }
  return { passes, signals: timed(/^livepatch: signaling remaining tasks$/).map((at) => at - start), ...(completed === undefined ? {} : { completed: completed - start }) };
}

const refusal = (lines: readonly Line[]): string => lines.findLast(({ text }) => text.startsWith('livepatch: '))?.text ?? lines.findLast(({ text }) => text.startsWith('insmod: '))?.text ?? 'the module was not loaded';

/** Of lines `PID STATE` those that are in the old universe. */
const pendingIn = (states: string): number[] => states.split('\n').filter((line) => line.endsWith(' 0')).map((line) => Number(line.split(' ')[0]));

function linesOf(console: string): Line[] {
  return console.split('\n').flatMap((line) => {
    const [, at, text] = /^\[ *(\d+\.\d+)\] (.*)$/.exec(line) ?? [];
    return at === undefined || text === undefined ? [] : [{ at: Number(at), text }];
  });
}

/** `@@ TITLE` -> what stands below it; of two with one title the first. */
function sections(found: string): Map<string, string> {
  const all = new Map<string, string>();
  for (const part of found.split(/^@@ /m).slice(1)) {
    const end = part.indexOf('\n');
    const title = part.slice(0, end);
    if (!all.has(title)) all.set(title, part.slice(end + 1));
  }
  return all;
}
