/** What marks code and data that are freed once the system is up, or that run only once. */
import type { Knowledge } from '../../kernel/knowledge';
import type { FileFacts, FunctionFact, RegistrationFact } from '../../syntax/facts';

/**
 * Section macros whose text is freed or never runs again: include/linux/init.h, net/net_namespace.h, memblock.h, module.h. The option that makes an empty
 * word of the macro, where there is one.
 */
const markers: ReadonlyMap<string, string | undefined> = new Map([
  ...['__init', '__exit', '__cpuinit', '__cpuexit', '__devinit', '__devexit', '__head'].map((name): [string, undefined] => [name, undefined]),
  ['__net_init', 'CONFIG_NET_NS'],
  ['__net_exit', 'CONFIG_NET_NS'],
  ['__meminit', 'CONFIG_MEMORY_HOTPLUG'],
  ['__memexit', 'CONFIG_MEMORY_HOTPLUG'],
  ['__init_memblock', 'CONFIG_ARCH_KEEP_MEMBLOCK'],
  ['__init_or_module', 'CONFIG_MODULES'],
]);

/** The init section macro among a function's attributes, as written. */
export function initMarker({ attributes }: FunctionFact): string | undefined {
  return attributes.find((attribute) => markers.has(attribute));
}

/** The same, unless the configuration makes nothing of it. */
export function configuredInitMarker(fact: FunctionFact, knowledge: Knowledge): string | undefined {
  const marker = initMarker(fact);
  const option = marker === undefined ? undefined : markers.get(marker);
  return option === undefined || knowledge.config(option) !== 'y' ? marker : undefined;
}

/** The macro that puts a variable into memory that is freed: `__initdata`, `__initconst`, … */
export function initDataMarker(attributes: readonly string[]): string | undefined {
  return attributes.find((attribute) => /^__(init|exit|meminit|net_init|devinit|cpuinit)(data|const)(_or_module|_memblock)?$/.test(attribute));
}

/** Which argument of a registration is the function that it has run once. */
const handlerArguments: readonly (readonly [RegExp, number])[] = [
  [/^(\w*_)?initcall(_sync|_deferred)?$|^__initcall\w*$|^module_init$|^module_exit$|^__exitcall$/, 0],
  [/^(__setup|early_param)$/, 1],
  [/^__setup_param$/, 2],
  [/^(IRQCHIP|CLK_OF|TIMER_OF|RESERVEDMEM_OF|OF_EARLYCON)_DECLARE(_DRIVER)?$/, 2],
  [/^EARLYCON_DECLARE$/, 1],
];

/** The registration by which the kernel calls the function once: while it boots, or when the module loads or goes. */
export function initHandler(facts: FileFacts | undefined, name: string): RegistrationFact | undefined {
  return facts?.registrations.find(({ macro, args }) => {
    const argument = args.includes(name) ? handlerArguments.find(([pattern]) => pattern.test(macro)) : undefined;
    return argument !== undefined && args[argument[1]] === name;
  });
}
