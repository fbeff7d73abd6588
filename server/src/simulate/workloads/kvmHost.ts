import { about, every, user, type Draft } from '../machine/drafts';
import { KTHREAD_STACKS } from '../machine/stacks';
import type { Step } from '../types';
import { DAEMONS } from './daemons';
import { DURATIONS, KERNEL_THREADS, NUMBERS, SIGNALS_FREE, WAITS } from './facts';
import { ASSUMED, createWorkload } from './workload';

/** KVM_RUN: the guest computes and halts in turn; now and then its hypervisor in user space has to do something for it. */
function vcpu(comm: string, guest: readonly Step[]): Draft {
  const run: Step = { call: '__x64_sys_ioctl', steps: [{ call: 'kvm_vcpu_ioctl', steps: [{ call: 'kvm_arch_vcpu_ioctl_run', steps: guest }] }] };
  return { comm, kind: 'user', state: 'R', stack: [], behavior: { kind: 'script', steps: [run] } };
}

const HALT: Step = { call: 'kvm_vcpu_halt', steps: [{ call: 'kvm_vcpu_block', steps: [{ sleep: about(40), interruptible: true }] }] };
const quietGuest = Array.from({ length: 20 }, (): Step[] => [{ run: about(1), interruptible: true }, HALT]).flat();
const busyGuest: Step[] = [{ run: { kind: 'fixed', ms: 3_600_000 }, interruptible: true }];

const vhost = (comm: string, behavior: Draft['behavior']): Draft => ({ comm, kind: 'kthread', state: behavior.kind === 'busy' ? 'R' : 'S', stack: KTHREAD_STACKS.vhost, behavior });

export const kvmHost = createWorkload({
  name: 'kvm-host',
  title: 'a host of virtual machines: virtual CPUs that seldom return to user space, vhost workers busy in the kernel',
  basis: [
    KERNEL_THREADS,
    WAITS,
    { text: 'busy vhost workers keep a live patch from completing within kpatch\'s time, regularly', source: 'S. Forshee, netdev, 2023-01-20; cond_resched() switching came of it (6.4)' },
    { text: 'a vhost worker never returns to user space: it goes on inside vhost_worker(), and gives its CPU away only to others', source: 'drivers/vhost/vhost.c of 6.1, read' },
    { text: 'a guest that computes stays in the kernel whatever the tick does, until a signal takes its virtual CPU out: TIF_NOTIFY_SIGNAL does, TIF_PATCH_PENDING does not', source: 'XFER_TO_GUEST_MODE_WORK in include/linux/entry-kvm.h and kernel/entry/kvm.c of 6.1, read' },
    { text: 'a guest that halts has its virtual CPU asleep in kvm_vcpu_block()', source: 'virt/kvm/kvm_main.c of 6.1, read' },
    SIGNALS_FREE,
    { text: 'on every second CPU a guest computes without end, on every eighth a vhost worker is busy; a quiet guest computes 1 ms and halts 40 ms', source: ASSUMED },
    DURATIONS,
    NUMBERS,
  ],
  defaults: { cpus: 32, tasks: 400 },
  always: [...DAEMONS, user('libvirtd', 'poll', every(5000))],
  perCpu: (cpu) => [...(cpu % 2 === 0 ? [vcpu('CPU 1/KVM', busyGuest)] : []), ...(cpu % 8 === 1 ? [vhost('vhost-4711', { kind: 'busy' })] : [])],
  crowd: [
    { of: 12, task: vcpu('CPU 0/KVM', quietGuest) },
    { of: 8, task: user('qemu-system-x86', 'poll', every(100)) },
    { of: 4, task: user('IO iothread1', 'poll', every(20)) },
    { of: 7, task: vhost('vhost-4712', every(5)) },
  ],
});
