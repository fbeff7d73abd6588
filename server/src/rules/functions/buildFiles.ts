/** Makefiles and Kconfig files, without what does not count: comments, empty lines, help texts. */

/** The lines that count, white space folded, continued lines joined. */
export function meaningOf(text: string, kind: 'makefile' | 'kconfig' | 'config'): string[] {
  const lines = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  const kept = kind === 'kconfig' ? withoutHelp(lines) : lines;
  // `# CONFIG_X is not set` is a value in a .config.
  return kept.map((line) => (kind === 'config' && /^# CONFIG_\w+ is not set/.test(line) ? line : line.replace(/(^|\s)#.*$/, '')).trim().replace(/\s+/g, ' ')).filter((line) => line !== '');
}

/** A help text ends with the first line that is indented less than its first one (Documentation/kbuild/kconfig-language.rst). */
function withoutHelp(lines: readonly string[]): string[] {
  let help: number | undefined;
  return lines.filter((line) => {
    if (line.trim() === '') return false;
    const indent = line.replaceAll('\t', '        ').search(/\S/);
    if (help === -1) help = indent;
    if (help !== undefined && help > 0 && indent >= help) return false;
    help = /^\s*(help|---help---)\s*$/.test(line) ? -1 : undefined;
    return true;
  });
}

/** Lines that only one of the two has, in order. */
export function changedLines(before: readonly string[], after: readonly string[]): string[] {
  const missing = (from: readonly string[], other: readonly string[]): string[] => {
    const left = new Map<string, number>();
    for (const line of other) left.set(line, (left.get(line) ?? 0) + 1);
    return from.filter((line) => {
      const times = left.get(line) ?? 0;
      left.set(line, times - 1);
      return times <= 0;
    });
  };
  return [...missing(before, after), ...missing(after, before)];
}

/** Whether a line of a Makefile says which objects or folders are built: `obj-y += x.o`, `ext4-objs := …`, and lists of nothing but objects under any name: `DCE = a.o b.o`. */
export const listsObjects = (line: string): boolean => /^[\w.$()-]+-(y|m|objs|\$[({]\w+[)}])\s*[:+]?=.*(\.o|\/)(\s|$)/.test(line) || /^\w+\s*[:+]?=(\s*[\w./-]+\.o)+$/.test(line);
