/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * load.h - the parts of load, the program that does one thing ROUNDS times.
 */
#ifndef LKST_LOAD_H
#define LKST_LOAD_H

#include <err.h>
#include <stddef.h>

#define ROUNDS	23	/* prime: no buffer, batch or clock divides it */

struct load {
	const char *name;
	void (*run)(void);
};

extern const struct load loads_process[], loads_io[], loads_ipc[], loads_v26[], loads_truth[];

/* What is printed stands in tests/guest/events.list as $NAME. */
void say(const char *name, long long value);
void say_hex(const char *name, unsigned long value);
/* A list: say_list(name, value, first) for each, end_list() at last. */
void list_begin(const char *name);
void list_add(long long value);
void list_add_hex(unsigned long value);
void list_end(void);
void pin(int cpu);
/* CLOCK_MONOTONIC in ns; one that is as good on kernel 2.4. */
long long now(void);
/* Have the test module do something, and give a file to read its results from. */
int tell_module(const char *command);
/* ... and print them. */
void module(const char *command);

#define check(call) ({ long __r = (long)(call); if (__r < 0) err(1, "%s", #call); __r; })

#endif
