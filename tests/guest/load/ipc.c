// SPDX-License-Identifier: GPL-2.0-only
/*
 * ipc.c - loads of System V IPC, and those done by the test module on command.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include "load.h"

#define KEY	0x4c4b5354

static void do_sem(void)
{
	struct sembuf op[2] = { { .sem_op = 1 }, { .sem_op = -1 } };
	int id = -1, i;

	for (i = 0; i < ROUNDS; i++)
		id = check(semget(KEY, 1, IPC_CREAT | 0600));
	for (i = 0; i < ROUNDS; i++)
		check(semop(id, op, 2));
	check(semctl(id, 0, IPC_RMID));
	say("id", id);
	say("key", KEY);
}

static void do_msg(void)
{
	struct { long type; char text[77]; } message = { .type = 1 };
	int id = -1, i;

	for (i = 0; i < ROUNDS; i++)
		id = check(msgget(KEY, IPC_CREAT | 0600));
	for (i = 0; i < ROUNDS; i++) {
		check(msgsnd(id, &message, 77, 0));
		check(msgrcv(id, &message, 77, 0, 0));
	}
	check(msgctl(id, IPC_RMID, NULL));
	say("id", id);
	say("key", KEY);
}

static void do_shm(void)
{
	int id = -1, i;
	void *at[ROUNDS];

	for (i = 0; i < ROUNDS; i++)
		id = check(shmget(KEY, 4096, IPC_CREAT | 0600));
	for (i = 0; i < ROUNDS; i++)
		at[i] = shmat(id, NULL, SHM_RDONLY);
	for (i = 0; i < ROUNDS; i++)
		check(shmdt(at[i]));
	check(shmctl(id, IPC_RMID, NULL));
	say("id", id);
	say("key", KEY);
	say("flags", SHM_RDONLY);
	list_begin("at");
	for (i = 0; i < ROUNDS; i++)
		list_add_hex((unsigned long)at[i]);
	list_end();
}

int tell_module(const char *command)
{
	int fd = check(open("/proc/lkst_test", O_RDWR));

	check(write(fd, command, strlen(command)));
	return fd;
}

void module(const char *command)
{
	char results[16384];
	int fd = tell_module(command);
	ssize_t got;

	while ((got = read(fd, results, sizeof(results))) > 0)
		fwrite(results, 1, got, stdout);
	close(fd);
}

#define MODULE(name) static void do_##name(void) { module(#name); }
MODULE(timer) MODULE(hrtimer) MODULE(work) MODULE(softirq) MODULE(waitq) MODULE(kmalloc) MODULE(cache) MODULE(pages)
MODULE(mutex) MODULE(mutexes) MODULE(sizes)

/* Interrupts from CPU 0 to CPU 1, where a process runs all the time, so that their records have its pid. */
static void do_ipi(void)
{
	volatile int go = 1;
	pid_t kid;

	fflush(stdout);
	kid = check(fork());
	if (!kid) {
		pin(1);
		while (go)
			;
	}
	pin(0);
	usleep(100000);	/* it runs by now */
	module("ipi");
	check(kill(kid, SIGKILL));
	check(waitpid(kid, NULL, 0));
	say("kid", kid);
}

const struct load loads_ipc[] = {
	{ "sem", do_sem }, { "msg", do_msg }, { "shm", do_shm },
	{ "timer", do_timer }, { "hrtimer", do_hrtimer }, { "work", do_work }, { "softirq", do_softirq }, { "ipi", do_ipi },
	{ "waitq", do_waitq }, { "kmalloc", do_kmalloc }, { "callers", do_kmalloc }, { "sizes", do_sizes },
	{ "cache", do_cache }, { "pages", do_pages }, { "mutex", do_mutex },
	{ "mutexes", do_mutexes },
	{ NULL, NULL }
};
