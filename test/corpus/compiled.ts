/**
 * The plan held against gcc, on real edits: files in which two kernel trees differ are compiled as they were and as they are, and the functions
 * whose machine code (or section) differs are compared with those that the plan replaces. See scripts/compiled.mjs for how to run it.
 *
 * Each file is an edit of its own: both versions are compiled with the second tree's headers. Lines that moved are no change of code: every function of the
 * newer text is given the line it had in the older (see keepingLines). gcc's clones and split-off parts count as the function they come from.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFiles } from '../../server/src/host/files';
import { differingPaths } from '../../server/src/host/trees';
import { compileVersions, type Compiled } from './machineCode';
import { Planner, type Planned } from './planner';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const TARGETS = { recall: 97, precision: 85 };

interface Unit {
  readonly path: string;
  readonly hit: readonly string[];
  readonly missed: readonly string[];
  readonly extra: readonly string[];
}

/** From the command line: BEFORE AFTER BUILD, how many files at most, a file to look closer at; the paths come on stdin from scripts/compiled.mjs, which had them built. */
export async function main([step = '', before = '', after = '', build = '', ...rest]: readonly string[]): Promise<void> {
  if (step === 'list') await list(before, after, build);
  else await compare(before, after, build, rest);
}

/** Prints the .c files that differ and that the configuration builds. */
async function list(before: string, after: string, build: string): Promise<void> {
  const paths = (await differingPaths(before, after)).filter((path) => path.endsWith('.c') && !/^(Documentation|tools|scripts|samples|arch\/x86\/(boot|entry\/vdso|realmode|purgatory))\//.test(path));
  const planner = new Planner({ root: after, host: { files: nodeFiles }, configText: readFileSync(join(build, '.config'), 'utf8') });
  for (const path of paths) if (await planner.isBuilt(path)) say(path);
}

async function compare(before: string, after: string, build: string, [wanted = '60', ...paths]: readonly string[]): Promise<void> {
  const planner = new Planner({ root: before, host: { files: nodeFiles }, configText: readFileSync(join(build, '.config'), 'utf8') });
  const units: Unit[] = [];
  for (const path of paths) {
    if (units.length === Number(wanted)) break;
    const texts = { before: textOf(before, path), after: textOf(after, path) };
    if (texts.before === undefined || texts.after === undefined) continue;
    const planned = await planner.plan(path, { before: texts.before, after: texts.after });
    const compiled = compileVersions(after, build, path, { before: texts.before, after: texts.after }, planned.facts);
    if (typeof compiled === 'string') say(`left out: ${path}: ${compiled}`);
    else units.push(unitOf(path, planned, compiled));
  }
  summary(units);
}

function unitOf(path: string, planned: Planned, compiled: Compiled): Unit {
  const ours = planned.functions;
  // A system call's wrappers are its function.
  const theirs = new Set(compiled.changed.map((name) => planned.wrapped.get(name) ?? name));
  const unit = {
    path,
    hit: [...theirs].filter((name) => ours.has(name)),
    missed: [...theirs].filter((name) => !ours.has(name)),
    extra: [...ours.keys()].filter((name) => !theirs.has(name) && !isWithinOthers(name, planned, compiled)),
  };
  say(`${path}: ${unit.hit.length} of ${theirs.size} functions that gcc changes, ${unit.extra.length} in vain`);
  for (const name of unit.missed) say(`  missed ${name}: ${causeOfMiss(name, planned, compiled)}`);
  for (const name of unit.extra) say(`  in vain ${name}: ${causeOfExtra(name, planned, compiled)}`);
  return unit;
}

/** An edited function of which gcc kept no symbol changes in its callers alone: the plan names it for the reader's sake. */
const isWithinOthers = (name: string, { described }: Planned, compiled: Compiled): boolean => described.get(name)?.isSeed === true && !compiled.symbols.has(name) && compiled.inlined.has(name);

function summary(units: readonly Unit[]): void {
  const count = (of: 'hit' | 'missed' | 'extra'): number => units.reduce((sum, unit) => sum + unit[of].length, 0);
  const [hit, missed, extra] = [count('hit'), count('missed'), count('extra')];
  const [recall, precision] = [percent(hit, hit + missed), percent(hit, hit + extra)];
  say(`${units.length} files; ${hit + missed} functions changed by gcc, ${hit + extra} named by the plan`);
  say(`recall ${recall.toFixed(1)} % (at least ${TARGETS.recall}), precision ${precision.toFixed(1)} % (at least ${TARGETS.precision})`);
  process.exitCode = recall >= TARGETS.recall && precision >= TARGETS.precision ? 0 : 1;
}

/** Why gcc changed it: the changed functions whose bodies it holds, as far as gcc tells. */
function causeOfMiss(name: string, { functions, described, names }: Planned, compiled: Compiled): string {
  if (!names.has(name)) return compiled.only.has(name) ? `a header's function or one made by a macro, in the object ${compiled.only.get(name)} the edit alone` : 'a header\'s function or one made by a macro';
  const way = compiled.wayTo(name, (one) => functions.has(one) || described.get(one)?.isSeed === true);
  if (way !== undefined) return `holds ${way.map((one) => `${one} (${described.get(one)?.text ?? 'from a header'})`).join(', which holds ')}`;
  const when = compiled.only.get(name);
  return `${when === undefined ? '' : `a symbol ${when} the edit alone; `}gcc compiled its unchanged text differently (${described.get(name)?.text ?? ''})`;
}

function causeOfExtra(name: string, { functions, described }: Planned, compiled: Compiled): string {
  const planned = functions.get(name);
  if (!compiled.symbols.has(name)) return compiled.inlined.has(name) ? `no symbol: gcc inlined it everywhere (${described.get(name)?.text ?? ''})` : 'not compiled: the configuration leaves it out';
  if (planned === undefined || planned.via.length === 0) return 'its text changed, its machine code did not';
  const broken = planned.via.findIndex((step, place) => step.kind === 'function' && !compiled.edges.has(`${step.name}>${planned.via[place + 1]?.name ?? name}`));
  const step = planned.via[broken];
  if (step === undefined) return `holds ${planned.via.map((one) => one.name).join(' in ')}, whose change makes no difference here`;
  return `${step.name} is not inlined into ${planned.via[broken + 1]?.name ?? name} (${step.reason}; ${described.get(step.name)?.text ?? ''})`;
}

const percent = (part: number, whole: number): number => (whole === 0 ? 100 : (100 * part) / whole);

function textOf(tree: string, path: string): string | undefined {
  try {
    return readFileSync(join(tree, path), 'utf8');
  } catch {
    return undefined;
  }
}

void main(process.argv.slice(2));
