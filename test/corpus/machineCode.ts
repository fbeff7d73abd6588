/** What gcc makes of both versions of one file, with the second tree's headers. Answers are kept in BUILD by the text they are about: a second run compiles nothing. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileFacts } from '../../server/src/syntax/facts';
import type { ObjectFile } from '../sample/object-file';
import { changedFunctions, rebuild } from '../system/kernel-build';
import type { Texts } from './planner';

/** Counts up whenever an object file is read in another way: what was kept before is not taken then. */
const READING = 2;

export interface Compiled {
  /** Functions whose machine code or section differs, those only one version has included. */
  readonly changed: readonly string[];
  /** Functions with machine code of their own in either version. */
  readonly symbols: ReadonlySet<string>;
  /** Functions only one version has a symbol of: which. */
  readonly only: ReadonlyMap<string, 'before' | 'after'>;
  /** `callee>caller` for each call that gcc replaced by the callee's body in either version, and the callees. */
  readonly edges: ReadonlySet<string>;
  readonly inlined: ReadonlySet<string>;
  /** From a function that `isSource` to what `name` holds of it, nearest first; undefined when gcc inlined none. */
  wayTo(name: string, isSource: (name: string) => boolean): string[] | undefined;
}

interface Kept {
  readonly changed: readonly string[];
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly edges: readonly string[];
}

/** @returns why it could not be compared, where gcc does not take one of the versions */
export function compileVersions(tree: string, build: string, path: string, texts: Texts, facts: { readonly before: FileFacts; readonly after: FileFacts }): Compiled | string {
  const after = keepingLines(texts, facts);
  const folder = join(build, '.compiled');
  const file = join(folder, `${createHash('sha256').update(`${READING}\0${path}\0${texts.before}\0${after}`).digest('hex')}.json`);
  mkdirSync(folder, { recursive: true });
  try {
    return compiledOf(JSON.parse(readFileSync(file, 'utf8')) as Kept);
  } catch {
    // Not compiled before.
  }
  try {
    const [old, now] = [texts.before, after].map((text) => rebuild(tree, build, path, new Map([[path, text]])));
    if (old === undefined || now === undefined) return 'nothing to compile';
    const kept: Kept = { changed: [...new Set([...changedFunctions(old.object, now.object), ...movedFunctions(old.object, now.object)])], before: [...old.object.functions.keys()], after: [...now.object.functions.keys()], edges: [...new Set([...old.inlined, ...now.inlined])] };
    writeFileSync(file, JSON.stringify(kept));
    return compiledOf(kept);
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n').find((line) => /error:|No such/.test(line)) ?? 'gcc does not compile it';
  }
}

/** Functions that are now in another section, __init or __cpuidle for instance: no build tool takes them for the same. Not gcc's own choice of .text.unlikely. */
function movedFunctions(before: ObjectFile, after: ObjectFile): string[] {
  const place = (section: string): string => (section.startsWith('.text') ? '.text' : section);
  return [...after.functions].filter(([name, { section }]) => place(before.functions.get(name)?.section ?? section) !== place(section)).map(([name]) => name);
}

function compiledOf({ changed, before, after, edges }: Kept): Compiled {
  const [old, now] = [new Set(before), new Set(after)];
  const pairs = edges.map((edge) => edge.split('>') as [string, string]);
  return {
    changed,
    symbols: new Set([...before, ...after]),
    only: new Map([...before.filter((name) => !now.has(name)).map((name) => [name, 'before'] as const), ...after.filter((name) => !old.has(name)).map((name) => [name, 'after'] as const)]),
    edges: new Set(edges),
    inlined: new Set(pairs.map(([callee]) => callee)),
    wayTo(name, isSource) {
      const seen = new Set([name]);
      const open: string[][] = [[]];
      for (let way = open.shift(); way !== undefined; way = open.shift()) {
        for (const [callee, caller] of pairs) {
          if (caller !== (way.at(-1) ?? name) || seen.has(callee)) continue;
          seen.add(callee);
          if (isSource(callee)) return [...way, callee];
          open.push([...way, callee]);
        }
      }
      return undefined;
    },
  };
}

/** The newer text, each function with a `#line` before it that says the line it begins at in the older, so that `__LINE__` is the same wherever the function is. */
export function keepingLines({ before, after }: Texts, facts: { readonly before: FileFacts; readonly after: FileFacts }): string {
  let text = '';
  let at = 0;
  for (const fact of [...facts.after.functions].sort((one, other) => one.range.start - other.range.start)) {
    const old = facts.before.functions.find((one) => one.name === fact.name && one.ordinal === fact.ordinal);
    if (old === undefined || fact.range.start < at) continue;
    text += `${after.slice(at, fact.range.start)}\n#line ${before.slice(0, old.range.start).split('\n').length}\n`;
    at = fact.range.start;
  }
  return text + after.slice(at);
}
