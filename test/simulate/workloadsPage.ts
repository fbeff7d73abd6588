/** docs/simulator/workloads.md, written from the workloads themselves. */
import { WORKLOADS } from '../../server/src/simulate';

const cell = (text: string): string => text.replaceAll('|', '\\|');

export function workloadsPage(): string {
  const rows = WORKLOADS.map(({ name, title, defaults: { cpus, tasks } }) => `| [\`${name}\`](#${name}) | ${cell(title)} | ${cpus} | ${tasks} |`);
  const sections = WORKLOADS.map(({ name, title, basis }) => [`## ${name}`, '', `${title.charAt(0).toUpperCase()}${title.slice(1)}.`, '', '| what | from where |', '| --- | --- |', ...basis.map(({ text, source }) => `| ${cell(text)} | ${cell(source)} |`)].join('\n'));
  return `${[HEAD, ['| workload | what it is | CPUs | tasks |', '| --- | --- | --- | --- |', ...rows].join('\n'), REST, ...sections].join('\n\n')}\n`;
}

const HEAD = `# Workloads

<!-- Written from server/src/simulate/workloads: UPDATE_GOLDEN=1 npx vitest run --project unit test/simulate/workloads.test.ts -->

What the simulated machine does where there is no snapshot of the real one: \`simulate --workload NAME\`, or chosen in the preview. Each is built from what was
recorded or read, named below; what nobody measured is called an assumption.`;

const REST = `CPUs and tasks are those of the machine when nothing is said. With \`--cpus\` each CPU brings the kernel's own threads and what the workload has for each CPU;
\`--tasks\` counts all of them, and the rest is shared out as the workload has it, at least one task of each sort. The seed of a workload draws how often each of these
wakes, from half to twice as often as its kind; \`simulate\` leaves it at 1, so that \`--seed\` changes the run and not the machine.

Stacks are those of x86-64 6.1, whatever the version: \`machine/stacks.ts\` has them, and says which were read in the source instead of recorded.

## Hypothetical tasks

An edit is simulated with tasks that nobody saw: where the source says that a patched function can sleep (what the rules \`always-on-stack\` and
\`uninterruptible-sleep\` know), one task is imagined that does. Its stack goes from the wait through the function to its callers in the same file; a function that is
inlined away is not on it, those that hold it are. A process is freed as the wait says, a kernel thread whose body it is never leaves, a worker leaves between two pieces of
work. Assumed is how long it sleeps: 10 s on the average for an event, 20 ms for a transfer, for the clock as long as the text says, or 1 s. Names of
such tasks begin with \`?\`; reports, JSON and preview call them hypothetical, and a run that only they keep from its end leaves the exit status at 3, undecided. A snapshot tells who is
where: with one nobody is imagined. Not seen are sleeps behind pointers to functions, in other files, and on locks.`;
