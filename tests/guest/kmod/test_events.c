// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_events.c - things that only the kernel can do exactly ROUNDS times, in the process that writes the command. The addresses
 * used stand in the results, so that the records of these objects can be told from all others.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "lkst_test.h"

static DECLARE_COMPLETION(done);
static void *objects[ROUNDS];

static void forget_objects(void)
{
	memset(objects, 0, sizeof(objects));
}

/* ---- timers ---- */

static void timer_ran(struct timer_list *unused)
{
	complete(&done);
}

static enum hrtimer_restart hrtimer_ran(struct hrtimer *unused)
{
	complete(&done);
	return HRTIMER_NORESTART;
}

static struct timer_list timer;
static struct hrtimer hrtimer;

static void do_timer(void)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		mod_timer(&timer, jiffies + 2);
		wait_for_completion(&done);
		del_timer_sync(&timer);
	}
}

static void do_hrtimer(void)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		hrtimer_start(&hrtimer, ns_to_ktime(500000), HRTIMER_MODE_REL);
		wait_for_completion(&done);
		hrtimer_cancel(&hrtimer);
	}
}

/* ---- work, soft interrupts, interrupts between CPUs ---- */

static void work_ran(struct work_struct *unused)
{
}
static DECLARE_WORK(work, work_ran);

static void do_work(void)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		schedule_work(&work);
		flush_work(&work);
	}
}

static void tasklet_ran(struct tasklet_struct *unused)
{
	complete(&done);
}
static DECLARE_TASKLET(tasklet, tasklet_ran);

static void do_softirq_hi(void)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		tasklet_hi_schedule(&tasklet);
		wait_for_completion(&done);
	}
}

static void irq_work_ran(struct irq_work *unused)
{
}
static struct irq_work irq_work = IRQ_WORK_INIT_HARD(irq_work_ran);

static void do_ipi(void)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		irq_work_queue(&irq_work);
		irq_work_sync(&irq_work);
	}
}

/* ---- wait queues ---- */

static wait_queue_head_t queue;
static struct wait_queue_entry entry;

static void do_waitq(void)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		init_waitqueue_head(&queue);
		init_waitqueue_entry(&entry, current);
		add_wait_queue(&queue, &entry);
		remove_wait_queue(&queue, &entry);
	}
}

/* ---- memory: all are held before the first is given back, so the addresses differ ---- */

static size_t odd_size = 5001;	/* not a constant, or kmalloc() is another function */
static struct kmem_cache *cache;

static void do_kmalloc(void)
{
	unsigned int i;

	forget_objects();
	for (i = 0; i < ROUNDS; i++)
		objects[i] = kmalloc(READ_ONCE(odd_size), GFP_KERNEL);
	for (i = 0; i < ROUNDS; i++)
		kfree(objects[i]);
}

static void do_cache(void)
{
	unsigned int i;

	forget_objects();
	for (i = 0; i < ROUNDS; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (i = 0; i < ROUNDS; i++)
		if (objects[i])
			kmem_cache_free(cache, objects[i]);
}

static void do_pages(void)
{
	unsigned int i;

	forget_objects();
	for (i = 0; i < ROUNDS; i++)
		objects[i] = alloc_pages(GFP_KERNEL, 3);
	for (i = 0; i < ROUNDS; i++)
		if (objects[i])
			__free_pages(objects[i], 3);
}

/* ---- a mutex that somebody else holds ---- */

static DEFINE_MUTEX(mutex);
static DECLARE_COMPLETION(held);

static int holder(void *unused)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		mutex_lock(&mutex);
		complete(&held);
		msleep(4);
		mutex_unlock(&mutex);
		wait_for_completion(&done);
	}
	complete(&held);
	return 0;
}

static void do_mutex(void)
{
	struct task_struct *task = kthread_run(holder, NULL, "lkst_holder");
	unsigned int i;

	if (IS_ERR(task))
		return;
	for (i = 0; i < ROUNDS; i++) {
		wait_for_completion(&held);
		mutex_lock(&mutex);
		mutex_unlock(&mutex);
		complete(&done);
	}
	wait_for_completion(&held);
	msleep(20);	/* it has yet to leave the module */
}

static const struct {
	const char *name;
	void (*run)(void);
} things[] = {
	{ "timer", do_timer }, { "hrtimer", do_hrtimer }, { "work", do_work }, { "softirq", do_softirq_hi }, { "ipi", do_ipi },
	{ "waitq", do_waitq }, { "kmalloc", do_kmalloc }, { "cache", do_cache }, { "pages", do_pages }, { "mutex", do_mutex },
};

int test_events_run(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(things); i++)
		if (!strcmp(things[i].name, name)) {
			things[i].run();
			return 0;
		}
	return -ENOENT;
}

void test_events_show(struct seq_file *file)
{
	unsigned int i;

	seq_printf(file, "timer=0x%px\ntimer_func=0x%px\n", &timer, timer_ran);
	seq_printf(file, "hrtimer=0x%px\nhrtimer_func=0x%px\n", &hrtimer, hrtimer_ran);
	seq_printf(file, "work=0x%px\nwork_func=0x%px\n", &work, work_ran);
	seq_printf(file, "wqh=0x%px\nentry=0x%px\nmutex=0x%px\n", &queue, &entry, &mutex);
	seq_puts(file, "objects=");
	for (i = 0; i < ROUNDS; i++)
		seq_printf(file, "%s0x%px", i ? "," : "", objects[i]);
	seq_putc(file, '\n');
}

int test_events_init(void)
{
	cache = kmem_cache_create("lkst_test", 200, 0, 0, NULL);
	if (!cache)
		return -ENOMEM;
	timer_setup(&timer, timer_ran, 0);
	hrtimer_init(&hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer.function = hrtimer_ran;
	return 0;
}

void test_events_exit(void)
{
	del_timer_sync(&timer);
	hrtimer_cancel(&hrtimer);
	tasklet_kill(&tasklet);
	cancel_work_sync(&work);
	irq_work_sync(&irq_work);
	kmem_cache_destroy(cache);
}
