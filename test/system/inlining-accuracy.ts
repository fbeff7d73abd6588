/**
 * Measures the inlining heuristics (server/src/plan/inlining.ts) against what gcc does with a kernel:
 *
 *   npx esbuild test/system/inlining-accuracy.ts --bundle --platform=node --format=cjs --external:tree-sitter --external:tree-sitter-c --outfile=.work/inlining-accuracy.cjs
 *   NODE_PATH=node_modules node .work/inlining-accuracy.cjs TREE BUILD [FOLDER...]
 *
 * BUILD is the O= folder of a build of TREE (defconfig will do; only the folders of interest need be built). Every built file is
 * compiled once more, outside of BUILD, with gcc's report of inlining switched on. "Inlined" means: gcc put the body into one
 * caller at least. Counted are the functions of the .c file that gcc compiled and somebody calls. "Reached" are the functions that keep a
 * symbol and hold a copy of one, through whatever others.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knowledge } from '../../server/src/kernel/knowledge';
import { closureOf } from '../../server/src/plan/closure';
import { inliningOf } from '../../server/src/plan/inlining';
import { Reach } from '../../server/src/plan/reach';
import { unitOf, type Unit } from '../../server/src/plan/unit';
import { extractFacts } from '../../server/src/syntax/extract';
import type { FunctionFact } from '../../server/src/syntax/facts';
import { builtSources, rebuild, type Rebuilt } from './kernel-build';

interface Sample {
  readonly path: string;
  readonly fact: FunctionFact;
  /** What the heuristics go by, in their own words. */
  readonly reason: string;
  readonly predicted: boolean;
  readonly actual: boolean;
  readonly calls: number;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function main([tree = '', build = '', ...folders]: readonly string[]): void {
  const files = builtSources(build).filter((path) => folders.length === 0 || folders.some((folder) => path.startsWith(folder)));
  const samples: Sample[] = [];
  const reached = { hit: 0, extra: 0, missed: 0, edits: 0, exact: 0 };
  for (const path of files) {
    const rebuilt = rebuild(tree, build, path);
    const unit = unitOf(extractFacts(readFileSync(join(tree, path), 'utf8')));
    samples.push(...samplesOf(path, unit, rebuilt));
    for (const fact of unit.facts.functions) countReached(path, unit, fact, rebuilt, reached);
  }
  say(`${files.length} files, ${samples.length} functions that are called in their file`);
  const { hit, extra, missed, edits, exact } = reached;
  say(`reached by an edit of any one function: ${hit} rightly, ${extra} in vain, ${missed} missed; recall ${percent(hit, hit + missed)}, precision ${percent(hit, hit + extra)}; exactly right for ${percent(exact, edits)} of ${edits} edits`);
  matrix('all', samples);
  matrix('static, several calls, no keyword', samples.filter(isPlainStatic));
  for (const reason of new Set(samples.map((sample) => sample.reason))) matrix(reason, samples.filter((sample) => sample.reason === reason));
  sizes('static, several calls, no keyword', samples.filter(isPlainStatic));
  sizes('global', samples.filter(({ fact }) => !fact.isStatic && fact.inline === 'no' && !fact.isVariadic));
  sizes('declared inline', samples.filter(({ fact }) => fact.inline === 'inline'));
  for (const { path, fact, reason, calls } of samples.filter((sample) => sample.actual && !sample.predicted)) say(`missed: ${path} ${fact.name}: ${fact.bodyTokens} tokens, ${calls} calls (${reason})`);
}

function samplesOf(path: string, unit: Unit, { object, inlined }: Rebuilt): Sample[] {
  const callees = new Set([...inlined].map((edge) => edge.split('>')[0] ?? ''));
  return unit.facts.functions.flatMap((fact): Sample[] => {
    const calls = unit.callCount(fact.name);
    const actual = callees.has(fact.name);
    const isCompiled = actual || object.functions.has(fact.name);
    if (!isCompiled || calls === 0 || !isAlone(fact, unit)) return [];
    const { inlined: predicted, reason } = inliningOf(fact, unit);
    return [{ path, fact, reason, predicted, actual, calls }];
  });
}

/** Of two functions of a name, in two branches of an #if, only one was compiled, and nobody says which. */
const isAlone = (fact: FunctionFact, unit: Unit): boolean => unit.facts.functions.every((other) => other === fact || other.name !== fact.name);

/** An edit of `fact` that changes nothing but it: whom does it reach, by the closure and by gcc. Edits that reach nobody are not counted. */
function countReached(path: string, unit: Unit, fact: FunctionFact, { object, inlined }: Rebuilt, counts: { hit: number; extra: number; missed: number; edits: number; exact: number }): void {
  const edges = [...inlined].map((edge) => edge.split('>'));
  if (!isAlone(fact, unit) || !(object.functions.has(fact.name) || edges.some(([callee]) => callee === fact.name))) return;
  const known = new Set(unit.facts.functions.map((one) => one.name).filter((name) => object.functions.has(name) && name !== fact.name));
  const versions = new Map([[path, { before: unit.facts, after: unit.facts }]]);
  const { reached } = closureOf({ kind: 'function', name: fact.name, path, range: fact.nameRange, before: fact, after: fact }, versions, nothing, new Reach());
  const ours = new Set(reached.map((one) => one.fact.name).filter((name) => known.has(name)));
  const theirs = new Set([fact.name]);
  for (const name of theirs) for (const [callee = '', caller = ''] of edges) if (callee === name) theirs.add(caller);
  const right = [...theirs].filter((name) => known.has(name));
  const hit = right.filter((name) => ours.has(name)).length;
  if (right.length + ours.size === 0) return;
  counts.hit += hit;
  counts.extra += ours.size - hit;
  counts.missed += right.length - hit;
  counts.edits += 1;
  if (hit === right.length && hit === ours.size) counts.exact += 1;
}

/** A .c file's closure asks nothing about the rest of the tree. */
const nothing: Knowledge = { ask: () => undefined, config: () => undefined };

const isPlainStatic = ({ fact, calls }: Sample): boolean => fact.isStatic && fact.inline === 'no' && calls > 1 && !fact.isVariadic;

function matrix(title: string, samples: readonly Sample[]): void {
  const count = (predicted: boolean, actual: boolean): number => samples.filter((sample) => sample.predicted === predicted && sample.actual === actual).length;
  const [hit, extra, missed, left] = [count(true, true), count(true, false), count(false, true), count(false, false)];
  say(`${title}: predicted and inlined ${hit}, predicted but not inlined ${extra}, missed ${missed}, rightly left ${left}; recall ${percent(hit, hit + missed)}, precision ${percent(hit, hit + extra)}`);
}

/** What a limit on the body's tokens would give. */
function sizes(title: string, samples: readonly Sample[]): void {
  const inlined = samples.filter((sample) => sample.actual).length;
  say(`${title}: ${inlined} of ${samples.length} inlined; by limit on the body's tokens:`);
  for (const limit of [20, 30, 40, 50, 60, 80, 100, 120, 150, 200, 300, 400]) {
    const taken = samples.filter(({ fact }) => fact.bodyTokens <= limit);
    const hit = taken.filter((sample) => sample.actual).length;
    say(`  ${String(limit).padStart(5)}: recall ${percent(hit, inlined)}, precision ${percent(hit, taken.length)} (${taken.length} taken)`);
  }
}

const percent = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`);

main(process.argv.slice(2));
