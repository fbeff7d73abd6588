/** The situations P1 to P9 on which the systems differ. A new one is an object in one of these files and a name here. */
import { inlinedFunction, noFtraceEntry, signatureChange } from './interfaces';
import { lockHeldBetweenCalls, objectLifetime } from './lifetimes';
import type { Scenario } from './scenario';
import { interruptHandler, lockOrder } from './sharing';
import { alwaysAsleep, immediateStack } from './stacks';

export type { Expectation, Scenario, ScenarioVerdict } from './scenario';

/** In the order P1 to P9. */
export const SCENARIOS: readonly Scenario[] = [
  signatureChange, lockOrder, lockHeldBetweenCalls, objectLifetime, alwaysAsleep, interruptHandler, immediateStack, inlinedFunction, noFtraceEntry,
];
