// SPDX-License-Identifier: GPL-2.0-only
/*
 * load.c - the loads that the guest bench times: the same system call or the same switch of tasks, many times over, between two
 * looks at the time stamp counter. Under 'ci/boot --icount' one tick is one guest instruction. It knows of no tracer.
 *
 *	load NAME COUNT		prints: NAME COUNT ticks switches
 *
 * A hundredth of COUNT runs first, untimed. Static: nothing but the loop and the kernel is counted.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static inline unsigned long long ticks(void)
{
	unsigned int low, high;

	__asm__ volatile("rdtsc" : "=a" (low), "=d" (high) : : "memory");
	return (unsigned long long)high << 32 | low;
}

static inline long call(long nr, long a, long b, long c)
{
	register long r10 __asm__("r10") = 0, r8 __asm__("r8") = 0, r9 __asm__("r9") = 0;
	long ret;

	__asm__ volatile("syscall" : "=a" (ret) : "a" (nr), "D" (a), "S" (b), "d" (c), "r" (r10), "r" (r8), "r" (r9)
			 : "rcx", "r11", "memory");
	return ret;
}

static void fail(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- loads ---- */

static void getppids(unsigned long count)
{
	while (count--)
		call(SYS_getppid, 0, 0, 0);
}

/* Goes through sock_sendmsg() and is refused there: no packet, no queue, the same path each time. */
static int sock = -1;

static void sends(unsigned long count)
{
	while (count--)
		if (call(SYS_sendto, sock, (long)"", 0) != -EDESTADDRREQ) {
			errno = 0;
			fail("sending on an unconnected socket: it was not refused as it should be");
		}
}

/* One byte to and fro: each hand-over is one switch of tasks, both being on one CPU. */
static int to_child[2], to_parent[2];

static void echo(void)
{
	char c;

	while (read(to_child[0], &c, 1) == 1)
		if (write(to_parent[1], &c, 1) != 1)
			break;
	_exit(0);
}

static void rounds(unsigned long count)
{
	char c = 0;

	for (count /= 2; count; count--)
		if (write(to_child[1], &c, 1) != 1 || read(to_parent[0], &c, 1) != 1)
			fail("passing a byte round");
}

static pid_t start_echo(void)
{
	pid_t child;

	if (pipe(to_child) || pipe(to_parent))
		fail("making pipes");
	child = fork();
	if (child < 0)
		fail("starting the other process");
	if (!child) {
		close(to_child[1]);
		echo();
	}
	close(to_child[0]);
	return child;
}

/* ---- */

static const struct {
	const char *name;
	void (*run)(unsigned long count);
} loads[] = {
	{ "getppid", getppids },
	{ "sendto", sends },
	{ "switch", rounds },
};

static void pin(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		fail("staying on CPU 0");
}

int main(int argc, char **argv)
{
	unsigned long count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	unsigned long long start, spent;
	struct rusage before, after;
	pid_t child = 0;
	unsigned int i;

	for (i = 0; count && i < sizeof(loads) / sizeof(loads[0]); i++)
		if (!strcmp(argv[1], loads[i].name))
			break;
	if (!count || i == sizeof(loads) / sizeof(loads[0])) {
		fprintf(stderr, "load: reading the arguments: give getppid, sendto or switch, and a count\n");
		return 2;
	}
	pin();
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	if (loads[i].run == sends && sock < 0)
		fail("making a socket");
	if (loads[i].run == rounds)
		child = start_echo();
	loads[i].run(count / 100 + 2);
	getrusage(RUSAGE_SELF, &before);
	start = ticks();
	loads[i].run(count);
	spent = ticks() - start;
	getrusage(RUSAGE_SELF, &after);
	printf("%s %lu %llu %ld\n", argv[1], count, spent,
	       2 * (after.ru_nvcsw - before.ru_nvcsw) + 2 * (after.ru_nivcsw - before.ru_nivcsw));
	if (child) {
		close(to_child[1]);
		waitpid(child, NULL, 0);
	}
	return 0;
}
