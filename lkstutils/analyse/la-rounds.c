// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-rounds.c - reading and measuring by two threads.
 *
 * Work is done in rounds. In a round one chunk of events is there for the measures and the next one is read; both
 * threads take one task after the other - to read, or to give the chunk to one measure - and meet at the end of the
 * round. So each measure sees all events in their order, and never runs twice at a time; with one measure reading and
 * measuring go side by side, with many of them they are shared out.
 *
 * The reader learns names of tasks from events as it delivers them, while some measures ask for names. Before it
 * learns (see lkst_trace.before_learning) these are given all that was read, so they see the names that they would see
 * with one thread. So a list is made at one thread's speed where tasks are made all the time; a table is not.
 *
 * Events are copied, arguments too: what the reader delivers is overwritten by its next packet.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "la.h"

/* Events: some ms of work, more than it takes to wake the other thread; with many measures fewer are that. */
#define CHUNK	16384
#define MANY	4

struct part {
	struct lkst_event *event;
	unsigned int n;
};

struct chunk {
	struct part part[LA_MAX_RUN];	/* by measure */
	unsigned int most;		/* events */
	lkst_u64 *arg;
	size_t args, room;		/* units */
	unsigned int n;
	struct lkst_event loss;		/* behind them all; id 0: none */
};

struct rounds {
	struct la *const *la;
	unsigned int nr;
	struct la_wanted wanted;
	struct chunk chunk[2];
	struct chunk *ready, *next;
	const struct lkst_event *pending;	/* read, not in a chunk yet */
	unsigned int nr_pending;
	int ended;				/* there is no more to read */

	pthread_mutex_t lock;
	pthread_cond_t change;
	unsigned int task, done;		/* task 0 is to read, order[n] is task n + 1 */
	unsigned int order[LA_MAX_RUN];		/* those that look at names first */
	unsigned int lookers, looked;		/* how many look at names, and have been given the chunk */
	unsigned int round;
	int over;
};

/* ---- reading ---- */

/* Room for @units more arguments of the next chunk? One that is empty is made larger. */
static int has_room(struct chunk *chunk, unsigned int events, size_t units)
{
	if (chunk->n + events > chunk->most)
		return 0;
	if (chunk->args + units <= chunk->room)
		return 1;
	if (chunk->n)
		return 0;
	chunk->room = 2 * units + 4 * CHUNK;
	chunk->arg = lkst_xrealloc(chunk->arg, chunk->room * sizeof(*chunk->arg));
	return 1;
}

static void copy_event(struct rounds *r, struct chunk *chunk, const struct lkst_event *event)
{
	lkst_u32 mask = la_wanted_by(&r->wanted, event);
	lkst_u64 *arg = chunk->arg + chunk->args;
	struct lkst_event copy = *event;
	struct part *part;

	memcpy(arg, event->arg, event->units * sizeof(*arg));
	chunk->args += event->units;
	copy.arg = arg;
	for (; mask; mask &= mask - 1) {
		part = &chunk->part[__builtin_ctz(mask)];
		part->event[part->n++] = copy;
	}
}

/* Returns 0 when the chunk is full, or a loss ends it. */
static int take_pending(struct rounds *r)
{
	struct chunk *chunk = r->next;
	const struct lkst_event *event = r->pending;
	size_t units = 0;
	unsigned int i;

	if (event->id >= LKST_EV_LOSS_BEGIN) {
		chunk->loss = *event;
		chunk->loss.arg = NULL;		/* the next one has its place */
		r->nr_pending = 0;
		return 0;
	}
	for (i = 0; i < r->nr_pending; i++)
		units += event[i].units;
	if (!has_room(chunk, r->nr_pending, units))
		return 0;
	for (i = 0; i < r->nr_pending; i++)
		copy_event(r, chunk, &event[i]);
	chunk->n += r->nr_pending;
	r->nr_pending = 0;
	return 1;
}

static void read_chunk(struct rounds *r)
{
	while (!r->ended) {
		if (!r->nr_pending) {
			r->nr_pending = lkst_trace_next(r->la[0]->trace, &r->pending);
			r->ended = !r->nr_pending;
			continue;
		}
		if (!take_pending(r))
			break;
	}
}

/* ---- measuring ---- */

static void empty(struct chunk *chunk)
{
	unsigned int i;

	for (i = 0; i < LA_MAX_RUN; i++)
		chunk->part[i].n = 0;
	chunk->n = 0;
	chunk->args = 0;
	chunk->loss.id = 0;
}

static void give(struct rounds *r, const struct chunk *chunk, unsigned int measure)
{
	const struct part *part = &chunk->part[measure];
	struct la *la = r->la[measure];

	if (part->n)
		la->measure->batch(la, part->event, part->n);
	if (chunk->loss.id)
		la_loss(la, &chunk->loss);
}

/* Takes tasks up to @last until there are none; called with the lock held. */
static void work(struct rounds *r, unsigned int last)
{
	unsigned int task;

	while (r->task <= last) {
		task = r->task++;
		pthread_mutex_unlock(&r->lock);
		if (task)
			give(r, r->ready, r->order[task - 1]);
		else
			read_chunk(r);
		pthread_mutex_lock(&r->lock);
		r->done++;
		r->looked += task && task <= r->lookers;
		pthread_cond_broadcast(&r->change);
	}
}

/* By the thread that reads: those that look at names get what was read before, then what the next chunk has so far. */
static void before_learning(void *rounds)
{
	struct rounds *r = rounds;
	unsigned int i;

	if (!r->lookers)
		return;
	pthread_mutex_lock(&r->lock);
	work(r, r->lookers);
	while (r->looked < r->lookers)
		pthread_cond_wait(&r->change, &r->lock);
	pthread_mutex_unlock(&r->lock);
	for (i = 0; i < r->lookers; i++) {
		give(r, r->next, r->order[i]);
		r->next->part[r->order[i]].n = 0;
	}
}

static void *help(void *rounds)
{
	struct rounds *r = rounds;
	unsigned int round = 0;

	pthread_mutex_lock(&r->lock);
	for (;;) {
		while (r->round == round && !r->over)
			pthread_cond_wait(&r->change, &r->lock);
		if (r->over)
			break;
		round = r->round;
		work(r, r->nr);
	}
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

static void one_round(struct rounds *r)
{
	struct chunk *measured = r->ready;

	pthread_mutex_lock(&r->lock);
	r->task = r->done = r->looked = 0;
	r->round++;
	pthread_cond_broadcast(&r->change);
	work(r, r->nr);
	while (r->done <= r->nr)
		pthread_cond_wait(&r->change, &r->lock);
	pthread_mutex_unlock(&r->lock);
	empty(measured);
	r->ready = r->next;
	r->next = measured;
}

static int looks_at_names(const struct la *la)
{
	return la->measure->names || la->opt.list || la->opt.has_key || la->opt.has_pid || la->opt.by & LA_BY_PROCESS;
}

static void set_order(struct rounds *r)
{
	unsigned int i, n = 0;

	for (i = 0; i < r->nr; i++)
		if (looks_at_names(r->la[i]))
			r->order[n++] = i;
	r->lookers = n;
	for (i = 0; i < r->nr; i++)
		if (!looks_at_names(r->la[i]))
			r->order[n++] = i;
}

static struct rounds *set_up(struct la *const *la, unsigned int nr)
{
	struct rounds *r = lkst_xmalloc(sizeof(*r));
	unsigned int i, k;

	r->la = la;
	r->nr = nr;
	la_find_wanted(&r->wanted, la, nr);
	for (k = 0; k < 2; k++) {
		r->chunk[k].most = nr > MANY ? CHUNK / 2 : CHUNK;
		for (i = 0; i < nr; i++)
			r->chunk[k].part[i].event = lkst_xmalloc(r->chunk[k].most * sizeof(struct lkst_event));
	}
	set_order(r);
	r->ready = &r->chunk[0];
	r->next = &r->chunk[1];
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->change, NULL);
	return r;
}

static void give_back(struct rounds *r)
{
	unsigned int i, k;

	for (k = 0; k < 2; k++) {
		for (i = 0; i < r->nr; i++)
			free(r->chunk[k].part[i].event);
		free(r->chunk[k].arg);
	}
	pthread_mutex_destroy(&r->lock);
	pthread_cond_destroy(&r->change);
	free(r);
}

int la_run_rounds(struct la *const *la, unsigned int nr, void (*between)(void *), void *arg)
{
	struct lkst_trace *trace = la[0]->trace;
	struct rounds *r = set_up(la, nr);
	pthread_t helper;

	if (pthread_create(&helper, NULL, help, r)) {
		give_back(r);
		return -1;
	}
	/* Tables that are sorted when they are first asked. */
	lkst_symbols_find(&trace->names.symbols, 0);
	lkst_symbols_find(&trace->names.modules, 0);
	trace->before_learning = before_learning;
	trace->before_learning_arg = r;
	while (!r->ended || r->ready->n || r->ready->loss.id || r->nr_pending) {
		one_round(r);
		between(arg);
	}
	trace->before_learning = NULL;
	pthread_mutex_lock(&r->lock);
	r->over = 1;
	pthread_cond_broadcast(&r->change);
	pthread_mutex_unlock(&r->lock);
	pthread_join(helper, NULL);
	give_back(r);
	return 0;
}
