/** The workloads a live patch can be rehearsed under where there is no snapshot of the real machine. */
import { batch } from './batch';
import { build } from './build';
import { containers } from './containers';
import { database } from './database';
import { idle } from './idle';
import { kvmHost } from './kvmHost';
import { mixed } from './mixed';
import { nfsClient } from './nfsClient';
import { web } from './web';
import type { Workload } from './workload';

export type { Basis, MachineSettings, Workload, WorkloadOptions } from './workload';

/** The first one is what is taken when nothing is said. */
export const WORKLOADS: readonly Workload[] = [mixed, idle, web, database, nfsClient, kvmHost, batch, build, containers];

export function workloadNamed(name: string): Workload | undefined {
  return WORKLOADS.find((workload) => workload.name === name);
}
