/**
 * The source of a live patch module: what include/linux/livepatch.h wants of a hand-written patch, filled in from the plan.
 * The build tools make their own; this is for reading, for a patch by hand, and for a change request.
 */
import { isRedirected } from '../plan/patchedSet';
import type { Plan, PlanObject, PlannedFunction } from '../plan/plan';
import { distinct, klpFunc, newName, newNames } from './klpFunc';

export interface ModuleOptions {
  /** Name of the module: `[a-z0-9_]+`. */
  readonly name: string;
  /** The edit's text of a file, for the new bodies; undefined when it is not at hand. */
  readonly textOf: (path: string) => string | undefined;
}

/** @throws RangeError when the name cannot be a module's */
export function moduleSource(plan: Plan, options: ModuleOptions): string {
  if (!/^[a-z][a-z0-9_]{0,54}$/.test(options.name)) throw new RangeError(`${options.name} cannot name a kernel module: lower-case letters, digits and underscores, 55 at the most`);
  const objects = plan.objects.filter((object) => object.functions.some(isRedirected));
  const functions = distinct(objects.flatMap((object) => object.functions));
  const replaced = functions.filter(isRedirected);
  const carried = functions.filter((planned) => !isRedirected(planned) && planned.change !== 'removed');
  const names = newNames(plan);
  const tables = objects.map((object) => ({ ...object, functions: object.functions.filter(isRedirected) }));
  return [
    header(options.name),
    ...carried.map((planned, index) => carriedBody(planned, carried.slice(0, index), options)),
    ...replaced.map((planned) => replacingBody(planned, names, options)),
    ...tables.map((object) => functionTable(object, names)),
    objectTable(tables),
    registration(options.name),
  ].join('\n');
}

const tableName = (object: PlanObject): string => `${object.name}_functions`;

function header(name: string): string {
  return `// SPDX-License-Identifier: GPL-2.0
/*
 * ${name}: live patch written out from an edit.
 *
 * The new bodies stand here as in the edit: those that are redirected to under new names, those that are inlined or new
 * under their own. Symbols they use that are not exported, file-private types and static data have to be made available
 * before this compiles; the kernel's build tools do that by themselves.
 */
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>
`;
}

/** What the running kernel has no symbol of cannot be redirected: the functions that hold its code are, and call this instead. */
function carriedBody(planned: PlannedFunction, before: readonly PlannedFunction[], { textOf }: ModuleOptions): string {
  const { name, path, fact, change, inKernel } = planned;
  const why = change === 'added' ? 'new' : inKernel === 'no' ? 'inlined wherever the running kernel calls it' : 'inlined wherever the edit calls it';
  const text = textOf(path);
  const { writtenOut, definedBy = '' } = fact;
  if (path.endsWith('.h')) return `/* ${name}, ${path} (${why}): comes with the edit's header. */\n`;
  if (before.some((other) => other.name === name)) return `/* ${name}, ${path} (${why}): take its body from the edit, under a name that is free here. */\n`;
  if (writtenOut !== undefined) return `/* ${name}, ${path} (${why}), as ${definedBy} makes it */\n${writtenOut.text}\n`;
  return text === undefined ? `/* ${name}, ${path} (${why}): take its body from the edit. */\n` : `/* ${name}, ${path} (${why}) */\n${text.slice(fact.range.start, fact.range.end)}\n`;
}

function replacingBody(planned: PlannedFunction, names: ReadonlyMap<string, string>, { textOf }: ModuleOptions): string {
  const text = textOf(planned.path);
  const { range, nameRange, writtenOut, definedBy = '' } = planned.fact;
  const name = newName(planned, names);
  const why = planned.change === 'reached' ? ` (holds a copy of ${planned.via[0]?.name ?? 'an edited function'})` : '';
  if (writtenOut !== undefined) return `/* ${planned.name}, ${planned.path}${why}, as ${definedBy} makes it */\n${writtenOut.text.slice(0, writtenOut.nameRange.start)}${name}${writtenOut.text.slice(writtenOut.nameRange.end)}\n`;
  if (text === undefined) return `/* ${planned.name}, ${planned.path}${why}: take its body from the edit, as ${name}. */\n`;
  // A macro that puts the name together from its arguments would make another one of a new argument.
  if (text.slice(nameRange.start, nameRange.end) !== planned.name) return `/* ${planned.name}, ${planned.path}${why}: ${definedBy} names it. Take its body from the edit, under a header of its own, as ${name}. */\n`;
  const source = text.slice(range.start, nameRange.start) + name + text.slice(nameRange.end, range.end);
  return `/* ${planned.name}, ${planned.path}${why} */\n${source}\n`;
}

function functionTable(object: PlanObject, names: ReadonlyMap<string, string>): string {
  const entries = object.functions.map((planned) => `\t${klpFunc(planned, names)}`);
  return `static struct klp_func ${tableName(object)}[] = {\n${entries.join('\n')}\n\t{ }\n};\n`;
}

/** A NULL name stands for vmlinux. */
function objectTable(objects: readonly PlanObject[]): string {
  const entries = objects.map((object) => `\t{ .name = ${object.isModule ? `"${object.name}"` : 'NULL'}, .funcs = ${tableName(object)} },`);
  return `static struct klp_object objects[] = {\n${entries.join('\n')}\n\t{ }\n};\n`;
}

function registration(name: string): string {
  return `static struct klp_patch patch = {
\t.mod = THIS_MODULE,
\t.objs = objects,
\t.replace = true,
};

static int __init ${name}_init(void)
{
\treturn klp_enable_patch(&patch);
}

static void __exit ${name}_exit(void)
{
}

module_init(${name}_init);
module_exit(${name}_exit);
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
`;
}
