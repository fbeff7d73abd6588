/** Every model there is, in the order in which a comparison lists them. A new one is a file in this folder and a line here. */
import type { Model } from '../model';
import type { ModelName } from '../types';
import { checkpointRestart } from './checkpoint-restart';
import { kernelcare } from './kernelcare';
import { kexec } from './kexec';
import { kgraft } from './kgraft';
import { kpatch } from './kpatch';
import { ksplice } from './ksplice';
import { livepatch } from './livepatch';
import { livepatch40 } from './livepatch-4.0';
import { reboot } from './reboot';

const byName: Readonly<Record<ModelName, Model>> = { livepatch, 'livepatch-4.0': livepatch40, kgraft, kpatch, ksplice, kernelcare, 'checkpoint-restart': checkpointRestart, kexec, reboot };

export const MODELS: readonly Model[] = Object.values(byName);

export const modelNamed = (name: ModelName): Model => byName[name];

export const MODEL_NAMES: readonly ModelName[] = MODELS.map((model) => model.name);
