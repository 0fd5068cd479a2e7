// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * syscalls.c - names of system calls.
 */
#include <stddef.h>
#include <string.h>

#include "syscalls.h"

#define SYSCALL(nr, name)	{ nr, #name },
static const struct lkst_syscall table_64[] = {
#include "lkst-syscalls-64.h"
};
static const struct lkst_syscall table_32[] = {
#include "lkst-syscalls-32.h"
};

#define NR(a)	(sizeof(a) / sizeof((a)[0]))

const struct lkst_syscall *lkst_syscalls(const char *machine, unsigned int *count)
{
	if (!strcmp(machine, "x86_64")) {
		*count = NR(table_64);
		return table_64;
	}
	if (machine[0] == 'i' && !strcmp(machine + 2, "86")) {
		*count = NR(table_32);
		return table_32;
	}
	*count = 0;
	return NULL;
}

const char *lkst_syscall_name(const char *machine, unsigned int nr)
{
	unsigned int i, count;
	const struct lkst_syscall *table = lkst_syscalls(machine, &count);

	/* Numbers have few holes: look near the place first. */
	if (nr < count && table[nr].nr == nr)
		return table[nr].name;
	for (i = 0; i < count; i++)
		if (table[i].nr == nr)
			return table[i].name;
	return NULL;
}
