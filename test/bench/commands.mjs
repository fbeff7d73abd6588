// What a command costs from start to end: wall time, CPU time of it and its children, and the most memory it held.
import { spawnSync } from 'node:child_process';
import { median } from './statistics.mjs';

const RUNS = 5;

/**
 * Medians of five runs, after one that is not counted and warms the file cache.
 *
 * @param {string[]} statuses exit statuses that are no failure
 * @param {number} runs fewer for what takes long; one alone is counted
 * @param {() => void} before is called before each run
 * @returns {{ wallS: number, cpuS: number, peakMB: number, status: number }}
 */
export function costOf(command, args, { cwd, env, statuses = [0], runs = RUNS, before }) {
  const run = () => {
    before?.();
    return once(command, args, { cwd, env }, statuses);
  };
  if (runs > 1) run();
  const done = Array.from({ length: runs }, run);
  const middle = (key) => median(done.map((one) => one[key]));
  return { wallS: middle('wallS'), cpuS: middle('cpuS'), peakMB: middle('peakMB'), status: done[0].status };
}

function once(command, args, options, statuses) {
  // GNU time writes its line last, whatever the command writes before it.
  const { stderr, status, error } = spawnSync('/usr/bin/time', ['-f', '%e %U %S %M', command, ...args], { ...options, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (error !== undefined) throw new Error(`/usr/bin/time is needed (apt-get install time): ${error.message}`);
  const lines = stderr.trim().split('\n');
  if (!statuses.includes(status)) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${lines.slice(0, -1).join(' ')}`);
  const [wall, user, system, kilobytes] = lines.at(-1).split(' ').map(Number);
  return { wallS: wall, cpuS: Math.round((user + system) * 100) / 100, peakMB: Math.round(kilobytes / 1024), status };
}
