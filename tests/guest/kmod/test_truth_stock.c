// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_truth_stock.c - test_truth.c for stock kernels: mutexes, memory that is cleared, callbacks in a switch, timers.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "lkst_test.h"

/* ---- a mutex that one holds and one waits for ---- */

static DEFINE_MUTEX(mutex);
static DECLARE_COMPLETION(taken);
static DECLARE_COMPLETION(again);
static u64 let_go;

static int hold(void *unused)
{
	unsigned int i;
	u64 before, has;

	for (i = 0; i < ROUNDS; i++) {
		before = ktime_get_ns();
		mutex_lock(&mutex);
		has = ktime_get_ns();
		complete(&taken);
		msleep(4 * (1 + i % 5));
		let_go = ktime_get_ns();
		mutex_unlock(&mutex);
		add_bounds(&truth.held, let_go - has, ktime_get_ns() - before);
		wait_for_completion(&again);
	}
	complete(&taken);
	return 0;
}

/* It waits at least from when it asks, the way into waiting aside, until the other lets go. */
static void do_holds(void)
{
	struct task_struct *task;
	unsigned int i;
	u64 asked, got;

	truth.held.n = truth.waited.n = 0;
	task = kthread_run(hold, NULL, "lkst_hold");
	if (IS_ERR(task))
		return;
	truth.holder = task->pid;
	for (i = 0; i < ROUNDS; i++) {
		wait_for_completion(&taken);
		asked = ktime_get_ns();
		mutex_lock(&mutex);
		got = ktime_get_ns();
		mutex_unlock(&mutex);
		add_bounds(&truth.waited, let_go - asked, got - asked);
		complete(&again);
	}
	wait_for_completion(&taken);
	msleep(20);	/* it has yet to leave the module */
}

/* ---- memory that is cleared when it is taken (and with init_on_free=1 when it is given back) ---- */

#define ORDER	9
#define CLEARED	(PAGE_SIZE << ORDER)
static size_t cleared = CLEARED;	/* not a constant, or kmalloc() is another function */


/* How long only the clearing takes. */
static u64 clearing(void *memory)
{
	unsigned long flags;
	u64 time;

	local_irq_save(flags);
	time = ktime_get_ns();
	memset(memory, 0, CLEARED);
	time = ktime_get_ns() - time;
	local_irq_restore(flags);
	return time;
}

static void do_clears(void)
{
	struct page *page;
	void *memory;
	unsigned int i;
	u64 from, took, least;

	truth.kmallocs.n = truth.kfrees.n = truth.gets.n = truth.frees.n = 0;
	for (i = 0; i < ROUNDS; i++) {
		from = ktime_get_ns();
		memory = kmalloc(READ_ONCE(cleared), GFP_KERNEL | __GFP_ZERO);
		took = ktime_get_ns() - from;
		if (!memory)
			return;
		least = clearing(memory);
		add_bounds(&truth.kmallocs, least, took);
		from = ktime_get_ns();
		kfree(memory);
		add_bounds(&truth.kfrees, least, ktime_get_ns() - from);

		from = ktime_get_ns();
		page = alloc_pages(GFP_KERNEL | __GFP_ZERO, ORDER);
		took = ktime_get_ns() - from;
		if (!page)
			return;
		least = clearing(page_address(page));
		add_bounds(&truth.gets, least, took);
		from = ktime_get_ns();
		__free_pages(page, ORDER);
		add_bounds(&truth.frees, least, ktime_get_ns() - from);
	}
}

/* ---- switches that a callback makes long, to a task that reads the clock as it comes ---- */

static DECLARE_COMPLETION(go);
static DECLARE_COMPLETION(back);
static struct preempt_notifier notifier;
static u64 lasted, came;

static void leaves(struct preempt_notifier *unused, struct task_struct *next)
{
	u64 from = ktime_get_ns();

	udelay(100);
	lasted = ktime_get_ns() - from;
}

static void enters(struct preempt_notifier *unused, int cpu)
{
}
static struct preempt_ops preempt_ops = { .sched_in = enters, .sched_out = leaves };

static int other(void *unused)
{
	unsigned int i;

	for (i = 0; i <= ROUNDS; i++) {
		wait_for_completion(&go);
		came = ktime_get_ns();
		complete(&back);
	}
	return 0;
}

static void do_switches(void)
{
	struct task_struct *task = kthread_run(other, NULL, "lkst_other");
	unsigned int i;
	u64 before;

	if (IS_ERR(task))
		return;
	truth.switched.n = 0;
	complete(&go);	/* it waits in its loop from now on */
	wait_for_completion(&back);
	preempt_notifier_init(&notifier, &preempt_ops);
	preempt_notifier_inc();
	for (i = 0; i < ROUNDS; i++) {
		complete(&go);
		preempt_notifier_register(&notifier);
		before = ktime_get_ns();
		wait_for_completion(&back);
		preempt_notifier_unregister(&notifier);
		add_bounds(&truth.switched, lasted, came - before);
	}
	preempt_notifier_dec();
	msleep(20);	/* it has yet to leave the module */
}

/* ---- a timer that is due while interrupts are held off ---- */

static struct hrtimer late_timer;
static u64 late_at;

static enum hrtimer_restart late_ran(struct hrtimer *unused)
{
	late_at = ktime_get_ns();
	return HRTIMER_NORESTART;
}

static void do_lates(void)
{
	unsigned int i;
	u64 due, allowed;

	truth.late.n = 0;
	hrtimer_setup(&late_timer, late_ran, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_PINNED_HARD);
	for (i = 0; i < ROUNDS; i++) {
		local_irq_disable();
		due = ktime_get_ns() + 20000;
		hrtimer_start(&late_timer, ns_to_ktime(due), HRTIMER_MODE_ABS_PINNED_HARD);
		udelay(100 * (i + 1));
		allowed = ktime_get_ns();
		local_irq_enable();
		hrtimer_cancel(&late_timer);
		add_bounds(&truth.late, allowed - due, late_at - due);
	}
}

int test_truth_more(const char *name)
{
	if (!strcmp(name, "switches"))
		do_switches();
	else if (!strcmp(name, "holds"))
		do_holds();
	else if (!strcmp(name, "clears"))
		do_clears();
	else if (!strcmp(name, "lates"))
		do_lates();
	else
		return -ENOENT;
	return 0;
}
