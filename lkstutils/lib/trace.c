// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * trace.c - opens the files of a recording; trace-scan.c reads them through, merge.c delivers their events.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "crc32c.h"
#include "stream.h"
#include "trace.h"

#define ERROR_SIZE	512

static int __attribute__((format(printf, 2, 3))) fail(char *error, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(error, ERROR_SIZE, fmt, ap);
	va_end(ap);
	return -1;
}

static void end_string(char *text, size_t size)
{
	size_t i;

	text[size - 1] = 0;
	for (i = 0; text[i]; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			text[i] = '?';
}

/* Returns 0 with file->good_header set or not, -1 when the file cannot be used at all. */
static int read_header(struct lkst_trace_file *file, char *error)
{
	struct lkst_file_header *h = &file->header, copy;
	ssize_t n = pread(file->fd, h, sizeof(*h), 0);

	if (n < 0)
		return fail(error, "reading %s: %s", file->path, strerror(errno));
	if (n < (ssize_t)sizeof(*h) || memcmp(h->magic, LKST_FILE_MAGIC, sizeof(h->magic)))
		return 0;
	copy = *h;
	copy.crc = 0;
	if (lkst_crc32c(0, &copy, sizeof(copy)) != h->crc)
		return 0;
	if (h->version > LKST_FILE_VERSION)
		return fail(error,
			    "reading %s: it has format version %u, this program reads up to %u (use a newer lkstutils)",
			    file->path, h->version, LKST_FILE_VERSION);
	file->good_header = h->header_size == sizeof(*h) && h->tick_hz && h->tick_hz < 1ULL << 62;
	end_string(h->machine, sizeof(h->machine));
	end_string(h->release, sizeof(h->release));
	end_string(h->kernel, sizeof(h->kernel));
	end_string(h->host, sizeof(h->host));
	return 0;
}

/* Standard input, which can be read once only, as a file without a name. Returns its descriptor, -1 with @error set. */
static int spool(char *error)
{
	const char *dir = getenv("TMPDIR");
	static char block[1 << 16];
	char name[4096];
	ssize_t n, done, wrote;
	int fd;

	if (isatty(STDIN_FILENO))
		return fail(error, "reading standard input: a terminal gives no trace (give files, or a trace by a pipe)");
	snprintf(name, sizeof(name), "%s/lkst-XXXXXX", dir && *dir ? dir : "/var/tmp");
	fd = mkstemp(name);
	if (fd < 0)
		return fail(error, "keeping standard input in %s: %s", name, strerror(errno));
	unlink(name);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	while ((n = read(STDIN_FILENO, block, sizeof(block))) && (n > 0 || errno == EINTR))
		for (done = 0; done < n; done += wrote) {
			wrote = write(fd, block + done, (size_t)(n - done));
			if (wrote <= 0)
				goto failed;
		}
	if (!n)
		return fd;
failed:
	fail(error, "keeping standard input in %s: %s (TMPDIR may name another directory)", name, strerror(errno));
	close(fd);
	return -1;
}

static int open_file(struct lkst_trace_file *file, const char *path, char *error)
{
	struct stat st;

	file->path = strcmp(path, "-") ? path : "standard input";
	file->fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : spool(error);
	if (file->fd < 0)
		return *error ? -1 : fail(error, "opening %s: %s", path, strerror(errno));
	if (fstat(file->fd, &st))
		return fail(error, "opening %s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(error,
			    "opening %s: it is not a regular file (traces are read twice; a pipe is read as standard "
			    "input, with the name -)",
			    path);
	file->size = (lkst_u64)st.st_size;
	if (file->size / 8 >> LKST_OFFSET_BITS)
		return fail(error, "opening %s: it has more than %llu bytes, the most that can be read", path,
			    8ULL << LKST_OFFSET_BITS);
	return read_header(file, error);
}

/* Files with a header by its time, the others last. */
static int by_time(const void *a, const void *b)
{
	const struct lkst_trace_file *x = a, *y = b;

	if (x->good_header != y->good_header)
		return y->good_header - x->good_header;
	if (x->good_header && x->header.ticks != y->header.ticks)
		return x->header.ticks < y->header.ticks ? -1 : 1;
	return strcmp(x->path, y->path);
}

/* Files of older versions, and those of 'lkst recover', do not say. */
static int has_boot(const struct lkst_trace_file *file)
{
	static const lkst_u8 unknown[sizeof(file->header.boot)];

	return file->good_header && memcmp(file->header.boot, unknown, sizeof(unknown));
}

/* Clocks begin anew with the machine. */
static int one_boot(const struct lkst_trace *trace, char *error)
{
	const struct lkst_trace_file *first = NULL, *f;

	for (f = trace->file; f < trace->file + trace->nr_files; f++) {
		if (!has_boot(f))
			continue;
		if (!first)
			first = f;
		else if (memcmp(first->header.boot, f->header.boot, sizeof(f->header.boot)))
			return fail(error, "reading %s: the machine was started anew between it and %s (give the "
				    "files of one recording)", f->path, first->path);
	}
	return 0;
}

static int one_machine(const struct lkst_trace_file *a, const struct lkst_trace_file *b, char *error)
{
	if (a->header.clock == b->header.clock && a->header.word_bits == b->header.word_bits &&
	    !strcmp(a->header.machine, b->header.machine) && !strcmp(a->header.release, b->header.release) &&
	    !strcmp(a->header.kernel, b->header.kernel) && !strcmp(a->header.host, b->header.host))
		return 0;
	return fail(error, "reading %s: it is of another machine or kernel than %s (give the files of one recording)",
		    b->path,
		    a->path);
}

static void fill_classes(struct lkst_trace *trace)
{
	static const lkst_u16 learn[] = { LKST_EV_PROCESS_FORK, LKST_EV_PROCESS_NAME };
	const struct lkst_event_desc *event;
	struct lkst_event_class *class;
	unsigned int id;

	for (id = 0; id < LKST_NR_EVENTS; id++) {
		class = &trace->class[id];
		event = lkst_event_by_id(id);
		class->id = (lkst_u16)id;
		class->wanted = 1;
		if (trace->foreign[id] || !event)
			class->id |= LKST_EV_FOREIGN;
		if (trace->foreign[id])
			event = trace->foreign[id];
		class->units = event ? event->units : 0;
	}
	for (id = 0; id < sizeof(learn) / sizeof(learn[0]); id++)
		trace->class[learn[id]].learn = !trace->foreign[learn[id]];
}

static int scan_all(struct lkst_trace *trace, char *error)
{
	struct lkst_trace_file *file;
	unsigned int i;
	int err;

	for (i = 0; i < trace->nr_files; i++) {
		file = &trace->file[i];
		err = lkst_trace_scan(trace, i);
		if (err)
			return fail(error, "reading %s: %s", file->path, strerror(err));
		if (file->good_header)
			lkst_clock_add(&trace->clock, file->header.ticks, file->header.mono_ns, file->header.real_ns);
		if (!file->closed) {
			trace->report.torn++;
			trace->report.torn_file = file->path;
		}
		trace->report.bytes += file->size;
	}
	if (!trace->file[0].good_header && !trace->report.packets)
		return fail(error, "reading %s: it is not an LKST trace", trace->file[0].path);
	trace->header = trace->file[0].header;
	if (!trace->file[0].good_header) {
		memset(&trace->header, 0, sizeof(trace->header));
		trace->header.tick_hz = 1000000000;
		trace->report.no_header = 1;
	}
	trace->names.release = trace->header.release;
	return 0;
}

static int open_all(struct lkst_trace *trace, const char *const *path, unsigned int count, char *error)
{
	unsigned int i;

	if (count > 1U << LKST_FILE_BITS)
		return fail(error, "opening %u files: %u are the most", count, 1U << LKST_FILE_BITS);
	for (i = 0; i < count; i++)
		if (open_file(&trace->file[i], path[i], error))
			return -1;
	qsort(trace->file, count, sizeof(*trace->file), by_time);
	for (i = 1; i < count; i++)
		if (trace->file[i].good_header && one_machine(&trace->file[0], &trace->file[i], error))
			return -1;
	if (one_boot(trace, error))
		return -1;
	return scan_all(trace, error);
}

struct lkst_trace *lkst_trace_open(const char *const *path, unsigned int count, char *error)
{
	struct lkst_trace *trace = lkst_xmalloc(sizeof(*trace));
	unsigned int i;

	trace->file = lkst_xmalloc(count * sizeof(*trace->file));
	trace->nr_files = count;
	for (i = 0; i < count; i++)
		trace->file[i].fd = -1;
	*error = 0;
	lkst_index_start(trace);
	if (open_all(trace, path, count, error)) {
		lkst_trace_close(trace);
		return NULL;
	}
	lkst_clock_ready(&trace->clock, trace->header.tick_hz);
	fill_classes(trace);
	lkst_merge_start(trace);
	trace->stop_at = ~0ULL;
	return trace;
}

void lkst_trace_want(struct lkst_trace *trace, const lkst_u16 *id)
{
	unsigned int i;

	for (i = 0; i < LKST_NR_EVENTS; i++)
		trace->class[i].wanted = !id;
	for (; id && *id; id++)
		if (!(trace->class[*id].id & LKST_EV_FOREIGN))
			trace->class[*id].wanted = 1;
}

const struct lkst_event_desc *lkst_trace_event_desc(const struct lkst_trace *trace, unsigned int id)
{
	if (id & LKST_EV_FOREIGN)
		return trace->foreign[id & (LKST_NR_EVENTS - 1)];
	return lkst_event_by_id(id);
}

int lkst_trace_flawed(const struct lkst_trace *trace)
{
	const struct lkst_trace_report *r = &trace->report;

	return r->damages || r->torn || r->malformed || r->disorder || r->lost || r->unwritten || r->missing;
}

void lkst_trace_close(struct lkst_trace *trace)
{
	unsigned int i;

	if (!trace)
		return;
	lkst_merge_stop(trace);
	for (i = 0; i < trace->nr_files; i++)
		if (trace->file[i].fd >= 0)
			close(trace->file[i].fd);
	for (i = 0; i < LKST_NR_EVENTS; i++)
		free(trace->foreign[i]);
	free(trace->file);
	lkst_map_free(&trace->streams);
	lkst_map_free(&trace->final_lost);
	lkst_clock_free(&trace->clock);
	lkst_names_free(&trace->names);
	free(trace);
}
