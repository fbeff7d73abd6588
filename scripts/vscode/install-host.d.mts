export interface HostPaths {
  root: string;
  vscode: string;
  nodeHome: string;
  server: string;
}

export function hostVersions(): string[];
export function hostPaths(version: string): HostPaths;
export function installHost(version: string, log?: (line: string) => void): Promise<HostPaths>;
