/** Whether a function can be replaced where it stands. */
import type { Rule } from '../rule';
import { assembly } from './assembly';
import { buildChange } from './buildChange';
import { initCode } from './initCode';
import { inlineNotrace } from './inlineNotrace';
import { notrace } from './notrace';
import { specialTextSection } from './specialTextSection';
import { syscallWrapper } from './syscallWrapper';
import { unpatchablePath } from './unpatchablePath';

export const functionRules: readonly Rule[] = [initCode, unpatchablePath, assembly, notrace, inlineNotrace, syscallWrapper, specialTextSection, buildChange];
