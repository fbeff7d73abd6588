// SPDX-License-Identifier: MIT
/* A zoo of tasks: each argument names an animal, which does one thing for ever. Its name in /proc is z_ and the argument. */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>


/* A poll that ends early is begun again: the livepatch core sends a signal that no handler sees. */
static void polls(void) { poll(NULL, 0, -1); }
static void selects(void) { select(0, NULL, NULL, NULL, NULL); }
static void sleeps(void) { sleep(1000); }
static void pauses(void) { pause(); }

static void epolls(void)
{
	static int queue = -1;
	struct epoll_event event;

	if (queue < 0)
		queue = epoll_create1(0);
	epoll_wait(queue, &event, 1, -1);
}

static void waits_on_a_futex(void)
{
	static int word;

	syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}

static void reads_a_pipe(void)
{
	static int ends[2];
	char byte;

	if (ends[1] == 0 && pipe(ends) != 0)
		_exit(1);
	if (read(ends[0], &byte, 1) == 0)
		_exit(1);
}

static void waits_for_a_child(void)
{
	static pid_t child;

	if (child == 0 && (child = fork()) == 0)
		for (;;)
			pause();
	waitpid(child, NULL, 0);
}

/* The child never execs, so its parent waits for it without being interruptible. */
static void waits_in_vfork(void)
{
	if (vfork() == 0)
		for (;;)
			pause();
}

static void is_stopped(void) { raise(SIGSTOP); }
static void spins(void) { }
static void calls_the_kernel(void) { syscall(SYS_getppid); }

static const struct {
	const char *name;
	void (*does)(void);
} animals[] = {
	{ "poll", polls }, { "select", selects }, { "nanosleep", sleeps }, { "pause", pauses }, { "epoll", epolls }, { "futex", waits_on_a_futex },
	{ "pipe", reads_a_pipe }, { "wait4", waits_for_a_child }, { "vfork", waits_in_vfork }, { "stopped", is_stopped }, { "spin", spins }, { "syscalls", calls_the_kernel },
};

static int keep(const char *name)
{
	char comm[16];
	size_t i;

	for (i = 0; i < sizeof(animals) / sizeof(*animals); i++) {
		if (strcmp(animals[i].name, name) != 0)
			continue;
		if (fork() != 0)
			return 0;
		snprintf(comm, sizeof(comm), "z_%s", name);
		prctl(PR_SET_NAME, comm);
		for (;;)
			animals[i].does();
	}
	fprintf(stderr, "zoo: no animal is called %s\n", name);
	return 1;
}

int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (keep(argv[i]) != 0)
			return 1;
	return 0;
}
