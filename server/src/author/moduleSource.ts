/**
 * The source of a live patch module: what include/linux/livepatch.h wants of a hand-written patch, filled in from the plan.
 * The build tools make their own; this is for reading, for a patch by hand, and for a change request.
 */
import type { Plan, PlanObject, PlannedFunction } from '../plan/plan';

export interface ModuleOptions {
  /** Name of the module: `[a-z0-9_]+`. */
  readonly name: string;
  /** The edit's text of a file, for the new bodies; undefined when it is not at hand. */
  readonly textOf: (path: string) => string | undefined;
}

/** @throws RangeError when the name cannot be a module's */
export function moduleSource(plan: Plan, options: ModuleOptions): string {
  if (!/^[a-z][a-z0-9_]{0,54}$/.test(options.name)) throw new RangeError(`${options.name} cannot name a kernel module: lower-case letters, digits and underscores, 55 at the most`);
  const objects = plan.objects.map((object) => ({ ...object, functions: object.functions.filter(isReplaced) })).filter((object) => object.functions.length > 0);
  return [
    header(options.name),
    ...objects.flatMap((object) => object.functions.map((planned) => body(planned, options))),
    ...objects.map((object) => functionTable(object)),
    objectTable(objects),
    registration(options.name),
  ].join('\n');
}

/** Functions the running kernel has under a symbol of their own: only those can be named by old_name. */
function isReplaced(planned: PlannedFunction): boolean {
  return planned.original !== undefined && planned.change !== 'removed' && planned.ownSymbol !== 'no';
}

const newName = (planned: PlannedFunction): string => `livepatch_${planned.name}`;
const tableName = (object: PlanObject): string => `${object.name}_functions`;

function header(name: string): string {
  return `// SPDX-License-Identifier: GPL-2.0
/*
 * ${name}: live patch written out from an edit.
 *
 * The new bodies stand here as in the edit, under new names. Symbols they use that are not exported, file-private
 * types and static data have to be made available before this compiles; the kernel's build tools do that by themselves.
 */
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>
`;
}

function body(planned: PlannedFunction, { textOf }: ModuleOptions): string {
  const text = textOf(planned.path);
  const { range, nameRange } = planned.fact;
  const why = planned.change === 'reached' ? ` (holds a copy of ${planned.via[0]?.name ?? 'an edited function'})` : '';
  if (text === undefined) return `/* ${planned.name}, ${planned.path}${why}: take its body from the edit, as ${newName(planned)}. */\n`;
  const source = text.slice(range.start, nameRange.start) + newName(planned) + text.slice(nameRange.end, range.end);
  return `/* ${planned.name}, ${planned.path}${why} */\n${source}\n`;
}

function functionTable(object: PlanObject): string {
  const entries = object.functions.map((planned) => `\t{ .old_name = "${planned.name}", .new_func = ${newName(planned)} },`);
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
