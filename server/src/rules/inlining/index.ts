/** What the compiler makes of the edit beyond the edited text. */
import type { Rule } from '../rule';
import { configInactive } from './configInactive';
import { headerFanout } from './headerFanout';
import { inlinedCallers } from './inlinedCallers';
import { inlineFlip } from './inlineFlip';
import { lineShift } from './lineShift';
import { noFunctionalChange } from './noFunctionalChange';
import { optimizedClone } from './optimizedClone';
import { siblingCall } from './siblingCall';

export const inliningRules: readonly Rule[] = [inlinedCallers, headerFanout, optimizedClone, inlineFlip, lineShift, siblingCall, noFunctionalChange, configInactive];
