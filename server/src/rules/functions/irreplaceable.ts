/** Functions that stay as they are whatever a patch brings, as far as their own text and place tell. */
import type { FileFacts, FunctionFact } from '../../syntax/facts';
import type { RuleContext } from '../rule';
import { isLivepatchInternal } from '../transition/livepatchInternals';
import { configuredInitMarker, initHandler } from './initMarkers';
import { textSection, untracedMarker } from './textMarkers';
import { unpatchablePlace } from './unpatchablePlaces';

/** Not built, run once, without an ftrace entry, part of livepatch, in a section or a place that the build tool does not take functions from. */
export function isIrreplaceable({ knowledge, profile, kernelVersion }: RuleContext, { path, fact, facts }: { readonly path: string; readonly fact: FunctionFact; readonly facts?: FileFacts }): boolean {
  const object = knowledge.ask({ kind: 'object', path });
  return (
    configuredInitMarker(fact, knowledge) !== undefined ||
    initHandler(facts, fact.name) !== undefined ||
    isLivepatchInternal(path, fact.name) ||
    untracedMarker(fact, kernelVersion) !== undefined ||
    (profile === 'kpatch' && textSection(fact) !== undefined) ||
    unpatchablePlace(path, profile, 'code')?.severity === 'error' ||
    object?.untraced !== undefined ||
    object?.isBuilt === false
  );
}
