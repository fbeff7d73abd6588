/** Whether all tasks can ever cross over, and what is left behind. */
import type { Rule } from '../rule';
import { alwaysOnStack } from './alwaysOnStack';
import { callbackMisuse } from './callbackMisuse';
import { livepatchInternals } from './livepatchInternals';
import { schedulerFunction } from './schedulerFunction';
import { shadowLifecycle } from './shadowLifecycle';
import { uninterruptibleSleep } from './uninterruptibleSleep';
import { unpatchHazard } from './unpatchHazard';

export const transitionRules: readonly Rule[] = [alwaysOnStack, schedulerFunction, uninterruptibleSleep, livepatchInternals, unpatchHazard, shadowLifecycle, callbackMisuse];
