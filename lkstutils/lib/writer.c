// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * writer.c - writes trace files. Knows nothing of where records come from.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cli.h"
#include "crc32c.h"
#include "device.h"
#include "writer.h"

#define RETRY_MS	1000	/* a full disk is tried again this often, not for every packet */
#define RESERVE		16384U	/* bytes: accounts of some 200 CPUs, and what fits of the rest */

enum content { EMPTY, TRACE, OTHER };

/* Devices and pipes are something else, too. */
static enum content content_of(const char *path)
{
	enum content is = OTHER;
	struct stat st;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);

	if (fd < 0)
		return OTHER;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		is = !st.st_size ? EMPTY : lkst_is_trace(fd) ? TRACE : OTHER;
	close(fd);
	return is;
}

/* Something to write a stream into? A link leads there only from /dev (/dev/stdout, /dev/fd/63 of a shell's >(COMMAND)). */
static int is_stream(const char *path)
{
	struct stat st;

	if (strncmp(path, "/dev/", 5) ? lstat(path, &st) : stat(path, &st))
		return 0;
	return S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode);
}

static int why_not(const char *path)
{
	struct stat st;

	if (!lstat(path, &st) && S_ISDIR(st.st_mode))
		return EISDIR;
	return !lstat(path, &st) && S_ISLNK(st.st_mode) ? ELOOP : EEXIST;
}

/* "@path@end", NULL when there is no memory. */
static char *beside(const char *path, const char *end)
{
	size_t room = strlen(path) + strlen(end) + 1;
	char *name = malloc(room);

	if (name)
		snprintf(name, room, "%s%s", path, end);
	return name;
}

/* May what is at @w->path make room, and shall it be kept? Returns 0, or -1 with errno. */
static int make_room(struct lkst_writer *w, int flags)
{
	enum content there = content_of(w->path);
	struct stat st;

	if (flags & LKST_WRITER_FORCE && !lstat(w->path, &st) && S_ISREG(st.st_mode))
		return 0;
	errno = why_not(w->path);
	if (there == OTHER)
		return -1;
	if (there == EMPTY)
		return 0;
	w->old = beside(w->path, ".old");
	if (!w->old)
		return -1;
	errno = ENOTUNIQ;
	return !lstat(w->old, &st) && content_of(w->old) == OTHER ? -1 : 0;
}

static int create(struct lkst_writer *w, const char *path, int flags)
{
	char end[32];
	int fd;

	w->path = strdup(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0 || errno != EEXIST)
		return fd;
	if (is_stream(path))
		return open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (make_room(w, flags))
		return -1;
	snprintf(end, sizeof(end), ".new-%d", (int)getpid());
	w->temp = beside(path, end);
	if (!w->temp)
		return -1;
	return open(w->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

/* Writes all or nothing; nothing means that the file is cut back to what it was. */
static int append(struct lkst_writer *w, struct iovec *iov, int count)
{
	size_t done = 0;
	ssize_t n;
	int error;

	while (count) {
		errno = EINTR;
		n = w->given_up ? -1 : writev(w->fd, iov, count);
		if (n < 0 && errno == EINTR && !w->given_up) {
			w->given_up = w->may_give_up && w->may_give_up();
			continue;
		}
		if (n <= 0)
			break;
		done += (size_t)n;
		while (count && (size_t)n >= iov->iov_len) {
			n -= (ssize_t)iov->iov_len;
			iov++;
			count--;
		}
		if (count) {
			iov->iov_base = (char *)iov->iov_base + n;
			iov->iov_len -= (size_t)n;
		}
	}
	if (!count) {
		w->size += done;
		return 0;
	}
	error = n ? errno : ENOSPC;
	if (done && w->seekable && (ftruncate(w->fd, (off_t)w->size) || lseek(w->fd, (off_t)w->size, SEEK_SET) < 0))
		w->size += done;	/* the torn packet stays; readers find the next one by its magic */
	errno = error;
	return -1;
}

static lkst_u32 checksum(const struct lkst_packet *packet, const void *payload, size_t bytes, size_t zeros)
{
	static const char zero[512];
	struct lkst_packet head = *packet;
	lkst_u32 crc;
	size_t n;

	head.crc = 0;
	crc = lkst_crc32c(lkst_crc32c(0, &head, sizeof(head)), payload, bytes);
	for (; zeros; zeros -= n) {
		n = zeros < sizeof(zero) ? zeros : sizeof(zero);
		crc = lkst_crc32c(crc, zero, n);
	}
	return crc;
}

/* A comment without a line: readers pass over it. Its payload is zeros. */
static void make_filler(struct lkst_packet *filler, size_t size)
{
	memset(filler, 0, sizeof(*filler));
	filler->magic = LKST_PACKET_MAGIC;
	filler->type = LKST_PKT_COMMENT;
	filler->size = (lkst_u32)size;
	filler->crc = checksum(filler, NULL, 0, size - sizeof(*filler));
}

/* The header and, where it can be written over later, the reserve. */
static int write_header(struct lkst_writer *w, struct lkst_file_header *header)
{
	static const char zero[RESERVE];
	struct lkst_packet filler;
	struct iovec iov[3] = {
		{ header, sizeof(*header) }, { &filler, sizeof(filler) }, { (void *)zero, RESERVE - sizeof(filler) },
	};

	memcpy(header->magic, LKST_FILE_MAGIC, sizeof(header->magic));
	header->version = LKST_FILE_VERSION;
	header->header_size = sizeof(*header);
	header->crc = 0;
	header->crc = lkst_crc32c(0, header, sizeof(*header));
	make_filler(&filler, RESERVE);
	if (append(w, iov, w->seekable ? 3 : 1))
		return -1;
	w->reserve_at = sizeof(*header);
	w->reserve = w->seekable ? RESERVE : 0;
	return 0;
}

/* Made and not committed: to be removed at exit(3) after an error. */
static struct lkst_writer *uncommitted;

static void abandon_at_exit(void)
{
	if (uncommitted)
		lkst_writer_abandon(uncommitted);
}

int lkst_writer_open(struct lkst_writer *w, const char *path, int flags, struct lkst_file_header *header)
{
	static int registered;
	struct stat st;
	int error;

	memset(w, 0, sizeof(*w));
	/* A limit on the size of files is an error like a full disk, not the end. */
	signal(SIGXFSZ, SIG_IGN);
	w->fd = strcmp(path, "-") ? create(w, path, flags) : dup(STDOUT_FILENO);
	if (w->fd >= 0) {
		fcntl(w->fd, F_SETFD, FD_CLOEXEC);
		w->seekable = strcmp(path, "-") && !fstat(w->fd, &st) && S_ISREG(st.st_mode);
		if (!registered)
			registered = !atexit(abandon_at_exit);
		uncommitted = w;
		if (!write_header(w, header))
			return 0;
	}
	error = errno;
	lkst_writer_abandon(w);
	errno = error;
	return -1;
}

/* A new inode took its place: who still reads the old trace keeps it. */
int lkst_writer_commit(struct lkst_writer *w)
{
	int error;

	if (w->old && rename(w->path, w->old) && errno != ENOENT)
		return -1;
	if (w->temp && rename(w->temp, w->path)) {
		error = errno;
		if (w->old)
			rename(w->old, w->path);
		errno = error;
		return -1;
	}
	free(w->temp);
	w->temp = NULL;
	uncommitted = NULL;
	return 0;
}

void lkst_writer_abandon(struct lkst_writer *w)
{
	if (w->fd >= 0)
		close(w->fd);
	if (w->fd >= 0 && w->seekable)
		unlink(w->temp ? w->temp : w->path);
	w->fd = -1;
	free(w->temp);
	free(w->old);
	free(w->path);
	w->temp = w->old = w->path = NULL;
	uncommitted = NULL;
}

static int drop(struct lkst_writer *w, const struct lkst_packet *packet, int error)
{
	w->dropped_packets++;
	w->dropped_records += packet->records;
	w->error = w->why = error;
	errno = error;
	return -1;
}

/* Over the beginning of the reserve, together with the head of a shorter filler behind it; END always finds room. */
static int use_reserve(struct lkst_writer *w, struct iovec *iov, unsigned int type, size_t size)
{
	size_t keep = type == LKST_PKT_END ? 0 : 2 * sizeof(struct lkst_packet);
	struct lkst_packet filler;
	struct iovec all[4] = { iov[0], iov[1], iov[2], { &filler, sizeof(filler) } };
	int error, seekable = w->seekable;
	lkst_u64 end = w->size;

	if (!w->ending || w->reserve < size + keep)
		return -1;
	w->reserve -= size;
	if (w->reserve)
		make_filler(&filler, w->reserve);
	w->seekable = 0;	/* in the midst of the file nothing is ever cut off */
	error = lseek(w->fd, (off_t)w->reserve_at, SEEK_SET) < 0 || append(w, all, w->reserve ? 4 : 3);
	w->reserve_at += size;
	w->seekable = seekable;
	w->size = end;
	return lseek(w->fd, (off_t)end, SEEK_SET) < 0 || error ? -1 : 0;
}

int lkst_writer_packet(struct lkst_writer *w, struct lkst_packet *packet, const void *payload, size_t bytes)
{
	static const char zero[8];
	size_t pad = -bytes & 7;
	struct iovec iov[3] = {
		{ packet, sizeof(*packet) }, { (void *)payload, bytes }, { (void *)zero, pad },
	}, whole[3];
	int error;

	memcpy(whole, iov, sizeof(whole));	/* append() eats what it is given */
	if (bytes + pad + sizeof(*packet) > LKST_MAX_PACKET)
		return drop(w, packet, EMSGSIZE);
	if (w->fd < 0)
		return drop(w, packet, EBADF);
	if (w->error && !w->ending && lkst_now_ms() < w->retry_ms)
		return drop(w, packet, w->error);
	packet->magic = LKST_PACKET_MAGIC;
	packet->size = (lkst_u32)(sizeof(*packet) + bytes + pad);
	packet->crc = checksum(packet, payload, bytes, pad);
	if (append(w, iov, 3)) {
		error = errno;
		if (use_reserve(w, whole, packet->type, packet->size)) {
			w->retry_ms = lkst_now_ms() + RETRY_MS;
			return drop(w, packet, error);
		}
	}
	w->error = 0;
	w->packets++;
	w->records += packet->records;
	return 0;
}

void lkst_writer_ending(struct lkst_writer *w)
{
	w->ending = 1;
}

int lkst_writer_close(struct lkst_writer *w)
{
	struct lkst_packet end = { .type = LKST_PKT_END, .seq = w->text_packets };
	int error = 0;

	lkst_writer_ending(w);
	if (lkst_writer_packet(w, &end, NULL, 0))
		error = errno;
	if (w->seekable && fsync(w->fd) && !error && errno != EINVAL)
		error = errno;
	if (close(w->fd) && !error)
		error = errno;
	w->fd = -1;
	free(w->old);
	free(w->path);
	w->old = w->path = NULL;
	errno = error;
	return error ? -1 : 0;
}

void lkst_text_begin(struct lkst_text *t, struct lkst_writer *w, unsigned int type)
{
	t->w = w;
	t->type = type;
	t->used = 0;
}

void lkst_text_line(struct lkst_text *t, const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	int i, len;

	va_start(ap, fmt);
	len = vsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	if (len > (int)sizeof(line) - 2)
		len = sizeof(line) - 2;
	for (i = 0; i < len; i++)
		if (((unsigned char)line[i] < ' ' && line[i] != '\t') || line[i] == 0x7f)
			line[i] = '?';
	line[len++] = '\n';
	if (t->used + (unsigned int)len > sizeof(t->buf))
		lkst_text_end(t);
	memcpy(t->buf + t->used, line, (size_t)len);
	t->used += (unsigned int)len;
}

void lkst_text_end(struct lkst_text *t)
{
	struct lkst_packet packet = { .type = (lkst_u16)t->type, .seq = t->w->text_packets };

	if (t->used && t->w->sink)
		t->w->sink(t->w->sink_data, t->type, t->buf, t->used);
	else if (t->used && !lkst_writer_packet(t->w, &packet, t->buf, t->used))
		t->w->text_packets++;
	t->used = 0;
}
