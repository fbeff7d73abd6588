/** The program `livepatch-studio`: the only place that reads argv and sets the exit status. */
import { messageOf } from '../host/files';
import { printable } from '../report/style';
import { check } from './check';
import { helpTexts } from './help';
import { indexTree } from './indexTree';
import { rules } from './rules';
import { simulate } from './simulate';
import { snapshot } from './snapshot';
import { exit, UsageError, type ExitStatus, type Terminal } from './terminal';
import { tool } from '../report/tool';

const commands: Readonly<Record<string, (args: readonly string[], terminal: Terminal) => ExitStatus | Promise<ExitStatus>>> = { check, simulate, index: indexTree, rules, snapshot };
const later = ['generate'];

async function main(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  const [name = '', ...rest] = args;
  if (name === '--version' || name === '-V') {
    terminal.out(`${tool.name} ${tool.version}\n`);
    return exit.patchable;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const asksForHelp = ['--help', '-h', 'help'].includes(name) || (command !== undefined && /^(--help|-h)$/m.test(beforeDashes(rest).join('\n')));
  if (asksForHelp) {
    const topic = command === undefined ? (rest[0] ?? '') : name;
    terminal.out(Object.hasOwn(helpTexts, topic) ? (helpTexts[topic] ?? '') : (helpTexts[''] ?? ''));
    return exit.patchable;
  }
  if (command !== undefined) return command(rest, terminal);
  if (name === '') throw new UsageError('give a command: check, simulate, index, rules or snapshot (--help tells more)');
  if (later.includes(name)) throw new UsageError(`${name} is not available yet in this version`);
  throw new UsageError(`there is no command ${JSON.stringify(name)}: check, simulate, index, rules or snapshot (--help tells more)`);
}

/** The arguments that can be options: behind `--` there are only names. */
function beforeDashes(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end === -1 ? args : args.slice(0, end);
}

function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  // https://no-color.org: any value but an empty one.
  const color = stdout.isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  let shown = false;
  return {
    out: (text) => { stdout.write(text); },
    err: (text) => { stderr.write(text); },
    cwd: process.cwd(),
    color,
    // A terminal that does not know its width says 0.
    columns: stdout.isTTY && stdout.columns > 0 ? stdout.columns : undefined,
    progress: (text) => {
      if (!stderr.isTTY || (text === '' && !shown)) return;
      stderr.write(text === '' ? '\r\x1b[K' : `\r\x1b[K${text} …`);
      shown = text !== '';
    },
  };
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (head, a pager that was quit) closes the pipe: the verdict stands all the same.
  if (error.code === 'EPIPE') return;
  process.stderr.write(`livepatch-studio: the result could not be written: ${error.message}\n`);
  process.exitCode = exit.couldNotRun;
});
process.stderr.on('error', () => undefined);

/** A fault of this program, not of its input: then where it happened is worth more than one clear line. */
function isFault(error: unknown): error is Error {
  return error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
}

const terminal = processTerminal();
main(process.argv.slice(2), terminal).then(
  (status) => { process.exitCode ??= status; },
  (error: unknown) => {
    terminal.progress('');
    terminal.err(`livepatch-studio: ${isFault(error) ? `internal error: ${error.stack ?? error.message}` : printable(messageOf(error).replace(/\s*\n\s*/g, ' '))}\n`);
    process.exitCode = exit.couldNotRun;
  },
);
