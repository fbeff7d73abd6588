/** docs/simulator/fleets.md, written from the default plan, its sources, and a rollout. */
import { DEFAULT_PLAN, PLAN_SOURCES, type FleetPlan } from '../../../server/src/simulate/fleet';

/** @param example what the rollout of `plan` prints, for 1,000 machines */
export function fleetsPage(example: string, plan: FleetPlan): string {
  const { workloads, versions, specimens } = plan;
  return `# Fleets

\`simulate --fleet N\` rolls one patch over N machines and tells when they are protected, for how long they are exposed, what capacity is lost meanwhile and which machines need a hand:
by live patch, by kexec and by reboot, or by the systems that \`--model\` names. The machines are the same for all of them. The fleet and the rollout are those of a plan, a
JSON file behind \`--rollout\`; what it leaves out is as by default. This page is written from the default plan and a rollout.

    livepatch-studio simulate --patch fix.patch --fleet 10000
    livepatch-studio simulate --functions vfs_read --fleet 1000 --seed 3 --rollout plan.json

With \`${spaced({ workloads, versions, specimens })}\` as the plan, the second prints

${example.trimEnd().split('\n').map((line) => (line === '' ? '' : `    ${line}`)).join('\n')}

NFS clients wait for a server that does not answer: those that are not protected sleep in the patched function, where no signal reaches them.

## The rollout

- The fleet is done wave by wave; the first wave is the canary. A wave ends when each of its machines has been tried once. Then it is watched, and when too many of these are
  still not protected the rollout is halted: whoever was not tried is skipped.
- Ways that leave a machine in service (all but kexec and reboot) are carried out on so many machines at a time. Where one does not come to its end, it is given up as a single
  rehearsal would be (after 75 s for livepatch), and tried again later, beside the waves that follow. After the last try the machine needs a hand, or is set aside, as the plan says. One on
  which the patch is applied but unsafe needs a hand at once.
- Ways that restart a machine take it out of service first; so many of the fleet are out at a time. One that does not come back needs a hand, and stays out of service to the end.
- A way that does not go with a machine's kernel (livepatch before 4.12) skips it.

Every machine ends *protected*, *by hand* or *skipped*. It is exposed from the beginning until it is protected; one that never is, until the last of the compared ways is
done, so that ways can be compared. What is lost of the capacity are the machine-hours in which machines are drained, restart, do not come back, or stand still as a whole.

## The plan

| part | default | what it is, and where the default comes from |
|---|---|---|
${Object.entries(PLAN_SOURCES).map(([name, source]) => `| \`${name}\` | ${value(name)} | ${source} |`).join('\n')}

## What is simulated, and what is assumed

Each pair of a workload and a version is a class. Of each class some machines (\`specimens\`) are simulated whole, with all their tasks, by the same engine as a single rehearsal; each machine of
the fleet is one of them, drawn by its share. A specimen is tried a second time if the first does not complete: with the same tasks, so that what stands in the way for good
does so again, and another seed for what happens meanwhile. Further tries are taken to end as the second. A class whose first three specimens are stuck twice is taken to be
stuck altogether. So shares are no finer than one specimen of a class. Restarts do not depend on what runs: one of each class is simulated.

Everything is drawn from \`--seed\`; the numbers do not depend on \`--jobs\`. A larger fleet of the same seed begins with the machines of a smaller one.

Not in it: that machines depend on each other (all NFS clients of one server stall together); that work moved off a machine loads others; the time to build and to distribute
the patch; that somebody mends what needs a hand; what a failed try leaves behind; the
tasks that a rehearsal of an edit imagines in its functions: here only those count that the workloads have.
`;
}

function value(name: string): string {
  const [part = '', key] = name.split('.');
  const found: unknown = Object.entries(DEFAULT_PLAN).find(([each]) => each === part)?.[1];
  const shown: unknown = key === undefined ? found : Object.entries(found as object).find(([each]) => each === key)?.[1];
  return `\`${spaced(shown)}\``;
}

const spaced = (json: unknown): string => JSON.stringify(json).replace(/([:,])(?=\S)/g, '$1 ');
