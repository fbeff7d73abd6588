/** The architecture a configuration builds for, and the parts of a tree that are never linked into its kernel. */
import type { Config } from './kconfig';

/** Architectures whose option is not the folder's name in capitals. */
const OPTIONS: Readonly<Record<string, string>> = { powerpc: 'CONFIG_PPC', sh: 'CONFIG_SUPERH', um: 'CONFIG_UML' };

/** The option that is set when a kernel is built for `arch/NAME`. */
export function optionOfArchitecture(name: string): string {
  return OPTIONS[name] ?? `CONFIG_${name.toUpperCase()}`;
}

/** Programs, documentation and samples beside the kernel, by the first folder of the path. */
const BESIDE = /^(Documentation|LICENSES|tools|scripts|samples|usr|rust|\.git)\//;

/** Whether a path may hold code of the kernel the configuration builds; another architecture's does not. */
export function isKernelCode(path: string, config: Config | undefined): boolean {
  const architecture = /^arch\/([^/]+)\//.exec(path)?.[1];
  if (architecture === undefined || config === undefined) return !BESIDE.test(path);
  return config(optionOfArchitecture(architecture)) === 'y';
}
