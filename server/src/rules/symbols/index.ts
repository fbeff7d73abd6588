/** Symbols the patch refers to or changes: exports, versions, addresses. */
import type { Rule } from '../rule';
import { addressEscapes } from './addressEscapes';
import { btfRegistration } from './btfRegistration';
import { exportChange } from './exportChange';
import { symbolVersion } from './symbolVersion';
import { thisModule } from './thisModule';
import { unexportedSymbol } from './unexportedSymbol';

export const symbolRules: readonly Rule[] = [unexportedSymbol, addressEscapes, symbolVersion, exportChange, btfRegistration, thisModule];
