/** The host on Node: what the command line and the language server hand to the core. */
import { nodeFiles } from './files';
import { nodeGit } from './git';
import type { Host } from './ports';

export const nodeHost: Host = { files: nodeFiles, git: nodeGit };

/** Without git, for a workspace that is not trusted. */
export const untrustedHost: Host = { files: nodeFiles };
