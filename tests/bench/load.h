/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * load.h - what the two files of the bench's load program share. It knows of no tracer.
 */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

/**
 * ticks - the time stamp counter: under 'ci/boot --icount' one tick is one guest instruction
 */
static inline unsigned long long ticks(void)
{
	unsigned int low, high;

	__asm__ volatile("rdtsc" : "=a" (low), "=d" (high) : : "memory");
	return (unsigned long long)high << 32 | low;
}

/**
 * fail - say what did not work, with errno's words, and exit with 1
 */
void fail(const char *what) __attribute__((noreturn));

/**
 * fixed_priority - give this process and its children a real-time priority: each runs until it waits, and those who can
 * run do so in the order in which they could; else fail
 */
void fixed_priority(void);

/* What it runs @count times; named as in the table of load.c. */
void syscalls(unsigned long count);
void execs(unsigned long count);
void copies(unsigned long count);
void integers(unsigned long count);
void chats(unsigned long count);

/**
 * exec_step - the program that execs() runs: itself, until @left is 0
 */
int exec_step(const char *left);

/**
 * run_command - time one command and its children
 * @argv: "elapsed", "fixed" or "cpu": what counts, all that the CPU did from start to end, the command having a fixed
 *	priority or not, or the CPU time of the command and its children (for a load that sleeps); the exit status it
 *	must have; the command and its arguments. Its output is thrown away.
 *
 * Prints "run 1 ticks switches" and returns the status to exit with.
 */
int run_command(char **argv);

#endif
