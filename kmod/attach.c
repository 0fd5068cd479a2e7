// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach.c - which events this kernel has, and connecting those that are wanted. How each kind of
 * point is attached is the back ends' business (attach-tracepoint.c, attach-kprobe.c,
 * attach-notifier.c); what is attached is in their tables.
 *
 * A row of the tables goes through three sieves, and each drops that row alone, with a reason:
 *	build	its probe has another type than the headers declare for the tracepoint
 *	load	the kernel has no such tracepoint or function, or one with other arguments
 *	attach	the kernel refuses
 *
 * Locks: lkst_control > lkst_attach_lock. The second is needed because a module that brings
 * tracepoints is loaded under the kernel's own locks, which lkst_control may not be taken under.
 */
#include <linux/bitmap.h>
#include <linux/tracepoint.h>
#include "attach.h"
#include "btf.h"
#include "origin.h"

const struct lkst_points *const lkst_point_tables[] = {
	&lkst_points_sched, &lkst_points_irq, &lkst_points_timer, &lkst_points_mm,
	&lkst_points_block, &lkst_points_net, &lkst_points_kp, &lkst_points_notifier,
};
const unsigned int lkst_nr_point_tables = ARRAY_SIZE(lkst_point_tables);

static DEFINE_MUTEX(lkst_attach_lock);
static DECLARE_BITMAP(wanted_now, LKST_NR_EVENTS);
static struct lkst_point **leaving;	/* room for every row */

/* ---- the sieves at load ---- */

static void check_row(struct lkst_point *p, bool typed)
{
	int err = -ENOENT;

	if (p->fault)
		return;
	if (p->kind == LKST_POINT_TRACEPOINT && !p->built_to_fit) {
		lkst_point_fails(p, LKST_POINT_MISFIT,
				 "built for another prototype; probe takes (%s)", p->wants);
		return;
	}
	if (!p->wants)
		err = 0;
	else if (typed && p->kind == LKST_POINT_TRACEPOINT)
		err = lkst_btf_check_tracepoint(p->place, p->wants, p->why, sizeof(p->why));
	else if (typed)
		err = lkst_btf_check_function(p->place, p->wants, p->why, sizeof(p->why));
	p->unchecked = err == -ENOENT;
	if (err == -EPROTOTYPE || (p->prepare && p->prepare(p->why, sizeof(p->why))))
		p->fault = LKST_POINT_MISFIT;
}

static bool alternatives(const struct lkst_point *p, const struct lkst_point *q)
{
	return p != q && p->event == q->event && p->kind == q->kind &&
	       ((p->alt && p->alt == q->alt) || !strcmp(p->place, q->place));
}

/* Alternatives stand in one table. The first good one is used; without one the first says why. */
static void choose(const struct lkst_points *table)
{
	struct lkst_point *p, *q;

	for (p = table->row; p < table->row + table->nr; p++) {
		p->unused = p->optional && p->fault == LKST_POINT_ABSENT;
		for (q = table->row; q < table->row + table->nr; q++)
			if ((alternatives(p, q) &&
			     (p->fault ? !q->fault || q < p : !q->fault && q < p)) ||
			    (p->unless && !q->fault && !strcmp(p->unless, q->place)))
				p->unused = true;
	}
}

static void report(void)
{
	unsigned int i, t, nr = 0, bad = 0;
	struct lkst_point *p;

	lkst_for_each_point(p, t, i) {
		if (p->unused)
			continue;
		nr++;
		if (!p->fault)
			continue;
		bad++;
		pr_info("lkst: %s for event %#05x: %s\n", p->place, p->event, p->why);
	}
	pr_info("lkst: %u of %u points can be attached\n", nr - bad, nr);
}

int lkst_attach_init(void)
{
	unsigned int i, t, nr = 0;
	const void *types;
	struct lkst_point *p;
	size_t size;
	bool typed;
	int err;

	lkst_for_each_point(p, t, i)
		nr++;
	leaving = kcalloc(nr, sizeof(*leaving), GFP_KERNEL);
	if (!leaving)
		return -ENOMEM;
	types = lkst_functions_find(&size);
	typed = types && !lkst_btf_open(types, size);
	if (!typed)
		pr_info("lkst: no type information here, prototypes are those of the build\n");
	lkst_tracepoints_find();
	lkst_for_each_point(p, t, i)
		check_row(p, typed);
	if (typed)
		lkst_btf_close();
	for (t = 0; t < lkst_nr_point_tables; t++)
		choose(lkst_point_tables[t]);
	err = lkst_tracepoints_watch();
	if (err)
		goto no_watch;
	report();
	lkst_attach_update(wanted_now);
	return 0;

no_watch:
	kfree(leaving);
	return err;
}

/* ---- attaching ---- */

static void attach(struct lkst_point *p)
{
	int err;

	if (p->kind == LKST_POINT_TRACEPOINT)
		err = lkst_tracepoint_attach(p);
	else if (p->kind == LKST_POINT_NOTIFIER)
		err = lkst_notifier_attach(p);
	else
		err = lkst_kprobe_attach(p);
	p->attached = !err;
	if (err)
		lkst_point_fails(p, LKST_POINT_REFUSED, "the kernel refuses to attach it: error %d",
				 -err);
	else if (p->fault == LKST_POINT_REFUSED)
		p->fault = LKST_POINT_GOOD;
}

/* What was refused once may be granted later, when there is memory: it is tried again. */
static bool may_attach(const struct lkst_point *p)
{
	return !p->unused && (!p->fault || p->fault == LKST_POINT_REFUSED);
}

/* Each kind waits once for its running probes, however many go. */
static void detach(struct lkst_point **list, unsigned int nr)
{
	bool tracepoints = false;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (list[i]->kind == LKST_POINT_TRACEPOINT) {
			lkst_tracepoint_detach(list[i]);
			tracepoints = true;
		} else if (list[i]->kind == LKST_POINT_NOTIFIER) {
			lkst_notifier_detach(list[i]);
		}
	}
	lkst_kprobes_detach(list, nr);
	if (tracepoints)
		lkst_tracepoints_wait();
	for (i = 0; i < nr; i++)
		list[i]->attached = false;
}

void lkst_attach_update(const unsigned long *wanted)
{
	unsigned int i, t, nr = 0;
	struct lkst_point *p;

	mutex_lock(&lkst_attach_lock);
	if (wanted != wanted_now)
		bitmap_copy(wanted_now, wanted, LKST_NR_EVENTS);
	lkst_for_each_point(p, t, i) {
		bool want = p->always || test_bit(p->event, wanted_now);

		if (p->attached && !want)
			leaving[nr++] = p;
		else if (!p->attached && want && may_attach(p))
			attach(p);
	}
	if (nr)
		detach(leaving, nr);
	mutex_unlock(&lkst_attach_lock);
}

void lkst_attach_exit(void)
{
	unsigned int i, t, nr = 0;
	struct lkst_point *p;

	lkst_tracepoints_unwatch();
	mutex_lock(&lkst_attach_lock);
	bitmap_zero(wanted_now, LKST_NR_EVENTS);
	lkst_for_each_point(p, t, i)
		if (p->attached)
			leaving[nr++] = p;
	if (nr)
		detach(leaving, nr);
	mutex_unlock(&lkst_attach_lock);
	lkst_probes_drop();
	kfree(leaving);
}

void lkst_attach_tracepoint_came(struct tracepoint *tp)
{
	struct lkst_point *p;
	unsigned int i, t;

	mutex_lock(&lkst_attach_lock);
	lkst_for_each_point(p, t, i) {
		if (p->kind != LKST_POINT_TRACEPOINT || p->tp || !p->built_to_fit ||
		    p->prepare || strcmp(p->place, tp->name))
			continue;
		/* The type information of modules is not read, and the kernel's is closed. */
		p->tp = tp;
		p->fault = LKST_POINT_GOOD;
		p->unused = false;
		p->unchecked = true;
		p->why[0] = '\0';
		if (test_bit(p->event, wanted_now))
			attach(p);
	}
	mutex_unlock(&lkst_attach_lock);
}

void lkst_attach_tracepoint_goes(struct tracepoint *tp)
{
	unsigned int i, t, nr = 0;
	struct lkst_point *p;

	mutex_lock(&lkst_attach_lock);
	lkst_for_each_point(p, t, i)
		if (p->kind == LKST_POINT_TRACEPOINT && p->tp == tp && p->attached)
			leaving[nr++] = p;
	if (nr)
		detach(leaving, nr);
	lkst_for_each_point(p, t, i)
		if (p->kind == LKST_POINT_TRACEPOINT && p->tp == tp) {
			p->tp = NULL;
			lkst_point_fails(p, LKST_POINT_ABSENT, "its module was removed");
		}
	mutex_unlock(&lkst_attach_lock);
}

/* ---- telling ---- */

static const char *const kind_name[] = {
	[LKST_POINT_TRACEPOINT] = "tracepoint", [LKST_POINT_KPROBE] = "kprobe",
	[LKST_POINT_KRETPROBE] = "kretprobe", [LKST_POINT_NOTIFIER] = "notifier",
};

static __printf(2, 3) void append(char *to, const char *fmt, ...)
{
	size_t len = strlen(to);
	va_list args;

	va_start(args, fmt);
	vscnprintf(to + len, LKST_REASON_LEN - len, fmt, args);
	va_end(args);
}

/* "tracepoint a b, kprobe c (unchecked)" of rows that work, "d: reason; e: reason" of others. */
static unsigned int tell_rows(unsigned int event, struct lkst_event_state *state)
{
	unsigned int i, t, nr = 0, kind = ~0U;
	struct lkst_point *p;

	lkst_for_each_point(p, t, i) {
		unsigned long missed = lkst_kprobe_missed(p);

		if (p->event != event || p->unused)
			continue;
		nr++;
		if (p->fault) {
			append(state->reason, "%s%s: %s", *state->reason ? "; " : "", p->place,
			       p->why);
			continue;
		}
		state->flags |= LKST_EVENT_AVAILABLE | (p->attached ? LKST_EVENT_ATTACHED : 0);
		if (p->kind != kind)
			append(state->source, "%s%s", *state->source ? ", " : "",
			       kind_name[p->kind]);
		kind = p->kind;
		append(state->source, " %s%s", p->place, p->unchecked ? " (unchecked)" : "");
		if (missed)
			append(state->reason, "%s%s: %lu missed", *state->reason ? "; " : "",
			       p->place, missed);
	}
	return nr;
}

int lkst_attach_state(unsigned int event, struct lkst_event_state *state)
{
	const struct lkst_origin *o = lkst_origin_of(event, state);

	if (!o)
		return -ENOENT;
	if (o->core)
		return 0;
	mutex_lock(&lkst_attach_lock);
	if (!tell_rows(event, state))
		append(state->reason, "%s",
		       o->none ? o->place : "this module has no probe for it");
	mutex_unlock(&lkst_attach_lock);
	return 0;
}
