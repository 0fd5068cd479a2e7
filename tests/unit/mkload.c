// SPDX-License-Identifier: GPL-2.0-only
/*
 * mkload.c - writes a trace of events for measuring the speed and the memory of the measures.
 *
 *	mkload KIND EVENTS KEYS FILE [CPUS]
 *
 * KIND is one of those below, named for a measure that is fed by it, or "all": all of them in turn. One CPU, or tasks
 * on so many, whose sub-buffers then alternate in the file. 16 tasks, each of which begins something, and ends it when
 * it comes up again, so they overlap. Keys (system calls, disks,
 * locks...) are chosen evenly among KEYS. Events are 50 to 50,000 ns apart, the short times more often, so that
 * durations spread over fourteen octaves.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "mktrace.h"

#define TASKS	16

static const struct kind {
	const char *name;
	unsigned short id[3];		/* one after the other under one task */
	unsigned char at;		/* unit of the key */
	unsigned char nr_keys;		/* 0: as many as there are */
} kinds[] = {
	{ "syscall", { LKST_EV_SYSCALL_ENTRY, LKST_EV_SYSCALL_EXIT }, 0, 200 },
	{ "softirq", { LKST_EV_SOFTIRQ_RAISE, LKST_EV_SOFTIRQ_ENTRY, LKST_EV_SOFTIRQ_EXIT }, 0, 10 },
	{ "irq", { LKST_EV_INTERRUPT_ENTRY, LKST_EV_INTERRUPT_EXIT }, 0, 64 },
	{ "timer", { LKST_EV_INTERRUPT_TIMER_ENTRY, LKST_EV_SOFTIRQ_RAISE, LKST_EV_SOFTIRQ_ENTRY }, 0, 2 },
	{ "memalloc", { LKST_EV_MEM_GETPAGES_ENTRY, LKST_EV_MEM_GETPAGES_EXIT }, 0, 0 },
	{ "memfree", { LKST_EV_MEM_KFREE_ENTRY, LKST_EV_MEM_KFREE_EXIT }, 0, 0 },
	{ "biotime", { LKST_EV_BLOCK_ISSUE, LKST_EV_BLOCK_COMPLETE }, 0, 0 },
	{ "nettime", { LKST_EV_SOCK_SEND_ENTRY, LKST_EV_SOCK_SEND_EXIT }, 0, 0 },
	{ "netsize", { LKST_EV_NET_SEND, LKST_EV_NET_RECEIVE }, 1, 4 },
	{ "lockwait", { LKST_EV_LOCK_WAIT_BEGIN, LKST_EV_LOCK_WAIT_END }, 0, 0 },
	{ "lockhold", { LKST_EV_LOCK_ACQUIRE, LKST_EV_LOCK_RELEASE }, 0, 0 },
	{ "runqueue", { LKST_EV_SCHED_RUNQUEUE }, 0, 8 },
	{ "waitq", { LKST_EV_PROCESS_ADD_WQ, LKST_EV_PROCESS_REM_WQ }, 0, 0 },
	{ "schedtime", { LKST_EV_PROCESS_SCHED_ENTER, LKST_EV_PROCESS_SCHED_EXIT }, 0, 0 },
	{ "state", { LKST_EV_PROCESS_WAKEUP, LKST_EV_PROCESS_CONTEXTSWITCH }, 0, 16 },
	{ "lifetime", { LKST_EV_PROCESS_FORK, LKST_EV_PROCESS_EXIT }, 0, 0 },
};

#define NR_KINDS	(sizeof(kinds) / sizeof(kinds[0]))

static struct task {
	const struct kind *kind;
	unsigned int next;
	lkst_u64 key;
} task[TASKS];

static unsigned int random_below(unsigned int n)
{
	static unsigned long long state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned int)(state >> 33) % n;
}

static void one(struct mktrace *t, lkst_u64 time, const struct kind *only, unsigned int keys,
		unsigned int cpus)
{
	unsigned int i = random_below(TASKS), pid = 1000 + i;
	struct task *k = &task[i];
	lkst_u64 arg[8] = { 0 };

	if (!k->kind) {
		/* Forks, the last kind, are rare among other events: one in a thousand. */
		k->kind = only ? only : &kinds[random_below(random_below(64) ? NR_KINDS - 1 : NR_KINDS)];
		k->key = 1 + random_below(k->kind->nr_keys && k->kind->nr_keys < keys ? k->kind->nr_keys : keys);
		k->next = 0;
	}
	arg[k->kind->at] = k->key;
	switch (k->kind->id[k->next]) {
	case LKST_EV_BLOCK_ISSUE:
	case LKST_EV_BLOCK_COMPLETE:
		arg[2] = 0xffff888000000000ULL + i;
		break;
	case LKST_EV_PROCESS_ADD_WQ:
	case LKST_EV_PROCESS_REM_WQ:
		arg[1] = 0xffff888000000000ULL + i;
		break;
	case LKST_EV_SOFTIRQ_RAISE:
	case LKST_EV_SOFTIRQ_ENTRY:
		if (k->kind->id[0] == LKST_EV_INTERRUPT_TIMER_ENTRY)
			arg[0] = 1;
		break;
	case LKST_EV_PROCESS_WAKEUP:
	case LKST_EV_PROCESS_CONTEXTSWITCH:
		arg[0] = 1000 + (i + k->key) % TASKS;
		break;
	case LKST_EV_PROCESS_FORK:
		arg[0] = (100000 + k->key) << 32 | (100000 + k->key);
		break;
	case LKST_EV_PROCESS_EXIT:
		pid = 100000 + (unsigned int)k->key;
		break;
	}
	mk_record(t, i % cpus, time, pid, k->kind->id[k->next], arg);
	k->next++;
	if (k->next == 3 || !k->kind->id[k->next])
		k->kind = NULL;
}

int main(int argc, char **argv)
{
	unsigned long long events, i, time = 1000000;
	const struct kind *only = NULL;
	unsigned int keys, k, cpus = 1;
	struct mktrace t;
	FILE *f;

	if (argc == 6)
		cpus = (unsigned int)atoi(argv[5]);
	if (argc == 5 || argc == 6)
		for (k = 0; k < NR_KINDS; k++)
			if (!strcmp(kinds[k].name, argv[1]))
				only = &kinds[k];
	if (argc < 5 || argc > 6 || (!only && strcmp(argv[1], "all")) || atoi(argv[3]) < 1 || !cpus ||
	    cpus > MK_CPUS) {
		fprintf(stderr, "Usage: mkload KIND EVENTS KEYS FILE [CPUS]\n"
			"CPUS: 1 (if not given) to %u\nKIND: all", MK_CPUS);
		for (k = 0; k < NR_KINDS; k++)
			fprintf(stderr, " %s", kinds[k].name);
		fputc('\n', stderr);
		return 2;
	}
	events = strtoull(argv[2], NULL, 0);
	keys = (unsigned int)atoi(argv[3]);
	f = fopen(argv[4], "w");
	if (!f) {
		perror(argv[4]);
		return 1;
	}
	mk_start(&t, 16384);
	for (i = 0; i < events; i++) {
		time += 50ULL << random_below(11);
		one(&t, time, only, keys, cpus);
		if (t.size >= 1 << 20)
			mk_drain(&t, f);
	}
	mk_end(&t);
	mk_drain(&t, f);
	mk_free(&t);
	if (fclose(f)) {
		perror(argv[4]);
		return 1;
	}
	return 0;
}
