/** Whether a function can be replaced where it stands. */
import type { Rule } from '../rule';
import { alreadyRan } from './alreadyRan';
import { ambiguousSymbol } from './ambiguousSymbol';
import { assembly } from './assembly';
import { buildChange } from './buildChange';
import { initCode } from './initCode';
import { inlineNotrace } from './inlineNotrace';
import { kernelConfig } from './kernelConfig';
import { lateModule } from './lateModule';
import { linkageChange } from './linkageChange';
import { newFunction } from './newFunction';
import { notrace } from './notrace';
import { removedFunction } from './removedFunction';
import { signatureChange } from './signatureChange';
import { specialTextSection } from './specialTextSection';
import { symbolMissing } from './symbolMissing';
import { syscallWrapper } from './syscallWrapper';
import { unpatchablePath } from './unpatchablePath';
import { weakSymbol } from './weakSymbol';

export const functionRules: readonly Rule[] = [
  initCode, alreadyRan, unpatchablePath, assembly, notrace, inlineNotrace, syscallWrapper, specialTextSection, symbolMissing, ambiguousSymbol,
  weakSymbol, linkageChange, signatureChange, removedFunction, newFunction, buildChange, kernelConfig, lateModule,
];
