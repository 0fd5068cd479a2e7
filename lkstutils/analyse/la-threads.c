// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-threads.c - one measure by two threads.
 *
 * The first reads events into chunks and hands them to the second, which gives them to the measure; the first adds to
 * its statistics what it found. All goes in order, so the results are those of one thread.
 *
 * The reader hands over the packets that hold the arguments of events when it needs room for the next ones.
 *
 * The reader learns names of tasks from events as it delivers them, while a measure may ask for names. Before it learns
 * (see lkst_trace.before_learning) it waits until the measure has been given all that was read, so it sees the names
 * that it would see with one thread. So a list is made at one thread's speed where tasks are made all the time.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#ifdef __x86_64__
#include <emmintrin.h>
#endif

#include "cli.h"
#include "la.h"

/* Events: some hundredths of a millisecond's work, many times what it takes to hand them over. */
#define CHUNK	4096
#define RING	8	/* chunks */
#define SPINS	2000	/* looks for what the other one did before it sleeps: waking up takes longer than that */

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
	struct buffers spent;		/* no later chunk refers to these */
	struct la_held held;
};

/* But for what is under the lock, and the two numbers, all is the first thread's. */
struct row {
	struct la *la;
	struct chunk chunk[RING];
	struct buffers spare;
	unsigned int recycled;		/* chunks */
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

/* ---- the second thread ---- */

static void *second(void *arg)
{
	struct row *row = arg;
	struct la *la = row->la;
	struct chunk *chunk;
	unsigned int done;

	for (done = 0;; set_number(row, &row->done, ++done)) {
		wait_for(row, &row->handed, done);
		if (number(&row->handed) == done)
			return NULL;
		chunk = &row->chunk[done % RING];
		if (la->held)
			la->held = &chunk->held;
		if (chunk->n)
			la->measure->batch(la, chunk->event, chunk->n);
		if (chunk->loss.id)
			la_loss(la, &chunk->loss);
	}
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

	for (; row->recycled != number(&row->done); row->recycled++) {
		chunk = &row->chunk[row->recycled % RING];
		while (chunk->spent.n)
			put(&row->spare, chunk->spent.item[--chunk->spent.n]);
		la_count_held(row->la, &chunk->held);
		chunk->held.n = 0;
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
}

static void hand_over(struct row *row)
{
#ifdef __x86_64__
	_mm_sfence();
#endif
	set_number(row, &row->handed, row->handed + 1);
}

/*
 * Past the caches where that goes: a line that the other CPU has read would be asked back from it before it is written
 * again, and that takes as long as to read some ten events.
 */
static void copy(struct lkst_event *to, const struct lkst_event *from, unsigned int n)
{
#ifdef __x86_64__
	const long long *word = (const long long *)from;
	long long *out = (long long *)to;
	size_t i;

	_Static_assert(sizeof(*to) % sizeof(*out) == 0, "events are whole words");
	for (i = 0; i < n * sizeof(*to) / sizeof(*out); i++)
		_mm_stream_si64(&out[i], word[i]);
#else
	memcpy(to, from, n * sizeof(*to));
#endif
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
	unsigned int done;

	hand_over(row);
	while ((done = number(&row->done)) != row->handed)
		wait_for(row, &row->done, done);
	begin_chunk(row);
}

static void read_chunk(struct row *row)
{
	const struct lkst_event *event;
	struct chunk *chunk;
	unsigned int n;

	begin_chunk(row);
	do {
		n = lkst_trace_next(row->la->trace, &event);
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
		copy(chunk->event + chunk->n, event, n);
		chunk->n += n;
	} while (chunk->n + LKST_BATCH <= CHUNK);
}

static void first(struct row *row, void (*between)(void *), void *arg)
{
	while (!row->ended) {
		read_chunk(row);
		hand_over(row);
		between(arg);
	}
	pthread_mutex_lock(&row->lock);
	row->over = 1;
	pthread_cond_broadcast(&row->change);
	pthread_mutex_unlock(&row->lock);
}

/* ---- setting up ---- */

int la_looks_at_names(const struct la *la)
{
	return la->measure->names || la->opt.list || la->opt.has_key || la->opt.has_pid || la->opt.by & LA_BY_PROCESS;
}

static struct row *set_up(struct la *la)
{
	struct row *row = lkst_xmalloc(sizeof(*row));
	unsigned int i;

	row->la = la;
	for (i = 0; i < RING; i++)
		row->chunk[i].event = lkst_xmalloc(CHUNK * sizeof(struct lkst_event));
	if (la->quick && la->measure->value != LA_OWN)
		la->held = &row->chunk[0].held;
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
	pthread_mutex_destroy(&row->lock);
	pthread_cond_destroy(&row->change);
	free(row);
}

int la_run_threads(struct la *la, void (*between)(void *), void *arg)
{
	struct lkst_trace *trace = la->trace;
	struct row *row = set_up(la);
	const struct lkst_helper *helper = la_helper();
	int failed = helper->start(second, row);

	if (!failed) {
		trace->before_learning = la_looks_at_names(la) ? before_learning : NULL;
		trace->new_buffer = new_buffer;
		trace->caller = row;
		first(row, between, arg);
		helper->wait();
		recycle(row);
		trace->before_learning = NULL;
		trace->new_buffer = NULL;
	}
	la->held = NULL;
	give_back(row);
	return failed;
}
