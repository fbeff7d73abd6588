/**
 * What a macro call at file scope is there for. The plan leaves undecided what this does not know; rules judge the rest:
 * `boot`, `parameter`, `information` and `probe-list` boot-registration, `btf` btf-registration, `trace-event` tracepoint.
 */
export type RegistrationKind =
  /** Code or tables that are run through while the kernel boots or the module loads. */
  | 'boot'
  /** A parameter of the command line or of a module. */
  | 'parameter'
  /** Text for modinfo, depmod and user space. */
  | 'information'
  /** Functions kprobes keep off. */
  | 'probe-list'
  /** Sets of functions and types that BPF and error injection are told of. */
  | 'btf'
  | 'trace-event'
  /** What a static call goes to: static-key-definition. */
  | 'static-call'
  /** For kpatch-build and klp-build; no part of the kernel. */
  | 'patch-tool'
  /** Declares or asserts; makes no code and no data. */
  | 'no-code';

/** Undefined for a macro nobody knows. */
export function registrationKind(macro: string): RegistrationKind | undefined {
  return kinds.find(([pattern]) => pattern.test(macro))?.[1];
}

const kinds: readonly (readonly [RegExp, RegistrationKind])[] = [
  // include/linux/init.h, module.h, moduleparam.h; drivers of a bus: include/linux/device/driver.h.
  [/^(\w*_)?initcall(_sync|_deferred)?$|^__initcall\w*$|^__exitcall$|^module_(init|exit)$|^(module|builtin)_(\w+_)?driver(_probe|_init)?$/, 'boot'],
  [/^(__setup|__setup_param|early_param|core_param\w*|module_param\w*|device_param_cb|arch_param_cb|level_param_cb|__module_param_call|param_check_\w+)$/, 'parameter'],
  // Tables of drivers that are matched once, at boot: include/linux/irqchip.h, clk-provider.h, clocksource.h, of.h, acpi.h, pci.h, serial_core.h.
  [/^(IRQCHIP|CLK_OF|TIMER_OF|TIMER_ACPI|RESERVEDMEM_OF|OF|OF_EARLYCON|EARLYCON|CPUIDLE_METHOD_OF|CPU_METHOD_OF|IOMMU_OF|ACPI)_DECLARE(_DRIVER|_PROBE_ENTRY)?$|^DECLARE_PCI_FIXUP_\w+$/, 'boot'],
  [/^MODULE_(LICENSE|AUTHOR|DESCRIPTION|VERSION|ALIAS\w*|PARM_DESC|FIRMWARE|SOFTDEP|WEAKDEP|INFO|IMPORT_NS|DEVICE_TABLE)$/, 'information'],
  [/^NOKPROBE_SYMBOL$/, 'probe-list'],
  // include/linux/btf_ids.h, include/asm-generic/error-injection.h.
  [/^BTF_(ID|ID_LIST|ID_FLAGS|SET|SET8|KFUNCS|TYPE)\w*$|^BTF_ID_UNUSED$|^ALLOW_ERROR_INJECTION$|^register_btf_\w+$/, 'btf'],
  // include/linux/tracepoint.h, include/trace/.
  [/^(TRACE_EVENT|DEFINE_EVENT|DEFINE_TRACE|DECLARE_TRACE|TRACE_DEFINE_)\w*$|^(TRACE_EVENT|DEFINE_EVENT|DECLARE_EVENT_CLASS|DECLARE_TRACE|DEFINE_TRACE)$|^DECLARE_EVENT_(NOP|CLASS\w*)$/, 'trace-event'],
  // include/linux/static_call.h.
  [/^DEFINE_STATIC_CALL\w*$/, 'static-call'],
  // kpatch-macros.h, include/linux/livepatch_helpers.h; the rules about callbacks look at these.
  [/^(KPATCH|KLP)_\w+$/, 'patch-tool'],
  [/^(static_assert|_Static_assert|DECLARE_STATIC_CALL|DECLARE_STATIC_KEY_(TRUE|FALSE|MAYBE))$/, 'no-code'],
];
