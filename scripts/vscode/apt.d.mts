/** Makes sure that commands exist; installs the missing ones' Debian packages when it may. @throws Error that says what to install */
export function ensureCommands(commands: Readonly<Record<string, string>>, log?: (line: string) => void): void;
