/** The door to rollouts over many machines. */
export { fleetOf, type ClassResult, type Fleet, type WayResult } from './fleet';
export { drawMachines, type FleetMachine } from './machines';
export { parsePlan } from './parsePlan';
export { DEFAULT_PLAN, PLAN_SOURCES, type FleetPlan } from './plan';
export { roll, type MachineResult, type Rollout } from './roll';
export { classesOf, fleetBatch, RESTARTS, type Attempt, type FleetOrder, type Sample } from './specimens';
