/** The extension's settings as the server reads them: the section `livepatchStudio`, checked, with defaults. */
import type { Profile } from '../rules/finding';

/** The most CPUs a simulated machine has: as many as the kernel can be built for on x86-64 (MAXSMP of arch/x86/Kconfig). */
export const mostCpus = 8192;

export interface Settings {
  readonly profile: Profile;
  /** `X.Y.Z` of the running kernel; the tree's own version when absent. */
  readonly kernelVersion: string | undefined;
  /** A git ref. */
  readonly baseline: string;
  readonly codeLens: boolean;
  /** The tree's index: whether there is one, and how much memory making it may take, in MB. */
  readonly index: { readonly enabled: boolean; readonly memory: number };
  readonly simulate: { readonly cpus: number; readonly hz: number; readonly seed: number };
}

export const defaultSettings: Settings = {
  profile: 'klp-build',
  kernelVersion: undefined,
  baseline: 'HEAD',
  codeLens: true,
  index: { enabled: true, memory: 128 },
  simulate: { cpus: 4, hz: 250, seed: 1 },
};

/** Reads what the client sent; whatever is missing or of the wrong kind is the default. */
export function readSettings(value: unknown): Settings {
  const root = asRecord(value);
  const simulate = asRecord(root['simulate']);
  const kernelVersion = asString(root['kernelVersion']);
  return {
    profile: root['profile'] === 'kpatch' ? 'kpatch' : 'klp-build',
    kernelVersion: kernelVersion === undefined || kernelVersion.trim() === '' ? undefined : kernelVersion.trim(),
    baseline: asString(root['baseline']) ?? defaultSettings.baseline,
    codeLens: asRecord(root['codeLens'])['enabled'] !== false,
    index: {
      enabled: asRecord(root['index'])['enabled'] !== false,
      memory: asCount(asRecord(root['index'])['memory'], 128, 1 << 20) ?? defaultSettings.index.memory,
    },
    simulate: {
      cpus: asCount(simulate['cpus'], 1, mostCpus) ?? defaultSettings.simulate.cpus,
      hz: asCount(simulate['hz'], 24, 1000) ?? defaultSettings.simulate.hz,
      seed: asCount(simulate['seed'], 0, 0x7fffffff) ?? defaultSettings.simulate.seed,
    },
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function asCount(value: unknown, least: number, most: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : undefined;
}
