// SPDX-License-Identifier: GPL-2.0-only
/*
 * load26.c - 23 of each: forks that exit with 7, tasks that share memory, signals, getppid, SysV IPC, faults of division,
 * faults of pages, pipe round trips.
 * i386, static; wants nothing newer than 2.4.
 */
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#define TIMES	23

static void skip_divide(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	((ucontext_t *)context)->uc_mcontext.gregs[REG_EIP] += 2;
}

static void nothing(int sig)
{
	(void)sig;
}

static void divide(void)
{
	unsigned int high = 0, low = 1, zero = 0;

	/* two bytes: div %ecx */
	__asm__ volatile("divl %2" : "+a" (low), "+d" (high) : "c" (zero) : "cc");
}

/* The C library takes sysenter where the processor has it. */
static void getppid_int80(void)
{
	int nr = SYS_getppid;

	__asm__ volatile("int $0x80" : "+a" (nr) : : "memory");
}

/* What threads are to the kernel; pthread_create() does not work on 2.4. */
static int shares_memory(void *unused)
{
	(void)unused;
	return 0;
}

static void make_threads(void)
{
	static char stack[16384] __attribute__((aligned(16)));
	int i;

	for (i = 0; i < TIMES; i++) {
		clone(shares_memory, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL);
		wait(NULL);
	}
}

static int ipc(void)
{
	struct { long type; char text[100]; } m = { 1, "" };
	struct sembuf up = { 0, 1, 0 };
	int sem = semget(IPC_PRIVATE, 1, 0600), msg = msgget(IPC_PRIVATE, 0600), shm = shmget(IPC_PRIVATE, 4096, 0600), i;
	void *at;

	if (sem < 0 || msg < 0 || shm < 0)
		return 1;
	for (i = 0; i < TIMES; i++) {
		at = shmat(shm, NULL, 0);
		if (semop(sem, &up, 1) || msgsnd(msg, &m, 100, 0) || msgrcv(msg, &m, 100, 0, 0) != 100 || at == (void *)-1 ||
		    shmdt(at))
			return 1;
	}
	semctl(sem, 0, IPC_RMID);
	msgctl(msg, IPC_RMID, NULL);
	shmctl(shm, IPC_RMID, NULL);
	return 0;
}

int main(void)
{
	struct sigaction sa;
	char *page, c = 0;
	int to[2], back[2], i;

	memset(&sa, 0, sizeof(sa));
	sa.sa_sigaction = skip_divide;
	sa.sa_flags = SA_SIGINFO;
	sigaction(SIGFPE, &sa, NULL);
	signal(SIGUSR1, nothing);
	for (i = 0; i < TIMES; i++) {
		if (!fork())
			_exit(7);
		wait(NULL);
		kill(getpid(), SIGUSR1);
		getppid_int80();
		divide();
	}
	make_threads();
	page = mmap(NULL, TIMES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED || pipe(to) || pipe(back))
		return 1;
	for (i = 0; i < TIMES; i++)
		page[i * 4096] = 1;
	if (!fork()) {
		for (i = 0; i < TIMES; i++)
			if (read(to[0], &c, 1) != 1 || write(back[1], &c, 1) != 1)
				_exit(1);
		_exit(0);
	}
	for (i = 0; i < TIMES; i++)
		if (write(to[1], &c, 1) != 1 || read(back[0], &c, 1) != 1)
			return 1;
	wait(NULL);
	return ipc();
}
