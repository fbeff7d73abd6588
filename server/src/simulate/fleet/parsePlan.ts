/** A plan from JSON: what it does not say is as in the default plan. */
import { DEFAULT_COSTS } from '../costs';
import { parseVersion } from '../version';
import { WORKLOADS } from '../workloads';
import { DEFAULT_PLAN, type FleetPlan } from './plan';

/** Beyond these nothing is gained and much time is lost. */
const MOST = { waves: 1000, minutes: 100_000, machines: 1_000_000, retries: 100, specimens: 1000, cost: 1e15 };

/** @returns the plan, or one sentence without a full stop about the first thing that is wrong with it */
export function parsePlan(text: string): { readonly plan: FleetPlan } | { readonly problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problem: 'it is no JSON' };
  }
  try {
    return { plan: planOf(json) };
  } catch (error) {
    if (error instanceof Wrong) return { problem: error.message };
    throw error;
  }
}

class Wrong extends Error {}

function planOf(json: unknown): FleetPlan {
  const top = objectOf(json, 'the plan', DEFAULT_PLAN);
  const online = objectOf(top['online'] ?? {}, 'online', DEFAULT_PLAN.online);
  const restart = objectOf(top['restart'] ?? {}, 'restart', DEFAULT_PLAN.restart);
  const stalled = online['stalled'] ?? DEFAULT_PLAN.online.stalled;
  if (stalled !== 'hand' && stalled !== 'skip') throw new Wrong(`online.stalled is "hand" or "skip", not ${shown(stalled)}`);
  return {
    workloads: sharesOf(top['workloads'] ?? DEFAULT_PLAN.workloads, 'workloads', (name) => WORKLOADS.some((each) => each.name === name), `one of ${WORKLOADS.map(({ name }) => name).join(', ')}`),
    versions: sharesOf(top['versions'] ?? DEFAULT_PLAN.versions, 'versions', (name) => parseVersion(name) !== undefined, 'a kernel version'),
    waves: wavesOf(top['waves'] ?? DEFAULT_PLAN.waves),
    soakMinutes: numberOf(top, 'soakMinutes', DEFAULT_PLAN, '', 0, MOST.minutes),
    haltShare: numberOf(top, 'haltShare', DEFAULT_PLAN, '', 0, 1),
    online: {
      atOnce: wholeOf(online, 'atOnce', DEFAULT_PLAN.online, 'online.', 1, MOST.machines),
      retries: wholeOf(online, 'retries', DEFAULT_PLAN.online, 'online.', 0, MOST.retries),
      retryMinutes: numberOf(online, 'retryMinutes', DEFAULT_PLAN.online, 'online.', 0, MOST.minutes),
      stalled,
    },
    restart: {
      downShare: numberOf(restart, 'downShare', DEFAULT_PLAN.restart, 'restart.', 0, 1),
      drainMinutes: numberOf(restart, 'drainMinutes', DEFAULT_PLAN.restart, 'restart.', 0, MOST.minutes),
      failShare: numberOf(restart, 'failShare', DEFAULT_PLAN.restart, 'restart.', 0, 1),
    },
    specimens: wholeOf(top, 'specimens', DEFAULT_PLAN, '', 1, MOST.specimens),
    costs: costsOf(top['costs'] ?? {}),
  };
}

type Json = Readonly<Record<string, unknown>>;

/** An object with no other keys than the default has. */
function objectOf(json: unknown, name: string, known: object): Json {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Wrong(`${name} is an object, not ${shown(json)}`);
  const surplus = Object.keys(json).find((key) => !Object.hasOwn(known, key));
  if (surplus !== undefined) throw new Wrong(`${name} has no ${shown(surplus)}: there is ${Object.keys(known).join(', ')}`);
  return json as Json;
}

function numberOf<K extends string>(json: Json, key: K, defaults: Readonly<Record<K, unknown>>, prefix: string, least: number, most: number): number {
  const value = json[key] ?? defaults[key];
  if (typeof value !== 'number' || !(value >= least && value <= most)) throw new Wrong(`${prefix}${key} is a number from ${least} to ${most}, not ${shown(value)}`);
  return value;
}

function wholeOf<K extends string>(json: Json, key: K, defaults: Readonly<Record<K, unknown>>, prefix: string, least: number, most: number): number {
  const value = numberOf(json, key, defaults, prefix, least, most);
  if (!Number.isInteger(value)) throw new Wrong(`${prefix}${key} is a whole number, not ${value}`);
  return value;
}

function sharesOf(json: unknown, name: string, isKnown: (key: string) => boolean, kinds: string): Readonly<Record<string, number>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Wrong(`${name} is an object of shares, not ${shown(json)}`);
  const entries = Object.entries(json);
  for (const [key, share] of entries) {
    if (!isKnown(key)) throw new Wrong(`${name}: ${shown(key)} is not ${kinds}`);
    if (!Number.isInteger(share) || share < 0 || share > MOST.machines) throw new Wrong(`${name}: the share of ${key} is a whole number from 0 to ${MOST.machines}, not ${shown(share)}`);
  }
  if (!entries.some(([, share]) => share > 0)) throw new Wrong(`${name} names nothing with a share above 0`);
  return Object.fromEntries(entries);
}

function wavesOf(json: unknown): readonly number[] {
  if (!Array.isArray(json) || json.length === 0 || json.length > MOST.waves) throw new Wrong(`waves is a list of 1 to ${MOST.waves} shares, not ${shown(json)}`);
  const waves: number[] = [];
  for (const share of json) {
    if (typeof share !== 'number' || !(share > (waves.at(-1) ?? 0))) throw new Wrong('waves are shares of the fleet that rise from above 0 to 1');
    waves.push(share);
  }
  if (waves.at(-1) !== 1) throw new Wrong('the last wave ends with the whole fleet: 1');
  return waves;
}

function costsOf(json: unknown): FleetPlan['costs'] {
  const costs = objectOf(json, 'costs', DEFAULT_COSTS);
  for (const [name, ns] of Object.entries(costs)) {
    if (typeof ns !== 'number' || !Number.isInteger(ns) || ns < 0 || ns > MOST.cost) throw new Wrong(`costs: ${name} is a whole number of ns from 0 to ${MOST.cost}, not ${shown(ns)}`);
  }
  return costs;
}

/** On one line, and no longer than a line. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
