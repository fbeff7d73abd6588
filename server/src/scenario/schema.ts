/** Scenarios and machines held against their schemas, docs/schemas/klpsim.schema.json and machine.schema.json: what is wrong, in one sentence. */
import type { ErrorObject, ValidateFunction } from 'ajv';
import machineSchema from '../../../docs/schemas/machine.schema.json';
import scenarioSchema from '../../../docs/schemas/klpsim.schema.json';
import { parseAction, type ScenarioFile, type WrittenMachine } from '../simulate/index';

/** A value as its schema has it, without `$schema`, which tells an editor how to help; or what is wrong, to be read behind the name of its file: `/hz must be ...`. */
export type Checked<T> = { readonly value: T } | { readonly problem: string };

/** @param value whatever JSON gave */
export async function checkedScenario(value: unknown): Promise<Checked<ScenarioFile>> {
  const { scenario } = await validators();
  return checked<ScenarioFile>(value, scenario, 'the scenario');
}

/** @param value whatever JSON gave */
export async function checkedMachine(value: unknown): Promise<Checked<WrittenMachine>> {
  const { machine } = await validators();
  return checked<WrittenMachine>(value, machine, 'the machine');
}

/** The same for text. */
export async function parsed<T>(text: string, check: (value: unknown) => Promise<Checked<T>>): Promise<Checked<T>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: `is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  return check(value);
}

/** What only editors read, in VS Code's own words (vscode-json-languageservice). */
const EDITORS_WORDS = ['patternErrorMessage', 'errorMessage', 'enumDescriptions'];

let made: Promise<{ readonly scenario: ValidateFunction; readonly machine: ValidateFunction }> | undefined;

/** Only whoever gives a machine or a scenario waits for the validators to be made. */
function validators(): NonNullable<typeof made> {
  made ??= import('ajv').then(({ Ajv }) => {
    const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, verbose: true, allowMatchingProperties: true });
    ajv.addVocabulary(EDITORS_WORDS);
    // Under the name that the scenario's schema has for it.
    ajv.addSchema(machineSchema, 'machine.schema.json');
    return { scenario: ajv.compile(scenarioSchema), machine: ajv.compile(machineSchema) };
  });
  return made;
}

function checked<T extends object>(value: unknown, validate: ValidateFunction, whole: string): Checked<T> {
  if (!validate(value)) return { problem: problemOf(validate.errors ?? [], whole) };
  const rest = { ...(value as T) };
  Reflect.deleteProperty(rest, '$schema');
  return { value: rest };
}

function problemOf(errors: readonly ErrorObject[], whole: string): string {
  // The last one is of the outermost rule, which says least: "must match exactly one schema".
  const error = errors.find(({ keyword }) => !['if', 'oneOf', 'dependencies'].includes(keyword)) ?? errors[0];
  if (error === undefined) return `${whole} is not as it has to be`;
  const { instancePath, keyword, params, data, message = '' } = error;
  const place = instancePath === '' ? whole : instancePath;
  const action = instancePath.startsWith('/actions/') && typeof data === 'string' ? parseAction(data) : undefined;
  if (action !== undefined && 'problem' in action) return `${place} ${action.problem}`;
  const { patternErrorMessage, errorMessage } = (error.parentSchema ?? {}) as { readonly patternErrorMessage?: string; readonly errorMessage?: string };
  const said = keyword === 'pattern' ? patternErrorMessage : keyword === 'not' ? errorMessage : undefined;
  if (said !== undefined) return `${place}${shownValue(data, ', ', ',')} ${keyword === 'pattern' ? 'is none: ' : 'cannot be so: '}${said}`.replace(/\.$/, '');
  const named = Object.values(params as object).flatMap((each: unknown) => (Array.isArray(each) ? [(each as unknown[]).join(', ')] : typeof each === 'string' && !message.includes(each) ? [each] : []));
  return `${place} ${message}${named.length === 0 ? '' : ` (${named.join('; ')})`}${shownValue(data, ', not ', '')}`;
}

/** Of a plain value that is not too long for a sentence. */
function shownValue(data: unknown, before: string, behind: string): string {
  const text = typeof data === 'object' ? undefined : JSON.stringify(data);
  return text === undefined || text.length > 80 ? '' : `${before}${text}${behind}`;
}
