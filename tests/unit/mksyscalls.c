// SPDX-License-Identifier: GPL-2.0-only
/*
 * mksyscalls.c - writes a trace of system calls for measuring the speed of the reader.
 *
 *	mksyscalls EVENTS CPUS FILE
 */
#include <stdio.h>
#include <stdlib.h>

#include "mktrace.h"

#define TASKS	16

int main(int argc, char **argv)
{
	unsigned long long events, i, time = 1000000;
	unsigned int cpus, cpu, task, random = 1;
	static unsigned char in[MK_CPUS * TASKS];
	static unsigned short nr[MK_CPUS * TASKS];
	struct mktrace t;

	if (argc != 4 || atoi(argv[2]) < 1 || atoi(argv[2]) > MK_CPUS) {
		fprintf(stderr, "Usage: mksyscalls EVENTS CPUS FILE\n");
		return 2;
	}
	events = strtoull(argv[1], NULL, 0);
	cpus = (unsigned int)atoi(argv[2]);
	mk_start(&t, 16384);
	mk_text(&t, LKST_PKT_SYSCALLS, "0\tread\n1\twrite\n3\tclose\n39\tgetpid\n");
	for (i = 0; i < events; i++) {
		random = random * 1664525 + 1013904223;
		time += 50 + (random >> 24);
		cpu = (random >> 8) % cpus;
		/* A task goes on until its call is over, then another may come. */
		task = cpu * TASKS + (in[cpu * TASKS] ? 0 : (random >> 16) % TASKS);
		if (!in[task]) {
			nr[task] = (unsigned short)((random >> 12) % 50);
			MK(&t, cpu, time, 1000 + task, SYSCALL_ENTRY, .nr = nr[task], .arg0 = 1);
		} else {
			MK(&t, cpu, time, 1000 + task, SYSCALL_EXIT, .nr = nr[task], .ret = 0);
		}
		in[task] = !in[task];
	}
	mk_end(&t);
	mk_save(&t, argv[3]);
	mk_free(&t);
	return 0;
}
