export function git(folder: string, ...args: string[]): string;
export function makeWorkspace(from: string, to: string, patches?: string[]): string;
