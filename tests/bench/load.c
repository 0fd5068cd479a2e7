// SPDX-License-Identifier: GPL-2.0-only
/*
 * load.c - the loads that the guest benches time: the same system call, switch of tasks, fork or page fault, many times over,
 * between two looks at the time stamp counter. Under 'ci/boot --icount' one tick is one guest instruction. It knows of no tracer.
 * x86-64, and i386 on kernels from 2.4 on. The mixed loads are in load-mixed.c.
 *
 *	load NAME COUNT				prints: NAME COUNT ticks switches
 *	load run elapsed|cpu|fixed STATUS COMMAND...	the same of one command, that ends with STATUS
 *
 * A hundredth of COUNT runs first, untimed. Static: nothing but the loop and the kernel is counted.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "load.h"

#ifdef __i386__
/* The C library would take sysenter where the processor has it. */
static inline long call(long nr, long a, long b, long c)
{
	long ret;

	__asm__ volatile("int $0x80" : "=a" (ret) : "a" (nr), "b" (a), "c" (b), "d" (c) : "memory");
	return ret;
}
#else
static inline long call(long nr, long a, long b, long c)
{
	register long r10 __asm__("r10") = 0, r8 __asm__("r8") = 0, r9 __asm__("r9") = 0;
	long ret;

	__asm__ volatile("syscall" : "=a" (ret) : "a" (nr), "D" (a), "S" (b), "d" (c), "r" (r10), "r" (r8), "r" (r9)
			 : "rcx", "r11", "memory");
	return ret;
}
#endif

void fail(const char *what)
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

#ifndef __i386__	/* where old kernels have no such call */
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

static int sender = -1, receiver = -1;

/* A TCP connection to ourselves through the loopback device. */
static void connect_to_self(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sender = socket(AF_INET, SOCK_STREAM, 0);
	if (listener < 0 || sender < 0 || bind(listener, (struct sockaddr *)&address, size) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&address, &size) ||
	    connect(sender, (struct sockaddr *)&address, size))
		fail("connecting");
	receiver = accept(listener, NULL, NULL);
	if (receiver < 0 || setsockopt(sender, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)))
		fail("accepting");
	close(listener);
}

/* Each write is a segment, which lies in the receiver's queue when the write is done. */
static void segments(unsigned long count)
{
	char data[100] = "";

	if (sender < 0)
		connect_to_self();
	while (count--)
		if (write(sender, data, sizeof(data)) != sizeof(data) ||
		    read(receiver, data, sizeof(data)) != sizeof(data))
			fail("sending a segment");
}
#endif

/* One byte into a pipe and out of it again, by one process. */
static void pipes(unsigned long count)
{
	int ends[2];
	char c = 0;

	if (pipe(ends))
		fail("making a pipe");
	while (count--)
		if (write(ends[1], &c, 1) != 1 || read(ends[0], &c, 1) != 1)
			fail("passing a byte");
	close(ends[0]);
	close(ends[1]);
}

/* A child that exits at once, and is waited for. */
static void forks(unsigned long count)
{
	pid_t child;

	while (count--) {
		child = fork();
		if (!child)
			_exit(0);
		if (child < 0 || waitpid(child, NULL, 0) != child)
			fail("starting a process");
	}
}

/*
 * Pages of a file that are in the page cache: of the program itself. None is allotted and none given back, for what
 * that takes hangs on which pages happen to be free side by side.
 */
#define PAGES	8
#define PAGE	4096

static void faults(unsigned long count)
{
	int file = open("/proc/self/exe", O_RDONLY);
	char *at = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_SHARED, file, 0);
	int i;

	if (at == MAP_FAILED)
		fail("mapping the program");
	for (count = (count + PAGES - 1) / PAGES; count; count--) {
		for (i = 0; i < PAGES; i++)
			(void)*(volatile char *)(at + i * PAGE);
		if (madvise(at, PAGES * PAGE, MADV_DONTNEED))
			fail("giving pages back");
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

void fixed_priority(void)
{
	struct sched_param param = { .sched_priority = 1 };

	if (syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &param))	/* musl's refuses */
		fail("taking a fixed priority");
}

static pid_t start_echo(void)
{
	pid_t child;

#ifdef __i386__
	/*
	 * 2.6.9 gives the two processes the same dynamic priority or not, as it happens; where they differ one preempts
	 * the other, and a round costs 250 instructions less.
	 */
	fixed_priority();
#endif
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
#ifndef __i386__
	{ "sendto", sends },
	{ "segment", segments },
#endif
	{ "pipe", pipes },
	{ "switch", rounds },
	{ "fork", forks },
	{ "fault", faults },
	{ "syscall", syscalls },
	{ "execl", execs },
	{ "filecopy", copies },
	{ "dhrystone", integers },
	{ "chat", chats },
};

static void pin(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	/* 2.4 has no such call, and is counted with one CPU. */
	if (sched_setaffinity(0, sizeof(set), &set) && errno != ENOSYS)
		fail("staying on CPU 0");
}

int main(int argc, char **argv)
{
	unsigned long count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	unsigned long long start, spent;
	struct rusage before, after;
	pid_t child = 0;
	unsigned int i;

	if (argc == 3 && !strcmp(argv[1], "exec-step"))
		return exec_step(argv[2]);
	if (argc > 4 && !strcmp(argv[1], "run")) {
		pin();
		return run_command(argv + 2);
	}
	for (i = 0; count && i < sizeof(loads) / sizeof(loads[0]); i++)
		if (!strcmp(argv[1], loads[i].name))
			break;
	if (!count || i == sizeof(loads) / sizeof(loads[0])) {
		fprintf(stderr, "load: reading the arguments: give a load and a count; loads:");
		for (i = 0; i < sizeof(loads) / sizeof(loads[0]); i++)
			fprintf(stderr, " %s", loads[i].name);
		fputc('\n', stderr);
		return 2;
	}
	pin();
#ifndef __i386__
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	if (loads[i].run == sends && sock < 0)
		fail("making a socket");
#endif
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
