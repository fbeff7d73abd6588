/** The workloads a live patch can be rehearsed under where there is no snapshot of the real machine. */
import { idle } from './idle';
import { mixed } from './mixed';
import { web } from './web';
import type { Workload } from './workload';

export type { Basis, MachineSettings, Workload, WorkloadOptions } from './workload';

/** The first one is what is taken when nothing is said. */
export const WORKLOADS: readonly Workload[] = [mixed, idle, web];

export function workloadNamed(name: string): Workload | undefined {
  return WORKLOADS.find((workload) => workload.name === name);
}
