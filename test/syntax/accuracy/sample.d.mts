export declare function sourceFiles(tree: string): string[];
export declare function choose<T>(all: readonly T[], wanted: number, seed: number): T[];
