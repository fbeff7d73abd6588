export function makeSample(tree: string, patch: string, folder: string): boolean;
export function busiestFile(folder: string): { file?: string; line?: number };
