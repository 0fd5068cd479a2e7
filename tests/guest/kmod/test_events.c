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
static struct hrtimer hrtimer, far_timer;

static void do_timer(void)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		mod_timer(&timer, jiffies + 2);
		wait_for_completion(&done);
		timer_delete_sync(&timer);
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
	for (i = 0; i < ROUNDS; i++) {
		hrtimer_start(&far_timer, ns_to_ktime(1000 * (u64)NSEC_PER_SEC), HRTIMER_MODE_REL);
		hrtimer_cancel(&far_timer);
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

/* Since 6.4 a macro that wants a tracepoint of its user. */
#ifdef smp_send_reschedule
#define send_reschedule arch_smp_send_reschedule
#else
#define send_reschedule smp_send_reschedule
#endif

static void called(void *unused)
{
}

/* Of each vector ROUNDS, from this CPU to CPU 1 or to itself. Those to several CPUs need a third one. */
static void do_ipi(void)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		irq_work_queue(&irq_work);
		irq_work_sync(&irq_work);
		smp_call_function_single(1, called, NULL, 1);
		smp_call_function(called, NULL, 1);
		send_reschedule(1);
		udelay(200);	/* two that are not taken yet would be one */
	}
}

/* ---- wait queues ---- */

static wait_queue_head_t queue;
static struct wait_queue_entry entry[5];	/* one for each way to wait */

static void do_waitq(void)
{
	unsigned int i, k;

	for (i = 0; i < ROUNDS; i++) {
		init_waitqueue_head(&queue);
		init_waitqueue_entry(&entry[0], current);
		init_waitqueue_entry(&entry[1], current);
		for (k = 2; k < ARRAY_SIZE(entry); k++)
			init_wait_entry(&entry[k], 0);
		add_wait_queue(&queue, &entry[0]);
		remove_wait_queue(&queue, &entry[0]);
		add_wait_queue_exclusive(&queue, &entry[1]);
		remove_wait_queue(&queue, &entry[1]);
		prepare_to_wait(&queue, &entry[2], TASK_INTERRUPTIBLE);
		finish_wait(&queue, &entry[2]);
		prepare_to_wait_exclusive(&queue, &entry[3], TASK_INTERRUPTIBLE);
		finish_wait(&queue, &entry[3]);
		prepare_to_wait_event(&queue, &entry[4], TASK_INTERRUPTIBLE);
		finish_wait(&queue, &entry[4]);
	}
}

/* ---- memory: all are held before the first is given back, so the addresses differ ---- */

static size_t odd_size = 5001;	/* not a constant, or kmalloc() is another function */
static struct kmem_cache *cache;
static char spare[8192];

static noinline void do_kmalloc(void)
{
	unsigned int i;

	forget_objects();
	for (i = 0; i < ROUNDS; i++)
		objects[i] = kmalloc(READ_ONCE(odd_size), GFP_KERNEL);
	for (i = 0; i < ROUNDS; i++)
		kfree(objects[i]);
}

/* The kernel has another function for each of these; they are told apart by their sizes. */
static void do_sizes(void)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		kfree(kmalloc(1101, GFP_KERNEL));
		kfree(kmalloc_node(1102, GFP_KERNEL, 0));
		kfree(kmalloc_node(READ_ONCE(odd_size) + 1, GFP_KERNEL, 0));
		kfree(kmemdup(spare, READ_ONCE(odd_size) + 2, GFP_KERNEL));
		kfree(kmalloc(20004, GFP_KERNEL));	/* more than the largest cache has */
	}
}

static noinline void do_cache(void)
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

/* The other ways to take one, and as many tries that fail. */
static struct mutex mutexes[3];

static void do_mutexes(void)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		if (!mutex_lock_interruptible(&mutexes[0]))
			mutex_unlock(&mutexes[0]);
		if (!mutex_lock_killable(&mutexes[1]))
			mutex_unlock(&mutexes[1]);
		if (mutex_trylock(&mutexes[2])) {
			if (mutex_trylock(&mutexes[2]))
				pr_err("lkst_test: a mutex was taken twice\n");
			mutex_unlock(&mutexes[2]);
		}
	}
}

static const struct {
	const char *name;
	void (*run)(void);
} things[] = {
	{ "timer", do_timer }, { "hrtimer", do_hrtimer }, { "work", do_work }, { "softirq", do_softirq_hi }, { "ipi", do_ipi },
	{ "waitq", do_waitq }, { "kmalloc", do_kmalloc }, { "sizes", do_sizes },
	{ "cache", do_cache }, { "pages", do_pages }, { "mutex", do_mutex },
	{ "mutexes", do_mutexes },
};

int test_events_run(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(things); i++)
		if (!strcmp(things[i].name, name)) {
			things[i].run();
			return 0;
		}
	return test_truth_run(name);
}

/* Where a function begins and ends. */
static void show_function(struct seq_file *file, const char *name, const void *function)
{
	unsigned long size = 0;
	char text[80];

	snprintf(text, sizeof(text), "%pS", function);
	if (!strchr(text, '/') || sscanf(strchr(text, '/'), "/%lx", &size) != 1)
		pr_err("lkst_test: %s: how long is it?\n", text);
	seq_printf(file, "%s_begin=0x%px\n%s_end=0x%px\n", name, function, name, function + size);
}

void test_events_show(struct seq_file *file)
{
	unsigned int i;

	seq_printf(file, "timer=0x%px\ntimer_func=0x%px\n", &timer, timer_ran);
	seq_printf(file, "hrtimer=0x%px\nhrtimer_func=0x%px\nfar_timer=0x%px\n", &hrtimer, hrtimer_ran, &far_timer);
	seq_printf(file, "work=0x%px\nwork_func=0x%px\n", &work, work_ran);
	seq_printf(file, "wqh=0x%px\nmutex=0x%px\n", &queue, &mutex);
	for (i = 0; i < ARRAY_SIZE(entry); i++)
		seq_printf(file, "entry%u=0x%px\n", i, &entry[i]);
	for (i = 0; i < ARRAY_SIZE(mutexes); i++)
		seq_printf(file, "mutex%u=0x%px\n", i, &mutexes[i]);
	seq_printf(file, "gfp=%u\n", (unsigned int)GFP_KERNEL);
	show_function(file, "kmalloc", do_kmalloc);
	show_function(file, "cache", do_cache);
	seq_puts(file, "objects=");
	for (i = 0; i < ROUNDS; i++)
		seq_printf(file, "%s0x%px", i ? "," : "", objects[i]);
	seq_putc(file, '\n');
	test_truth_show(file);
}

int test_events_init(void)
{
	unsigned int i;

	cache = kmem_cache_create("lkst_test", 200, 0, 0, NULL);
	if (!cache)
		return -ENOMEM;
	timer_setup(&timer, timer_ran, 0);
	hrtimer_setup(&hrtimer, hrtimer_ran, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_setup(&far_timer, hrtimer_ran, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	for (i = 0; i < ARRAY_SIZE(mutexes); i++)
		mutex_init(&mutexes[i]);
	return 0;
}

void test_events_exit(void)
{
	timer_delete_sync(&timer);
	hrtimer_cancel(&hrtimer);
	hrtimer_cancel(&far_timer);
	tasklet_kill(&tasklet);
	cancel_work_sync(&work);
	irq_work_sync(&irq_work);
	kmem_cache_destroy(cache);
}
