#!/bin/sh
# Prints a snapshot of this machine's tasks: each thread's name, state and kernel stack, for
# `livepatch-studio simulate --snapshot FILE`. Run it as root on the machine to be live patched:
#
#     sudo sh collect.sh > machine.klpsnap
#
# It only reads: /proc, and the kernel's configuration in /boot or /proc/config.gz. Nothing is installed, written, traced
# or stopped. Needs a POSIX shell, grep, xargs and awk (busybox will do). PROC names another /proc, MAX_TASKS another limit.

LC_ALL=C
export LC_ALL
proc=${PROC:-/proc}
max=${MAX_TASKS:-200000}

case $max in
'' | *[!0-9]*)
	echo "MAX_TASKS is a number, not \"$max\"" >&2
	exit 2
	;;
esac
if ! [ -r "$proc/stat" ]; then
	echo "$proc is no /proc" >&2
	exit 2
fi
# Since 4.19 a stack needs CAP_SYS_ADMIN, one's own as well.
if [ "$proc" = /proc ] && ! cat /proc/self/stack >/dev/null 2>&1; then
	echo "kernel stacks cannot be read: run this as root (CAP_SYS_ADMIN), on a kernel with CONFIG_STACKTRACE" >&2
	exit 1
fi

release=$(uname -r)
config=${CONFIG:-/boot/config-$release}
options() {
	if [ -r "$config" ]; then
		cat "$config"
	elif [ -r /proc/config.gz ]; then
		zcat /proc/config.gz || gzip -dc /proc/config.gz
	fi 2>/dev/null
}

# One line about the machine; what is not known is left out.
{
	cat "$proc/version" 2>/dev/null
	grep '^cpu[0-9]' "$proc/stat"
	options | grep -E '^CONFIG_(HZ|PREEMPT[A-Z_]*|UNWINDER_[A-Z_]*|FRAME_POINTER|HAVE_RELIABLE_STACKTRACE|STACKTRACE|LIVEPATCH)='
} | awk -v release="$release" -v arch="$(uname -m)" '
	/^Linux version / { version = $0; next }
	/^cpu/ { cpus++; next }
	{ configured = 1; equals = index($0, "="); value[substr($0, 1, equals - 1)] = substr($0, equals + 1) }
	function fact(key, text) { if (text != "") printf " %s=\"%s\"", key, text }
	END {
		if (value["CONFIG_PREEMPT_DYNAMIC"] == "y" || version ~ / PREEMPT_DYNAMIC /) preempt = "dynamic"
		else if (value["CONFIG_PREEMPT_RT"] == "y" || version ~ / PREEMPT_RT /) preempt = "rt"
		else if (value["CONFIG_PREEMPT"] == "y" || version ~ / PREEMPT /) preempt = "full"
		else if (value["CONFIG_PREEMPT_LAZY"] == "y") preempt = "lazy"
		else if (value["CONFIG_PREEMPT_VOLUNTARY"] == "y") preempt = "voluntary"
		else if (value["CONFIG_PREEMPT_NONE"] == "y") preempt = "none"
		if (value["CONFIG_UNWINDER_ORC"] == "y") unwinder = "orc"
		else if (value["CONFIG_UNWINDER_FRAME_POINTER"] == "y" || value["CONFIG_FRAME_POINTER"] == "y") unwinder = "frame-pointer"
		printf "machine"
		fact("release", release); fact("arch", arch); fact("cpus", cpus)
		fact("hz", value["CONFIG_HZ"]); fact("preempt", preempt); fact("unwinder", unwinder)
		if (configured) {
			fact("reliable_stacks", value["CONFIG_HAVE_RELIABLE_STACKTRACE"] == "y" && value["CONFIG_STACKTRACE"] == "y" ? "1" : "0")
			fact("livepatch", value["CONFIG_LIVEPATCH"] == "y" ? "1" : "0")
		}
		printf "\n\n"
	}'

# Then the threads: grep prints all files as PATH:LINE, awk makes a paragraph of each thread's. This script's own are left out.
files="stat stack"
if [ -e "$proc/self/patch_state" ] || [ -e "$proc/1/patch_state" ]; then
	files="$files patch_state"
fi
read -r own_stat <"/proc/$$/stat"
own_stat=${own_stat##*) }
# shellcheck disable=SC2086
set -- $own_stat
group=$3

for folder in "$proc"/[0-9]*/task/[0-9]*; do
	for file in $files; do
		printf '%s\n' "$folder/$file"
	done
done | xargs grep -H '' 2>&1 | awk -v own="$$" -v group="$group" -v max="$max" '
	function flush() {
		if (folder == "") return
		# 834 (nfsd) S 2 0 0 0 -1 2129984 ...: the name may hold anything, its last parenthesis closes it.
		opening = index(stat, "(")
		closing = length(stat)
		while (closing > opening && substr(stat, closing, 2) != ") ") closing--
		if (opening == 0 || closing <= opening) return
		comm = substr(stat, opening + 1, closing - opening - 1)
		split(substr(stat, closing + 2), field, " ")
		n = split(folder, part, "/")
		if (part[n - 2] == own || field[2] == own || (field[3] == group && comm == "grep")) return
		if (tasks >= max) { left++; return }
		gsub(/"/, "\\\"", comm)
		# PF_KTHREAD is 0x00200000.
		printf "task comm=\"%s\" pid=%d tgid=%d state=%s kthread=%d", comm, part[n], part[n - 2], field[1], int(field[7] / 2097152) % 2
		if (state == "0" || state == "1") printf " patch_state=%s", state
		if (folder in unreadable) printf " stack=unreadable"
		printf "\n%s\n", stack
		tasks++
	}
	/^grep: .*\/stack: / {
		sub(/^grep: /, "")
		path = substr($0, 1, index($0, "/stack: ") - 1)
		unreadable[path] = 1
		next
	}
	/^grep: / { next }
	{
		colon = index($0, ":")
		path = substr($0, 1, colon - 1)
		line = substr($0, colon + 1)
		slash = length(path)
		while (slash > 1 && substr(path, slash, 1) != "/") slash--
		file = substr(path, slash + 1)
		path = substr(path, 1, slash - 1)
		if (path != folder) {
			flush()
			folder = path; stat = ""; stack = ""; state = ""; depth = 0; lines = 0
		}
		if (file == "stat" && lines < 16) stat = stat (lines++ ? "\\n" : "") line
		else if (file == "stack" && depth++ < 64) stack = stack line "\n"
		else if (file == "patch_state") state = line
	}
	END {
		flush()
		printf "end tasks=%d left_out=%d\n", tasks, left
	}'
