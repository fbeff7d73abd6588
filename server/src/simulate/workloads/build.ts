import { about, every, user, type Draft } from '../machine/drafts';
import { USER_STACKS } from '../machine/stacks';
import { DAEMONS } from './daemons';
import { DURATIONS, KERNEL_THREADS, NUMBERS, SIGNALS_FREE, WAITS } from './facts';
import { ASSUMED, createWorkload } from './workload';

const compiler: Draft = { comm: 'cc1', kind: 'user', state: 'R', stack: [], behavior: { kind: 'busy', syscallEveryUs: 2000 } };
const make: Draft = {
  comm: 'make', kind: 'user', state: 'S', stack: USER_STACKS.wait4,
  behavior: { kind: 'fork', every: about(300), child: { comm: 'sh', stack: USER_STACKS.wait4, lives: about(700) } },
};

export const build = createWorkload({
  name: 'build',
  title: 'a build machine: processes begin and end all the time (a fork storm), every CPU compiles',
  basis: [
    KERNEL_THREADS,
    WAITS,
    { text: 'a child begins with its parent\'s patch state', source: 'klp_copy_process() of 6.1, and measured on Debian 6.1.192' },
    SIGNALS_FREE,
    { text: 'for each CPU one compiler that computes and makes a system call every 2 ms, and a make that starts a shell every 0.3 s, which lives 0.7 s', source: ASSUMED },
    DURATIONS,
    NUMBERS,
  ],
  defaults: { cpus: 8, tasks: 200 },
  always: [...DAEMONS, user('ccache', 'flock', every(200))],
  perCpu: () => [compiler, make],
  crowd: [
    { of: 8, task: user('make', 'pipe', every(100)) },
    { of: 8, task: user('sh', 'wait4', every(400)) },
    { of: 4, task: user('gcc', 'wait4', every(600)) },
    { of: 4, task: user('as', 'pipe', every(50)) },
    { of: 1, task: user('ninja', 'poll', every(50)) },
  ],
});
