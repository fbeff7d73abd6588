/** Source of two callbacks, one of which takes back what the other did: as an object is loaded with the patch, and as the patch is taken out. */
import { TOOLS } from './edited';
import type { Profile } from './finding';

/** Statements, each line with its indentation. */
export interface CallbackPair {
  /** What both are called after: `NAME_pre_patch`. */
  readonly name: string;
  readonly prePatch: readonly string[];
  readonly postUnpatch: readonly string[];
}

/**
 * Both callbacks, behind the include of the build tool's macros.
 *
 * @param above lines that stand in front of the callbacks
 */
export function callbackPair(profile: Profile, { name, prePatch, postUnpatch }: CallbackPair, above: readonly string[]): string {
  const { header, object, prefix } = TOOLS[profile];
  return [
    `#include ${header}`,
    '',
    ...above,
    `static int ${name}_pre_patch(${object} *obj)`,
    '{',
    ...prePatch,
    '\treturn 0;',
    '}',
    `${prefix}_PRE_PATCH_CALLBACK(${name}_pre_patch);`,
    '',
    `static void ${name}_post_unpatch(${object} *obj)`,
    '{',
    ...postUnpatch,
    '}',
    `${prefix}_POST_UNPATCH_CALLBACK(${name}_post_unpatch);`,
    '',
  ].join('\n');
}
