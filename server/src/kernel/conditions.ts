/** `#if` conditions decided by a configuration, as include/generated/autoconf.h and include/linux/kconfig.h make them. */
import { evaluate } from './expression';

/** Value of `CONFIG_X`, or undefined when there is no configuration. */
export type ConfigLookup = (name: string) => string | undefined;

/** Macros whose presence is the same in every 64-bit little-endian kernel built with gcc or clang. MODULE is not: it tells a module's files from the kernel's. */
const DEFINED: Readonly<Record<string, boolean>> = {
  __KERNEL__: true,
  __ASSEMBLY__: false,
  __CHECKER__: false,
  __GENKSYMS__: false,
  __cplusplus: false,
  __LITTLE_ENDIAN: true,
  __LITTLE_ENDIAN_BITFIELD: true,
  __BIG_ENDIAN: false,
  __BIG_ENDIAN_BITFIELD: false,
};

/** What <asm/bitsperlong.h> gives in every 64-bit kernel. */
export const bitsPerLong = (name: string): bigint | undefined => (name === 'BITS_PER_LONG' || name === '__BITS_PER_LONG' ? 64n : undefined);

/** Names of the tree's own that conditions ask for; whatever is not known is undefined. */
export interface ConditionNames {
  /** The value of a macro that is no CONFIG option. */
  readonly value: (name: string) => bigint | undefined;
  readonly isDefined: (name: string) => boolean | undefined;
}

/**
 * Whether a condition holds, or undefined when it cannot be told. A bare name is what `#ifdef` asks: `CONFIG_SMP`,
 * `!(CONFIG_SMP)`; comparisons such as `CONFIG_HZ > 100` go by the value.
 */
export function evaluateCondition(condition: string, config: ConfigLookup | undefined, names?: ConditionNames): boolean | undefined {
  const option = (name: string): string | undefined => config?.(name) ?? (name === 'CONFIG_64BIT' ? 'y' : undefined);
  const isDefined = (name: string): boolean | undefined => {
    if (!name.startsWith('CONFIG_')) return DEFINED[name] ?? names?.isDefined(name);
    // An option that is a module defines CONFIG_X_MODULE and not CONFIG_X; `_MODULE` may also belong to the name.
    const value = option(name);
    if (value !== undefined && value !== 'n') return value !== 'm';
    const asModule = name.endsWith('_MODULE') ? option(name.slice(0, -'_MODULE'.length)) : 'n';
    return value === undefined || asModule === undefined ? undefined : asModule === 'm';
  };
  const value = evaluate(condition, {
    identifier(name) {
      const bits = bitsPerLong(name);
      if (bits !== undefined) return bits;
      const value = name.startsWith('CONFIG_') ? option(name) : undefined;
      // A number is written into autoconf.h as it is, a minus sign and leading zeros included.
      if (value !== undefined && !/^[ymn]?$/.test(value)) return evaluate(value, { identifier: () => undefined });
      if (name in DEFINED || name.startsWith('CONFIG_') || names === undefined) return bit(isDefined(name));
      // A name that is no macro counts as 0 (C11 6.10.1).
      return names.isDefined(name) === false ? 0n : names.value(name);
    },
    call(name, argument) {
      if (name === 'defined') return bit(isDefined(argument));
      const asked = argument.startsWith('CONFIG_') ? option(argument) : undefined;
      if (asked === undefined) return undefined;
      if (name === 'IS_ENABLED') return bit(asked === 'y' || asked === 'm');
      if (name === 'IS_BUILTIN') return bit(asked === 'y');
      if (name === 'IS_MODULE') return bit(asked === 'm');
      // For a module it depends on whether the asking code is in a module, too.
      if (name === 'IS_REACHABLE') return asked === 'm' ? undefined : bit(asked === 'y');
      return undefined;
    },
  });
  return value === undefined ? undefined : value !== 0n;
}

function bit(value: boolean | undefined): bigint | undefined {
  return value === undefined ? undefined : value ? 1n : 0n;
}
