export interface HostOptions {
  /** A host that installHost() has installed: '1.139' or '1.100'. */
  version: string;
  /** Folder for the server's data, extensions and logs; made when missing. A fresh one gives a fresh editor. */
  stateDir: string;
  /** Extension package to install first, over an equal version too. */
  vsix?: string;
  /** User settings over DEFAULT_SETTINGS. Only for a new stateDir: an old one keeps its settings.json. */
  settings?: Record<string, unknown>;
  /** Port, or range 'LOW-HIGH' of which the first free one is taken. Default: any free one. */
  port?: number | string;
  /** Secret that the address must carry. Default none: then any process of this machine may use the server. */
  token?: string;
  /** Whether windows ask for trust and start restricted. Default false: everything is trusted. */
  workspaceTrust?: boolean;
}

export interface Host {
  readonly version: string;
  /** The server's process, which leads a process group of its own. */
  readonly pid: number;
  readonly port: number;
  readonly stateDir: string;
  /** The server's own output. */
  readonly logFile: string;
  /** Address that opens a folder and, in it, a file (absolute or relative to the folder) at a line counted from 1. */
  url(folder: string, file?: string, line?: number): string;
  /** Everything written so far to an output channel of this name, in any window; '' when there is none. */
  output(channel: string): string;
  /** Settles when the server's process is gone, stopped or not. */
  readonly ended: Promise<void>;
  /** Ends the server with all its extension hosts and language servers; returns when none is left. */
  stop(): Promise<void>;
}

export const DEFAULT_SETTINGS: Record<string, unknown>;
export function startHost(options: HostOptions): Promise<Host>;
