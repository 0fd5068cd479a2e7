// SPDX-License-Identifier: GPL-2.0-only
/*
 * truth.c - loads that know how long each of their rounds takes: for each the least and the most that a tracer
 * may find, in ns by the load's own clock, as the lists least and most.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "load.h"

#define MS	1000000LL

/* What a process and its child both write. */
static struct both {
	long long least[ROUNDS + 1], most[ROUNDS + 1], from[ROUNDS + 1];
	long long birth, ran, away;	/* of the child: kept_waiting */
} *both;

static void share(void)
{
	both = mmap(NULL, sizeof(*both), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (both == MAP_FAILED)
		err(1, "mmap");
	memset(both, 0, sizeof(*both));
}

static void say_list(const char *name, const long long *value, int n)
{
	list_begin(name);
	while (n--)
		list_add(*value++);
	list_end();
}

static void say_bounds(void)
{
	say_list("least", both->least, ROUNDS);
	say_list("most", both->most, ROUNDS);
}

static void nap(long long ns)
{
	struct timespec t = { .tv_nsec = ns };

	check(nanosleep(&t, NULL));
}

/*
 * Runs until it sleeps: of processes like this none interrupts another. On a machine with one CPU a child that
 * is like this, too, runs only once its parent sleeps.
 */
static void be_first(void)
{
	struct sched_param param = { .sched_priority = 1 };

	pin(0);
	check(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &param));	/* musl's refuses */
}

/* nanosleep() for 1 ms, 2 ms... */
static void do_sleeps(void)
{
	int i;

	share();
	for (i = 0; i < ROUNDS; i++) {
		both->least[i] = (i + 1) * MS;
		both->most[i] = now();
		nap((i + 1) * MS);
		both->most[i] = now() - both->most[i];
	}
	say_bounds();
}

/* Children that live for a while. */
static void do_lives(void)
{
	long long kids[ROUNDS];
	int i;
	pid_t kid;

	share();
	fflush(stdout);
	for (i = 0; i < ROUNDS; i++) {
		both->most[i] = now();
		kid = check(fork());
		if (!kid) {
			both->least[i] = now();
			nap((i + 1) * MS);
			both->least[i] = now() - both->least[i];
			_exit(0);
		}
		check(waitpid(kid, NULL, 0));
		both->most[i] = now() - both->most[i];
		kids[i] = kid;
	}
	say_list("kids", kids, ROUNDS);
	say_bounds();
}

#define TURN(i)	(((i) + 3) * MS)	/* kernel 2.4 keeps the CPU of one that is first for naps of up to 2 ms */

/*
 * A child runs for a while, sleeps for another while. It sleeps at least so long as it asked for, less the way
 * from setting the timer to leaving the CPU: the judge allows for that. It runs at least between its own two
 * readings of the clock; and the way from one falling asleep to the end of the next sleep, less both sleeps, is
 * what it ran at most.
 */
static void do_turns(void)
{
	long long run_least[ROUNDS], run_most[ROUNDS], ran, until, woke;
	int i;
	pid_t kid;

	share();
	fflush(stdout);
	be_first();	/* the child is from its first moment: whoever took the CPU from it would make one time two */
	kid = check(fork());
	if (!kid) {
		for (i = 0; i <= ROUNDS; i++) {
			ran = now();
			while (now() - ran < (ROUNDS - i + 1) * MS)
				;
			both->from[i] = now();
			both->least[i] = both->from[i] - ran;
			nap(TURN(i));
			both->most[i] = now();
		}
		_exit(0);
	}
	check(waitpid(kid, NULL, 0));
	for (i = 1; i <= ROUNDS; i++) {
		run_least[i - 1] = both->least[i];
		until = both->most[i] - TURN(i);
		woke = both->from[i - 1] + TURN(i - 1);
		run_most[i - 1] = until - woke;
	}
	for (i = 1; i <= ROUNDS; i++) {
		both->least[i - 1] = TURN(i);
		both->most[i - 1] = both->most[i] - both->from[i];
	}
	say("kid", kid);
	say_bounds();
	say_list("run_least", run_least, ROUNDS);
	say_list("run_most", run_most, ROUNDS);
}

/*
 * A call that cannot go on before the child does its part, which it does after a while: it reads the clock once
 * the parent sleeps in the call, and again before it lets it go on. What the call takes lies between that and
 * what the parent reads around it.
 */
static char much[1 << 16];

/* @cpu: the child's. */
static void wait_in_call(int sends, int cpu)
{
	size_t size = sends ? sizeof(much) : 1, got;
	int sock[2], next[2], i, little = 4096;
	pid_t kid;

	share();
	check(socketpair(AF_UNIX, SOCK_STREAM, 0, sock));
	check(setsockopt(sock[0], SOL_SOCKET, SO_SNDBUF, &little, sizeof(little)));
	check(pipe(next));
	be_first();
	fflush(stdout);
	kid = check(fork());
	if (!kid && cpu)
		pin(cpu);
	for (i = 0; i < ROUNDS; i++) {
		if (kid) {
			both->most[i] = now();
			if (sends)
				check(send(sock[0], much, size, 0));
			else
				check(recv(sock[0], much, size, 0));
			both->most[i] = now() - both->most[i];
			check(write(next[1], "", 1));
			continue;
		}
		both->least[i] = now();
		nap((i + 1) * MS);
		both->least[i] = now() - both->least[i];
		if (!sends)
			check(write(sock[1], much, size));
		for (got = 0; sends && got < size;)
			got += (size_t)check(read(sock[1], much, size - got));
		check(read(next[0], much, 1));
	}
	if (!kid)
		_exit(0);
	check(waitpid(kid, NULL, 0));
	say("other", kid);
	say_bounds();
}

static void do_receives(void)
{
	wait_in_call(0, 0);
}

/* Who lets it go on runs on another CPU, its own has nothing to do meanwhile. */
static void do_receives_from_afar(void)
{
	wait_in_call(0, 1);
}

static void do_sends(void)
{
	wait_in_call(1, 0);
}

/* Bytes that the loopback device counts as received. */
static long long loopback(void)
{
	long long bytes = 0;
	FILE *file = fopen("/proc/net/dev", "r");
	char line[512], *at;

	while (file && fgets(line, sizeof(line), file)) {
		at = strstr(line, "lo:");
		if (at)
			sscanf(at + 3, "%lld", &bytes);
	}
	if (file)
		fclose(file);
	return bytes;
}

/* Datagrams of a size each, over the loopback device: 28 bytes of UDP and IP, and 14 of Ethernet when sent. */
static void do_datagrams(void)
{
	static char message[1024];
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int to = check(socket(AF_INET, SOCK_DGRAM, 0)), from = check(socket(AF_INET, SOCK_DGRAM, 0)), i;
	long long bytes;

	share();
	check(bind(to, (struct sockaddr *)&address, sizeof(address)));
	check(getsockname(to, (struct sockaddr *)&address, &len));
	bytes = loopback();
	for (i = 0; i < ROUNDS; i++) {
		both->least[i] = 101 + 37 * i + 28 + 14;
		both->most[i] = 101 + 37 * i + 28;
		check(sendto(from, message, 101 + 37 * (size_t)i, 0, (struct sockaddr *)&address, sizeof(address)));
		check(recv(to, message, sizeof(message), 0));
	}
	say("bytes", loopback() - bytes);
	say_list("sent", both->least, ROUNDS);
	say_list("received", both->most, ROUNDS);
}

/* How many run or could, as the kernel counts them. */
static int running(void)
{
	FILE *file = fopen("/proc/loadavg", "r");
	int n = 0;

	if (!file || fscanf(file, "%*s %*s %*s %d/", &n) != 1)
		errx(1, "/proc/loadavg does not say how many run");
	fclose(file);
	return n;
}

/*
 * On one CPU the run queue grows by one with each child, which runs only once this process waits. Not one of them has
 * memory of its own: for those kernel 2.6 makes room at once. The timer's interrupt, which wakes others, comes at
 * multiples of 4 ms: not soon behind a multiple of 20.
 */
#define CROWD	5

static int nothing(void *unused)
{
	(void)unused;
	return 0;
}

static void do_crowd(void)
{
	static char stack[CROWD][16384] __attribute__((aligned(16)));
	int i, k;

	be_first();
	for (i = 0; i < ROUNDS; i++) {
		do
			nap(20 * MS + MS / 2 - now() % (20 * MS));
		while (running() > 1);
		for (k = 0; k < CROWD; k++)
			check(clone(nothing, stack[k + 1], CLONE_VM | SIGCHLD, NULL));
		for (k = 0; k < CROWD; k++)
			check(wait(NULL));
	}
}

/* So many processes read at once, each a place of its own: none is done before the last one has asked. */
#define DEEP	5

static void do_deep(void)
{
	int fd = check(open(getenv("LKST_DISK"), O_RDWR | O_DIRECT)), go[2], i, k;
	void *buffer = NULL;
	char one;

	check(-posix_memalign(&buffer, 4096, 4096));
	check(pipe(go));
	fflush(stdout);
	for (i = 0; i < ROUNDS; i++) {
		for (k = 0; k < DEEP; k++) {
			if (check(fork()))
				continue;
			check(read(go[0], &one, 1));
			check(pread(fd, buffer, 4096, (DEEP * i + k) * 8192L));
			_exit(0);
		}
		check(write(go[1], "12345", DEEP));
		for (k = 0; k < DEEP; k++)
			check(wait(NULL));
	}
}

/*
 * A child reads from a disk that takes its time. Its parent runs whenever it sleeps: all times that it reads until the
 * child is back are within the request.
 */
static void do_requests(void)
{
	int fd = check(open(getenv("LKST_DISK"), O_RDWR | O_DIRECT)), go[2], i;
	static volatile long long *back;
	long long first, last, next;
	void *buffer = NULL;
	pid_t kid;
	char one;

	share();
	back = both->from;
	check(-posix_memalign(&buffer, 4096, 4096));
	check(pipe(go));
	pin(0);
	fflush(stdout);
	kid = check(fork());
	if (!kid) {
		be_first();
		back[ROUNDS] = 1;
		for (i = 0; i < ROUNDS; i++) {
			check(read(go[0], &one, 1));
			both->most[i] = now();
			check(pread(fd, buffer, 4096, i * 8192L));
			both->most[i] = now() - both->most[i];
			back[i] = 1;
		}
		_exit(0);
	}
	while (!back[ROUNDS])
		sched_yield();
	for (i = 0; i < ROUNDS; i++) {
		check(write(go[1], "", 1));
		for (first = last = next = now(); !back[i]; next = now())
			last = next;
		both->least[i] = last - first;
	}
	check(wait(NULL));
	say("reader", kid);
	say_bounds();
}

/* ---- beside what the kernel itself counts: truth-proc.sh ---- */

static void sleep_until(long long due)
{
	struct timespec t = { .tv_sec = due / 1000000000, .tv_nsec = due % 1000000000 };

	check(-clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL));
}

/* When a timer of each sleep is due, and how late it ran at the most. */
static void do_due(void)
{
	int i;

	share();
	be_first();	/* the timers of such processes have no slack */
	for (i = 0; i < ROUNDS; i++) {
		both->from[i] = now() + (i + 1) * MS;
		sleep_until(both->from[i]);
		both->most[i] = now() - both->from[i];
	}
	say_list("due", both->from, ROUNDS);
	say_bounds();
}

/* What the kernel counts of each soft interrupt and interrupt so far; a trace has when, by the calls of getppid(). */
static void say_counters(const char *when)
{
	static const char *const names[] = { "/proc/softirqs", "/proc/interrupts" };
	char text[2][1 << 15], *line, *rest;
	size_t size;
	FILE *file;
	int i;

	getppid();
	for (i = 0; i < 2; i++) {
		text[i][0] = 0;
		file = fopen(names[i], "r");
		if (!file)
			continue;	/* old kernels do not count soft interrupts */
		size = fread(text[i], 1, sizeof(text[i]) - 1, file);
		text[i][size] = 0;
		fclose(file);
	}
	getppid();
	for (i = 0; i < 2; i++)
		for (rest = text[i]; (line = strsep(&rest, "\n"));)
			printf("%s %s %s\n", when, names[i], line);
}

/* Things that the kernel does in soft interrupts, and the serial line's interrupts. */
static void do_counted(void)
{
	int console = open("/dev/ttyS0", O_WRONLY | O_NOCTTY), i;

	say_counters("first");
	fflush(stdout);
	do_datagrams();
	for (i = 0; i < ROUNDS; i++) {
		if (console >= 0)
			check(write(console, "#\n", 2));
		nap(MS);
	}
	say_counters("last");
}

/* What the kernel counts of this process: ns that it ran, and ns that it could have run. Old kernels do not. */
static void say_schedstat(void)
{
	FILE *file = fopen("/proc/self/schedstat", "r");
	long long ran, waited;

	if (!file)
		return;
	if (fscanf(file, "%lld %lld", &ran, &waited) != 2)
		errx(1, "/proc/self/schedstat is not what it was");
	say("ran", ran);
	say("waited", waited);
	fclose(file);
}

/* The letter that /proc has for the state of a process; @fd: its stat. */
static char state(int fd)
{
	char text[512], *at;

	text[check(pread(fd, text, sizeof(text) - 1, 0))] = 0;
	at = strrchr(text, ')');
	if (!at)
		errx(1, "/proc/PID/stat is not what it was");
	return at[2];
}

/*
 * A child sleeps, runs for a while and sleeps again. Whenever it is due its parent, which goes first, has the CPU,
 * looks at it until it is awake and keeps the CPU for a while longer: so long it waits at the least. At the most it
 * waits from the parent's last look at it asleep to its own first look at the clock.
 */
#define ASLEEP	(60 * MS)	/* a nap of half of that may take 20 ms more on kernel 2.4 */

static void be_kept_waiting(void)
{
	long long last, next, woke;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		*(volatile long long *)&both->from[i] = now();
		nap(ASLEEP);
		both->most[i] = woke = last = now();
		/* A long time between two looks at the clock it was interrupted, or could have run. */
		for (next = last; next - woke < MS; last = next) {
			next = now();
			if (next - last > 10000)
				both->away += next - last;
		}
		both->ran += next - woke;
	}
	nap(TURN(0));	/* what it ran is counted when it leaves the CPU */
	say_schedstat();
	fflush(stdout);
	_exit(0);
}

static void do_kept_waiting(void)
{
	long long asleep[ROUNDS], next, seen;
	char name[32];
	pid_t kid;
	int i, fd;

	share();
	pin(0);
	fflush(stdout);
	next = now();
	kid = check(fork());
	if (!kid) {
		both->birth = now() - next;
		be_kept_waiting();
	}
	be_first();
	snprintf(name, sizeof(name), "/proc/%d/stat", kid);
	fd = check(open(name, O_RDONLY));
	for (i = 0; i < ROUNDS; i++) {
		while (!*(volatile long long *)&both->from[i])
			nap(TURN(0));
		nap(ASLEEP / 2);
		if (state(fd) != 'S')
			errx(1, "the child does not sleep when it should");
		for (next = now(); state(fd) == 'S'; next = now())
			asleep[i] = next;
		seen = now();
		while (now() < seen + (i + 1) * MS / 8)
			;
		both->least[i] = now() - seen;
	}
	check(waitpid(kid, NULL, 0));
	for (i = 0; i < ROUNDS; i++)
		both->most[i] -= asleep[i];
	say("kid", kid);
	say("birth", both->birth);
	say("ran_rounds", both->ran);
	say("away", both->away);
	say_bounds();
}

#define MODULE(name) static void do_##name(void) { module(#name); }
MODULE(delays) MODULE(ticks) MODULE(clears) MODULE(gets) MODULE(kmallocs) MODULE(holds) MODULE(queues)
MODULE(lates)

static void do_switches(void)
{
	be_first();
	module("switches");
}

const struct load loads_truth[] = {
	{ "sleeps", do_sleeps }, { "lives", do_lives }, { "turns", do_turns }, { "receives", do_receives },
	{ "receives_from_afar", do_receives_from_afar }, { "sends", do_sends }, { "datagrams", do_datagrams },
	{ "crowd", do_crowd }, { "deep", do_deep }, { "requests", do_requests },
	{ "delays", do_delays }, { "ticks", do_ticks }, { "clears", do_clears },
	{ "gets", do_gets }, { "kmallocs", do_kmallocs },
	{ "due", do_due }, { "counted", do_counted }, { "kept_waiting", do_kept_waiting }, { "lates", do_lates },
	{ "holds", do_holds }, { "queues", do_queues }, { "switches", do_switches }, { NULL, NULL }
};
