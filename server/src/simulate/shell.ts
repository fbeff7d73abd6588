/** What the operator's shell shows of an action: the command, and what comes back. Both as the kernel's selftests write them to /dev/kmsg. */
import { loadedBy } from './patches';
import type { Action, SimulatedPatch } from './types';

/** A command begins so in the log. */
const PROMPT = '%';
const SYSFS = '/sys/kernel/livepatch';

/** What an action without a name is about: the patch loaded last of those that are there, and what was last written to its `enabled`. */
export interface Target {
  readonly loaded: readonly string[];
  readonly enabled: boolean;
}

/** What an action without a name is about once this one went through. */
export function afterwards(action: Action, target: Target): Target {
  const { loaded, enabled } = target;
  const patch = loadedBy(action);
  switch (action.kind) {
    case 'enable':
    case 'replace':
      return { loaded: patch === undefined ? loaded : [...loaded, patch.name], enabled: true };
    case 'disable':
      return { loaded, enabled: false };
    case 'reverse':
      return { loaded, enabled: !enabled };
    case 'unload module':
      return { loaded: loaded.filter((name) => name !== action.module), enabled: true };
    case 'force':
    case 'signal':
    case 'load module':
    case 'poke':
    case 'parameter':
    case 'ftrace':
    case 'call':
    case 'sysfs':
      return target;
  }
}

export function loadCommand({ name, parameters }: Pick<SimulatedPatch, 'name' | 'parameters'>): string {
  return [PROMPT, 'modprobe', name, ...(parameters === undefined ? [] : [parameters])].join(' ');
}

/** @returns undefined for what the shell does without a word */
export function commandOf(action: Action, target: Target): string | undefined {
  const write = (value: string, file: string, patch = target.loaded.at(-1) ?? ''): string => `${PROMPT} echo ${value} > ${SYSFS}/${patch}/${file}`;
  switch (action.kind) {
    case 'enable':
    case 'replace': {
      const loaded = loadedBy(action);
      if (loaded !== undefined) return loadCommand(loaded);
      return write('1', 'enabled', action.kind === 'enable' && typeof action.patch === 'string' ? action.patch : undefined);
    }
    case 'disable':
      return write('0', 'enabled', action.patch);
    case 'reverse':
      return write(target.enabled ? '0' : '1', 'enabled');
    case 'force':
    case 'signal':
      return write('1', action.kind);
    case 'load module':
      return loadCommand({ ...action, name: action.module });
    case 'unload module':
      return `${PROMPT} rmmod ${action.module}`;
    case 'poke':
      return `${PROMPT} kill -STOP ${action.pid}; kill -CONT ${action.pid}`;
    case 'parameter':
      return `${PROMPT} echo ${action.value} > /sys/module/${action.patch}/parameters/${action.parameter}`;
    case 'ftrace':
    case 'call':
    case 'sysfs':
      return undefined;
  }
}

/** modprobe of kmod, about a module that the kernel refused. */
export const loadError = (module: string, error: string): string => `modprobe: ERROR: could not insert '${module}': ${error}`;

/** @param result as in the trace; @returns undefined when the command says nothing */
export function answerTo(action: Action, result: string): string | undefined {
  if (action.kind === 'ftrace') return result === 'ok' ? `livepatch: kernel.ftrace_enabled = ${action.enabled ? 1 : 0}` : `livepatch: sysctl: setting key "kernel.ftrace_enabled": ${result}`;
  if (result === 'ok') return undefined;
  switch (action.kind) {
    case 'enable':
    case 'replace':
      return typeof action.patch === 'string' ? `bash: echo: write error: ${result}` : loadError(action.patch.name, result);
    case 'load module':
      return loadError(action.module, result);
    case 'unload module':
      return `rmmod: ERROR: Module ${action.module} is in use`;
    case 'disable':
    case 'reverse':
    case 'force':
    case 'signal':
    case 'parameter':
      return `bash: echo: write error: ${result}`;
    case 'poke':
    case 'call':
    case 'sysfs':
      return undefined;
  }
}
