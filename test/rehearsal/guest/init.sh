#!/bin/busybox sh
# shellcheck shell=dash
# The guest's init: starts the zoo; then, for each line of /patches ("ID SECONDS FUNCTION..."), takes a snapshot, loads the live
# patch, waits, and disables it. What it finds goes to the second serial port, in sections that begin with "@@"; the kernel's own
# lines, and where each section began, go to the first.
/bin/busybox --install -s /bin
mkdir -p /proc /sys
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t debugfs debugfs /sys/kernel/debug
echo 8 >/proc/sys/kernel/printk
# What each pass finds is a debug line.
echo 'file kernel/livepatch/* +p' >/sys/kernel/debug/dynamic_debug/control
stty raw -F /dev/ttyS1
exec 3>/dev/ttyS1

say() {
	echo "@@ $*" >&3
	echo "rehearsal: $*" >/dev/kmsg
}

# Of each thread its number, and whether it is in the new universe.
patch_states() {
	say "patch_state $id"
	grep . /proc/[0-9]*/task/*/patch_state 2>/dev/null | sed 's:.*/task/\([0-9]*\)/patch_state\:\(.*\):\1 \2:' >&3
}

in_transition() {
	[ "$(cat "$patch/transition" 2>/dev/null)" = 1 ]
}

# Until the transition is over, or so many seconds have passed.
wait_for_transition() {
	left=$(($1 * 5))
	while in_transition && [ $left -gt 0 ]; do
		sleep 0.2
		left=$((left - 1))
	done
}

disable() {
	echo 0 >"$patch/enabled"
	wait_for_transition 5
	in_transition && echo 1 >"$patch/force"
	while [ -d "$patch" ]; do sleep 0.1; done
}

# shellcheck disable=SC2046
/zoo $(cat /animals)
sleep 2

while read -r id seconds functions; do
	patch=/sys/kernel/livepatch/rehearsal_$id
	addresses=
	for function in $functions; do
		address=$(awk -v name="$function" '$3 == name && $2 ~ /[tT]/ { print $1; exit }' /proc/kallsyms)
		addresses=$addresses${addresses:+,}0x${address:-0}
	done
	say "snapshot $id"
	sh /collect.sh >&3
	say "load $id"
	if insmod "/modules/rehearsal_$id.ko" functions="$(echo "$functions" | tr ' ' ,)" addresses="$addresses" 2>/dev/kmsg; then
		patch_states
		wait_for_transition "$seconds"
		say "waited $id"
		if in_transition; then
			echo 1 >"$patch/force"
			wait_for_transition 5
		fi
		disable
	else
		say "refused $id"
	fi
	say "over $id"
done </patches
say end
reboot -f
