// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_truth.c - things that take a while in the kernel, and how long at least and at most by the kernel's own
 * clock: what tests/guest/truth.sh compares the measures with. For one CPU; what needs more of the kernel is in
 * test_truth_stock.c and test_truth_legacy.c.
 */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/timer.h>
#include <linux/wait.h>

#include "lkst_test.h"

void add_bounds(struct bounds *bounds, u64 least, u64 most)
{
	if (bounds->n == ARRAY_SIZE(bounds->least))
		return;
	bounds->least[bounds->n] = least;
	bounds->most[bounds->n++] = most;
}

struct test_truth truth = {
	.held = { "held" }, .waited = { "waited" }, .kmallocs = { "kmallocs" }, .kfrees = { "kfrees" },
	.gets = { "gets" }, .frees = { "frees" }, .switched = { "switched" }, .late = { "late" },
};

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

/* ---- soft interrupts that have to wait until they may run, and take a while then ---- */

static struct bounds delayed = { "delayed" }, handled = { "handled" }, ticked = { "ticked" };
static unsigned int handles_us;
static u64 ran, done;

static void tasklet_ran(unsigned long unused)
{
	ran = ktime_get_ns();
	udelay(handles_us);
	done = ktime_get_ns();
}
static struct tasklet_struct tasklet;

static void do_delays(void)
{
	unsigned int i;
	u64 before, asked, allowed;

	delayed.n = handled.n = 0;
	tasklet_init(&tasklet, tasklet_ran, 0);
	for (i = 0; i < ROUNDS; i++) {
		local_bh_disable();
		before = ktime_get_ns();
		tasklet_hi_schedule(&tasklet);
		asked = ktime_get_ns();
		udelay(100 * (i + 1));
		handles_us = 50 * (i + 1);
		allowed = ktime_get_ns();
		local_bh_enable();
		add_bounds(&handled, done - ran, ktime_get_ns() - allowed);
		add_bounds(&delayed, allowed - asked, ran - before);
	}
}

static void timer_ran(struct timer_list *unused)
{
	ran = ktime_get_ns();
}
static struct timer_list timer;

/*
 * The timer interrupt that makes the timer due came between two readings of the clock. What is held off is much longer
 * than it takes otherwise.
 */
static void do_ticks(void)
{
	unsigned long old;
	unsigned int i;
	u64 before, after, allowed;

	ticked.n = 0;
	timer_setup(&timer, timer_ran, 0);
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
		udelay(500 + 20 * i);
		allowed = ktime_get_ns();
		local_bh_enable();
		add_bounds(&ticked, allowed - after, ran - before);
	}
}

int test_truth_run(const char *name)
{
	if (!strcmp(name, "delays"))
		do_delays();
	else if (!strcmp(name, "ticks"))
		do_ticks();
	else if (!strcmp(name, "queues"))
		do_queues();
	else
		return test_truth_more(name);
	return 0;
}

static void show_list(struct seq_file *file, const struct bounds *bounds, const char *which, const u64 *value)
{
	unsigned int i;

	seq_printf(file, "%s_%s=", bounds->name, which);
	for (i = 0; i < bounds->n; i++)
		seq_printf(file, "%s%llu", i ? "," : "", (unsigned long long)value[i]);
	seq_putc(file, '\n');
}

void test_truth_show(struct seq_file *file)
{
	static const struct bounds *const all[] = {
		&queued, &delayed, &handled, &ticked, &truth.held, &truth.waited, &truth.kmallocs, &truth.kfrees,
		&truth.gets, &truth.frees, &truth.switched, &truth.late,
	};
	unsigned int i;

	seq_printf(file, "holder=%d\n", truth.holder);
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		show_list(file, all[i], "least", all[i]->least);
		show_list(file, all[i], "most", all[i]->most);
	}
}
