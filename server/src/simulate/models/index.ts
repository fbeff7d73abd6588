/** Every model there is. A new one is a file in this folder and a line here. */
import type { Model } from '../model';
import type { ModelName } from '../types';
import { livepatch } from './livepatch';

export const MODELS: readonly Model[] = [livepatch];

export const MODEL_NAMES: readonly ModelName[] = MODELS.map((model) => model.name);
