/** The help texts; docs/cli.md is the manual. */
const edit = `The edit, in one of these ways (default: the work tree against git HEAD):
  --base REF               the work tree against a git commit
  --base-dir DIR           TREE against the kernel in another folder
  --patch FILE...          unified diffs, git format-patch mail or mbox, applied in order in memory; - is standard input`;

const kernel = `  --kernel-version X.Y.Z   the running kernel's version (default: as TREE's Makefile says)
  --config FILE            its configuration (default: TREE's .config)`;

const statuses = `Exit status: 0 patchable, 1 unpatchable, 3 undecided, 2 could not run.`;

export const helpTexts: Readonly<Record<string, string>> = {
  '': `Usage: livepatch-studio COMMAND [OPTION...]

Says whether an edit of the Linux kernel can be live patched, and previews how the patch would be applied.

  check      judge an edit
  simulate   rehearse its application
  index      make the tree's index, or bring it up to date
  rules      list every rule, or explain one
  snapshot   print the script that takes a snapshot of a machine's tasks

livepatch-studio COMMAND --help tells a command's options; --version tells the version.
`,
  check: `Usage: livepatch-studio check [TREE] [OPTION...]

Judges an edit of the kernel tree TREE (default: the current folder). TREE is never written.

${edit}

  --profile TOOL           klp-build (default) or kpatch: the tool that will build the patch
${kernel}
  --format FORMAT          human (default), json, sarif (SARIF 2.1.0, for code scanning) or github (annotations of a workflow run)
  --fail-on LEVEL          error (default), warning: exit status 1 for a warning, too; never: 0 whatever was found
  --jobs N                 threads that bring a stored index up to date, where git cannot search TREE and there is one
                           (default: as many as there are CPUs); the edit itself is judged in a single thread

${statuses}
`,
  simulate: `Usage: livepatch-studio simulate [TREE] [OPTION...]

Rehearses how a live patch of an edit would be applied, on a machine of a given workload or on the snapshot of a real one.

${edit}
  --functions F,G,...      instead of an edit: these functions; MODULE:F for one in a module

  --model MODEL,...        livepatch (default), or others to compare it with: livepatch-4.0, kgraft, kpatch, ksplice, kernelcare,
                           checkpoint-restart, kexec, reboot; all compares the nine
  --scenario FILE          a scenario in JSON, as the editor saves it: docs/schemas/klpsim.schema.json says how; options count for more
  --scenario NAME          instead of an edit and a machine: a situation on which the systems differ; docs/simulator/scenarios.md lists them
${kernel}
  --profile TOOL           klp-build (default) or kpatch
  --snapshot FILE          the machine's tasks as they were: what the script of \`livepatch-studio snapshot\` prints, sysrq-t in a log,
                           crash's foreach bt, perf script, bpftrace, files of /proc/PID; docs/snapshots.md tells how
  --machine FILE.json      the machine as written: docs/schemas/machine.schema.json says how
  --workload NAME          what the machine does instead: mixed (default, about 90 tasks), idle, web, database, nfs-client, kvm-host, batch,
                           build, containers; list tells what each is
  --tasks N                how many tasks it has
  --cpus N                 its CPUs, 1 to 8192 (default: as the snapshot or the workload tells)
  --hz N                   100, 250, 300 or 1000 (default: as the snapshot tells, else 250)
  --preemption HOW         none, voluntary, full or dynamic (default: as the snapshot tells, else dynamic)
  --unwinder NAME          orc, frame-pointer or none (default: as the snapshot tells, else orc)
  --reliable-stacks YES    yes or no: whether the architecture's stack traces can be trusted (default: as the snapshot tells, else yes)
  --action KIND@TIME       what the operator does after so long (30s, 500ms): signal, force, reverse, disable, replace:F,G, patch:F,G,
                           load-module:M, unload-module:M, poke:PID; may be given several times
  --seed N                 decides everything that is drawn (default 1)
  --repeat N               so many runs of each system, with the seeds from --seed on: how long they take, how many do not end
  --sweep                  instead of an edit and a machine: how kpatch, ksplice and livepatch stand the size of a machine, up to
                           --cpus (default 8192) and --tasks (default 100000), with --repeat seeds (default 10); docs/simulator/scale.md
  --fleet N                instead of one machine: rolls the patch over N machines by livepatch, kexec and reboot (or --model), and tells when
                           they are protected and which need a hand; --rollout FILE.json says who is in the fleet and how fast it goes
                           (default: docs/simulator/fleets.md)
  --jobs N                 threads for these (default: as many as there are CPUs); the numbers are the same. Ctrl-C ends with what is done
  --format FORMAT          human (default), json, log (the kernel's own lines), svg (a picture: the tasks of one model's run over time, or how far
                           each of several models got by when) or markdown (a report for a change request); of --repeat and a fleet human or json, of a sweep human, json or svg

Exit status: 0 every run completed and the edit is patchable, 1 a run did not complete or the edit is unpatchable,
3 the edit is undecided or only hypothetical tasks kept a run from its end, 2 could not run.
`,
  index: `Usage: livepatch-studio index [TREE] [--jobs N]

Makes the index of the kernel tree TREE (default: the current folder), or brings it up to date: only files that changed are scanned.
It lies in the user's cache folder; TREE is never written. Ctrl-C leaves the index as it was.

  --jobs N                 threads that scan (default: as many as there are CPUs)

Exit status: 0 the index is up to date, 2 could not run.
`,
  rules: `Usage: livepatch-studio rules [RULE] [--format human|json]

Lists every rule: its name, how severe it is with each build tool, and what it finds.
With a rule's name: its page of the manual: what it finds, what happens, the way out, and the source of what it says.
`,
  snapshot: `Usage: livepatch-studio snapshot > collect.sh

Prints a shell script that takes a snapshot of a machine's tasks: each thread's name, state and kernel stack. It only reads /proc and
the kernel's configuration, and needs root, a POSIX shell, grep, xargs and awk. Copy it to the machine to be patched, then:

  sudo sh collect.sh > machine.klpsnap
  livepatch-studio simulate --snapshot machine.klpsnap --functions do_select
`,
};
