// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-engine.c - the loop over the events of a trace, for one measure or for several side by side.
 */
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "la.h"
#include "pieces.h"

#define WORTH_IT	(4ULL << 20)	/* bytes of records: less takes no time */

int la_threads;

struct progress {
	const struct lkst_trace *trace;
	int on;
	lkst_u64 start, shown, calls;
};

lkst_u64 la_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (lkst_u64)ts.tv_sec * 1000000000 + (lkst_u64)ts.tv_nsec;
}

/* A bar from the second second on, ten times a second. */
static void progress(void *progress)
{
	static const char bar[] = "########################################";
	struct progress *p = progress;
	const struct lkst_trace *trace = p->trace;
	lkst_u64 now, done = trace->bytes_read, all = trace->bytes_records ? trace->bytes_records : 1;

	if (!p->on || (++p->calls & 255))
		return;
	now = la_now();
	if (now - p->start < 1000000000 || now - p->shown < 100000000)
		return;
	p->shown = now;
	fprintf(stderr, "\r%s [%-40.*s] %3u %%", lkst_program, (int)(done * 40.0 / all), bar,
		(unsigned int)(done * 100.0 / all));
	fflush(stderr);
}

void la_loss(struct la *la, const struct lkst_event *event)
{
	lkst_pairs_cut(&la->pairs, la->pairs_stay ? (int)event->cpu : -1);
	if (la->measure->value != LA_OWN)
		lkst_map_free(&la->lengths);
	if (la->measure->loss)
		la->measure->loss(la, event);
}

static void add_wanted(struct la_wanted *wanted, const lkst_u16 *id, lkst_u32 bit)
{
	for (; *id; id++)
		wanted->by[*id] |= bit;
}

void la_find_wanted(struct la_wanted *wanted, struct la *const *la, unsigned int nr)
{
	unsigned int i;

	memset(wanted, 0, sizeof(*wanted));
	for (i = 0; i < nr; i++) {
		if (!la[i]->measure->needs[0])
			wanted->all |= 1U << i;
		add_wanted(wanted, la[i]->measure->needs, 1U << i);
		add_wanted(wanted, la[i]->measure->also, 1U << i);
	}
}

void la_batch_each(struct la *const *la, unsigned int nr, const struct la_wanted *wanted, lkst_u32 mask,
		   struct la_split *split, const struct lkst_event *event, unsigned int n, lkst_u64 *took)
{
	unsigned int count[LA_MAX_RUN] = { 0 }, i;
	lkst_u64 before = 0, after;
	lkst_u32 by;

	for (; n--; event++) {
		for (by = la_wanted_by(wanted, event) & mask; by; by &= by - 1) {
			i = (unsigned int)__builtin_ctz(by);
			split->part[i][count[i]++] = *event;
		}
	}
	if (took)
		before = la_now();
	for (i = 0; i < nr; i++) {
		if (!count[i])
			continue;
		la[i]->measure->batch(la[i], split->part[i], count[i]);
		if (took) {
			after = la_now();
			took[i] += after - before;
			before = after;
		}
	}
}

static void run_alone(struct la *const *la, unsigned int nr, struct progress *p)
{
	struct la_split *split = nr > 1 ? lkst_xmalloc(sizeof(*split)) : NULL;
	struct lkst_trace *trace = la[0]->trace;
	const struct lkst_event *event;
	struct la_wanted wanted;
	unsigned int n, i;

	la_find_wanted(&wanted, la, nr);
	while ((n = lkst_trace_next(trace, &event))) {
		if (event->id >= LKST_EV_LOSS_BEGIN)
			for (i = 0; i < nr; i++)
				la_loss(la[i], event);
		else if (split)
			la_batch_each(la, nr, &wanted, ~0U, split, event, n, NULL);
		else
			la[0]->measure->batch(la[0], event, n);
		progress(p);
	}
	free(split);
}

/* ---- the second thread ---- */

static pthread_t second;

static int start_second(void *(*work)(void *), void *arg)
{
	return pthread_create(&second, NULL, work, arg) ? -1 : 0;
}

static void wait_for_second(void)
{
	pthread_join(second, NULL);
}

const struct lkst_helper *la_helper(void)
{
	static const struct lkst_helper helper = { start_second, wait_for_second };
	static int known, there;
	cpu_set_t cpus;

	if (!known)
		there = la_threads && !sched_getaffinity(0, sizeof(cpus), &cpus) && CPU_COUNT(&cpus) > 1;
	known = 1;
	return there ? &helper : NULL;
}

/* One list of several measures is one thing: no two may add to it at a time. */
static int two_threads(struct la *const *la, unsigned int nr)
{
	return la[0]->trace->bytes_records >= WORTH_IT && !(nr > 1 && la[0]->opt.list) && la_helper();
}

void la_run(struct la *const *la, unsigned int nr)
{
	struct lkst_trace *trace = la[0]->trace;
	struct progress p = { .trace = trace, .on = isatty(STDERR_FILENO), .start = la_now() };
	unsigned int i;

	/* Tables that are sorted when they are first asked: that is no time for two threads. */
	lkst_symbols_find(&trace->names.symbols, 0);
	lkst_symbols_find(&trace->names.modules, 0);
	for (i = 0; i < nr; i++)
		if (la[i]->measure->start)
			la[i]->measure->start(la[i]);
	if (!two_threads(la, nr) ||
	    (nr > 1 ? la_run_twins(la, nr, progress, &p) : la_run_threads(la[0], progress, &p)))
		run_alone(la, nr, &p);
	if (p.shown)
		fprintf(stderr, "\r%60s\r", "");
}

void la_want(struct lkst_trace *trace, struct la *const *la, unsigned int nr)
{
	struct la_wanted wanted;
	lkst_u16 id[LKST_NR_EVENTS + 1];
	unsigned int n = 0, i;

	la_find_wanted(&wanted, la, nr);
	if (wanted.all) {
		lkst_trace_want(trace, NULL);
		return;
	}
	for (i = 0; i < LKST_NR_EVENTS; i++)
		if (wanted.by[i])
			id[n++] = (lkst_u16)i;
	id[n] = 0;
	lkst_trace_want(trace, id);
}

void la_complain(const struct lkst_trace *trace)
{
	const struct lkst_trace_report *r = &trace->report;
	unsigned int i;

	for (i = 0; i < r->damages && i < LKST_NR_DAMAGES; i++)
		lkst_warn("reading %s: %llu bytes at byte %llu are no whole packet, left out", r->damage[i].file,
			  r->damage[i].bytes, r->damage[i].offset);
	if (r->damages > LKST_NR_DAMAGES)
		lkst_warn("reading: %llu more places like these, %llu bytes in all", r->damages - LKST_NR_DAMAGES,
			  r->skipped);
	if (r->no_header)
		lkst_warn("reading: no file has a whole header: times are only as good as the clock samples in the "
			  "trace");
	if (r->torn)
		lkst_warn("reading %s: its writer did not close it, what came last may be missing%s", r->torn_file,
			  r->torn > 1 ? " (and other files)" : "");
	if (r->malformed)
		lkst_warn("reading: %llu packets with records that cannot be, the rest of each was left out",
			  r->malformed);
	if (r->disorder)
		lkst_warn("reading: %llu records are older than the one before them on their CPU", r->disorder);
	if (r->lost)
		lkst_warn("reading: %llu records were lost when recording (give the buffer more room, or record fewer "
			  "events)", r->lost);
	if (r->unwritten)
		lkst_warn("reading: %llu records could not be written when recording, the disk was full or failed",
			  r->unwritten);
	if (r->missing)
		lkst_warn("reading: %llu sub-buffers are missing: overwritten, damaged, or in a file that was not "
			  "given", r->missing);
}

void la_give_back(struct la *la)
{
	struct la_group *group, *next;
	size_t i;

	for (i = 0; i < la->groups.size; i++)
		for (group = la->groups.used[i] ? (struct la_group *)(uintptr_t)la->groups.slot[i].value : NULL; group;
		     group = next) {
			next = group->next;
			lkst_stats_free(&group->stats);
			lkst_piece_free(group, sizeof(*group));
		}
	if (la->others)
		lkst_stats_free(&la->others->stats);
	lkst_piece_free(la->others, sizeof(*la->others));
	lkst_map_free(&la->groups);
	lkst_map_free(&la->key_match);
	lkst_map_free(&la->objects);
	lkst_map_free(&la->lengths);
	lkst_pairs_free(&la->pairs);
	free(la->object);
	free(la->own);
}
