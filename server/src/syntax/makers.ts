/**
 * What macros of the kernel make at file scope: functions and variables whose text stands nowhere in the file, as data.
 * `$0$` in a name stands for the macro's first argument, `$1$` for the second, and so on.
 */

/** A function or variable that a macro makes. */
export interface MadePart {
  readonly kind: 'function' | 'variable';
  readonly name: string;
  /** What its body calls, and what it names otherwise, as far as the arguments decide it. */
  readonly calls: readonly string[];
  readonly mentions: readonly string[];
  /** Of a function whose text is known: with `args` in its places, the macro's own where they are absent. */
  readonly source?: { readonly template: string; readonly args?: readonly string[] };
}

export interface Maker {
  /** The macro ends with the header of a function whose body follows in braces: that function's name. */
  readonly opens?: string;
  /** Attributes and specifiers the macro gives that function. */
  readonly attributes?: readonly string[];
  /** What the macro makes besides. */
  readonly parts: readonly MadePart[];
}

/** What a macro makes, or undefined when nothing is known of it. */
export type MakerOf = (macro: string) => Maker | undefined;

const none: readonly string[] = [];
const fn = (name: string, mentions = none, calls = none): MadePart => ({ kind: 'function', name, calls, mentions });
const data = (name: string, mentions = none): MadePart => ({ kind: 'variable', name, calls: none, mentions });

/** A system call's body and the entries around it: x86's (arch/x86/include/asm/syscall_wrapper.h), arm64's and the generic one (include/linux/syscalls.h). */
const syscall = (name: string, ...attributes: readonly string[]): Maker => ({
  opens: `__do_sys_${name}`,
  attributes: ['static', ...attributes],
  parts: ['__se_sys_', '__x64_sys_', '__ia32_sys_', '__arm64_sys_', 'sys_'].map((prefix) => fn(prefix + name)),
});
/** include/linux/compat.h and the same two architectures; `__x64_compat_sys_` is x32's. */
const compatSyscall = (name: string, ...attributes: readonly string[]): Maker => ({
  opens: `__do_compat_sys_${name}`,
  attributes: ['static', ...attributes],
  parts: ['__se_compat_sys_', '__ia32_compat_sys_', '__x64_compat_sys_', '__arm64_compat_sys_', 'compat_sys_'].map((prefix) => fn(prefix + name)),
});
/** include/linux/filter.h. The body is an inline function of another name; its code is always part of the one that has the argument's. */
const bpfCall = (...attributes: readonly string[]): Maker => ({ opens: '$0$', attributes, parts: [fn('____$0$')] });
/** arch/x86/include/asm/idtentry.h: the same way, in an entry function that may not be traced. */
const interruptEntry: Maker = { opens: '$0$', attributes: ['noinstr'], parts: [fn('__$0$')] };
/** The body is the entry function's own. */
const rawEntry = (name: string): Maker => ({ opens: name, attributes: ['noinstr'], parts: [] });
/** SYSVEC and IRQ entries keep their bodies out of line. */
const interruptHandler: Maker = { opens: '__$0$', attributes: ['static', 'noinline'], parts: [fn('$0$', none, ['__$0$']), fn('fred_$0$', none, ['__$0$'])] };
/** include/linux/fs.h and debugfs.h: file operations over two accessors. */
const simpleAttribute: Maker = { parts: [fn('$0$_open', ['$1$', '$2$'], ['simple_attr_open']), data('$0$', ['$0$_open'])] };
/** include/linux/sysfs.h: __ATTR_RO, __ATTR_WO and __ATTR_RW take x_show and x_store. */
const attribute = (variable: string, ...accessors: readonly string[]): Maker => ({ parts: [data(variable, accessors.map((accessor) => `$0$_${accessor}`))] });
const givenAttribute = (variable: string, ...mentions: readonly string[]): Maker => ({ parts: [data(variable, mentions)] });
/** include/linux/tracepoint.h: what a trace point named by the argument brings to whoever includes its header. */
const tracePoint = (name: string): Maker => ({
  parts: [...['trace_', '__traceiter_', 'register_trace_', 'unregister_trace_', 'check_trace_callback_type_'].map((prefix) => fn(prefix + name)), fn(`trace_${name}_enabled`), data(`__tracepoint_${name}`)],
});
/** include/trace/trace_events.h and perf.h, for an event class. */
const eventClass = ['trace_event_raw_event_', 'trace_event_get_offsets_', 'trace_raw_output_', 'perf_trace_'].map((prefix) => fn(`${prefix}$0$`));

const table: readonly (readonly [names: string, Maker])[] = [
  // Without arguments there is nothing to convert: the wrappers are aliases of the body.
  ['SYSCALL_DEFINE0', syscall('$0$')],
  ['SYSCALL_DEFINE1 SYSCALL_DEFINE2 SYSCALL_DEFINE3 SYSCALL_DEFINE4 SYSCALL_DEFINE5 SYSCALL_DEFINE6', syscall('$0$', 'inline')],
  // kpatch's and the kernel's macros for a system call in a live patch.
  ...['KPATCH', 'KLP'].map((prefix): readonly [string, Maker] => [[0, 1, 2, 3, 4, 5, 6].map((count) => `${prefix}_SYSCALL_DEFINE${count}`).join(' '), syscall('$0$', 'inline')]),
  ['COMPAT_SYSCALL_DEFINE0', compatSyscall('$0$')],
  ['COMPAT_SYSCALL_DEFINE1 COMPAT_SYSCALL_DEFINE2 COMPAT_SYSCALL_DEFINE3 COMPAT_SYSCALL_DEFINE4 COMPAT_SYSCALL_DEFINE5 COMPAT_SYSCALL_DEFINE6', compatSyscall('$0$', 'inline')],
  // Their argument begins with the underscore: SYSCALL_DEFINEx(3, _read, …).
  ['SYSCALL_DEFINEx __SYSCALL_DEFINEx', afterUnderscore(syscall('', 'inline'))],
  ['COMPAT_SYSCALL_DEFINEx', afterUnderscore(compatSyscall('', 'inline'))],
  ['BPF_CALL_0 BPF_CALL_1 BPF_CALL_2 BPF_CALL_3 BPF_CALL_4 BPF_CALL_5', bpfCall()],
  ['NOTRACE_BPF_CALL_1', bpfCall('notrace')],
  ['DEFINE_IDTENTRY DEFINE_IDTENTRY_SW DEFINE_IDTENTRY_ERRORCODE DEFINE_IDTENTRY_SYSVEC_SIMPLE', interruptEntry],
  ['DEFINE_IDTENTRY_SYSVEC DEFINE_IDTENTRY_IRQ', interruptHandler],
  ['DEFINE_IDTENTRY_RAW DEFINE_IDTENTRY_RAW_ERRORCODE DEFINE_IDTENTRY_IST DEFINE_IDTENTRY_DF DEFINE_IDTENTRY_DEBUG DEFINE_IDTENTRY_MCE DEFINE_IDTENTRY_NMI', rawEntry('$0$')],
  ['DEFINE_IDTENTRY_NOIST', rawEntry('noist_$0$')],
  ['DEFINE_IDTENTRY_VC_KERNEL', rawEntry('kernel_$0$')],
  ['DEFINE_IDTENTRY_VC_USER', rawEntry('user_$0$')],
  ['DEFINE_FREDENTRY_RAW', rawEntry('fred_$0$')],
  ['DEFINE_IDTENTRY_DEBUG_USER DEFINE_IDTENTRY_MCE_USER', { opens: 'noist_$0$', attributes: ['noinstr'], parts: [fn('__noist_$0$')] }],
  // include/linux/seq_file.h
  ['DEFINE_SHOW_ATTRIBUTE', { parts: [fn('$0$_open', ['$0$_show'], ['single_open']), data('$0$_fops', ['$0$_open'])] }],
  ['DEFINE_SHOW_STORE_ATTRIBUTE', { parts: [fn('$0$_open', ['$0$_show'], ['single_open']), data('$0$_fops', ['$0$_open', '$0$_write'])] }],
  ['DEFINE_PROC_SHOW_ATTRIBUTE', { parts: [fn('$0$_open', ['$0$_show'], ['single_open']), data('$0$_proc_ops', ['$0$_open'])] }],
  ['DEFINE_SEQ_ATTRIBUTE', { parts: [fn('$0$_open', ['$0$_sops'], ['seq_open']), data('$0$_fops', ['$0$_open'])] }],
  ['DEFINE_SIMPLE_ATTRIBUTE DEFINE_SIMPLE_ATTRIBUTE_SIGNED DEFINE_DEBUGFS_ATTRIBUTE DEFINE_DEBUGFS_ATTRIBUTE_SIGNED', simpleAttribute],
  // include/linux/device.h and device/{bus,class,driver}.h
  ...[['DEVICE', 'dev'], ['DRIVER', 'driver'], ['BUS', 'bus'], ['CLASS', 'class']].flatMap(([macro = '', prefix = '']): (readonly [string, Maker])[] => [
    [`${macro}_ATTR_RW ${macro}_ATTR_ADMIN_RW`, attribute(`${prefix}_attr_$0$`, 'show', 'store')],
    [`${macro}_ATTR_RO ${macro}_ATTR_ADMIN_RO`, attribute(`${prefix}_attr_$0$`, 'show')],
    [`${macro}_ATTR_WO`, attribute(`${prefix}_attr_$0$`, 'store')],
  ]),
  ['DEVICE_ATTR DEVICE_ATTR_PREALLOC DEVICE_ATTR_IGNORE_LOCKDEP', givenAttribute('dev_attr_$0$', '$2$', '$3$')],
  ['DEVICE_ULONG_ATTR DEVICE_INT_ATTR DEVICE_BOOL_ATTR', givenAttribute('dev_attr_$0$', '$2$')],
  // include/linux/sysfs.h
  ['BIN_ATTR', givenAttribute('bin_attr_$0$', '$2$', '$3$')],
  ['BIN_ATTR_RO BIN_ATTR_ADMIN_RO', attribute('bin_attr_$0$', 'read')],
  ['BIN_ATTR_WO', attribute('bin_attr_$0$', 'write')],
  ['BIN_ATTR_RW BIN_ATTR_ADMIN_RW', attribute('bin_attr_$0$', 'read', 'write')],
  ['ATTRIBUTE_GROUPS BIN_ATTRIBUTE_GROUPS', { parts: [data('$0$_group', ['$0$_attrs']), data('$0$_groups', ['$0$_group'])] }],
  // include/linux/perf_event.h
  ['PMU_FORMAT_ATTR', { parts: [fn('$0$_show'), data('format_attr_$0$', ['$0$_show'])] }],
  // include/linux/tracepoint.h and include/trace/{trace_events,perf}.h
  ['TRACE_EVENT TRACE_EVENT_CONDITION TRACE_EVENT_FN TRACE_EVENT_FN_COND', { parts: [...tracePoint('$0$').parts, ...eventClass] }],
  ['DECLARE_TRACE DEFINE_TRACE', tracePoint('$0$')],
  ['DECLARE_EVENT_CLASS', { parts: eventClass }],
  ['DEFINE_EVENT DEFINE_EVENT_FN DEFINE_EVENT_CONDITION DEFINE_EVENT_PRINT', tracePoint('$1$')],
  // include/linux/static_call.h: the trampoline is code, but no C.
  ['DEFINE_STATIC_CALL DEFINE_STATIC_CALL_NULL DEFINE_STATIC_CALL_RET0', { parts: [fn('__SCT__$0$', ['$1$']), data('__SCK__$0$', ['$1$'])] }],
  // include/linux/device/driver.h, and what drivers of a bus make of it: an init and an exit function around a registration.
  ...['driver pci_driver platform_driver i2c_driver spi_driver usb_driver hid_driver acpi_driver virtio_driver phy_driver mdio_driver pnp_driver rpmsg_driver sdio_driver'].map((list): readonly [string, Maker] => [
    list.split(' ').map((bus) => `module_${bus}`).join(' '), { parts: [fn('$0$_init', ['$0$']), fn('$0$_exit', ['$0$'])] },
  ]),
  ['module_platform_driver_probe', { parts: [fn('$0$_init', ['$0$', '$1$']), fn('$0$_exit', ['$0$'])] }],
];

/** The makers that are known without reading a header. */
export const knownMakers: ReadonlyMap<string, Maker> = new Map(table.flatMap(([names, maker]) => names.split(' ').map((name): [string, Maker] => [name, maker])));

/** `__do_sys_` + nothing -> `__do_sys$1$`: the second argument brings the underscore. */
function afterUnderscore({ opens = '', attributes = [], parts }: Maker): Maker {
  const named = (prefix: string): string => `${prefix.replace(/_$/, '')}$1$`;
  return { opens: named(opens), attributes, parts: parts.map((part) => ({ ...part, name: named(part.name) })) };
}

/** A name or a word with the arguments in their places; undefined when that is no identifier. */
export function withArguments(pattern: string, args: readonly string[]): string | undefined {
  const name = pattern.replace(/\$(\d+)\$/g, (_, index: string) => args[Number(index)]?.trim() ?? '');
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : undefined; // `$` where the arguments are patterns themselves
}

/** The text of a function that a macro makes, with the arguments in their places. */
export function sourceText({ template, args }: { readonly template: string; readonly args?: readonly string[] }): string {
  return args === undefined ? template : template.replace(/\$(\d+)\$/g, (_, index: string) => args[Number(index)]?.trim() ?? '');
}

/** What a call of the macro with these arguments makes; parts whose name is no identifier are left out. */
export function made(maker: Maker, args: readonly string[]): Maker {
  const all = (patterns: readonly string[]): string[] => [...new Set(patterns.map((pattern) => withArguments(pattern, args)).filter((name) => name !== undefined))];
  const opens = maker.opens === undefined ? undefined : withArguments(maker.opens, args);
  return {
    ...(opens === undefined ? {} : { opens }),
    ...(maker.attributes === undefined ? {} : { attributes: maker.attributes }),
    parts: maker.parts.flatMap((part) => {
      const name = withArguments(part.name, args);
      return name === undefined ? [] : [{ kind: part.kind, name, calls: all(part.calls), mentions: all(part.mentions), ...(part.source === undefined ? {} : { source: { template: sourceText(part.source), args } }) }];
    }),
  };
}
