// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_truth.c - things that take a while in the kernel, and how long at least and at most by the kernel's own
 * clock: what tests/guest/truth.sh compares the measures with. For one CPU.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/wait.h>

#include "lkst_test.h"

struct bounds {
	const char *name;
	unsigned int n;
	u64 least[5 * ROUNDS], most[5 * ROUNDS];
};

static void add_bounds(struct bounds *bounds, u64 least, u64 most)
{
	if (bounds->n == ARRAY_SIZE(bounds->least))
		return;
	bounds->least[bounds->n] = least;
	bounds->most[bounds->n++] = most;
}

/* ---- a mutex that one holds and one waits for ---- */

static struct bounds held = { "held" }, waited = { "waited" };
static DEFINE_MUTEX(mutex);
static DECLARE_COMPLETION(taken);
static DECLARE_COMPLETION(again);
static pid_t holder;
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
		add_bounds(&held, let_go - has, ktime_get_ns() - before);
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

	held.n = waited.n = 0;
	task = kthread_run(hold, NULL, "lkst_hold");
	if (IS_ERR(task))
		return;
	holder = task->pid;
	for (i = 0; i < ROUNDS; i++) {
		wait_for_completion(&taken);
		asked = ktime_get_ns();
		mutex_lock(&mutex);
		got = ktime_get_ns();
		mutex_unlock(&mutex);
		add_bounds(&waited, let_go - asked, got - asked);
		complete(&again);
	}
	wait_for_completion(&taken);
	msleep(20);	/* it has yet to leave the module */
}

/* ---- wait queues that five enter one by one, and leave in the same order ---- */

static struct bounds queued = { "queued" };
static wait_queue_head_t queue;
static struct wait_queue_entry entry[5];

static void do_queues(void)
{
	u64 before[5], in[5], out;
	unsigned int i, k;

	queued.n = 0;
	for (i = 0; i < ROUNDS; i++) {
		init_waitqueue_head(&queue);
		for (k = 0; k < 5; k++) {
			init_waitqueue_entry(&entry[k], current);
			before[k] = ktime_get_ns();
			add_wait_queue(&queue, &entry[k]);
			in[k] = ktime_get_ns();
			udelay(100);
		}
		for (k = 0; k < 5; k++) {
			udelay(100);
			out = ktime_get_ns();
			remove_wait_queue(&queue, &entry[k]);
			add_bounds(&queued, out - in[k], ktime_get_ns() - before[k]);
		}
	}
}

/* ---- memory that is cleared when it is taken (and with init_on_free=1 when it is given back) ---- */

#define ORDER	9
#define CLEARED	(PAGE_SIZE << ORDER)
static size_t cleared = CLEARED;	/* not a constant, or kmalloc() is another function */

static struct bounds kmallocs = { "kmallocs" }, kfrees = { "kfrees" }, gets = { "gets" }, frees = { "frees" };

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

	kmallocs.n = kfrees.n = gets.n = frees.n = 0;
	for (i = 0; i < ROUNDS; i++) {
		from = ktime_get_ns();
		memory = kmalloc(READ_ONCE(cleared), GFP_KERNEL | __GFP_ZERO);
		took = ktime_get_ns() - from;
		if (!memory)
			return;
		least = clearing(memory);
		add_bounds(&kmallocs, least, took);
		from = ktime_get_ns();
		kfree(memory);
		add_bounds(&kfrees, least, ktime_get_ns() - from);

		from = ktime_get_ns();
		page = alloc_pages(GFP_KERNEL | __GFP_ZERO, ORDER);
		took = ktime_get_ns() - from;
		if (!page)
			return;
		least = clearing(page_address(page));
		add_bounds(&gets, least, took);
		from = ktime_get_ns();
		__free_pages(page, ORDER);
		add_bounds(&frees, least, ktime_get_ns() - from);
	}
}

/* ---- soft interrupts that have to wait until they may run ---- */

static struct bounds delayed = { "delayed" }, ticked = { "ticked" };
static u64 ran;

static void tasklet_ran(struct tasklet_struct *unused)
{
	ran = ktime_get_ns();
}
static DECLARE_TASKLET(tasklet, tasklet_ran);

static void do_delays(void)
{
	unsigned int i;
	u64 before, asked, allowed;

	delayed.n = 0;
	for (i = 0; i < ROUNDS; i++) {
		local_bh_disable();
		before = ktime_get_ns();
		tasklet_hi_schedule(&tasklet);
		asked = ktime_get_ns();
		udelay(100 * (i + 1));
		allowed = ktime_get_ns();
		local_bh_enable();
		add_bounds(&delayed, allowed - asked, ran - before);
	}
}

static void timer_ran(struct timer_list *unused)
{
	ran = ktime_get_ns();
}
static DEFINE_TIMER(timer, timer_ran);

/* The timer interrupt that makes the timer due came between two readings of the clock. */
static void do_ticks(void)
{
	unsigned long old;
	unsigned int i;
	u64 before, after, allowed;

	ticked.n = 0;
	for (i = 0; i < ROUNDS; i++) {
		local_bh_disable();
		mod_timer(&timer, jiffies);	/* the wheel rounds it up to the next */
		old = jiffies;
		after = ktime_get_ns();
		do {
			before = after;
			after = ktime_get_ns();
		} while (jiffies == old);
		after = ktime_get_ns();
		udelay(10 * (i + 1));
		allowed = ktime_get_ns();
		local_bh_enable();
		add_bounds(&ticked, allowed - after, ran - before);
	}
}

/* ---- switches that a callback makes long, to a task that reads the clock as it comes ---- */

static struct bounds switched = { "switched" };
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
	switched.n = 0;
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
		add_bounds(&switched, lasted, came - before);
	}
	preempt_notifier_dec();
	msleep(20);	/* it has yet to leave the module */
}

int test_truth_run(const char *name)
{
	if (!strcmp(name, "delays"))
		do_delays();
	else if (!strcmp(name, "ticks"))
		do_ticks();
	else if (!strcmp(name, "switches"))
		do_switches();
	else if (!strcmp(name, "holds"))
		do_holds();
	else if (!strcmp(name, "queues"))
		do_queues();
	else if (!strcmp(name, "clears"))
		do_clears();
	else
		return -ENOENT;
	return 0;
}

static void show_list(struct seq_file *file, const struct bounds *bounds, const char *which, const u64 *value)
{
	unsigned int i;

	seq_printf(file, "%s_%s=", bounds->name, which);
	for (i = 0; i < bounds->n; i++)
		seq_printf(file, "%s%llu", i ? "," : "", value[i]);
	seq_putc(file, '\n');
}

void test_truth_show(struct seq_file *file)
{
	static const struct bounds *const all[] = { &held, &waited, &queued, &kmallocs, &kfrees, &gets, &frees,
					     &delayed, &ticked, &switched };
	unsigned int i;

	seq_printf(file, "holder=%d\n", holder);
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		show_list(file, all[i], "least", all[i]->least);
		show_list(file, all[i], "most", all[i]->most);
	}
}
