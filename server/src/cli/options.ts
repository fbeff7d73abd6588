/** The command line's grammar: what every command shares, and the checks of single values. */
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError, type Terminal } from './terminal';

type OptionTable = NonNullable<ParseArgsConfig['options']>;

export interface Options {
  /** Of an option given several times, the last. */
  readonly value: (name: string) => string | undefined;
  /** Of an option that may be given several times, all in their order. */
  readonly values: (name: string) => readonly string[];
  readonly has: (name: string) => boolean;
}

export interface CommandLine extends Options {
  /** Every FILE behind `--patch`, in order, as given; `-` is standard input. */
  readonly patches: readonly string[];
  /** TREE: absolute, and a folder. */
  readonly tree: string;
}

const string = { type: 'string' } as const;

/** How an edit is named; `check` and `simulate` share it. */
export const editOptions = { base: string, 'base-dir': string, patch: { type: 'string', multiple: true }, profile: string, 'kernel-version': string, config: string } satisfies OptionTable;

/** Fixed names for what a later version does: refused by name, rather than ignored or called unknown. */
const laterOptions = ['evidence', 'out', 'name'];

/** A command line of options and words that name no TREE. */
export function parseWords(args: readonly string[], table: OptionTable): Options & { readonly words: readonly string[] } {
  const { options, tokens } = parseOptions(args, table);
  return { ...options, words: tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : [])) };
}

export function parseCommandLine(args: readonly string[], table: OptionTable, terminal: Terminal): CommandLine {
  const { options, tokens } = parseOptions(args, table);
  // `--patch a b TREE`: what stands behind --patch and is no folder is another patch.
  const patches: string[] = [];
  const folders: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'option' && token.name === 'patch' && token.value !== undefined) patches.push(token.value);
    if (token.kind !== 'positional') continue;
    if (patches.length > 0 && !isFolder(resolve(terminal.cwd, token.value))) patches.push(token.value);
    else folders.push(token.value);
  }
  const [given = '.', surplus] = folders;
  if (surplus !== undefined) throw new UsageError(`one TREE at a time: ${shown(given)} and ${shown(surplus)} are two`);
  const tree = resolve(terminal.cwd, given);
  if (!isFolder(tree)) throw new UsageError(`${shown(given)} is no folder`);

  return { ...options, patches, tree };
}

function parseOptions(args: readonly string[], table: OptionTable): { readonly options: Options; readonly tokens: readonly Token[] } {
  const later = Object.fromEntries(laterOptions.map((name) => [name, string]));
  const { values, tokens } = parse(args, { ...later, ...table });
  const used = laterOptions.find((name) => !(name in table) && values[name] !== undefined);
  if (used !== undefined) throw new UsageError(`--${used} is not available yet in this version`);
  const value = (name: string): string | undefined => {
    const found = values[name];
    return typeof found === 'string' ? found : undefined;
  };
  const all = (name: string): readonly string[] => tokens.flatMap((token) => (token.kind === 'option' && token.name === name && token.value !== undefined ? [token.value] : []));
  return { options: { value, values: all, has: (name) => values[name] !== undefined }, tokens };
}

type Token = { readonly kind: 'option'; readonly name: string; readonly value: string | undefined } | { readonly kind: 'positional'; readonly value: string } | { readonly kind: 'option-terminator' };

function parse(args: readonly string[], options: OptionTable): { readonly values: Readonly<Record<string, unknown>>; readonly tokens: readonly Token[] } {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true, tokens: true });
  } catch (error) {
    // Node's messages go on with advice in a second line or sentence.
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split(/\.?\n|(?<=')\. /);
    throw new UsageError(
      first
        .replace(/^Option '(-[^']*)' argument is ambiguous\.?$/, '$1 needs a value, and one that begins with - is none')
        .replace(/^Option '(-[^' ]*)[^']*' argument missing$/, '$1 needs a value')
        .replace(/^Unknown option '([\s\S]*)'$/, 'unknown option $1'),
    );
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** One of a few words, the first when the option is not given. */
export function choice<T extends string>(line: Options, name: string, allowed: readonly [T, ...T[]]): T {
  const given = line.value(name);
  if (given === undefined) return allowed[0];
  const known = allowed.find((word) => word === given);
  if (known !== undefined) return known;
  throw new UsageError(`--${name} is one of ${allowed.join(', ')}, not ${shown(given)}`);
}

/** A whole number within bounds, both included; undefined when the option is not given. */
export function wholeNumber(line: Options, name: string, least: number, most = Infinity): number | undefined {
  const given = line.value(name);
  if (given === undefined) return undefined;
  const number = /^\d{1,15}$/.test(given) ? Number(given) : NaN;
  if (!(number >= least && number <= most)) throw new UsageError(`--${name} is a whole number from ${least} ${most === Infinity ? 'on' : `to ${most}`}, not ${shown(given)}`);
  return number;
}

/** How many threads; as many as the machine runs at a time when nothing is said. */
export const jobsOption = (line: Options): number => wholeNumber(line, 'jobs', 1) ?? availableParallelism();

/** `X.Y` or `X.Y.Z`, with a distribution's suffix or without. */
export function kernelVersionOption(line: Options): string | undefined {
  const given = line.value('kernel-version');
  if (given !== undefined && !/^\d+\.\d+(\.\d+)?([-+~.][\w.+~-]*)?$/.test(given)) throw new UsageError(`--kernel-version is X.Y.Z, not ${shown(given)}`);
  return given;
}

/** For a message of one line. */
export function shown(text: string): string {
  return JSON.stringify(text);
}
