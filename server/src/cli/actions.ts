/** `simulate --action KIND[:WHAT]@TIME`: what the operator does while the patch is applied. */
import { DEFAULT_GIVE_UP_MS, type Action, type PatchedFunction } from '../simulate/index';
import { functionsNamed } from './functionNames';
import { shown } from './options';
import { UsageError } from './terminal';

type Make = (atMs: number, what: string) => Action;

const patchOf = (name: string, what: string): { readonly name: string; readonly functions: readonly PatchedFunction[] } => ({ name, functions: functionsNamed('--action', what).map(({ name: fn, object = 'vmlinux' }) => ({ name: fn, object })) });

/** By the word before the colon; `takes`: what has to follow it. */
const KINDS: Readonly<Record<string, { readonly takes?: string; readonly make: Make }>> = {
  signal: { make: (atMs) => ({ atMs, kind: 'signal' }) },
  force: { make: (atMs) => ({ atMs, kind: 'force' }) },
  reverse: { make: (atMs) => ({ atMs, kind: 'reverse' }) },
  disable: { make: (atMs) => ({ atMs, kind: 'disable' }) },
  patch: { takes: 'F,G', make: (atMs, what) => ({ atMs, kind: 'enable', patch: patchOf('livepatch_second', what) }) },
  replace: { takes: 'F,G', make: (atMs, what) => ({ atMs, kind: 'replace', patch: { ...patchOf('livepatch_second', what), replace: true } }) },
  'load-module': { takes: 'MODULE', make: (atMs, module) => ({ atMs, kind: 'load module', module }) },
  'unload-module': { takes: 'MODULE', make: (atMs, module) => ({ atMs, kind: 'unload module', module }) },
  poke: { takes: 'PID', make: (atMs, what) => ({ atMs, kind: 'poke', pid: Number(what) }) },
};

const spelled = Object.entries(KINDS).map(([word, { takes }]) => (takes === undefined ? word : `${word}:${takes}`)).join(', ');

/** @throws UsageError naming what is wrong with the first that is */
export function actionsOf(given: readonly string[]): readonly Action[] {
  return given.map(actionOf);
}

function actionOf(text: string): Action {
  const [, word = '', what, digits, unit] = /^([a-z-]+)(?::([^@]+))?@(\d{1,9}(?:\.\d{1,6})?)(ms|s)$/.exec(text) ?? [];
  const kind = Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
  if (kind === undefined || digits === undefined) throw new UsageError(`--action is KIND@TIME, as in force@30s or poke:17@500ms; KIND is one of ${spelled}; ${shown(text)} is none`);
  if ((kind.takes === undefined) !== (what === undefined)) throw new UsageError(kind.takes === undefined ? `--action ${word} takes no ${shown(what ?? '')}: it is ${word}@TIME` : `--action ${word} needs a ${kind.takes}: ${word}:${kind.takes}@TIME`);
  if (kind.takes === 'PID' && !/^[1-9]\d{0,8}$/.test(what ?? '')) throw new UsageError(`--action poke:PID@TIME takes a task's number, not ${shown(what ?? '')}`);
  if (kind.takes === 'MODULE' && !/^[\w-]+$/.test(what ?? '')) throw new UsageError(`--action ${word}:MODULE@TIME takes a module's name, not ${shown(what ?? '')}`);
  return kind.make(Number(digits) * (unit === 's' ? 1000 : 1), what ?? '');
}

/** After the last action the operator waits as long as kpatch does after its signals. */
const AFTERWARDS_MS = 60_000;

/** When the operator stops to wait; undefined: as without actions. */
export function giveUpAfterMs(actions: readonly Action[]): number | undefined {
  const last = Math.max(0, ...actions.map(({ atMs }) => atMs)) + AFTERWARDS_MS;
  return last > DEFAULT_GIVE_UP_MS ? last : undefined;
}
