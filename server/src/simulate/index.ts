/** The simulate room's door. */
export { actionText, parseAction } from './actionText';
export { convergence, switchedShares, type ConvergencePoint } from './convergence';
export { DEFAULT_COSTS } from './costs';
export { inVmlinux, parseFunctions } from './functionNames';
export { giveUpAfterMs } from './giveUp';
export { withSleepers } from './hypothetical';
export { inferBehavior } from './machine/behavior';
export { builtinMachine, DEFAULT_KERNEL_VERSION } from './machine/builtin';
export { MODELS, MODEL_NAMES } from './models';
export type { Model } from './model';
export { SCENARIOS, type Expectation, type Scenario, type ScenarioVerdict } from './scenarios';
export { CANCELLED, MOST_CPUS, simulate, simulateInSteps } from './simulate';
export type * from './types';
export { systemView, viewOf } from './view';
export { WORKLOADS, workloadNamed, type MachineSettings, type Workload, type WorkloadOptions } from './workloads';
