/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * attach.h - what the parts of attach*.c share: a table row for each place an event comes from. Not
 * for the rest of the module.
 *
 * Events and places are many to many: every row is one pair, with its own probe. Rows are data in
 * attach-tp-*.c, attach-kp.c and attach-notifier.c; what to do with a row is in
 * attach-tracepoint.c, attach-kprobe.c and attach-notifier.c; when to do it is attach.c's business.
 */
#ifndef LKST_ATTACH_H
#define LKST_ATTACH_H

#include "lkst.h"

enum lkst_point_kind {
	LKST_POINT_TRACEPOINT,
	LKST_POINT_KPROBE,
	LKST_POINT_KRETPROBE,
	LKST_POINT_NOTIFIER,
};

/* Why a row cannot be used, or 0. */
enum lkst_point_fault {
	LKST_POINT_GOOD,
	LKST_POINT_ABSENT,	/* the kernel has no such place */
	LKST_POINT_MISFIT,	/* it has, with other arguments than the probe reads */
	LKST_POINT_REFUSED,	/* the kernel would not attach it */
};

/**
 * struct lkst_point - one place where one event comes from
 * @event:	event id
 * @kind:	how to attach
 * @alt:	rows of one event with the same @alt, not 0, are alternatives; so are rows with the
 *		same @place. The first good one is used, the others are left out silently.
 * @always:	attached as long as the module is loaded, asked for or not
 * @optional:	only some kernels have @place, and another row serves the others: its absence is
 *		not worth a word
 * @unless:	a place: the row is for kernels where no row of the table can be attached there
 * @built_to_fit: the probe has the type that the headers of the build declare
 * @fault:	why it is not usable
 * @unchecked:	the running kernel's type information says nothing about @place
 * @unused:	another row serves
 * @attached:	connected now
 * @place:	tracepoint or function
 * @wants:	what the probe takes its arguments for, as C text; "..." ends the list early;
 *		NULL: it reads none
 * @probe:	probe or handler
 * @entry:	kretprobes: handler at the function's entry, or NULL
 * @data_size:	kretprobes: bytes that @entry keeps for @probe
 * @maxactive:	kretprobes: calls that may be under way at the same time
 * @prepare:	looks up what the probe needs besides its arguments; returns 0, or an error after
 *		writing @why; or NULL
 * @tp:		tracepoint found
 * @addr:	function's address, 0: by name
 * @kp:		struct kprobe or kretprobe while attached
 * @why:	the fault in words; the user sees the beginning, the kernel log all of it
 */
struct lkst_point {
	u16 event;
	u8 kind;
	u8 alt;
	bool always;
	bool optional;
	bool built_to_fit;
	u8 fault;
	bool unchecked;
	bool unused;
	bool attached;
	const char *place;
	const char *wants;
	const char *unless;
	void *probe;
	void *entry;
	unsigned int data_size;
	unsigned int maxactive;
	int (*prepare)(char *why, size_t size);
	struct tracepoint *tp;
	unsigned long addr;
	void *kp;
	char why[2 * LKST_REASON_LEN];
};

struct lkst_points {
	struct lkst_point *row;
	unsigned int nr;
};

#define LKST_POINTS(name, rows)	const struct lkst_points name = { rows, ARRAY_SIZE(rows) }

extern const struct lkst_points lkst_points_sched, lkst_points_irq, lkst_points_timer,
	lkst_points_mm, lkst_points_block, lkst_points_net, lkst_points_kp, lkst_points_notifier;

/* All rows, table by table. @t and @i are scratch. */
extern const struct lkst_points *const lkst_point_tables[];
extern const unsigned int lkst_nr_point_tables;
#define lkst_for_each_point(p, t, i)						\
	for ((t) = 0; (t) < lkst_nr_point_tables; (t)++)			\
		for ((i) = 0; (i) < lkst_point_tables[t]->nr &&			\
		     ((p) = &lkst_point_tables[t]->row[i], 1); (i)++)

struct tracepoint;

/* Declare a row useless, in words. */
#define lkst_point_fails(p, what, ...) do {					\
		(p)->fault = (what);						\
		scnprintf((p)->why, sizeof((p)->why), __VA_ARGS__);		\
	} while (0)

/* ---- attach.c, for the tracepoint back end ---- */

/**
 * lkst_attach_tracepoint_came - a module with a tracepoint is being loaded
 * @tp: the tracepoint
 *
 * Rows that wait for it are attached if their events are wanted. May sleep.
 */
void lkst_attach_tracepoint_came(struct tracepoint *tp);

/**
 * lkst_attach_tracepoint_goes - a module with a tracepoint is being removed
 * @tp: the tracepoint
 *
 * On return nothing refers to it. May sleep.
 */
void lkst_attach_tracepoint_goes(struct tracepoint *tp);

/* ---- the back ends; all may sleep ---- */

/**
 * lkst_tracepoints_find - look up the tracepoints of all rows in the kernel itself
 */
void lkst_tracepoints_find(void);

/**
 * lkst_tracepoints_watch - hear of tracepoints that modules bring and take away, those there
 * already included
 *
 * Return: 0 or a negative error.
 */
int lkst_tracepoints_watch(void);
void lkst_tracepoints_unwatch(void);

/* One row of kind TRACEPOINT. Returns 0 or a negative error. */
int lkst_tracepoint_attach(struct lkst_point *p);
/* The probe may still run until lkst_tracepoints_wait() has returned. */
void lkst_tracepoint_detach(struct lkst_point *p);
void lkst_tracepoints_wait(void);

/**
 * lkst_functions_find - look up the functions of all rows, and the kernel's type information
 * @size: out: bytes of it
 *
 * Return: the type information, NULL when there is none or it cannot be found.
 */
const void *lkst_functions_find(size_t *size);

/**
 * lkst_kprobe_attach - attach one row of kind KPROBE or KRETPROBE
 * @p: the row
 * Return: 0 or a negative error.
 */
int lkst_kprobe_attach(struct lkst_point *p);

/**
 * lkst_kprobes_detach - detach rows of kind KPROBE and KRETPROBE, in one go
 * @list: the rows; those of other kinds are skipped
 * @nr:	  how many
 *
 * No handler of theirs runs on return.
 */
void lkst_kprobes_detach(struct lkst_point **list, unsigned int nr);

/**
 * lkst_kprobe_missed - calls or returns that a row did not see since it was attached
 * @p: a row of any kind
 *
 * A kprobe is blind while its CPU is in another one (an interrupt that came in a handler), a
 * kretprobe also when too many calls are under way.
 */
unsigned long lkst_kprobe_missed(const struct lkst_point *p);

/* Where a function returns to that a kretprobe watches; ~0 where that is not known (kernels before 5.18). */
extern unsigned long lkst_trampoline;

/**
 * lkst_hooked_caller - who called the function that a kretprobe makes return to lkst_trampoline
 *
 * In that function. Any context.
 *
 * Return: the address in the caller.
 */
unsigned long lkst_hooked_caller(void);

/* The real caller of a function that told its return address @from. */
static __always_inline unsigned long lkst_caller(unsigned long from)
{
	return likely(from != lkst_trampoline) ? from : lkst_hooked_caller();
}

/* One row of kind NOTIFIER. attach: 0 or a negative error. detach: it does not run on return. */
int lkst_notifier_attach(struct lkst_point *p);
void lkst_notifier_detach(struct lkst_point *p);

/* ---- attach-probe.c ---- */

/**
 * lkst_probes_drop - remove every probe made at run time
 */
void lkst_probes_drop(void);

#endif
