// SPDX-License-Identifier: GPL-2.0-only
/*
 * load.c - do one thing ROUNDS times, and print what is known about it as NAME=VALUE lines: load NAME.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "load.h"

static int list_empty;

void say(const char *name, long long value)
{
	printf("%s=%lld\n", name, value);
}

void say_hex(const char *name, unsigned long value)
{
	printf("%s=0x%lx\n", name, value);
}

void list_begin(const char *name)
{
	printf("%s=", name);
	list_empty = 1;
}

void list_add(long long value)
{
	printf("%s%lld", list_empty ? "" : ",", value);
	list_empty = 0;
}

void list_add_hex(unsigned long value)
{
	printf("%s0x%lx", list_empty ? "" : ",", value);
	list_empty = 0;
}

void list_end(void)
{
	putchar('\n');
}

void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (!sched_setaffinity(0, sizeof(set), &set))
		return;
	if (errno != ENOSYS)
		err(1, "pinning to CPU %d", cpu);
	/* 2.4 has no such call: the test module does it. Without that, a load that relies on it asks for one CPU. */
	if (!access("/proc/lkst_test", F_OK))
		close(tell_module(cpu ? "pin1" : "pin0"));
}

#ifdef __i386__
/*
 * 2.4 has no such clock, and its time of day stands while a busy host keeps ticks from it: the processor's counter, by
 * the rate that the kernel found.
 */
static long long now_by_counter(void)
{
	static double mhz;
	FILE *file;
	char line[256];

	if (!mhz) {
		file = fopen("/proc/cpuinfo", "r");
		while (file && fgets(line, sizeof(line), file) && sscanf(line, "cpu MHz : %lf", &mhz) != 1)
			;
		if (!mhz)
			errx(1, "/proc/cpuinfo does not say how fast the processor's counter is");
		fclose(file);
	}
	return (long long)((double)__builtin_ia32_rdtsc() * 1000 / mhz);
}
#else
static long long now_by_counter(void)
{
	err(1, "CLOCK_MONOTONIC");
}
#endif

long long now(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t))
		return now_by_counter();
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int try(const struct load *load, const char *name)
{
	long long from;

	for (; load->name; load++) {
		if (strcmp(load->name, name))
			continue;
		say("pid", getpid());
		from = now();
		load->run();
		say("from", from);
		say("to", now());
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 2)
		errx(2, "usage: load NAME");
	if (!strcmp(argv[1], "nothing"))
		return 0;
	if (!try(loads_process, argv[1]) && !try(loads_io, argv[1]) && !try(loads_ipc, argv[1]) &&
	    !try(loads_v26, argv[1]) && !try(loads_truth, argv[1]))
		errx(2, "no load %s", argv[1]);
	return fflush(stdout) ? 1 : 0;
}
