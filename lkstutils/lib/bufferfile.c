// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * bufferfile.c - what a buffer holds now, into a trace file.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bufferfile.h"
#include "cli.h"
#include "device.h"
#include "drain.h"
#include "dump.h"
#include "recording.h"

static struct lkst_recording r;
static struct lkst_drain d;

/* What finds no room on the disk is better left where it is, for another try. */
static void take(void *data, struct lkst_packet *packet)
{
	lkst_recording_packet(data, packet);
	d.stop = !!r.w.error;
}

int lkst_buffer_to_file(const char *buffer, const char *path, int only_cpu, int flags, int quiet)
{
	struct lkst_buffer_info b;
	int fd, status;

	if (!strcmp(path, "-") && isatty(STDOUT_FILENO))
		lkst_usage_error("a trace is not for a terminal: give --output FILE");
	signal(SIGPIPE, SIG_IGN);
	fd = lkst_open(LKST_READ, 0);
	lkst_find_buffer(fd, buffer, &b);
	lkst_drain_open(&d, fd, b.id, only_cpu);
	r.only_cpu = only_cpu;
	if (lkst_recording_begin(&r, fd, b.id, path, flags))
		lkst_recording_die(path, errno);
	lkst_dump_comment(&r.w, "buffer", b.name);
	lkst_drain_all(&d, take, &r);
	if (lkst_recording_end(&r) && !r.w.dropped_records)
		lkst_die(LKST_EXIT_FAILED, "writing '%s': %s: the end of the trace is missing", path, strerror(errno));
	lkst_drain_close(&d);
	status = lkst_recording_summary(&r, path, b.mode == LKST_OVERWRITE, quiet);
	if (r.w.dropped_records)
		lkst_warn("what was not read yet is still in the buffer '%s'", b.name);
	lkst_recording_free(&r);
	return status;
}
