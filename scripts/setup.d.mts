/** Where the extracted kernel source is. */
export const kernelSource: string;
/** Installs and unpacks what the tests need. @throws Error with one line that says what to install */
export function setUp(log: (line: string) => void): void;
