/** The two texts of kernel configuration: what was chosen (.config) and what can be chosen (Kconfig). */

/** The value of `CONFIG_X`: 'y', 'm', 'n', a number as written, or a string without its quotes. */
export type Config = (name: string) => string;

/**
 * Reads a `.config` or `include/config/auto.conf`. A name it does not hold is 'n': both files leave unset
 * options out, the first with a comment (scripts/kconfig/confdata.c).
 */
export function parseConfig(text: string): Config {
  const values = new Map<string, string>();
  for (const line of text.split(/\r\n|\r|\n/)) {
    const match = /^(CONFIG_\w+)=(.*)$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) values.set(match[1], unquoted(match[2].trim()));
  }
  return (name) => values.get(name) ?? 'n';
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, value.endsWith('"') ? -1 : undefined).replace(/\\(.)/g, '$1') : value;
}

export type OptionType = 'bool' | 'tristate' | 'other';

/**
 * The type of each option a Kconfig file declares, by its name with `CONFIG_`
 * (Documentation/kbuild/kconfig-language.rst). An option may be declared many times; the block with a type counts.
 */
export function parseKconfig(text: string): Map<string, OptionType> {
  const types = new Map<string, OptionType>();
  let option: string | undefined;
  /** Indentation of the help text to skip: -1 before its first line, undefined outside help. */
  let help: number | undefined;
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line.trim() === '') continue;
    const indent = columnsOf(line);
    if (help !== undefined) {
      if (help === -1) help = indent;
      if (help > 0 && indent >= help) continue;
      help = undefined;
    }
    const words = line.trim().split(/\s+/);
    const [keyword = '', name] = words;
    if (keyword === 'config' || keyword === 'menuconfig') {
      option = name === undefined ? undefined : `CONFIG_${name}`;
    } else if (keyword === 'help' || keyword === '---help---') {
      help = -1;
    } else if (/^(choice|endchoice|menu|endmenu|comment|source|if|endif|mainmenu)$/.test(keyword)) {
      option = undefined;
    } else if (option !== undefined && !types.has(option)) {
      const type = typeOf(keyword);
      if (type !== undefined) types.set(option, type);
    }
  }
  return types;
}

function typeOf(keyword: string): OptionType | undefined {
  if (keyword === 'bool' || keyword === 'def_bool') return 'bool';
  if (keyword === 'tristate' || keyword === 'def_tristate') return 'tristate';
  return /^(int|hex|string)$/.test(keyword) ? 'other' : undefined;
}

function columnsOf(line: string): number {
  let columns = 0;
  for (const character of line) {
    if (character === '\t') columns += 8 - (columns % 8);
    else if (character === ' ') columns += 1;
    else break;
  }
  return columns;
}
