/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * la.h - what a measure is, and what it is given. A measure is one file here and one line in la-table.c: it
 * looks at events and hands out samples; choosing, counting, listing and drawing them is done for all in the
 * same way, and so is what losses demand: a pair that was open while events were missing is dropped and
 * counted.
 */
#ifndef LKST_LA_H
#define LKST_LA_H

#include <stdio.h>

#include "pairs.h"
#include "stats.h"
#include "trace.h"

/* What a key is, and so how it is named. */
enum la_key {
	LA_KEY_NUMBER, LA_KEY_LABEL, LA_KEY_SYSCALL, LA_KEY_PID, LA_KEY_CPU, LA_KEY_IRQ, LA_KEY_SOFTIRQ, LA_KEY_DEV,
	LA_KEY_NET, LA_KEY_OBJECT, LA_KEY_FUNCTION, LA_KEY_OWN
};

/* What a value is, and so how it is printed. */
enum la_value {
	LA_TIME,	/* ns; printed in seconds */
	LA_NUMBER,	/* a count */
	LA_BYTES,
	LA_USES,	/* how many so far with this key: statistics show count and share only */
	LA_OWN		/* the measure prints everything itself, at its end */
};

/* What statistics are kept by. */
#define LA_BY_KEY	1
#define LA_BY_PID	2
#define LA_BY_CPU	4
#define LA_BY_PROCESS	8	/* all threads together; not with LA_BY_PID */
#define LA_BY_OBJECT	16	/* for measures that have them */

#define LA_MAX_NEEDS	24

struct la;

/**
 * struct la_measure - one measure
 * @name: as on the command line
 * @number: among the 18 measures of LKST's performance functions, 0 when it is none of them
 * @what: one line
 * @key_what: what the key is, one line
 * @key: kind of key
 * @label: names for LA_KEY_LABEL, ended by NULL
 * @value: kind of value
 * @value_name: one word
 * @by: default of --by
 * @needs: events without which there is no sample, ended by 0
 * @also: events that make it more exact, ended by 0
 * @names: it looks at names of tasks in .batch, be it only to print them
 * @takes_top: with LA_OWN: it knows --top
 * @takes_key: it looks at -k itself: all its samples pass
 * @objects: its samples have .object
 * @overlaps: its values say how late something was: several may lie over each other, and their sum is nobody's time
 * @start: before the first event; may be NULL
 * @batch: events in the order of time
 * @loss: a LKST_EV_LOSS_ event, the pairs are cut already; may be NULL
 * @end: after the last event; may be NULL
 * @key_name: with LA_KEY_OWN: writes a key's name to @text (LA_NAME bytes) and returns it; also after @end
 * @summary: prints what stands behind its table; may be NULL
 */
struct la_measure {
	const char *name;
	unsigned int number;
	const char *what;
	const char *key_what;
	enum la_key key;
	const char *const *label;
	enum la_value value;
	const char *value_name;
	unsigned int by;
	int names;
	int takes_top;
	int takes_key;
	int objects;
	int overlaps;
	lkst_u16 needs[LA_MAX_NEEDS];
	lkst_u16 also[LA_MAX_NEEDS];
	void (*start)(struct la *la);
	void (*batch)(struct la *la, const struct lkst_event *event, unsigned int n);
	void (*loss)(struct la *la, const struct lkst_event *event);
	void (*end)(struct la *la);
	const char *(*key_name)(const struct la *la, lkst_u64 key, char *text);
	void (*summary)(struct la *la);
};

struct la_sample {
	lkst_u64 key;
	lkst_u64 start;		/* ns */
	lkst_u64 value;
	lkst_u32 pid;
	lkst_u32 cpu;
	lkst_u32 object;	/* a number, with .objects of the measure */
};

struct la_id {
	lkst_u64 key;
	lkst_u32 pid;
	lkst_u32 cpu;
	lkst_u32 object;
};

struct la_group {
	struct la_id id;	/* as far as --by says */
	struct la_group *next;
	struct lkst_stats stats;
};

enum la_kind { LA_OVER_TIME, LA_HISTOGRAM, LA_CUMULATIVE };

struct la_options {
	int children;		/* -p means its children, too */
	int list, json, keep;
	enum la_kind kind;	/* of --plot */
	const char *key;	/* text of all -k, with commas between them */
	int has_key, has_pid, has_cpu, has_window, has_by, has_kind;
	lkst_u32 pid, cpu;
	lkst_u64 from, duration;	/* ns */
	unsigned int by;
	unsigned int top;
	const char *plot;
};

struct la_heap {
	struct la_ranked *item;
	lkst_u32 count, size;
	lkst_u64 serial;
};

#define LA_FAST_KEYS	16384
#define LA_IN_CACHE	256	/* groups that surely are */
#define LA_LATE		16
#define LA_MAX_OVERLAY	4

/* Samples that are to be counted later, all that counting by key needs. */
struct la_held {
	struct {
		lkst_u64 key;
		lkst_u64 value;
	} *item;
	size_t n, room;
};

struct la {
	const struct la_measure *measure;
	struct la_options opt;
	struct lkst_trace *trace;
	struct lkst_pairs pairs;	/* the measure's; cut at losses */
	int pairs_stay;			/* its keys never leave the CPU they began on */
	int quick;			/* no choice, no list, no plot: count by key only */
	struct la_held *held;		/* when quick: samples go here, see la_count_held(); NULL: they do not wait */
	lkst_u64 events;		/* delivered */
	lkst_u64 offered;		/* samples, or events with LA_OWN, that there were to choose from */
	lkst_u64 samples;		/* chosen */
	int key_seen;			/* one of them had the key of -k */
	lkst_u64 words_seen;		/* bit n: one of them had the nth word of -k; none for those behind 64 */
	struct {
		struct lkst_stats *stats;
		lkst_u64 value;
	} late[LA_LATE];		/* on their way into statistics; .stats is NULL in those that are empty */
	unsigned int late_at;
	struct lkst_map groups;
	lkst_u64 nr_groups;
	struct la_group *others;	/* those that had to go, together; NULL when none had */
	lkst_u64 folded;		/* how many */
	lkst_u64 lacking;		/* at most so much of its total is in @others, not in a group that is there */
	struct lkst_map key_match;	/* every key there was -> is it that of -k? */
	struct lkst_map objects;	/* address -> number */
	lkst_u64 *object;		/* number -> address */
	struct lkst_map lengths;	/* of queues, by address; forgotten at losses */
	void *own;			/* the measure's, from lkst_xmalloc() */
	struct la_heap heap;
	struct la *overlay;		/* the first of several measures on one time axis: it has their list */
	struct la_series *series;
	lkst_u64 nr_fast;		/* none beyond was written to: see map.c */
	struct la_group *fast[LA_FAST_KEYS];	/* by key */
};

/* Every measure; ended by NULL. */
extern const struct la_measure *const la_table[];
extern const struct la_measure la_syscall;	/* whose calls others look into */

/*
 * ---- for measures ----
 *
 * A measure hands out all of its samples by la_sample(), or all by la_sample_slow(): what la_sample() held is counted
 * by another thread while .batch and .loss run, and who counted beside it would race with it.
 */

void la_sample_slow(struct la *la, const struct la_sample *sample);

/*
 * One more value for statistics. Those of ten thousand groups are in no cache: a value waits until LA_LATE others have
 * come, and what it is added to is fetched meanwhile. la_sorted_groups() adds what still waits.
 */
static inline void la_add_late(struct la *la, struct lkst_stats *stats, lkst_u64 value)
{
	unsigned int at = la->late_at++ % LA_LATE, half = (at + LA_LATE / 2) % LA_LATE;

	if (la->late[at].stats)
		lkst_stats_add(la->late[at].stats, la->late[at].value);
	la->late[at].stats = stats;
	la->late[at].value = value;
	lkst_stats_fetch(stats);
	if (la->late[half].stats)
		lkst_stats_fetch_more(la->late[half].stats, la->late[half].value);
}

void la_add_all_late(struct la *la);
struct la_group *la_group(struct la *la, const struct la_sample *sample);

void la_hold_more(struct la_held *held);

static inline void la_hold(struct la_held *held, lkst_u64 key, lkst_u64 value)
{
	if (held->n == held->room)
		la_hold_more(held);
	held->item[held->n].key = key;
	held->item[held->n++].value = value;
}

/* Counts what was held, in its order. */
void la_count_held(struct la *la, const struct la_held *held);

static inline void la_sample_now(struct la *la, const struct la_sample *sample)
{
	lkst_u64 key = sample->key;

	if (__builtin_expect(la->quick && key < la->nr_fast && la->fast[key], 1)) {
		la->samples++;
		if (la->nr_groups <= LA_IN_CACHE)
			lkst_stats_add(&la->fast[key]->stats, sample->value);
		else
			la_add_late(la, &la->fast[key]->stats, sample->value);
	} else {
		la_sample_slow(la, sample);
	}
}

/**
 * la_sample - hand out a sample
 * @la: analysis
 * @key: what it is counted under
 * @pid: task
 * @cpu: where it began
 * @start: when it began, ns
 * @value: as the measure says
 */
static inline void la_sample(struct la *la, lkst_u64 key, lkst_u32 pid, lkst_u32 cpu, lkst_u64 start, lkst_u64 value)
{
	struct la_sample sample = { key, start, value, pid, cpu, 0 };

	if (la->held)
		la_hold(la->held, key, value);
	else
		la_sample_now(la, &sample);
}

/* The same for the time from a beginning to @end. */
static inline void la_span(struct la *la, lkst_u64 key, const struct lkst_open *begin, const struct lkst_event *end)
{
	la_sample(la, key, begin->pid, begin->cpu, begin->start, end->ns - begin->start);
}

/*
 * A value that was counted with this key became less, @event did it: it is drawn, not counted and not listed. For
 * what has a level all the time and samples where it rises.
 */
void la_fall(struct la *la, lkst_u64 key, const struct lkst_event *event, lkst_u64 value);

/*
 * Whether -t, -p, -c and -k (the event's name or id) let an event pass, which is counted then; for
 * measures with LA_OWN.
 */
int la_event_chosen(struct la *la, const struct lkst_event *event);

/* A small number for an object's address, the same through one trace; addresses are not shown. */
lkst_u64 la_object(struct la *la, lkst_u64 address);

/* One more, or one less, in the queue at @address. Returns how many are in it now. */
lkst_u64 la_lengths_add(struct la *la, lkst_u64 address);
lkst_u64 la_lengths_sub(struct la *la, lkst_u64 address);

/* A key for pairs that begin and end on one CPU, or under one task; idle tasks have one pid, so they go by CPU. */
static inline lkst_u64 la_cpu_key(const struct lkst_event *event, lkst_u64 what)
{
	return (lkst_u64)event->cpu << 32 | what;
}

static inline lkst_u64 la_task_key(const struct lkst_event *event)
{
	return event->pid ? event->pid : 1ULL << 63 | event->cpu;
}

/*
 * A .batch for pairs of one task, the measure's .needs being beginning and end of key 0, of key 1...; and one for
 * pairs of one lock, whose address is their first argument, and one task (with pairs_stay one CPU), .needs being the
 * beginning and the end.
 */
void la_batch_of_tasks(struct la *la, const struct lkst_event *event, unsigned int n);
void la_batch_of_locks(struct la *la, const struct lkst_event *event, unsigned int n);

/* The states that the kernel's numbers stand for. */
enum la_state {
	LA_RUNNING, LA_RUNNABLE, LA_SLEEPING, LA_UNINTERRUPTIBLE, LA_STOPPED, LA_IDLE, LA_ENDED
};

extern const char *const la_state_names[];	/* ended by NULL */

/* State in which PROCESS_CONTEXTSWITCH leaves a task. */
enum la_state la_state_of(const struct la *la, unsigned int bits);

/* ---- what a CPU is doing: la-context.c ---- */

enum la_where { LA_IN_TASK, LA_IN_INTERRUPT, LA_IN_TIMER, LA_IN_IPI, LA_IN_SOFTIRQ };

#define LA_LEVELS	8	/* a soft interrupt and interrupts in it; what is more is a sign of lost ends */

struct la_level {
	lkst_u8 where;		/* enum la_where */
	lkst_u8 mark;		/* the measure's, 0 at the entry */
	lkst_u16 number;	/* of the interrupt, vector or soft interrupt */
};

/* One CPU, all zero at first and after a loss. Level 0 is the task. */
struct la_context {
	unsigned int depth;
	struct la_level level[LA_LEVELS + 1];
};

/* Events that la_context_event() looks at, for .also. */
#define LA_CONTEXT_EVENTS \
	LKST_EV_INTERRUPT_ENTRY, LKST_EV_INTERRUPT_EXIT, LKST_EV_INTERRUPT_TIMER_ENTRY, \
	LKST_EV_INTERRUPT_TIMER_EXIT, LKST_EV_INTERRUPT_IPI_ENTRY, LKST_EV_INTERRUPT_IPI_EXIT, \
	LKST_EV_SOFTIRQ_ENTRY, LKST_EV_SOFTIRQ_EXIT

/**
 * la_context_event - follow a CPU into interrupts and out of them
 * @context: of the event's CPU
 * @event: any
 *
 * An exit without its entry changes nothing; one of an outer level ends the inner ones; a switch ends all.
 */
void la_context_event(struct la_context *context, const struct lkst_event *event);

/* Where the CPU is now. */
static inline const struct la_level *la_level(const struct la_context *context)
{
	return &context->level[context->depth];
}

/* ---- for programs ---- */

#define LA_MAX_RUN	32

/**
 * la_want - have the trace deliver what measures need
 * @trace: trace
 * @la: analyses, their measures set; at most LA_MAX_RUN
 * @nr: how many
 */
void la_want(struct lkst_trace *trace, struct la *const *la, unsigned int nr);

/**
 * la_run - read the trace to its end and hand the events to the measures
 * @la: as for la_want()
 * @nr: how many
 *
 * Shows a bar on a terminal when it takes longer than a second.
 */
void la_run(struct la *const *la, unsigned int nr);

/* Set by programs that may use a second thread: la_run() does, for a trace that is worth it. */
extern int la_threads;

/* That thread, one piece of work at a time; NULL when there is none or it would have no CPU of its own. */
const struct lkst_helper *la_helper(void);

/* Says on standard error what is wrong with a trace that was read. */
void la_complain(const struct lkst_trace *trace);

/* Gives back what an analysis holds, not the trace. */
void la_give_back(struct la *la);

/* ---- between the la-*.c files ---- */

/* The monotonic clock, ns. */
lkst_u64 la_now(void);

/* Records are missing: what was open is dropped. */
void la_loss(struct la *la, const struct lkst_event *event);

/* Which of several measures look at an event: bit n is that of la[n]. */
struct la_wanted {
	lkst_u32 by[LKST_NR_EVENTS];	/* by event */
	lkst_u32 all;			/* those that want every event */
};

void la_find_wanted(struct la_wanted *wanted, struct la *const *la, unsigned int nr);

static inline lkst_u32 la_wanted_by(const struct la_wanted *wanted, const struct lkst_event *event)
{
	return (event->id < LKST_NR_EVENTS ? wanted->by[event->id] : 0) | wanted->all;
}

/* Several measures, one thread: each is given those events of a batch that it wants, copied together. */
struct la_split {
	struct lkst_event part[LA_MAX_RUN][LKST_BATCH];
};

/* To those of @mask only; @n up to LKST_BATCH. @took: NULL, or by measure the ns that it took are added. */
void la_batch_each(struct la *const *la, unsigned int nr, const struct la_wanted *wanted, lkst_u32 mask,
		   struct la_split *split, const struct lkst_event *event, unsigned int n, lkst_u64 *took);

/*
 * la_run()'s loop by two threads, for one measure and for several; @between is called now and then by this one. They
 * return -1 when there is no second thread, and nothing was read.
 */
int la_run_threads(struct la *la, void (*between)(void *), void *arg);
int la_run_twins(struct la *const *la, unsigned int nr, void (*between)(void *), void *arg);

/* Whether a measure, or what is done with its samples, asks for names of tasks while the trace is read. */
int la_looks_at_names(const struct la *la);

#define LA_NAME	200

/* Name of a key, without blanks; always something. @text: LA_NAME bytes. */
const char *la_key_name(struct la *la, lkst_u64 key, char *text);
void la_seconds(lkst_u64 ns, char *text);
/* A value in the unit of the measure, times in seconds. @text: 40 bytes. */
void la_value(const struct la *la, lkst_u64 value, char *text);
const char *la_key_column(const struct la_measure *measure);
/* "s", "bytes" or "number". */
const char *la_unit(const struct la *la);

/* When nothing of what the measure needs was recorded: says how to get it. Returns whether that is so. */
int la_nothing_there(const struct la *la);
/*
 * Says on standard error why nothing was chosen, and which words of -k nothing had. Returns LKST_EXIT_FAILED when
 * nothing was chosen, LKST_EXIT_USAGE when one of the words is no name of anything in the trace, else LKST_EXIT_DONE.
 */
enum lkst_exit la_chosen(struct la *la);
void la_print_head(struct la *la);
void la_print_columns(const char *key, const char *value, const char *more);	/* of lists, and what stands behind */
void la_print_sample(struct la *la, const struct la_sample *sample);
void la_print_stats(struct la *la);
void la_print_end(struct la *la);
void la_list_add(struct la *la, const struct la_sample *sample);
/* The samples that are held back, in the order of the list; the caller frees them. */
struct la_sample *la_list_take(struct la *la, lkst_u32 *count);
void la_list_end(struct la *la);

/* The part of a sample by which statistics are kept, the rest 0. */
struct la_id la_group_id(const struct la *la, const struct la_sample *sample);

static inline int la_same_group(const struct la_id *a, const struct la_id *b)
{
	return a->key == b->key && a->pid == b->pid && a->cpu == b->cpu && a->object == b->object;
}

/* The groups, those with the greatest total first, 'others' last; the caller frees the table. */
struct la_group **la_sorted_groups(struct la *la, size_t *count);

/* --plot: la-plot.c asks gnuplot; what is drawn over time is kept by la-series.c. */
#define LA_PLOT_NOT_KEPT	".new"	/* in the names of gnuplot's input: FILE.new.dat */
void la_plot_start(struct la *la);
int la_plot_end(struct la *la);		/* returns enum lkst_exit */
int la_plot_several(struct la *const *la, unsigned int nr);	/* over each other, @nr up to LA_MAX_OVERLAY */

#define LA_DRAWN	8	/* series that are drawn by name: gnuplot has so many colours */

struct la_series *la_series_start(struct la *la);
void la_series_add(struct la *la, const struct la_sample *sample);
void la_series_fall(struct la *la, const struct la_sample *sample);	/* of a series that is there already */
/*
 * One data block a series, the greatest first, at most @most, then one with all others; ids by
 * block. Returns how many.
 */
unsigned int la_series_write(struct la *la, FILE *f, unsigned int most, struct la_id *id, int *others);
/* Whether samples were left out, between the least and the greatest of a column. */
int la_series_thinned(const struct la *la);
void la_series_free(struct la *la);

#endif
