import { parseAction } from '../../server/src/simulate/actionText';
import type { ModelName, Relation, ScenarioFile } from '../../server/src/simulate/types';

/** One change of a scenario by hand. Only what was chosen is in it: what is left out stays the plan's and the settings'. */
export type ScenarioEdit =
  | { readonly set: 'workload' | 'kernelVersion'; readonly value: string }
  | { readonly set: 'cpus' | 'hz' | 'seed' | 'tasks'; readonly value: string }
  | { readonly set: 'system'; readonly model: ModelName; readonly isIn: boolean }
  | { readonly set: 'systems'; readonly models: readonly ModelName[] }
  | { readonly set: 'addAction'; readonly text: string }
  | { readonly set: 'removeAction' | 'removeRelation'; readonly at: number }
  | { readonly set: 'addRelation'; readonly functions: readonly [string, string] };

export type Edited = { readonly scenario: ScenarioFile } | { readonly problem: string };

/**
 * @param chosen the scenario as it was chosen
 * @param full the same with everything filled in: what is on the screen
 */
export function edited(chosen: ScenarioFile, full: ScenarioFile, edit: ScenarioEdit): Edited {
  switch (edit.set) {
    case 'workload':
      return { scenario: { ...without(chosen, 'snapshot', 'machine', 'tasks', 'cpus'), workload: edit.value } };
    case 'kernelVersion': {
      const value = edit.value.trim();
      if (value === '') return { scenario: without(chosen, 'kernelVersion') };
      return /^\d+\.\d+(\.\d+)?$/.test(value) ? { scenario: { ...chosen, kernelVersion: value } } : { problem: 'A kernel version is two or three numbers, as in 6.1 or 6.1.192.' };
    }
    case 'cpus':
    case 'hz':
    case 'seed':
    case 'tasks':
      return numberSet(chosen, edit.set, edit.value);
    case 'system': {
      const before = full.systems ?? ['livepatch'];
      const systems = edit.isIn ? [...new Set([...before, edit.model])] : before.filter((model) => model !== edit.model);
      return systems.length === 0 ? { problem: 'At least one system has to be simulated.' } : { scenario: { ...chosen, systems } };
    }
    case 'systems':
      return { scenario: { ...chosen, systems: [...new Set([...(full.systems ?? []), ...edit.models])] } };
    case 'addAction': {
      const parsed = parseAction(edit.text);
      return 'problem' in parsed ? { problem: `An action ${parsed.problem}.` } : { scenario: { ...chosen, actions: [...(full.actions ?? []), edit.text] } };
    }
    case 'removeAction':
      return { scenario: { ...chosen, actions: (full.actions ?? []).filter((_, at) => at !== edit.at) } };
    case 'addRelation':
      if (edit.functions[0] === edit.functions[1]) return { problem: 'Two different functions are needed.' };
      return { scenario: { ...chosen, relations: [...(full.relations ?? []), { kind: 'together', functions: edit.functions }] } };
    case 'removeRelation':
      return { scenario: { ...chosen, relations: (full.relations ?? []).filter((_, at) => at !== edit.at) } };
  }
}

const least = { cpus: 1, hz: 1, seed: 0, tasks: 1 } as const;

function numberSet(chosen: ScenarioFile, key: keyof typeof least, text: string): Edited {
  const value = Number(text);
  if (text.trim() === '') return { scenario: without(chosen, key) };
  return Number.isSafeInteger(value) && value >= least[key] ? { scenario: { ...chosen, [key]: value } } : { problem: `A whole number from ${least[key]} up is needed, not ${JSON.stringify(text)}.` };
}

function without(scenario: ScenarioFile, ...keys: readonly (keyof ScenarioFile)[]): ScenarioFile {
  return Object.fromEntries(Object.entries(scenario).filter(([key]) => !keys.includes(key as keyof ScenarioFile)));
}

/** `f must not meet the other version of g`, in a few words. */
export function relationText(relation: Relation): string {
  switch (relation.kind) {
    case 'call':
      return `${relation.caller} calls ${relation.callee}`;
    case 'together':
      return relation.functions.join(' with ');
    case 'pair':
      return `${relation.first}, then ${relation.then} (same ${relation.by})`;
  }
}

/** The actions that are offered, by the word in front, and what has to follow it. */
export const offeredActions: readonly { readonly word: string; readonly label: string; readonly takes?: string }[] = [
  { word: 'signal', label: 'Signal the rest' },
  { word: 'force', label: 'Force' },
  { word: 'reverse', label: 'Reverse' },
  { word: 'disable', label: 'Disable' },
  { word: 'replace', label: 'Replace by a second patch', takes: 'functions' },
  { word: 'patch', label: 'Load a second patch', takes: 'functions' },
  { word: 'load-module', label: 'Load a module', takes: 'module' },
  { word: 'unload-module', label: 'Remove a module', takes: 'module' },
  { word: 'poke', label: 'Stop and continue a task', takes: 'pid' },
];

/** As one writes it: `poke:17@500ms`. A time without a unit is in seconds. */
export function actionOf(word: string, what: string, time: string): string {
  return `${word}${what.trim() === '' ? '' : `:${what.trim()}`}@${time.trim()}${/\d$/.test(time.trim()) ? 's' : ''}`;
}
