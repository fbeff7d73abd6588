/** Costs the simulator cannot derive. Every one is an assumption with a default; see `costs.ts` for where each comes from. */
export interface Costs {
  readonly registerFunctionNs: number;
  readonly checkTaskNs: number;
  readonly patchTailNs: number;
  readonly unpatchTailNs: number;
  readonly unpatchTailBusyNs: number;
  readonly runNs: number;
  readonly sliceNs: number;
  readonly hogMigrationMeanNs: number;
  readonly idleWakeMeanNs: number;
  readonly stopBaseNs: number;
  readonly stopPerCpuNs: number;
  readonly stopPerTaskNs: number;
  readonly stopCompareNs: number;
  readonly stopCommitNs: number;
  readonly perCpuWorkNs: number;
  readonly serviceStopNs: number;
  readonly firmwareNs: number;
  readonly kernelBootNs: number;
  readonly userlandBootNs: number;
  readonly warmUpNs: number;
  readonly checkpointBaseNs: number;
  readonly checkpointPerMibNs: number;
  readonly restorePerMibNs: number;
}
