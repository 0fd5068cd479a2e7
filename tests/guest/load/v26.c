// SPDX-License-Identifier: GPL-2.0-only
/*
 * v26.c - loads that only i386 kernels of the patch series have; empty elsewhere.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "load.h"

#ifdef __i386__
/* The C library takes sysenter where the processor has it. */
static void do_int80(void)
{
	int i;
	long ret = 0;

	for (i = 0; i < ROUNDS; i++)
		asm volatile("int $0x80" : "=a" (ret) : "0" (SYS_getppid), "b" (4660 + i) : "memory");
	list_begin("args");
	for (i = 0; i < ROUNDS; i++)
		list_add(4660 + i);
	list_end();
	say("ppid", ret);
}

/* Blocks in a row, written to the page cache and then to the disk: direct I/O sets the queue going at each block here. */
static void do_writeback(void)
{
	static char block[4096];
	int fd = check(open(getenv("LKST_DISK"), O_RDWR)), i;
	struct stat st;

	check(fstat(fd, &st));
	say("dev", (long long)major(st.st_rdev) << 20 | minor(st.st_rdev));
	for (i = 0; i <= ROUNDS; i++)
		check(pwrite(fd, block, sizeof(block), (500L + i) * sizeof(block)));
	check(fsync(fd));
	list_begin("sectors");
	for (i = 1; i <= ROUNDS; i++)
		list_add((500L + i) * sizeof(block) / 512);
	list_end();
}

static int nothing(void *unused)
{
	(void)unused;
	return 0;
}

/* What threads are to the kernel: pthread_create() does not work on 2.4. */
static void do_share(void)
{
	static char stack[16384] __attribute__((aligned(16)));
	pid_t kid;
	int i;

	list_begin("kids");
	for (i = 0; i < ROUNDS; i++) {
		kid = check(clone(nothing, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL));
		check(waitpid(kid, NULL, 0));
		list_add(kid);
	}
	list_end();
}

static void do_spinlock(void)
{
	module("spinlock");
}
#endif

const struct load loads_v26[] = {
#ifdef __i386__
	{ "int80", do_int80 }, { "writeback", do_writeback }, { "share", do_share }, { "spinlock", do_spinlock },
#endif
	{ NULL, NULL }
};
