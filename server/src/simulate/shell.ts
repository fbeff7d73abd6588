/** What the operator's shell shows of an action: the command, and what comes back. Both as the kernel's selftests write them to /dev/kmsg. */
import { loadedBy } from './patches';
import type { Action, SimulatedPatch } from './types';

/** A command begins so in the log. */
const PROMPT = '%';
const SYSFS = '/sys/kernel/livepatch';

/** What a bare action is about: the patch that was loaded last, and what was last written to `enabled`. */
export interface Target {
  patch: string;
  enabled: boolean;
}

export function loadCommand({ name, parameters }: Pick<SimulatedPatch, 'name' | 'parameters'>): string {
  return [PROMPT, 'modprobe', name, ...(parameters === undefined ? [] : [parameters])].join(' ');
}

/** @returns undefined for what the shell does without a word */
export function commandOf(action: Action, target: Target): string | undefined {
  const write = (value: string, file: string, patch = target.patch): string => `${PROMPT} echo ${value} > ${SYSFS}/${patch}/${file}`;
  switch (action.kind) {
    case 'enable':
    case 'replace': {
      const loaded = loadedBy(action);
      target.enabled = true;
      if (loaded === undefined) return write('1', 'enabled', action.kind === 'enable' && typeof action.patch === 'string' ? action.patch : undefined);
      target.patch = loaded.name;
      return loadCommand(loaded);
    }
    case 'disable':
      target.enabled = false;
      return write('0', 'enabled', action.patch);
    case 'reverse':
      target.enabled = !target.enabled;
      return write(target.enabled ? '1' : '0', 'enabled');
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
