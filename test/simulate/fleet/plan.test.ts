/** Plans from files: what is left out is as by default, what is wrong is told in one sentence. */
import { expect, it } from 'vitest';
import { DEFAULT_PLAN, parsePlan, PLAN_SOURCES } from '../../../server/src/simulate/fleet';

it('what a plan does not say is as by default', () => {
  expect(parsePlan('{}')).toEqual({ plan: DEFAULT_PLAN });
  expect(parsePlan(JSON.stringify(DEFAULT_PLAN))).toEqual({ plan: DEFAULT_PLAN });
  expect(parsePlan('{"online": {"retries": 0}, "waves": [0.5, 1]}')).toEqual({ plan: { ...DEFAULT_PLAN, waves: [0.5, 1], online: { ...DEFAULT_PLAN.online, retries: 0 } } });
});

it('every part of a plan has its source told', () => {
  const parts = Object.entries(DEFAULT_PLAN).flatMap(([name, value]) => (name === 'online' || name === 'restart' ? Object.keys(value as object).map((key) => `${name}.${key}`) : [name]));
  expect(Object.keys(PLAN_SOURCES)).toEqual(parts);
});

it.each([
  ['', 'it is no JSON'],
  ['[]', 'the plan is an object, not []'],
  ['{"wave": [1]}', 'the plan has no "wave": there is workloads, versions, waves, soakMinutes, haltShare, online, restart, specimens, costs'],
  ['{"workloads": {"webb": 1}}', 'workloads: "webb" is not one of mixed, idle, web, database, nfs-client, kvm-host, batch, build, containers'],
  ['{"workloads": {"web": 0.5}}', 'workloads: the share of web is a whole number from 0 to 1000000, not 0.5'],
  ['{"workloads": {"web": 0}}', 'workloads names nothing with a share above 0'],
  ['{"workloads": ["web"]}', 'workloads is an object of shares, not ["web"]'],
  ['{"versions": {"six": 1}}', 'versions: "six" is not a kernel version'],
  ['{"waves": []}', 'waves is a list of 1 to 1000 shares, not []'],
  ['{"waves": [0.5, 0.2, 1]}', 'waves are shares of the fleet that rise from above 0 to 1'],
  ['{"waves": [0.5]}', 'the last wave ends with the whole fleet: 1'],
  ['{"soakMinutes": -1}', 'soakMinutes is a number from 0 to 100000, not -1'],
  ['{"online": {"atOnce": 0}}', 'online.atOnce is a number from 1 to 1000000, not 0'],
  ['{"online": {"atOnce": 1.5}}', 'online.atOnce is a whole number, not 1.5'],
  ['{"online": {"stalled": "panic"}}', 'online.stalled is "hand" or "skip", not "panic"'],
  ['{"restart": {"down": 1}}', 'restart has no "down": there is downShare, drainMinutes, failShare'],
  ['{"restart": {"downShare": 2}}', 'restart.downShare is a number from 0 to 1, not 2'],
  ['{"costs": {"firmware": 1}}', expect.stringContaining('costs has no "firmware": there is registerFunctionNs') as string],
  ['{"costs": {"firmwareNs": -1}}', 'costs: firmwareNs is a whole number of ns from 0 to 1000000000000000, not -1'],
])('%s', (text, problem) => {
  expect(parsePlan(text)).toEqual({ problem });
});
