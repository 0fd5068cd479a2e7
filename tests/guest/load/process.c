// SPDX-License-Identifier: GPL-2.0-only
/*
 * process.c - loads of processes, signals, system calls, timers, traps and page faults.
 */
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "load.h"

static void doze(unsigned int us)
{
	struct timespec t = { .tv_nsec = us * 1000L };

	nanosleep(&t, NULL);
}

static void on_signal(int sig)
{
	(void)sig;
}

/*
 * SIGCHLD is blocked. Where it is not, it breaks off a waitpid() that has found the child alive and does not sleep yet:
 * the call is made anew, and waits once more. And 2.6.9 drops it where it would be ignored.
 */
static void children(char *const *argv)
{
	pid_t pid[ROUNDS];
	int i, status;
	sigset_t set;

	fflush(stdout);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	check(sigprocmask(SIG_BLOCK, &set, NULL));
	for (i = 0; i < ROUNDS; i++) {
		pid[i] = check(fork());
		if (!pid[i]) {
			if (argv)
				execv(argv[0], argv);
			_exit(7);
		}
		check(waitpid(pid[i], &status, 0));
		sigwait(&set, &status);
	}
	check(sigprocmask(SIG_UNBLOCK, &set, NULL));
	list_begin("kids");
	for (i = 0; i < ROUNDS; i++)
		list_add(pid[i]);
	list_end();
	doze(300000);	/* a task is freed some time after it was waited for */
}

static void do_fork(void)
{
	children(NULL);
}

static void do_exec(void)
{
	static char *const argv[] = { "/proc/self/exe", "nothing", NULL };

	children(argv);
}

static void do_name(void)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		check(prctl(PR_SET_NAME, "lkst-named-one"));
}

static void *idle_thread(void *tid)
{
	*(long *)tid = syscall(SYS_gettid);
	return NULL;
}

static void do_thread(void)
{
	long tid[ROUNDS];
	pthread_t thread;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		check(-pthread_create(&thread, NULL, idle_thread, &tid[i]));
		pthread_join(thread, NULL);
	}
	list_begin("threads");
	for (i = 0; i < ROUNDS; i++)
		list_add(tid[i]);
	list_end();
}

/* Two processes on one CPU hand a byte to and fro. */
static void do_pingpong(void)
{
	int to[2], back[2], i;
	struct rusage before, after;
	char byte = 0;
	pid_t kid;

	check(pipe(to));
	check(pipe(back));
	pin(0);
	fflush(stdout);
	kid = check(fork());
	if (!kid) {
		close(to[1]);
		while (read(to[0], &byte, 1) == 1)
			check(write(back[1], &byte, 1));
		_exit(0);
	}
	check(getrusage(RUSAGE_SELF, &before));
	for (i = 0; i < ROUNDS; i++) {
		check(write(to[1], &byte, 1));
		check(read(back[0], &byte, 1));
	}
	check(getrusage(RUSAGE_SELF, &after));
	close(to[1]);
	check(waitpid(kid, NULL, 0));
	say("kid", kid);
	list_begin("both");
	list_add(getpid());
	list_add(kid);
	list_end();
	say("switches", after.ru_nvcsw + after.ru_nivcsw - before.ru_nvcsw - before.ru_nivcsw);
}

/*
 * The same with nothing left to chance: of two SCHED_FIFO processes of one priority on one CPU neither interrupts the other, so
 * each runs until it sleeps. By sched_yield() the other one sleeps before the first byte; the last answer is the end of file.
 */
static void do_handover(void)
{
	struct sched_param param = { .sched_priority = 1 };
	int to[2], back[2], i;
	char byte = 0;
	pid_t kid;

	check(pipe(to));
	check(pipe(back));
	pin(0);
	check(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &param));	/* musl's refuses */
	fflush(stdout);
	kid = check(fork());
	if (!kid) {
		for (i = 1; read(to[0], &byte, 1) == 1 && i < ROUNDS; i++)
			check(write(back[1], &byte, 1));
		_exit(0);
	}
	close(back[1]);
	check(sched_yield());
	for (i = 0; i < ROUNDS; i++) {
		check(write(to[1], &byte, 1));
		check(read(back[0], &byte, 1));
	}
	check(waitpid(kid, NULL, 0));
	say("kid", kid);
	say("prio", 98);	/* 99 - sched_priority */
}

/*
 * Two processes on two CPUs hand a byte to and fro: what one does before it writes comes before what the other does after it has
 * read. Each says by getppid() which it is: an even number on CPU 0, the next odd one on CPU 1, and so on.
 */
static void do_relay(void)
{
	int to[2], back[2], i;
	char byte = 0;
	pid_t kid;

	check(pipe(to));
	check(pipe(back));
	fflush(stdout);
	kid = check(fork());
	for (i = 0; i < 10 * ROUNDS; i++) {
		pin(!kid && sysconf(_SC_NPROCESSORS_ONLN) > 1);
		if (!kid)
			check(read(to[0], &byte, 1));
		syscall(SYS_getppid, 2L * i + !kid);
		check(write(kid ? to[1] : back[1], &byte, 1));
		if (kid)
			check(read(back[0], &byte, 1));
	}
	if (!kid)
		_exit(0);
	check(waitpid(kid, NULL, 0));
	say("kid", kid);
	say("last", 2 * 10 * ROUNDS - 1);
}

/* Two moments, a second between them, on CLOCK_MONOTONIC: getppid(1) and (2) are called there. */
static void do_second(void)
{
	struct timespec at[2];
	int i;

	for (i = 0; i < 2; i++) {
		check(clock_gettime(CLOCK_MONOTONIC, &at[i]));
		syscall(SYS_getppid, 1L + i);
		if (!i)
			sleep(1);
	}
	for (i = 0; i < 2; i++)
		printf("at%d=%lld.%09ld\n", i + 1, (long long)at[i].tv_sec, at[i].tv_nsec);
}

/* In a child, so that it begins on CPU 0. */
static void do_migrate(void)
{
	pid_t kid;
	int i;

	pin(0);
	fflush(stdout);
	kid = check(fork());
	if (!kid) {
		for (i = 0; i < ROUNDS; i++) {
			pin(1);
			pin(0);
		}
		_exit(0);
	}
	check(waitpid(kid, NULL, 0));
	say("kid", kid);
}

static void do_signal(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	int i;

	check(sigaction(SIGUSR1, &action, NULL));
	for (i = 0; i < ROUNDS; i++)
		check(kill(getpid(), SIGUSR1));
	say_hex("handler", (unsigned long)on_signal);
	signal(SIGUSR2, SIG_IGN);
	for (i = 0; i < ROUNDS; i++)
		check(kill(getpid(), SIGUSR2));
}

static void do_getppid(void)
{
	long ppid = 0;
	int i;

	for (i = 0; i < ROUNDS; i++)
		ppid = syscall(SYS_getppid, 4660 + i);
	list_begin("args");
	for (i = 0; i < ROUNDS; i++)
		list_add(4660 + i);
	list_end();
	say("ppid", ppid);
}

static void do_badcall(void)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		syscall(SYS_close, -5L);
}

static void do_nanosleep(void)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		doze(1000);
}

static void do_itimer(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct itimerval value = { .it_value.tv_usec = 2000 };
	int i;
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	check(sigaction(SIGALRM, &action, NULL));
	check(sigprocmask(SIG_BLOCK, &set, &old));
	for (i = 0; i < ROUNDS; i++) {
		check(setitimer(ITIMER_REAL, &value, NULL));
		sigsuspend(&old);
	}
	value.it_value.tv_sec = 1000;	/* and as many that are disarmed */
	for (i = 0; i < ROUNDS; i++) {
		check(setitimer(ITIMER_REAL, &value, NULL));
		check(setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL));
	}
}

/* The local timer's interrupts so far, as the kernel counts them: the LOC line, a number for each CPU. */
static long loc(void)
{
	FILE *file = fopen("/proc/interrupts", "r");
	char line[1024], *at, *end;
	long sum = 0, n;

	while (file && fgets(line, sizeof(line), file)) {
		at = strstr(line, "LOC:");
		for (at = at ? at + 4 : NULL; at; at = end) {
			n = strtol(at, &end, 10);
			if (end == at)
				break;
			sum += n;
		}
	}
	if (file)
		fclose(file);
	return sum;
}

/* Takes a CPU from all others until it is killed, two minutes at most. */
static void do_hog(void)
{
	struct sched_param param = { .sched_priority = 1 };

	alarm(120);
	check(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &param));	/* musl's refuses */
	say("hogs", 1);
	fflush(stdout);
	for (;;)
		;
}

static void do_spin(void)
{
	struct timespec from, now;
	long ticks = loc();

	pin(0);
	clock_gettime(CLOCK_REALTIME, &from);	/* the only one that 2.4 has */
	do
		clock_gettime(CLOCK_REALTIME, &now);
	while ((now.tv_sec - from.tv_sec) * 1000 + (now.tv_nsec - from.tv_nsec) / 1000000 < 200);
	say("ticks", loc() - ticks);
}

/* ---- traps and faults ---- */

static sigjmp_buf env;

static void on_trap(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	siglongjmp(env, (int)(long)info->si_addr | 1);
}

/* One function an instruction that traps, at a place with a name. */
#define TRAP(name, before, instruction)							\
extern char name##_ip[];								\
static __attribute__((noinline)) void name(void)					\
{											\
	asm volatile(before "\n.globl " #name "_ip\n" #name "_ip: " instruction	\
		     ::: "eax", "ecx", "edx", "memory");					\
}
TRAP(divide, "xor %%ecx, %%ecx\n\txor %%edx, %%edx", "div %%ecx")
TRAP(breakpoint, "", "int3")
TRAP(invalid, "", "ud2")
TRAP(privileged, "", "hlt")
/* The trap flag takes effect behind the instruction after popf. */
#ifdef __i386__
TRAP(debug, "pushfl\n\torl $0x100, (%%esp)\n\tpopfl\n\tnop", "nop")
#else
TRAP(debug, "pushfq\n\torl $0x100, (%%rsp)\n\tpopfq\n\tnop", "nop")
#endif

static void do_traps(void)
{
	static void (*const trap[])(void) = { divide, breakpoint, invalid, privileged, debug };
	static const int sig[] = { SIGFPE, SIGTRAP, SIGILL, SIGSEGV };
	struct sigaction action = { .sa_sigaction = on_trap, .sa_flags = SA_SIGINFO };
	volatile unsigned int i, k;

	for (k = 0; k < sizeof(sig) / sizeof(sig[0]); k++)
		check(sigaction(sig[k], &action, NULL));
	for (k = 0; k < sizeof(trap) / sizeof(trap[0]); k++)
		for (i = 0; i < ROUNDS; i++)
			if (!sigsetjmp(env, 1))
				trap[k]();
	say_hex("divide", (unsigned long)divide_ip);
	say_hex("breakpoint", (unsigned long)breakpoint_ip);
	say_hex("breakpoint_end", (unsigned long)breakpoint_ip + 1);
	say_hex("invalid", (unsigned long)invalid_ip);
	say_hex("privileged", (unsigned long)privileged_ip);
	say_hex("debug", (unsigned long)debug_ip);
}

extern char touch_ip[];

static __attribute__((noinline)) void touch(char *at)
{
	asm volatile(".globl touch_ip\ntouch_ip: movb $1, (%0)" :: "r" (at) : "memory");
}

static void do_fault(void)
{
	char *map = mmap(NULL, 2 * ROUNDS * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fds[2], i;

	if (map == MAP_FAILED)
		err(1, "mmap");
	madvise(map, 2 * ROUNDS * 4096, MADV_NOHUGEPAGE);
	check(pipe(fds));
	for (i = 0; i < ROUNDS; i++) {
		touch(map + i * 4096);
		check(write(fds[1], "x", 1));
		check(read(fds[0], map + (ROUNDS + i) * 4096, 1));
	}
	list_begin("user");
	for (i = 0; i < ROUNDS; i++)
		list_add_hex((unsigned long)map + i * 4096);
	list_end();
	say_hex("ip", (unsigned long)touch_ip);
	list_begin("kernel");
	for (i = 0; i < ROUNDS; i++)
		list_add_hex((unsigned long)map + (ROUNDS + i) * 4096);
	list_end();
}

/* ---- a thread of high priority waits for what one of low priority holds ---- */

static uint32_t word;
static volatile int step;
static volatile pid_t waiter;

static void wait_step(int wanted)
{
	while (step != wanted)
		doze(200);
}

static void *wants_lock(void *unused)
{
	struct sched_param param = { .sched_priority = 10 };
	int i;

	check(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &param));	/* musl's refuses */
	waiter = (pid_t)syscall(SYS_gettid);
	for (i = 0; i < ROUNDS; i++) {
		wait_step(2 * i + 1);
		check(syscall(SYS_futex, &word, FUTEX_LOCK_PI_PRIVATE, 0, NULL));
		check(syscall(SYS_futex, &word, FUTEX_UNLOCK_PI_PRIVATE));
		step = 2 * i + 2;
	}
	return unused;
}

/* Once it sleeps for the lock the kernel has raised who holds it; before that it has only said that it will wait. */
static int sleeps(pid_t tid)
{
	char path[64], line[256], *end;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int)tid);
	f = fopen(path, "r");
	if (!f || !fgets(line, sizeof(line), f))
		err(1, "%s", path);
	fclose(f);
	end = strrchr(line, ')');
	return end && end[1] == ' ' && end[2] == 'S';
}

static void do_inherit(void)
{
	pthread_t thread;
	int i;

	check(-pthread_create(&thread, NULL, wants_lock, NULL));
	for (i = 0; i < ROUNDS; i++) {
		check(syscall(SYS_futex, &word, FUTEX_LOCK_PI_PRIVATE, 0, NULL));
		step = 2 * i + 1;
		while (!(__atomic_load_n(&word, __ATOMIC_RELAXED) & FUTEX_WAITERS) || !sleeps(waiter))
			doze(200);
		check(syscall(SYS_futex, &word, FUTEX_UNLOCK_PI_PRIVATE));
		wait_step(2 * i + 2);
	}
	pthread_join(thread, NULL);
}

const struct load loads_process[] = {
	{ "fork", do_fork }, { "exec", do_exec }, { "name", do_name }, { "thread", do_thread }, { "pingpong", do_pingpong },
	{ "handover", do_handover }, { "relay", do_relay }, { "second", do_second },
	{ "migrate", do_migrate }, { "signal", do_signal }, { "getppid", do_getppid }, { "badcall", do_badcall },
	{ "nanosleep", do_nanosleep }, { "itimer", do_itimer }, { "spin", do_spin }, { "hog", do_hog },
	{ "traps", do_traps }, { "fault", do_fault },
	{ "inherit", do_inherit }, { NULL, NULL }
};
