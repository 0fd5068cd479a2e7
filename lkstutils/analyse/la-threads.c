// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-threads.c - reading and measuring by two threads.
 *
 * The first reads events into chunks, gives each to some of the measures, and hands it to the second, which gives it to
 * the others. A single measure is the second one's, and the first adds to its statistics what it found. Each measure
 * sees all events in their order, so the results are those of one thread.
 *
 * What a measure has written lies in one CPU's cache, and to fetch it from there by the other one takes longer than to
 * measure (half a microsecond a line where this was written; a row of lines, as events are, comes by itself). So a
 * measure stays with its thread. Both are to have the same to do: now and then measures are timed, and dealt out anew
 * when that pays.
 *
 * The reader writes events where the measures read them, and hands over the packets that hold their arguments when it
 * needs room for the next ones: nothing is copied on the way.
 *
 * The reader learns names of tasks from events as it delivers them, while some measures ask for names. Before it
 * learns (see lkst_trace.before_learning) these are given all that was read, so they see the names that they would see
 * with one thread. They are the reader's own for that, but a single one, which it waits for.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "la.h"

/*
 * Events: a tenth of a millisecond's work, a hundred times what it takes to hand them over, and little enough that they
 * are in a cache still.
 */
#define CHUNK	4096
#define RING	8	/* chunks */
#define SPINS	2000	/* looks for what the other one did before it sleeps: waking up takes longer than that */
#define TIMED	8	/* of so many chunks one is timed */
#define DEALT	16	/* chunks before measures are dealt out by their times; four times as many before the next */

struct buffer {
	lkst_u64 *data;
	size_t room;
};

struct buffers {
	struct buffer *item;
	size_t n, room;
};

struct chunk {
	struct lkst_event *event;	/* CHUNK */
	unsigned int n;
	struct lkst_event loss;		/* behind them all; id 0: none */
	lkst_u32 theirs;		/* measures that are the second thread's */
	lkst_u64 *took;			/* ns, by measure: its time is taken; else NULL */
	struct buffers spent;		/* no later chunk refers to these */
	struct la_held held;
	lkst_u64 times[LA_MAX_RUN];
};

/* But for what is under the lock, and the two numbers, all is the first thread's. */
struct row {
	struct la *const *la;
	unsigned int nr;
	struct la_wanted wanted;
	struct chunk chunk[RING];
	struct buffers spare;
	struct la_split *split[2];	/* by thread; NULL for one measure */
	lkst_u32 all;			/* bit n: la[n] */
	lkst_u32 theirs;		/* as in a chunk, for the next one */
	lkst_u32 lookers;		/* that look at names */
	unsigned int measured;		/* events of the chunk that is being read: the own measures have them */
	unsigned int recycled;		/* chunks */
	unsigned int deal_at;		/* chunk */
	lkst_u64 reading;		/* ns, of chunks that were timed, as are these: */
	lkst_u64 times[LA_MAX_RUN];
	int ended;

	unsigned int handed;		/* chunks; written by the first thread only, the next by the second */
	unsigned int done;
	pthread_mutex_t lock;
	pthread_cond_t change;
	unsigned int asleep;		/* how many of the two */
	int over;
};

/* ---- between the threads ---- */

static unsigned int number(const unsigned int *of)
{
	return __atomic_load_n(of, __ATOMIC_SEQ_CST);
}

static void set_number(struct row *row, unsigned int *of, unsigned int to)
{
	__atomic_store_n(of, to, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&row->asleep, __ATOMIC_SEQ_CST)) {
		pthread_mutex_lock(&row->lock);
		pthread_cond_broadcast(&row->change);
		pthread_mutex_unlock(&row->lock);
	}
}

/* Until @of is no longer @value, or all is over. */
static void wait_for(struct row *row, const unsigned int *of, unsigned int value)
{
	unsigned int i;

	for (i = 0; i < SPINS && number(of) == value; i++)
		__builtin_ia32_pause();
	if (number(of) != value)
		return;
	pthread_mutex_lock(&row->lock);
	__atomic_add_fetch(&row->asleep, 1, __ATOMIC_SEQ_CST);
	while (number(of) == value && !row->over)
		pthread_cond_wait(&row->change, &row->lock);
	__atomic_sub_fetch(&row->asleep, 1, __ATOMIC_SEQ_CST);
	pthread_mutex_unlock(&row->lock);
}

/* Until it has done all that it was handed. */
static void wait_for_second(struct row *row)
{
	unsigned int done;

	while ((done = number(&row->done)) != row->handed)
		wait_for(row, &row->done, done);
}

/* ---- measuring ---- */

/* Gives the measures of @mask the events of a chunk from @from on. */
static void measure(const struct row *row, struct chunk *chunk, unsigned int from, lkst_u32 mask,
		    struct la_split *split)
{
	unsigned int n;

	if (!split && mask && from < chunk->n)
		row->la[0]->measure->batch(row->la[0], chunk->event + from, chunk->n - from);
	for (; split && mask && from < chunk->n; from += n) {
		n = chunk->n - from < LKST_BATCH ? chunk->n - from : LKST_BATCH;
		la_batch_each(row->la, row->nr, &row->wanted, mask, split, chunk->event + from, n, chunk->took);
	}
}

static void lose(const struct row *row, const struct chunk *chunk, lkst_u32 mask)
{
	for (; chunk->loss.id && mask; mask &= mask - 1)
		la_loss(row->la[__builtin_ctz(mask)], &chunk->loss);
}

/* What was read so far goes to the first thread's measures. */
static void measure_ours(struct row *row, struct chunk *chunk)
{
	measure(row, chunk, row->measured, row->all & ~chunk->theirs, row->split[0]);
	row->measured = chunk->n;
}

static void *second(void *arg)
{
	struct row *row = arg;
	struct chunk *chunk;
	unsigned int done;

	for (done = 0;; set_number(row, &row->done, ++done)) {
		wait_for(row, &row->handed, done);
		if (number(&row->handed) == done)
			return NULL;
		chunk = &row->chunk[done % RING];
		if (row->la[0]->held)
			row->la[0]->held = &chunk->held;
		measure(row, chunk, 0, chunk->theirs, row->split[1]);
		lose(row, chunk, chunk->theirs);
	}
}

/* ---- dealing out ---- */

/*
 * The greatest first, each to the thread that has less to do so far. Reading is the first thread's, and those that look
 * at names are.
 */
static lkst_u32 deal(const struct row *row)
{
	lkst_u64 ours = row->reading, theirs = 0;
	lkst_u32 rest = row->all & ~row->lookers, mask = 0;
	unsigned int i, most;

	for (i = 0; i < row->nr; i++)
		if (row->lookers >> i & 1)
			ours += row->times[i];
	for (; rest; rest &= ~(1U << most)) {
		for (most = 0, i = 0; i < row->nr; i++)
			if (rest >> i & 1 && (!(rest >> most & 1) || row->times[i] > row->times[most]))
				most = i;
		if (theirs < ours) {
			theirs += row->times[most];
			mask |= 1U << most;
		} else {
			ours += row->times[most];
		}
	}
	return mask;
}

/* How long the thread that has more to do takes. */
static lkst_u64 longer(const struct row *row, lkst_u32 theirs)
{
	lkst_u64 sum[2] = { row->reading, 0 };
	unsigned int i;

	for (i = 0; i < row->nr; i++)
		sum[theirs >> i & 1] += row->times[i];
	return sum[0] > sum[1] ? sum[0] : sum[1];
}

static void deal_anew(struct row *row)
{
	lkst_u32 better = deal(row);

	row->deal_at *= 4;
	if (longer(row, better) < longer(row, row->theirs) / 20 * 19) {
		/* The second one gives no measure away before it has done what it was handed. */
		wait_for_second(row);
		row->theirs = better;
	}
	row->reading = 0;
	memset(row->times, 0, sizeof(row->times));
}

/* ---- chunks and buffers ---- */

static void put(struct buffers *to, struct buffer buffer)
{
	if (to->n == to->room) {
		to->room = 2 * to->room + 8;
		to->item = lkst_xrealloc(to->item, to->room * sizeof(*to->item));
	}
	to->item[to->n++] = buffer;
}

/* The one that is being read. */
static struct chunk *chunk_of(struct row *row)
{
	return &row->chunk[row->handed % RING];
}

/* Takes back those that the second one has done. */
static void recycle(struct row *row)
{
	struct chunk *chunk;
	unsigned int i;

	for (; row->recycled != number(&row->done); row->recycled++) {
		chunk = &row->chunk[row->recycled % RING];
		while (chunk->spent.n)
			put(&row->spare, chunk->spent.item[--chunk->spent.n]);
		la_count_held(row->la[0], &chunk->held);
		chunk->held.n = 0;
		for (i = 0; chunk->took && i < row->nr; i++)
			row->times[i] += chunk->took[i];
	}
}

static void begin_chunk(struct row *row)
{
	struct chunk *chunk = chunk_of(row);

	recycle(row);
	while (row->handed - row->recycled == RING) {
		wait_for(row, &row->done, row->recycled);
		recycle(row);
	}
	chunk->n = 0;
	chunk->loss.id = 0;
	chunk->took = row->handed % TIMED || !row->split[0] ? NULL : chunk->times;
	memset(chunk->times, 0, sizeof(chunk->times));
	row->measured = 0;
	row->la[0]->trace->batch = chunk->event;
}

static void hand_over(struct row *row)
{
	struct chunk *chunk = chunk_of(row);

	chunk->theirs = row->theirs;
	set_number(row, &row->handed, row->handed + 1);
	measure_ours(row, chunk);
	lose(row, chunk, row->all & ~chunk->theirs);
}

/* See lkst_trace.new_buffer. */
static lkst_u64 *new_buffer(void *arg, lkst_u64 *old, size_t *room, size_t size)
{
	struct row *row = arg;
	struct buffer buffer = { old, *room };

	if (old)
		put(&chunk_of(row)->spent, buffer);
	*room = 0;
	if (!size)
		return NULL;
	buffer.room = 0;
	if (row->spare.n)
		buffer = row->spare.item[--row->spare.n];
	if (buffer.room < size) {
		if (buffer.room)
			free(buffer.data);
		buffer.data = lkst_xmalloc(size);
		buffer.room = size;
	}
	*room = buffer.room;
	return buffer.data;
}

/* ---- reading ---- */

/* In the midst of a chunk, but nothing of it waits in the reader. See lkst_trace. */
static void before_learning(void *arg)
{
	struct row *row = arg;

	if (row->lookers & ~row->theirs) {
		chunk_of(row)->theirs = row->theirs;
		measure_ours(row, chunk_of(row));
	}
	if (row->lookers & row->theirs) {
		hand_over(row);
		wait_for_second(row);
		begin_chunk(row);
	}
}

static void read_chunk(struct row *row)
{
	struct lkst_trace *trace = row->la[0]->trace;
	const struct lkst_event *event;
	struct chunk *chunk;
	unsigned int n;

	begin_chunk(row);
	do {
		n = lkst_trace_next(trace, &event);
		chunk = chunk_of(row);		/* may be another one than before, see before_learning() */
		if (!n) {
			row->ended = 1;
			return;
		}
		if (event->id >= LKST_EV_LOSS_BEGIN) {
			chunk->loss = *event;
			chunk->loss.arg = NULL;		/* the next one has its place */
			return;
		}
		chunk->n += n;
		trace->batch = chunk->event + chunk->n;
	} while (chunk->n + LKST_BATCH <= CHUNK);
}

static void first(struct row *row, void (*between)(void *), void *arg)
{
	lkst_u64 began;

	while (!row->ended) {
		began = la_now();
		read_chunk(row);
		if (chunk_of(row)->took)
			row->reading += la_now() - began;
		hand_over(row);
		if (row->split[0] && row->handed == row->deal_at)
			deal_anew(row);
		between(arg);
	}
	pthread_mutex_lock(&row->lock);
	row->over = 1;
	pthread_cond_broadcast(&row->change);
	pthread_mutex_unlock(&row->lock);
}

/* ---- setting up ---- */

static int looks_at_names(const struct la *la)
{
	return la->measure->names || la->opt.list || la->opt.has_key || la->opt.has_pid || la->opt.by & LA_BY_PROCESS;
}

static struct row *set_up(struct la *const *la, unsigned int nr)
{
	struct row *row = lkst_xmalloc(sizeof(*row));
	unsigned int i;

	row->la = la;
	row->nr = nr;
	la_find_wanted(&row->wanted, la, nr);
	for (i = 0; i < RING; i++)
		row->chunk[i].event = lkst_xmalloc(CHUNK * sizeof(struct lkst_event));
	for (i = 0; i < nr; i++)
		row->lookers |= (lkst_u32)looks_at_names(la[i]) << i;
	row->all = (lkst_u32)((1ULL << nr) - 1);
	row->theirs = row->all & 0x55555555;
	if (nr > 1) {
		row->theirs &= ~row->lookers;
		row->split[0] = lkst_xmalloc(sizeof(*row->split[0]));
		row->split[1] = lkst_xmalloc(sizeof(*row->split[1]));
	} else if (la[0]->quick && la[0]->measure->value != LA_OWN) {
		la[0]->held = &row->chunk[0].held;
	}
	row->deal_at = DEALT;
	pthread_mutex_init(&row->lock, NULL);
	pthread_cond_init(&row->change, NULL);
	return row;
}

static void free_buffers(struct buffers *buffers)
{
	while (buffers->n)
		free(buffers->item[--buffers->n].data);
	free(buffers->item);
}

static void give_back(struct row *row)
{
	unsigned int i;

	for (i = 0; i < RING; i++) {
		free(row->chunk[i].event);
		free(row->chunk[i].held.item);
		free_buffers(&row->chunk[i].spent);
	}
	free_buffers(&row->spare);
	free(row->split[0]);
	free(row->split[1]);
	pthread_mutex_destroy(&row->lock);
	pthread_cond_destroy(&row->change);
	free(row);
}

int la_run_threads(struct la *const *la, unsigned int nr, void (*between)(void *), void *arg)
{
	struct lkst_trace *trace = la[0]->trace;
	struct row *row = set_up(la, nr);
	pthread_t other;
	int failed;

	/* Tables that are sorted when they are first asked. */
	lkst_symbols_find(&trace->names.symbols, 0);
	lkst_symbols_find(&trace->names.modules, 0);
	failed = pthread_create(&other, NULL, second, row);
	if (!failed) {
		trace->before_learning = before_learning;
		trace->new_buffer = new_buffer;
		trace->caller = row;
		first(row, between, arg);
		pthread_join(other, NULL);
		recycle(row);
		trace->before_learning = NULL;
		trace->new_buffer = NULL;
		trace->batch = trace->own_batch;
	}
	la[0]->held = NULL;
	give_back(row);
	return failed ? -1 : 0;
}
