/*
 * Made from .config: what the sources see of the configuration.
 */
#define CONFIG_SMP 1
#define CONFIG_MODULES 1
#define CONFIG_FTRACE 1
#define CONFIG_FUNCTION_TRACER 1
#define CONFIG_DYNAMIC_FTRACE_WITH_REGS 1
#define CONFIG_LIVEPATCH 1
#define CONFIG_HZ 250
#define CONFIG_LOCALVERSION "-sample"
#define CONFIG_PARCEL 1
#define CONFIG_PARCEL_SYSCALLS 1
#define CONFIG_SHELF_STATS 1
#define CONFIG_DEPOTFS_MODULE 1
#define CONFIG_SCALE_MODULE 1
#define CONFIG_TRACKER_MODULE 1
