// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * writer.c - writes trace files. Knows nothing of where records come from.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "crc32c.h"
#include "device.h"
#include "writer.h"

#define RETRY_MS	1000	/* a full disk is tried again this often, not for every packet */

/* Is it nothing that anybody would miss: a trace, or empty? Devices and pipes never are. */
static int replaceable(const char *path)
{
	char magic[8];
	struct stat st;
	ssize_t got;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);

	if (fd < 0)
		return 0;
	got = fstat(fd, &st) || !S_ISREG(st.st_mode) ? -1 : read(fd, magic, sizeof(magic));
	close(fd);
	return got == 0 || (got == sizeof(magic) && !memcmp(magic, LKST_FILE_MAGIC, sizeof(magic)));
}

/* A new inode: who still reads the old trace keeps it, and a link does not lead elsewhere. */
static int create(const char *path, int flags)
{
	struct stat st;
	int fd;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0 || errno != EEXIST)
		return fd;
	if (!replaceable(path) && (!(flags & LKST_WRITER_FORCE) || lstat(path, &st) || !S_ISREG(st.st_mode))) {
		errno = EEXIST;
		return -1;
	}
	if (unlink(path))
		return -1;
	return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

/* Writes all or nothing; nothing means that the file is cut back to what it was. */
static int append(struct lkst_writer *w, struct iovec *iov, int count)
{
	size_t done = 0;
	ssize_t n;
	int error;

	while (count) {
		n = writev(w->fd, iov, count);
		if (n < 0 && errno == EINTR)
			continue;
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

int lkst_writer_open(struct lkst_writer *w, const char *path, int flags, struct lkst_file_header *header)
{
	struct iovec iov = { header, sizeof(*header) };
	struct stat st;
	int error;

	memset(w, 0, sizeof(*w));
	/* A limit on the size of files is an error like a full disk, not the end. */
	signal(SIGXFSZ, SIG_IGN);
	w->fd = strcmp(path, "-") ? create(path, flags) : dup(STDOUT_FILENO);
	if (w->fd < 0)
		return -1;
	fcntl(w->fd, F_SETFD, FD_CLOEXEC);
	w->seekable = strcmp(path, "-") && !fstat(w->fd, &st) && S_ISREG(st.st_mode);
	memcpy(header->magic, LKST_FILE_MAGIC, sizeof(header->magic));
	header->version = LKST_FILE_VERSION;
	header->header_size = sizeof(*header);
	header->crc = 0;
	header->crc = lkst_crc32c(0, header, sizeof(*header));
	if (!append(w, &iov, 1))
		return 0;
	error = errno;
	close(w->fd);
	w->fd = -1;
	if (w->seekable)
		unlink(path);
	errno = error;
	return -1;
}

static int drop(struct lkst_writer *w, const struct lkst_packet *packet, int error)
{
	w->dropped_packets++;
	w->dropped_records += packet->records;
	w->error = error;
	errno = error;
	return -1;
}

int lkst_writer_packet(struct lkst_writer *w, struct lkst_packet *packet, const void *payload, size_t bytes)
{
	static const char zero[8];
	size_t pad = -bytes & 7;
	struct iovec iov[3] = {
		{ packet, sizeof(*packet) }, { (void *)payload, bytes }, { (void *)zero, pad },
	};

	if (bytes + pad + sizeof(*packet) > LKST_MAX_PACKET)
		return drop(w, packet, EMSGSIZE);
	if (w->fd < 0)
		return drop(w, packet, EBADF);
	if (w->error && lkst_now_ms() < w->retry_ms)
		return drop(w, packet, w->error);
	packet->magic = LKST_PACKET_MAGIC;
	packet->size = (lkst_u32)(sizeof(*packet) + bytes + pad);
	packet->crc = 0;
	packet->crc = lkst_crc32c(lkst_crc32c(lkst_crc32c(0, packet, sizeof(*packet)), payload, bytes), zero, pad);
	if (append(w, iov, 3)) {
		w->retry_ms = lkst_now_ms() + RETRY_MS;
		return drop(w, packet, errno);
	}
	w->error = 0;
	w->packets++;
	w->records += packet->records;
	return 0;
}

int lkst_writer_close(struct lkst_writer *w)
{
	struct lkst_packet end = { .type = LKST_PKT_END, .seq = w->text_packets };
	int error = 0;

	w->retry_ms = 0;
	if (lkst_writer_packet(w, &end, NULL, 0))
		error = errno;
	if (w->seekable && fsync(w->fd) && !error && errno != EINVAL)
		error = errno;
	if (close(w->fd) && !error)
		error = errno;
	w->fd = -1;
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
