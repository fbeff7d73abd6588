import { version } from '../../../package.json';
import type { Tool } from './check';

export const tool: Tool = { name: 'livepatch-studio', version };
