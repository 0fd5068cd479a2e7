// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * recording.c - one trace file from its header to its end.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "cli.h"
#include "device.h"
#include "dump.h"
#include "recording.h"
#include "subbuf.h"

/*
 * Where the kernel text addresses of an event's arguments stand, and those of locks and wait queues, of which static
 * ones have a symbol; built once from the catalogue.
 */
#define MAX_TEXT_ARGS	2
#define SYNC_MS		10000
static unsigned char text_args[LKST_NR_EVENTS];
static const struct lkst_arg_desc *text_arg[LKST_NR_EVENTS][MAX_TEXT_ARGS];

/* The kernel's image and its modules on x86-64. Elsewhere what is static lies where all memory does. */
#define IMAGE	0xffffffff80000000ULL

/* Measures go by these objects; they are the first argument. */
static int has_object(unsigned int event)
{
	return event == LKST_EV_LOCK_WAIT_BEGIN || event == LKST_EV_LOCK_ACQUIRE || event == LKST_EV_PROCESS_ADD_WQ;
}

static void find_text_args(void)
{
	unsigned int i, a, count;
	const struct lkst_event_desc *e = lkst_catalogue(&count);

	if (text_args[LKST_EV_INTERRUPT_ENTRY])
		return;
	for (i = 0; i < count; i++, e++)
		for (a = 0; a < e->nr_args; a++)
			if ((e->arg[a].unit == LKST_UNIT_text || (!a && has_object(e->id))) &&
			    text_args[e->id] < MAX_TEXT_ARGS)
				text_arg[e->id][text_args[e->id]++] = &e->arg[a];
}

static struct lkst_account *account_of(struct lkst_recording *r, lkst_u32 cpu)
{
	unsigned int i;

	for (i = 0; i < r->nr_accounts; i++)
		if (r->account[i].cpu == cpu)
			return &r->account[i];
	r->account = lkst_xrealloc(r->account, (r->nr_accounts + 1) * sizeof(*r->account));
	memset(&r->account[i], 0, sizeof(*r->account));
	r->account[i].cpu = cpu;
	r->nr_accounts++;
	return &r->account[i];
}

static void reset_counts(struct lkst_recording *r)
{
	struct lkst_account *a;

	for (a = r->account; a < r->account + r->nr_accounts; a++) {
		a->lost_before += a->lost;
		a->overwritten_before += a->overwritten;
		a->read = a->lost = a->overwritten = 0;
	}
	memset(r->count, 0, sizeof(r->count));
	lkst_text_free(&r->text);
}

int lkst_recording_begin(struct lkst_recording *r, int ctl, lkst_u32 buffer, const char *path, int flags)
{
	struct lkst_file_header header;
	struct lkst_info info;
	int error;

	find_text_args();
	r->ctl = ctl;
	r->buffer = buffer;
	lkst_request(ctl, LKST_IOC_INFO, &info, "asking the module for its clock");
	lkst_dump_header(&header, &info);
	if (lkst_writer_open(&r->w, path, flags, &header))
		return -1;
	reset_counts(r);
	lkst_dump_comment(&r->w, "version", LKST_VERSION);
	lkst_dump_events(&r->w);
	lkst_dump_clock(&r->w, &info);
	lkst_dump_state(&r->w, ctl);
	/* Names and clock are not to be had later: better no file than one without them. */
	if (r->w.dropped_packets || (!(flags & LKST_WRITER_LATE) && lkst_writer_commit(&r->w))) {
		error = r->w.dropped_packets ? r->w.why : errno;
		lkst_writer_abandon(&r->w);
		errno = error;
		return -1;
	}
	r->synced = 0;
	r->sync_ms = lkst_now_ms() + SYNC_MS;
	return 0;
}

void lkst_recording_die(const char *path, int error)
{
	if (error == EEXIST)
		lkst_die(LKST_EXIT_FAILED, "writing '%s': there is a file that is not a trace (choose another name, or --force)",
			 path);
	if (error == ENOTUNIQ)
		lkst_die(LKST_EXIT_FAILED, "writing '%s': the trace that is there would become '%s.old', where there is a file that is "
			 "not a trace (choose another name, or --force)", path, path);
	if (error == ELOOP)
		lkst_die(LKST_EXIT_FAILED, "writing '%s': it is a symbolic link (give the name of the file itself)", path);
	lkst_die(LKST_EXIT_FAILED, "writing '%s': %s", path, strerror(error));
}

static void tell_dropped(struct lkst_recording *r)
{
	lkst_u64 written = r->w.text_packets;
	char text[128];

	if (!r->dropped)
		return;
	snprintf(text, sizeof(text), "%llu records could not be written: %s", r->dropped, strerror(r->why));
	lkst_dump_comment(&r->w, "dropped", text);
	if (r->w.text_packets != written)
		r->dropped = 0;
}

/* A file that is cut short by kill -9 or a crash is to have its clock and its symbols too. */
static void sync_now_and_then(struct lkst_recording *r)
{
	struct lkst_info info;

	if (lkst_now_ms() < r->sync_ms)
		return;
	if (!lkst_ioctl(r->ctl, LKST_IOC_INFO, &info))
		lkst_dump_clock(&r->w, &info);
	if (r->text.used != r->synced)
		lkst_dump_symbols(&r->w, &r->text);
	r->synced = r->text.used;
	r->sync_ms = lkst_now_ms() + SYNC_MS;
}

void lkst_recording_drop(struct lkst_recording *r, const struct lkst_packet *packet, int why)
{
	r->dropped += packet->records;
	r->why = why;
}

static void keep_address(struct lkst_recording *r, const struct lkst_arg_desc *arg, lkst_u64 value)
{
	if (arg->unit == LKST_UNIT_text || value >= IMAGE)
		lkst_text_add(&r->text, value);
}

void lkst_recording_packet(void *data, struct lkst_packet *packet)
{
	static struct lkst_text met;
	struct lkst_recording *r = data;
	struct lkst_cursor c;
	unsigned int a;

	if (lkst_writer_packet(&r->w, packet, packet + 1, packet->size - sizeof(*packet))) {
		lkst_recording_drop(r, packet, r->w.why);
		return;
	}
	account_of(r, packet->cpu)->read += packet->records;
	lkst_text_begin(&met, &r->w, LKST_PKT_TASKS);
	for (lkst_cursor_start(&c, packet); lkst_cursor_next(&c);) {
		r->count[c.event]++;
		lkst_dump_new_task(&met, c.pid);
		for (a = 0; a < text_args[c.event]; a++)
			if (text_arg[c.event][a]->word < c.units)
				keep_address(r, text_arg[c.event][a], lkst_arg_value(text_arg[c.event][a], c.args));
	}
	lkst_text_end(&met);
	tell_dropped(r);
	sync_now_and_then(r);
}

/* The module counts since the buffer was created; what earlier files of this recording told already is left out. */
static void take_accounts(struct lkst_recording *r)
{
	struct lkst_cpu_stats stats;
	struct lkst_account *a;

	memset(&stats, 0, sizeof(stats));
	stats.buffer = r->buffer;
	for (; !lkst_ioctl(r->ctl, LKST_IOC_CPU_STATS, &stats); stats.cpu++) {
		if (r->only_cpu >= 0 && stats.cpu != (lkst_u32)r->only_cpu)
			continue;
		a = account_of(r, stats.cpu);
		a->lost = stats.lost - a->lost_before;
		a->overwritten = stats.overwritten - a->overwritten_before;
	}
	memset(&r->total, 0, sizeof(r->total));
	for (a = r->account; a < r->account + r->nr_accounts; a++) {
		r->total.read += a->read;
		r->total.lost += a->lost;
		r->total.overwritten += a->overwritten;
	}
}

int lkst_recording_end(struct lkst_recording *r)
{
	struct lkst_account *a;
	struct lkst_info info;
	struct lkst_text t;

	/* What matters most comes first: on a full disk there is little room. */
	lkst_writer_ending(&r->w);
	tell_dropped(r);
	lkst_request(r->ctl, LKST_IOC_INFO, &info, "asking the module for its clock");
	lkst_dump_clock(&r->w, &info);
	take_accounts(r);
	lkst_text_begin(&t, &r->w, LKST_PKT_ACCOUNTS);
	/* Since the buffer was made, as in the headers of packets: what the last of them cannot tell is the difference. */
	for (a = r->account; a < r->account + r->nr_accounts; a++)
		lkst_text_line(&t, "%u\t%llu\t%llu\t%llu", a->cpu, a->read, a->lost_before + a->lost,
			       a->overwritten_before + a->overwritten);
	lkst_text_end(&t);
	lkst_dump_tasks(&r->w);
	lkst_dump_modules(&r->w);
	lkst_dump_probes(&r->w, r->ctl);
	r->kept = !!r->w.old;
	r->hidden = !lkst_dump_symbols(&r->w, &r->text) && r->text.used;
	return lkst_writer_close(&r->w);
}

void lkst_recording_free(struct lkst_recording *r)
{
	lkst_text_free(&r->text);
	free(r->account);
	r->account = NULL;
	r->nr_accounts = 0;
}

static const lkst_u64 *counts;

static int by_count(const void *a, const void *b)
{
	lkst_u64 x = counts[*(const unsigned short *)a], y = counts[*(const unsigned short *)b];

	return x > y ? -1 : x < y;
}

/* A screenful: with all events there are close to a hundred kinds. */
#define KINDS_SHOWN	12

static void print_counts(const struct lkst_recording *r)
{
	unsigned short order[LKST_NR_EVENTS];
	const struct lkst_event_desc *e;
	unsigned int i, n = 0;

	for (i = 0; i < LKST_NR_EVENTS; i++)
		if (r->count[i])
			order[n++] = (unsigned short)i;
	counts = r->count;
	qsort(order, n, sizeof(order[0]), by_count);
	for (i = 0; i < n && i < KINDS_SHOWN; i++) {
		e = lkst_event_by_id(order[i]);
		fprintf(stderr, "%12llu  %s\n", r->count[order[i]], e ? e->name : "?");
	}
	if (i < n)
		fprintf(stderr, "              and %u more kinds of events ('lkstla count' tells all)\n", n - i);
}

static void warn_losses(const struct lkst_recording *r, const char *path, int overwriting)
{
	if (r->total.lost)
		lkst_warn("%llu records found no room in the buffer (make it larger, or record less)", r->total.lost);
	if (!overwriting && r->total.overwritten)
		lkst_warn("%llu records were overwritten before they were read", r->total.overwritten);
	if (r->w.dropped_records)
		lkst_warn("writing '%s': %s: %llu records could not be written", path, strerror(r->why), r->w.dropped_records);
	if (r->hidden)
		lkst_warn("the kernel hides its symbols (kernel.kptr_restrict): functions stay numbers");
}

int lkst_recording_summary(const struct lkst_recording *r, const char *path, int overwriting, int quiet)
{
	lkst_u64 lost = r->total.lost + r->w.dropped_records + (overwriting ? 0 : r->total.overwritten);

	if (!quiet) {
		print_counts(r);
		fprintf(stderr, "%12llu  records in %llu bytes", r->total.read, r->w.size);
		if (overwriting)
			fprintf(stderr, ", %llu older ones overwritten", r->total.overwritten);
		fprintf(stderr, ", %llu lost\n", lost);
	}
	warn_losses(r, path, overwriting);
	if (!quiet && r->kept)
		fprintf(stderr, "The trace that was there before is %s.old now.\n", path);
	if (!quiet && strcmp(path, "-"))
		fprintf(stderr, "File: %s\nLook at it: lkstla print %s\n", path, path);
	return lost ? LKST_EXIT_LOSSES : LKST_EXIT_DONE;
}
