/** How a patch is rolled over a fleet: who is in it, in which order, how fast, and what happens to whoever does not come along. */
import type { Costs } from '../types';

export interface FleetPlan {
  /** Shares of the machines, against each other: by workload, and by kernel version. Each pair is a class of machines. */
  readonly workloads: Readonly<Record<string, number>>;
  readonly versions: Readonly<Record<string, number>>;
  /** Shares of the fleet that are to be done when each wave ends, rising to 1; the first wave is the canary. */
  readonly waves: readonly number[];
  /** What a wave is watched for before the next begins. */
  readonly soakMinutes: number;
  /** The rollout is halted when so large a share of a wave's machines that were tried is not protected after its soak. */
  readonly haltShare: number;
  /** Ways that leave the machine in service. */
  readonly online: {
    /** Machines at a time. */
    readonly atOnce: number;
    /** Of a machine where it did not come to its end. */
    readonly retries: number;
    readonly retryMinutes: number;
    /** What becomes of it after the last: it needs a hand, or is set aside until it is rebooted anyway. */
    readonly stalled: 'hand' | 'skip';
  };
  /** Ways that take the machine out of service. */
  readonly restart: {
    /** Of the fleet, out of service at a time. */
    readonly downShare: number;
    /** What is moved off a machine takes so long. */
    readonly drainMinutes: number;
    /** Of the restarts: the machine does not come back by itself. */
    readonly failShare: number;
  };
  /** Machines of each class that are simulated; the fleet's machines are drawn from them. */
  readonly specimens: number;
  readonly costs: Partial<Costs>;
}

export const DEFAULT_PLAN: FleetPlan = {
  workloads: { web: 30, database: 10, idle: 15, containers: 15, 'kvm-host': 10, batch: 10, build: 5, 'nfs-client': 5 },
  versions: { '6.1.192': 70, '6.12': 30 },
  waves: [0.01, 0.1, 0.5, 1],
  soakMinutes: 60,
  haltShare: 0.5,
  online: { atOnce: 50, retries: 3, retryMinutes: 60, stalled: 'hand' },
  restart: { downShare: 0.1, drainMinutes: 5, failShare: 0.001 },
  specimens: 8,
  costs: {},
};

/** What each part of a plan stands for, and where its default comes from. */
export const PLAN_SOURCES: Readonly<Record<string, string>> = {
  workloads: 'how many machines do what, as shares against each other; an assumption',
  versions: 'which kernels they run, the same way; the LTS kernels of Debian 12 and 13, their shares an assumption',
  waves: 'which share of the fleet is done when each wave ends; an assumption in the usual shape: a hundredth, a tenth, a half, all',
  soakMinutes: 'how long a wave is watched before the next one; an assumption',
  haltShare: 'the share of the machines tried in a wave that are not protected after its soak, from which on the rollout is halted; AWS Config\'s ErrorPercentage, default 50',
  'online.atOnce': 'machines at a time for ways that leave them in service; MaxConcurrency of AWS Systems Manager\'s Run Command, default 50',
  'online.retries': 'how often a machine is tried again; an assumption',
  'online.retryMinutes': 'after how long; check-interval of Canonical\'s Livepatch client, default 60',
  'online.stalled': 'what becomes of a machine after the last try: `hand`, somebody has to look at it, or `skip`, it waits for a reboot that comes anyway; an assumption',
  'restart.downShare': 'the share of the fleet out of service at a time; AWS Config\'s ConcurrentExecutionRatePercentage, default 10 (Kubernetes allows a Deployment 25% by default, kured one machine)',
  'restart.drainMinutes': 'how long it takes to move the work off a machine; an assumption',
  'restart.failShare': 'the share of restarts after which a machine does not come back by itself; an assumption',
  specimens: 'machines simulated of each class; more of them make the shares finer',
  costs: 'costs of the simulator that are to be other than their defaults, in ns ([scale.md](scale.md) and [restarts.md](restarts.md) have them)',
};
