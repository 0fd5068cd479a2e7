// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-twins.c - several measures by two threads, each of which reads the trace for itself and has some of the measures.
 *
 * To read an event takes a fifth of what all measures do with it, and less than to fetch it from where another CPU has
 * just written it: half a microsecond for a line of cache, where this was written. So nothing goes from thread to
 * thread. Each measure sees all events in their order; the results are those of one thread.
 *
 * Both stop after the same record, now and then, for one to hand a measure to the other: what measures take is known
 * when they have run. The first records are measured by one thread, while the other passes over them.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "la.h"

#define FIRST	16384	/* records before measures are dealt out; that is mended after twice, 4 times as many... */
#define TIMED	8	/* of so many batches one is timed, but in the beginning */
#define SPINS	20000	/* looks for the other one before it sleeps: half a millisecond */

struct half {
	struct lkst_trace *trace;
	struct la_split *split;
	lkst_u32 mask;			/* bit n: la[n] is its */
	lkst_u64 batches;
	lkst_u64 times[LA_MAX_RUN];	/* ns since measures were dealt out, by measure */
	int ended;
};

struct twins {
	struct la *const *la;
	unsigned int nr;
	struct la_wanted wanted;
	struct half half[2];
	lkst_u32 all;			/* measures */

	pthread_mutex_t lock;
	pthread_cond_t change;
	unsigned int here;		/* those that wait */
	unsigned int meetings;		/* read without the lock, too */
	int over;			/* one has come to the end */
	void (*between)(void *arg);	/* the first one's */
	void *between_arg;
};

/* Up to where they meet, or to the end. */
static void read_on(struct twins *t, struct half *half)
{
	const struct lkst_event *event;
	lkst_u32 mask;
	unsigned int n;

	while ((n = lkst_trace_next(half->trace, &event))) {
		if (event->id >= LKST_EV_LOSS_BEGIN)
			for (mask = half->mask; mask; mask &= mask - 1)
				la_loss(t->la[__builtin_ctz(mask)], event);
		else
			la_batch_each(t->la, t->nr, &t->wanted, half->mask, half->split, event, n,
				      !t->meetings || half->batches++ % TIMED == 0 ? half->times : NULL);
		if (half == &t->half[0])
			t->between(t->between_arg);
	}
	half->ended = half->trace->report.records < half->trace->stop_at;
}

/* ---- dealing out ---- */

static lkst_u64 time_of(const struct twins *t, unsigned int i)
{
	return t->half[0].times[i] + t->half[1].times[i];
}

/* How long the one with more to do takes when the second has @theirs. */
static lkst_u64 longer(const struct twins *t, lkst_u32 theirs)
{
	lkst_u64 sum[2] = { 0 };
	unsigned int i;

	for (i = 0; i < t->nr; i++)
		sum[theirs >> i & 1] += time_of(t, i);
	return sum[0] > sum[1] ? sum[0] : sum[1];
}

/* The greatest first, each to the one that has less to do so far. */
static lkst_u32 deal(const struct twins *t)
{
	lkst_u64 ours = 0, theirs = 0;
	lkst_u32 rest = t->all, mask = 0;
	unsigned int i, most;

	for (; rest; rest &= ~(1U << most)) {
		for (most = 0, i = 0; i < t->nr; i++)
			if (rest >> i & 1 && (!(rest >> most & 1) || time_of(t, i) > time_of(t, most)))
				most = i;
		if (theirs < ours) {
			theirs += time_of(t, most);
			mask |= 1U << most;
		} else {
			ours += time_of(t, most);
		}
	}
	return mask;
}

/* One measure given away, or two exchanged, where that helps: what they have filled must come along line by line. */
static lkst_u32 mend(const struct twins *t, lkst_u32 theirs)
{
	lkst_u32 best = theirs, mask;
	unsigned int i, k;

	for (i = 0; i < t->nr; i++)
		for (k = i; k < t->nr; k++) {
			mask = theirs ^ (1U << i | 1U << k);
			if (longer(t, mask) < longer(t, best))
				best = mask;
		}
	return longer(t, best) < longer(t, theirs) / 20 * 19 ? best : theirs;
}

static void give_out(struct twins *t, lkst_u32 theirs)
{
	struct la *has[LA_MAX_RUN];
	struct half *half;
	unsigned int i, n;

	for (half = t->half; half < t->half + 2; half++) {
		half->mask = half == t->half ? t->all & ~theirs : theirs;
		for (i = 0, n = 0; i < t->nr; i++)
			if (half->mask >> i & 1) {
				t->la[i]->trace = half->trace;
				has[n++] = t->la[i];
			}
		la_want(half->trace, has, n);
		memset(half->times, 0, sizeof(half->times));
		half->trace->stop_at *= 2;
	}
}

/* ---- two threads ---- */

/* The last to come deals out; whose twin has come to the end goes on by itself. */
static void meet(struct twins *t)
{
	unsigned int meetings, i;

	pthread_mutex_lock(&t->lock);
	meetings = t->meetings;
	if (t->over) {
		t->half[0].trace->stop_at = t->half[1].trace->stop_at = ~0ULL;
	} else if (++t->here == 2) {
		give_out(t, meetings ? mend(t, t->half[1].mask) : deal(t));
		t->here = 0;
		__atomic_store_n(&t->meetings, meetings + 1, __ATOMIC_RELEASE);
		pthread_cond_broadcast(&t->change);
	} else {
		pthread_mutex_unlock(&t->lock);
		for (i = 0; i < SPINS && __atomic_load_n(&t->meetings, __ATOMIC_ACQUIRE) == meetings; i++)
			__builtin_ia32_pause();
		pthread_mutex_lock(&t->lock);
		while (t->meetings == meetings && !t->over)
			pthread_cond_wait(&t->change, &t->lock);
	}
	pthread_mutex_unlock(&t->lock);
}

static void read_all(struct twins *t, struct half *half)
{
	while (!half->ended) {
		read_on(t, half);
		if (!half->ended)
			meet(t);
	}
	pthread_mutex_lock(&t->lock);
	t->over = 1;
	pthread_cond_broadcast(&t->change);
	pthread_mutex_unlock(&t->lock);
}

static void *second(void *arg)
{
	struct twins *t = arg;

	read_all(t, &t->half[1]);
	return NULL;
}

static void set_up(struct twins *t, struct la *const *la, unsigned int nr)
{
	unsigned int i;
	int learns = 0;

	t->la = la;
	t->nr = nr;
	la_find_wanted(&t->wanted, la, nr);
	t->all = (lkst_u32)((1ULL << nr) - 1);
	for (i = 0; i < nr; i++)
		learns |= la_looks_at_names(la[i]);	/* names cost the second one memory and time */
	t->half[0].mask = t->all;
	t->half[0].trace = la[0]->trace;
	la[0]->trace->stop_at = FIRST;
	t->half[1].trace = lkst_trace_twin(la[0]->trace, learns);
	la_want(t->half[1].trace, NULL, 0);
	for (i = 0; i < 2; i++)
		t->half[i].split = lkst_xmalloc(sizeof(*t->half[i].split));
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->change, NULL);
}

int la_run_twins(struct la *const *la, unsigned int nr, void (*between)(void *), void *arg)
{
	struct twins *t = lkst_xmalloc(sizeof(*t));
	const struct lkst_helper *helper = la_helper();
	unsigned int i;
	int failed;

	set_up(t, la, nr);
	t->between = between;
	t->between_arg = arg;
	failed = helper->start(second, t);
	if (!failed) {
		read_all(t, &t->half[0]);
		helper->wait();
	}
	for (i = 0; i < nr; i++)
		la[i]->trace = t->half[0].trace;
	la[0]->trace->stop_at = ~0ULL;
	lkst_trace_close_twin(t->half[1].trace);
	for (i = 0; i < 2; i++)
		free(t->half[i].split);
	pthread_mutex_destroy(&t->lock);
	pthread_cond_destroy(&t->change);
	free(t);
	return failed;
}
