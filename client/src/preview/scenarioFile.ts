import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser/lib/esm/main.js';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import type { ScenarioFile } from '../../../server/src/simulate/types';
import { lineStartsOf, positionAt } from '../../../server/src/syntax/positions';

export const EXTENSION = '.klpsim.json';

/** The text of a scenario file. What its values may be is for the server to say. @throws Error with one sentence and the line when it is no JSON object */
export function readScenario(name: string, text: string): ScenarioFile {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { disallowComments: true });
  const [first] = errors;
  if (first !== undefined) {
    const { line, character } = positionAt(lineStartsOf(text), first.offset);
    throw new Error(`${name} is not JSON: line ${line + 1}, column ${character + 1}: ${words(printParseErrorCode(first.error))}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${name} is no scenario: a JSON object is expected.`);
  return value;
}

/** `ValueExpected` -> `value expected`. */
const words = (code: string): string => code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

export function scenarioText(scenario: ScenarioFile): string {
  return `${JSON.stringify(scenario, null, 2)}\n`;
}

/** A path as it was chosen for a scenario -> one that is known for a scenario by its name. */
export function scenarioPath(chosen: string): string {
  return chosen.endsWith(EXTENSION) ? chosen : chosen.replace(/(\.json)?$/, EXTENSION);
}

/** The name that stands in a scenario's place when its paths are read and written: absolute paths of the file, and of the folder where there is no file. */
export function absoluteSnapshot(snapshot: string, scenarioFile: string | undefined, folder: string): string {
  return isAbsolute(snapshot) ? snapshot : resolve(scenarioFile === undefined ? folder : dirname(scenarioFile), snapshot);
}

/** As it is written into a scenario file: counted from the file's folder, with `/`. Another drive's path stays absolute. */
export function writtenSnapshot(absolute: string, scenarioFile: string): string {
  return relative(dirname(scenarioFile), absolute).replaceAll('\\', '/');
}

/** Where a snapshot that is in no file of the user's is saved beside its scenario: `NAME.stacks.txt`. */
export function besideScenario(scenarioFile: string): string {
  return resolve(dirname(scenarioFile), `${basename(scenarioFile).replace(/(\.klpsim)?\.json$/, '')}.stacks.txt`);
}

/** On the machine of a snapshot instead of the one described so far. The snapshot has its own CPUs and tasks; time, seed and what is compared stay. */
export function onSnapshot(scenario: ScenarioFile, snapshot: string): ScenarioFile {
  const others = Object.entries(scenario).filter(([key]) => !['workload', 'machine', 'tasks', 'cpus'].includes(key));
  return { ...Object.fromEntries(others), snapshot };
}
