/** An action of the operator as one writes it: `KIND@TIME` or `KIND:WHAT@TIME`, as in `force@30s` and `poke:17@500ms`. */
import { functionsText, inVmlinux, parseFunctions } from './functionNames';
import type { Action, SimulatedPatch } from './types';

interface Problem {
  readonly problem: string;
}

interface Kind {
  /** What has to follow the word. */
  readonly takes?: 'F,G' | 'MODULE' | 'PID';
  readonly make: (atMs: number, what: string, word: string) => Action | Problem;
}

/** The patch module that `patch` and `replace` load. */
const SECOND = 'livepatch_second';

const loading = (patchAction: (atMs: number, patch: SimulatedPatch) => Action): Kind => ({
  takes: 'F,G',
  make: (atMs, what) => {
    const parsed = parseFunctions(what);
    return 'problem' in parsed ? parsed : patchAction(atMs, { name: SECOND, functions: inVmlinux(parsed.functions) });
  },
});

const aboutModule = (kind: 'load module' | 'unload module'): Kind => ({
  takes: 'MODULE',
  make: (atMs, module, word) => (/^[\w-]+$/.test(module) ? { atMs, kind, module } : { problem: `${word}:MODULE@TIME takes a module's name, not ${JSON.stringify(module)}` }),
});

/** By the word in front. */
const KINDS: Readonly<Record<string, Kind>> = {
  signal: { make: (atMs) => ({ atMs, kind: 'signal' }) },
  force: { make: (atMs) => ({ atMs, kind: 'force' }) },
  reverse: { make: (atMs) => ({ atMs, kind: 'reverse' }) },
  disable: { make: (atMs) => ({ atMs, kind: 'disable' }) },
  patch: loading((atMs, patch) => ({ atMs, kind: 'enable', patch })),
  replace: loading((atMs, patch) => ({ atMs, kind: 'replace', patch: { ...patch, replace: true } })),
  'load-module': aboutModule('load module'),
  'unload-module': aboutModule('unload module'),
  poke: { takes: 'PID', make: (atMs, what) => (/^[1-9]\d{0,8}$/.test(what) ? { atMs, kind: 'poke', pid: Number(what) } : { problem: `poke:PID@TIME takes a task's number, not ${JSON.stringify(what)}` }) },
};

const spelled = Object.entries(KINDS).map(([word, { takes }]) => (takes === undefined ? word : `${word}:${takes}`)).join(', ');

/**
 * TIME is a number with `ms` or `s` behind it: up to nine digits, and six behind a point.
 *
 * @returns `problem`: what is wrong, to be read behind whatever brought the text (`--action is KIND@TIME, ...`)
 */
export function parseAction(text: string): Action | Problem {
  const [, word = '', what, digits, unit] = /^([a-z-]+)(?::([^@]+))?@(\d{1,9}(?:\.\d{1,6})?)(ms|s)$/.exec(text) ?? [];
  const kind = Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
  if (kind === undefined || digits === undefined) return { problem: `is KIND@TIME, as in force@30s or poke:17@500ms; KIND is one of ${spelled}; ${JSON.stringify(text)} is none` };
  if (kind.takes === undefined && what !== undefined) return { problem: `${word} takes no ${JSON.stringify(what)}: it is ${word}@TIME` };
  if (kind.takes !== undefined && what === undefined) return { problem: `${word} needs a ${kind.takes}: ${word}:${kind.takes}@TIME` };
  // The point moves in the digits: a product would round, and 1.001 s be no whole number of ms.
  return kind.make(Number(unit === 's' ? `${digits}e3` : digits), what ?? '', word);
}

/** @returns a text that parses to this action; undefined when it has none: it says more than a text does, or is of a kind that only upstream's selftests use */
export function actionText(action: Action): string | undefined {
  const words = wordsOf(action);
  if (words === undefined) return undefined;
  const { atMs } = action;
  const texts = [...(atMs >= 1000 ? [`${words}@${Number(`${atMs}e-3`)}s`] : []), `${words}@${atMs}ms`];
  return texts.find((text) => !('problem' in parseAction(text)));
}

function wordsOf(action: Action): string | undefined {
  switch (action.kind) {
    case 'signal':
    case 'force':
    case 'reverse':
      return action.kind;
    case 'disable':
      return action.patch === undefined ? 'disable' : undefined;
    case 'enable':
    case 'replace': {
      const { patch } = action;
      if (typeof patch === 'string' || patch.name !== SECOND || (patch.replace === true) !== (action.kind === 'replace') || !saysOnly(patch, ['name', 'functions', 'replace'])) return undefined;
      const functions = patch.functions.every((fn) => saysOnly(fn, ['name', 'object'])) ? functionsText(patch.functions) : undefined;
      return functions === undefined ? undefined : `${action.kind === 'enable' ? 'patch' : 'replace'}:${functions}`;
    }
    case 'load module':
      return saysOnly(action, ['atMs', 'kind', 'module']) ? `load-module:${action.module}` : undefined;
    case 'unload module':
      return saysOnly(action, ['atMs', 'kind', 'module']) ? `unload-module:${action.module}` : undefined;
    case 'poke':
      return `poke:${action.pid}`;
    case 'parameter':
    case 'ftrace':
    case 'call':
    case 'sysfs':
      return undefined;
  }
}

const saysOnly = (said: object, keys: readonly string[]): boolean => Object.entries(said).every(([key, value]) => value === undefined || keys.includes(key));
