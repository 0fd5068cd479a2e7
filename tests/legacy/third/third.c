/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * third.c - what a third party's module for 2.6 and 2.4 is like: a dozen things of the kernel, used the way drivers do.
 * It is built against the kernel without the series and loaded into the one with it. /proc/third says what came of each;
 * everything is done once a read.
 */
#include <linux/init.h>
#include <linux/sched.h>	/* 2.4 wants it before the next */
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/version.h>
#include <linux/wait.h>
#include <asm/semaphore.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(2, 6, 0)
#include <linux/workqueue.h>
#define PARENT(task)	((task)->parent == (task)->real_parent)
#else
#include <linux/tqueue.h>
#define work_struct		tq_struct
#define INIT_WORK		INIT_TQUEUE
#define schedule_work		schedule_task
#define flush_scheduled_work	flush_scheduled_tasks
#define PARENT(task)	((task)->p_pptr == (task)->p_opptr)
#define wait_event_timeout(queue, condition, timeout) do {	\
	DECLARE_WAITQUEUE(__entry, current);			\
	long __left = (timeout);				\
								\
	add_wait_queue(&(queue), &__entry);			\
	for (;;) {						\
		set_current_state(TASK_UNINTERRUPTIBLE);	\
		if ((condition) || !__left)			\
			break;					\
		__left = schedule_timeout(__left);		\
	}							\
	set_current_state(TASK_RUNNING);			\
	remove_wait_queue(&(queue), &__entry);			\
} while (0)
#endif

#define TIMES	23

static struct proc_dir_entry *entry;
static kmem_cache_t *cache;
static DECLARE_WAIT_QUEUE_HEAD(fixed_queue);
static wait_queue_head_t queue;
static struct timer_list timer;
static struct work_struct work;
static struct tasklet_struct tasklet;
static DECLARE_MUTEX(sem);
static int timers, works, tasklets;

struct thing {
	struct list_head list;
	char text[100];
};

static void on_timer(unsigned long data)
{
	timers += data;
	wake_up(&queue);
}

static void on_work(void *data)
{
	works += *(int *)data;
	wake_up(&fixed_queue);
}

static void on_tasklet(unsigned long data)
{
	tasklets += data;
	wake_up(&queue);
}

/* Two timers one after the other: the second is put off once, and a third is taken away again. */
static void try_timers(void)
{
	timer.expires = jiffies + 1;
	add_timer(&timer);
	wait_event_timeout(queue, timers == 1, HZ);
	mod_timer(&timer, jiffies + HZ);
	mod_timer(&timer, jiffies + 1);
	wait_event_timeout(queue, timers == 2, HZ);
	mod_timer(&timer, jiffies + HZ);
	if (del_timer_sync(&timer))
		timers += 100;
}

static int try_slab(void)
{
	struct thing *thing, *next;
	LIST_HEAD(list);
	int n = 0;

	for (n = 0; n < TIMES; n++) {
		thing = n % 2 ? kmem_cache_alloc(cache, GFP_KERNEL) : kmem_cache_alloc(cache, GFP_ATOMIC);
		if (!thing)
			break;
		memset(thing->text, n, sizeof(thing->text));
		list_add_tail(&thing->list, &list);
	}
	n = 0;
	list_for_each_entry_safe(thing, next, &list, list) {
		n += thing->text[sizeof(thing->text) - 1] == n;
		kmem_cache_free(cache, thing);
	}
	return n;
}

static int try_skb(void)
{
	struct sk_buff *skb = alloc_skb(256, GFP_KERNEL), *copy;
	int len = 0;

	if (!skb)
		return 0;
	skb_reserve(skb, 16);
	memset(skb_put(skb, TIMES), 7, TIMES);
	copy = skb_clone(skb, GFP_KERNEL);
	if (copy) {
		skb_push(copy, 4);
		len = copy->len;
		kfree_skb(copy);
	}
	kfree_skb(skb);
	return len;
}

static int read(char *page, char **start, off_t off, int count, int *eof, void *data)
{
	int *one = kmalloc(sizeof(*one), GFP_KERNEL), len;

	if (!one)
		return -ENOMEM;
	*one = 1;
	*eof = 1;
	if (off) {
		kfree(one);
		return 0;
	}
	down(&sem);
	timers = works = tasklets = 0;
	try_timers();
	INIT_WORK(&work, on_work, one);
	schedule_work(&work);
	wait_event_timeout(fixed_queue, works == 1, HZ);
	flush_scheduled_work();
	tasklet_schedule(&tasklet);
	wait_event_timeout(queue, tasklets == 1, HZ);
	len = sprintf(page, "timers %d works %d tasklets %d slab %d skb %d task %s %d\n", timers, works, tasklets, try_slab(),
		      try_skb(), current->comm, PARENT(current));
	up(&sem);
	kfree(one);
	return len;
}

static int __init third_init(void)
{
	init_waitqueue_head(&queue);
	init_timer(&timer);
	timer.function = on_timer;
	timer.data = 1;
	tasklet_init(&tasklet, on_tasklet, 1);
	cache = kmem_cache_create("third", sizeof(struct thing), 0, 0, NULL, NULL);
	if (!cache)
		return -ENOMEM;
	entry = create_proc_read_entry("third", 0444, NULL, read, NULL);
	if (!entry) {
		kmem_cache_destroy(cache);
		return -ENOMEM;
	}
	return 0;
}

static void __exit third_exit(void)
{
	remove_proc_entry("third", NULL);
	flush_scheduled_work();
	tasklet_kill(&tasklet);
	kmem_cache_destroy(cache);
}

module_init(third_init);
module_exit(third_exit);
MODULE_LICENSE("Proprietary");
MODULE_DESCRIPTION("a module of somebody else");
