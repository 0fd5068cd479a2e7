// SPDX-License-Identifier: GPL-2.0-only
/*
 * io.c - loads of block I/O, on the empty disk $LKST_DISK, and of the network, over loopback.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "load.h"

#define BLOCK	4096
#define SIZE	1001	/* of a message: odd */

static char *block_buffer(unsigned long blocks)
{
	void *buffer = NULL;

	check(-posix_memalign(&buffer, BLOCK, blocks * BLOCK));
	memset(buffer, 0x5a, blocks * BLOCK);
	return buffer;
}

static int open_disk(const char *name)
{
	struct stat st;
	int fd;

	if (!name)
		errx(2, "no $LKST_DISK");
	fd = check(open(name, O_RDWR | O_DIRECT));
	check(fstat(fd, &st));
	say("dev", (long long)major(st.st_rdev) << 20 | minor(st.st_rdev));
	return fd;
}

/* The interrupts that a line of /proc/interrupts with @what counts, and its number. */
static long irq_count(const char *what, long *irq)
{
	FILE *file = fopen("/proc/interrupts", "r");
	char line[1024], *at;
	long sum = 0;

	while (file && fgets(line, sizeof(line), file)) {
		if (!strstr(line, what))
			continue;
		*irq = strtol(line, &at, 10);
		for (at++; *at == ' ' || (*at >= '0' && *at <= '9');)
			if (*at == ' ')
				at++;
			else
				sum += strtol(at, &at, 10);
	}
	if (file)
		fclose(file);
	return sum;
}

static const char *irq_name(void)
{
#ifdef __i386__
	return "ide0";	/* ci/machine.sh's disks there, both of them */
#else
	static char name[64];
	char path[64], link[256], *at;
	ssize_t len;

	snprintf(path, sizeof(path), "/sys/block/%s/device", getenv("LKST_DISK") + 5);
	len = readlink(path, link, sizeof(link) - 1);
	if (len < 0)
		err(1, "%s", path);
	link[len] = 0;
	at = strrchr(link, '/');
	snprintf(name, sizeof(name), "%.40s-req.0", at ? at + 1 : link);
	return name;
#endif
}

static void blocks(int write)
{
	char *buffer = block_buffer(1);
	int fd = open_disk(getenv("LKST_DISK")), i;
	long irq = -1, before, after;

	pin(0);	/* each CPU has its queue */
	before = irq_count(irq_name(), &irq);
	for (i = 0; i < ROUNDS; i++)
		check(write ? pwrite(fd, buffer, BLOCK, (100 + 3L * i) * BLOCK) : pread(fd, buffer, BLOCK, (100 + 3L * i) * BLOCK));
	after = irq_count(irq_name(), &irq);
	say("irq", irq);
	say("irqs", after - before);
	list_begin("sectors");
	for (i = 0; i < ROUNDS; i++)
		list_add((100 + 3L * i) * BLOCK / 512);
	list_end();
	list_begin("ends");
	for (i = 0; i < ROUNDS; i++)
		list_add((101 + 3L * i) * BLOCK / 512);
	list_end();
	/* Where a block is four of 1 KB: its last, and all but its first. */
	list_begin("last");
	for (i = 0; i < ROUNDS; i++)
		list_add((101 + 3L * i) * BLOCK / 512 - 2);
	list_end();
	list_begin("inner");
	for (i = 0; i < 3 * ROUNDS; i++)
		list_add((100 + i / 3 * 3L) * BLOCK / 512 + 2 * (i % 3 + 1));
	list_end();
}

static void do_blockread(void)
{
	blocks(0);
}

static void do_blockwrite(void)
{
	blocks(1);
}

/* A disk in memory, whose driver takes bios and no requests. */
static void do_ramread(void)
{
	char *buffer = block_buffer(1);
	int fd = open_disk("/dev/ram0"), i;

	for (i = 0; i < ROUNDS; i++)
		check(pread(fd, buffer, BLOCK, (100 + 3L * i) * BLOCK));
	list_begin("sectors");
	for (i = 0; i < ROUNDS; i++)
		list_add((100 + 3L * i) * BLOCK / 512);
	list_end();
}

/* Three blocks in one go, ROUNDS times: the second joins the first at its end, the third at its beginning. */
static void do_blockmerge(void)
{
	static const long place[3] = { 1, 2, 0 };
	char *buffer = block_buffer(3);
	struct iocb iocb[3], *list[3];
	struct io_event done[3];
	int fd = open_disk(getenv("LKST_DISK")), i, k;
	aio_context_t context = 0;

	check(syscall(SYS_io_setup, 3, &context));
	memset(iocb, 0, sizeof(iocb));
	for (i = 0; i < ROUNDS; i++) {
		for (k = 0; k < 3; k++) {
			iocb[k].aio_lio_opcode = IOCB_CMD_PREAD;
			iocb[k].aio_fildes = fd;
			iocb[k].aio_buf = (unsigned long)buffer + (unsigned long)place[k] * BLOCK;
			iocb[k].aio_nbytes = BLOCK;
			iocb[k].aio_offset = (500L + 5 * i + place[k]) * BLOCK;
			list[k] = &iocb[k];
		}
		check(syscall(SYS_io_submit, context, 3, list));
		check(syscall(SYS_io_getevents, context, 3, 3, done, NULL));
	}
	syscall(SYS_io_destroy, context);
	list_begin("behind");
	for (i = 0; i < ROUNDS; i++)
		list_add((500L + 5 * i + 2) * BLOCK / 512);
	list_end();
	list_begin("before");
	for (i = 0; i < ROUNDS; i++)
		list_add((500L + 5 * i) * BLOCK / 512);
	list_end();
}

/* ---- network ---- */

static int listener(struct sockaddr_in *address)
{
	socklen_t len = sizeof(*address);
	int fd = check(socket(AF_INET, SOCK_STREAM, 0));

	memset(address, 0, sizeof(*address));
	address->sin_family = AF_INET;
	address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	check(bind(fd, (struct sockaddr *)address, sizeof(*address)));
	check(listen(fd, 5));
	check(getsockname(fd, (struct sockaddr *)address, &len));
	say("port", ntohs(address->sin_port));
	return fd;
}

static void receive_all(int fd, char *message)
{
	int got, have = 0;

	while (have < SIZE && (got = check(recv(fd, message + have, SIZE - have, 0))) > 0)
		have += got;
}

static void do_tcp(void)
{
	static char message[SIZE];
	struct sockaddr_in address;
	int server = listener(&address), fd, one = 1, i;
	pid_t kid;

	fflush(stdout);
	kid = check(fork());
	if (!kid) {
		fd = check(accept(server, NULL, NULL));
		for (i = 0; i < ROUNDS; i++) {
			receive_all(fd, message);
			check(send(fd, "y", 1, 0));
		}
		_exit(0);
	}
	fd = check(socket(AF_INET, SOCK_STREAM, 0));
	check(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)));
	check(connect(fd, (struct sockaddr *)&address, sizeof(address)));
	for (i = 0; i < ROUNDS; i++) {
		check(send(fd, message, SIZE, 0));
		check(recv(fd, message, 1, 0));
	}
	check(waitpid(kid, NULL, 0));
	close(fd);
	say("kid", kid);
	list_begin("both");
	list_add(getpid());
	list_add(kid);
	list_end();
	say("size", SIZE);
	say("ip_len", SIZE + 20 + 32);
	say("wire_len", SIZE + 20 + 32 + 14);
}

static void do_connect(void)
{
	struct sockaddr_in address;
	int server = listener(&address), i, fd;

	for (i = 0; i < ROUNDS; i++) {
		fd = check(socket(AF_INET, SOCK_STREAM, 0));
		check(connect(fd, (struct sockaddr *)&address, sizeof(address)));
		close(check(accept(server, NULL, NULL)));
		close(fd);
	}
}

/* Datagrams that are read, and as many to a port where nobody is. */
static void do_udp(void)
{
	static char message[SIZE];
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) }, nobody;
	socklen_t len = sizeof(address);
	int to = check(socket(AF_INET, SOCK_DGRAM, 0)), from = check(socket(AF_INET, SOCK_DGRAM, 0)), i;

	check(bind(to, (struct sockaddr *)&address, sizeof(address)));
	check(getsockname(to, (struct sockaddr *)&address, &len));
	nobody = address;
	nobody.sin_port = htons(9);
	for (i = 0; i < ROUNDS; i++) {
		check(sendto(from, message, SIZE, 0, (struct sockaddr *)&address, sizeof(address)));
		check(recv(to, message, SIZE, 0));
		check(sendto(from, message, SIZE, 0, (struct sockaddr *)&nobody, sizeof(nobody)));
	}
}

const struct load loads_io[] = {
	{ "blockread", do_blockread }, { "blockwrite", do_blockwrite }, { "blockmerge", do_blockmerge },
	{ "ramread", do_ramread }, { "tcp", do_tcp }, { "connect", do_connect }, { "udp", do_udp }, { NULL, NULL }
};
