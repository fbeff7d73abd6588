/** `simulate --scenario`: the name of a situation that is built in, or a scenario's file. */
import { dirname, resolve } from 'node:path';
import { nodeFiles } from '../host/files';
import { TooLargeError } from '../host/ports';
import { printable } from '../report/style';
import { whoOf } from '../scenario/rehearsal';
import { checkedScenario, parsed } from '../scenario/schema';
import type { Who } from '../scenario/who';
import { SCENARIOS, type Scenario, type ScenarioFile } from '../simulate/index';
import { LARGEST_SNAPSHOT, machineOptionTable } from './machineOptions';
import { optionFile } from './optionFile';
import { shown, type CommandLine } from './options';
import { UsageError, type Terminal } from './terminal';

export interface FileOfScenario {
  readonly scenario: ScenarioFile;
  /** Who runs by the file. @throws UsageError */
  readonly who: () => Promise<Who>;
}

/** @throws UsageError for a name that is none, and options that contradict one */
export function situationOf(line: CommandLine): Scenario | undefined {
  const name = line.value('scenario');
  if (name === undefined || isFile(name)) return undefined;
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new UsageError(`--scenario is one of ${SCENARIOS.map((each) => each.name).join(', ')}, or a file in JSON; not ${shown(name)}`);
  const other = ['functions', 'base', 'base-dir', 'patch', 'seed', 'kernel-version', 'action', ...Object.keys(machineOptionTable)].find((each) => line.has(each));
  if (other !== undefined) throw new UsageError(`a scenario brings its own patch and machine: leave --${other} out`);
  return scenario;
}

/** @throws UsageError that names the file, and the place in it, for what is no scenario by docs/schemas/klpsim.schema.json */
export async function scenarioFile(line: CommandLine, terminal: Terminal): Promise<FileOfScenario | undefined> {
  const path = line.value('scenario');
  if (path === undefined || !isFile(path)) return undefined;
  const fail = (problem: string): never => { throw new UsageError(`--scenario ${shown(path)}: ${printable(problem)}`); };
  const result = await parsed(new TextDecoder().decode(await optionFile('scenario', path, terminal)), checkedScenario);
  if ('problem' in result) return fail(result.problem);
  const folder = dirname(resolve(terminal.cwd, path));
  const read = (file: string): Promise<Uint8Array | undefined> => nodeFiles.readFile(resolve(folder, file), LARGEST_SNAPSHOT);
  return {
    scenario: result.value,
    who: () => whoOf(result.value, read).catch((error: unknown) => {
      if (error instanceof TooLargeError) return fail(`/snapshot: ${error.message}: at most ${LARGEST_SNAPSHOT / 1024 / 1024} MB are read`);
      return fail(error instanceof Error ? error.message : String(error));
    }),
  };
}

/** No situation's name has a dot or a slash. */
const isFile = (name: string): boolean => /[./\\]/.test(name);
