// SPDX-License-Identifier: GPL-2.0-only
/*
 * load-mixed.c - the mixed loads of the overhead bench, beside the plain ones of load.c: what systems do all day, in
 * small. They do a fixed amount of work, need no file but what they make in the current directory, and run on kernels
 * from 2.4 on.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "load.h"

/* The cheapest calls there are, five a round. */
void syscalls(unsigned long count)
{
	while (count--) {
		close(dup(0));
		syscall(SYS_getpid);
		getuid();
		umask(022);
	}
}

/* ---- a program that replaces itself ---- */

static void exec_self(unsigned long left)
{
	char text[24], *argv[] = { "load", "exec-step", text, NULL };

	snprintf(text, sizeof(text), "%lu", left);
	execv("/proc/self/exe", argv);
	fail("executing itself");
}

int exec_step(const char *left)
{
	unsigned long n = strtoul(left, NULL, 10);

	if (n)
		exec_self(n - 1);
	return 0;
}

void execs(unsigned long count)
{
	pid_t child = fork();
	int status;

	if (!child)
		exec_self(count - 1);
	if (child < 0 || waitpid(child, &status, 0) != child || status)
		fail("running itself");
}

/* ---- a file copied, 1 KiB at a time ---- */

#define BLOCK	1024
#define BLOCKS	1000
#define SPARE	64

static int scratch_file(char *name)
{
	int fd = mkstemp(name);

	if (fd < 0)
		fail(name);
	unlink(name);
	return fd;
}

/*
 * 2.4 finds a file's pages in one table for all files, whose chains start where the inode's address says: of two inodes
 * that lie side by side most pages share one, and a block copied costs up to 4.4 instructions more. So many lie between
 * them.
 */
static void leave_inodes_between(void)
{
#ifdef __i386__
	char name[] = "spare-XXXXXX";
	int i;

	for (i = 0; i < SPARE; i++) {
		scratch_file(name);
		strcpy(name, "spare-XXXXXX");
	}
#endif
}

void copies(unsigned long count)
{
	static int from, to;	/* the first call makes them */
	char from_name[] = "from-XXXXXX", to_name[] = "to-XXXXXX", block[BLOCK] = "";
	unsigned long i;

	if (!from) {
		from = scratch_file(from_name);
		leave_inodes_between();
		to = scratch_file(to_name);
		for (i = 0; i < BLOCKS; i++)
			if (write(from, block, BLOCK) != BLOCK || write(to, block, BLOCK) != BLOCK)
				fail("writing a file");
	}
	for (i = 0; i < count; i++) {
		if (i % BLOCKS == 0 && (lseek(from, 0, SEEK_SET) || lseek(to, 0, SEEK_SET)))
			fail("going back to the start of a file");
		if (read(from, block, BLOCK) != BLOCK || write(to, block, BLOCK) != BLOCK)
			fail("copying a block");
	}
}

/* ---- nothing of the kernel: integers, strings, records ---- */

struct part {
	struct part *next;
	unsigned int kind, value;
	char name[32];
};

static volatile unsigned int result;

void integers(unsigned long count)
{
	static struct part part[8];
	struct part *p;
	char word[32];
	unsigned int i, sum = 0;

	for (i = 0; i < 8; i++) {
		part[i].next = &part[(i + 3) % 8];
		part[i].kind = i % 3;
		part[i].value = 7 * i;
		snprintf(part[i].name, sizeof(part[i].name), "THE PART OF THE MACHINE, NO %d", i);
	}
	while (count--) {
		p = &part[count % 8];
		strcpy(word, p->next->name);
		if (strcmp(word, p->name) > 0)
			sum += p->value * 3 - sum / 7;
		switch (p->kind) {
		case 0:
			p->value = p->next->value + 1;
			break;
		case 1:
			*p->next = *p->next->next;
			p->next->kind = 2 - p->next->kind % 3;
			break;
		default:
			sum ^= p->value << (count % 5);
		}
		if (p->next == p)
			p->next = &part[(count + 1) % 8];
	}
	result = sum;
}

/* ---- a chat: who writes is heard by all in the room, over 127.0.0.1 ---- */

#define CLIENTS	8
#define MESSAGE	100

static void whole(ssize_t (*move)(int, void *, size_t), int fd, char *at, size_t len)
{
	ssize_t n;

	for (; len; at += n, len -= (size_t)n) {
		n = move(fd, at, len);
		if (n <= 0)
			fail("passing a message");
	}
}

static ssize_t put(int fd, void *at, size_t len)
{
	return write(fd, at, len);
}

static void no_delay(int fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/*
 * Old kernels have two packets under way at first and acknowledge after 40 ms: everybody would sleep, and idle time
 * counts. There what was read is acknowledged at once.
 */
static void acknowledge(int fd)
{
#ifdef __i386__
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
#else
	(void)fd;
#endif
}

static void chat_client(const struct sockaddr_in *where, unsigned long messages)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char message[MESSAGE] = "";
	unsigned int heard;

	if (fd < 0 || connect(fd, (const struct sockaddr *)where, sizeof(*where)))
		fail("entering the room");
	no_delay(fd);
	while (messages--) {
		whole(put, fd, message, MESSAGE);
		for (heard = 0; heard < CLIENTS; heard++) {
			whole(read, fd, message, MESSAGE);
			acknowledge(fd);
		}
	}
	_exit(0);
}

static void chat_server(int door)
{
	struct pollfd member[CLIENTS];
	char message[MESSAGE];
	int i, j, here = CLIENTS;

	for (i = 0; i < CLIENTS; i++) {
		member[i].fd = accept(door, NULL, NULL);
		member[i].events = POLLIN;
		if (member[i].fd < 0)
			fail("letting somebody in");
		no_delay(member[i].fd);
	}
	while (here) {
		if (poll(member, CLIENTS, -1) < 0)
			fail("waiting for a message");
		for (i = 0; i < CLIENTS; i++) {
			if (member[i].fd < 0 || !member[i].revents)
				continue;
			j = (int)read(member[i].fd, message, MESSAGE);
			if (j <= 0) {
				close(member[i].fd);
				member[i].fd = -1;
				here--;
				continue;
			}
			if (j < MESSAGE)
				whole(read, member[i].fd, message + j, (size_t)(MESSAGE - j));
			acknowledge(member[i].fd);
			for (j = 0; j < CLIENTS; j++)
				whole(put, member[j].fd, message, MESSAGE);
		}
	}
}

/* Everybody writes @count messages, each after hearing the last of everybody. */
void chats(unsigned long count)
{
	struct sockaddr_in where = { .sin_family = AF_INET };
	socklen_t len = sizeof(where);
	int door = socket(AF_INET, SOCK_STREAM, 0), i;
	pid_t child;

#ifdef __i386__
	/* Who gets ahead of whom there hangs on how long each has slept: per cents of the load in 2.4. */
	fixed_priority();
#endif
	where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (door < 0 || bind(door, (struct sockaddr *)&where, len) || listen(door, CLIENTS) ||
	    getsockname(door, (struct sockaddr *)&where, &len))
		fail("opening the room");
	for (i = 0; i < CLIENTS; i++) {
		child = fork();
		if (child < 0)
			fail("starting a client");
		if (!child)
			chat_client(&where, count);
	}
	chat_server(door);
	close(door);
	while (waitpid(-1, &i, 0) > 0)
		if (i)
			fail("a client of the chat failed");
}

/* ---- a command ---- */

static unsigned long long used(const struct rusage *r)
{
	return ((unsigned long long)(r->ru_utime.tv_sec + r->ru_stime.tv_sec) * 1000000 +
		(unsigned long long)(r->ru_utime.tv_usec + r->ru_stime.tv_usec)) * 1000;
}

int run_command(char **argv)
{
	int by_cpu = !strcmp(argv[0], "cpu"), fixed = !strcmp(argv[0], "fixed");
	int want = atoi(argv[1]), status, null = open("/dev/null", O_RDWR);
	unsigned long long start, spent;
	struct rusage r;
	pid_t child;

	start = ticks();
	child = fork();
	if (!child) {
		if (fixed)
			fixed_priority();
		dup2(null, 0);
		dup2(null, 1);
		if (want)
			dup2(null, 2);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		fail("running a command");
	spent = ticks() - start;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != want) {
		fprintf(stderr, "load: running %s: status %#x, not exit %d\n", argv[2], status, want);
		return 1;
	}
	getrusage(RUSAGE_CHILDREN, &r);
	printf("run 1 %llu %ld\n", by_cpu ? used(&r) : spent, r.ru_nvcsw + r.ru_nivcsw);
	return 0;
}
