// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_legacy.c - test_events.c for 2.6.9 and 2.4.37: what only the kernel can do exactly ROUNDS times;
 * and the NMI handler that legacy.h promises.
 */
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

#include "lkst_test.h"

/* ---- NMIs ---- */

static int (*on_nmi)(unsigned int type, struct pt_regs *regs);

static int nmi(struct pt_regs *regs, int cpu)
{
	return on_nmi(NMI_LOCAL, regs) == NMI_HANDLED;
}

int register_nmi_handler(unsigned int type, int (*fn)(unsigned int type, struct pt_regs *regs), unsigned long flags,
			 const char *name)
{
	on_nmi = fn;
	set_nmi_callback(nmi);
	return 0;
}

void unregister_nmi_handler(unsigned int type, const char *name)
{
	unset_nmi_callback();
	lkst_wait_writers();
}

static DECLARE_COMPLETION(done);
static void *objects[ROUNDS];

/* ---- timers, work, soft interrupts ---- */

static void timer_ran(struct timer_list *unused)
{
	complete(&done);
}
static struct timer_list timer;

static void do_timer_add(void)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		mod_timer(&timer, jiffies + 2);
		wait_for_completion(&done);
		mod_timer(&timer, jiffies + 1000 * HZ);
		del_timer_sync(&timer);
	}
}

static void work_ran(struct work_struct *unused)
{
}
static DECLARE_WORK(work, work_ran);

static void do_work(void)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		schedule_work(&work);
		flush_scheduled_work();
	}
}

static void tasklet_ran(unsigned long unused)
{
	complete(&done);
}
static DECLARE_TASKLET(tasklet, tasklet_ran, 0);

static void do_softirq_hi(void)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		tasklet_hi_schedule(&tasklet);
		wait_for_completion(&done);
	}
}

/* ---- wait queues: one entry for each way to wait ---- */

static wait_queue_head_t queue;
static wait_queue_t entry[4];

static void do_waitq(void)
{
	unsigned int i, k;

	for (i = 0; i < ROUNDS; i++) {
		init_waitqueue_head(&queue);
		for (k = 0; k < ARRAY_SIZE(entry); k++) {
			init_waitqueue_entry(&entry[k], current);
			INIT_LIST_HEAD(&entry[k].task_list);
		}
		add_wait_queue(&queue, &entry[0]);
		remove_wait_queue(&queue, &entry[0]);
		add_wait_queue_exclusive(&queue, &entry[1]);
		remove_wait_queue(&queue, &entry[1]);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(2, 6, 0)
		prepare_to_wait(&queue, &entry[2], TASK_INTERRUPTIBLE);
		finish_wait(&queue, &entry[2]);
		prepare_to_wait_exclusive(&queue, &entry[3], TASK_INTERRUPTIBLE);
		finish_wait(&queue, &entry[3]);
#endif
	}
}

/* ---- memory: all are held before the first is given back, so the addresses differ ---- */

static volatile size_t odd_size = 5001;	/* not a constant, or kmalloc() picks the cache when it is compiled */
static kmem_cache_t *cache;

static void do_kmalloc(void)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++)
		objects[i] = kmalloc(odd_size, GFP_KERNEL);
	for (i = 0; i < ROUNDS; i++)
		kfree(objects[i]);
}

static void do_cache(void)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (i = 0; i < ROUNDS; i++)
		if (objects[i])
			kmem_cache_free(cache, objects[i]);
}

static void do_pages(void)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++)
		objects[i] = alloc_pages(GFP_KERNEL, 3);
	for (i = 0; i < ROUNDS; i++)
		if (objects[i])
			__free_pages(objects[i], 3);
}

static spinlock_t lock = SPIN_LOCK_UNLOCKED;

#ifdef CONFIG_SMP
/* ---- interrupts between CPUs ---- */

static void nothing(void *unused)
{
}

static void do_ipi(void)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++)
		smp_call_function(nothing, NULL, 0, 1);
}

/* ---- a spin lock that another CPU holds ---- */

static DECLARE_COMPLETION(go);
static volatile int held, wanted;
static DECLARE_COMPLETION(gone);

static int holder(void *unused)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		wait_for_completion(&go);
		spin_lock(&lock);
		held = 1;
		while (!wanted)
			cpu_relax();
		mdelay(10);
		spin_unlock(&lock);
	}
	complete_and_exit(&gone, 0);
}

/* The other one is on the other CPU, for this one does not give its own away while it waits. */
static void do_spinlock(void)
{
	struct task_struct *task = kthread_create(holder, NULL, "lkst_holder");
	cpumask_t allowed = current->cpus_allowed;
	unsigned int i;

	if (IS_ERR(task))
		return;
	set_cpus_allowed(current, cpumask_of_cpu(0));
	kthread_bind(task, 1);
	wake_up_process(task);
	for (i = 0; i < ROUNDS; i++) {
		held = wanted = 0;
		complete(&go);
		while (!held)
			cpu_relax();
		/* no interrupt between these two, which might take longer than the other one's delay */
		local_irq_disable();
		wanted = 1;
		spin_lock(&lock);
		spin_unlock(&lock);
		local_irq_enable();
	}
	wait_for_completion(&gone);
	set_cpus_allowed(current, allowed);
}
#endif

/* ---- where a task runs: 2.4 has no system call for it ---- */

#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 0)
static void do_pin0(void)
{
	set_cpus_allowed(current, cpumask_of_cpu(0));
}

static void do_pin1(void)
{
	set_cpus_allowed(current, cpumask_of_cpu(1));
}
#endif

/* ---- the commands ---- */

static const struct {
	const char *name;
	void (*run)(void);
} things[] = {
	{ "timer", do_timer_add }, { "work", do_work }, { "softirq", do_softirq_hi }, { "waitq", do_waitq },
	{ "kmalloc", do_kmalloc }, { "cache", do_cache }, { "pages", do_pages },
#ifdef CONFIG_SMP
	{ "ipi", do_ipi }, { "spinlock", do_spinlock },
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 0)
	{ "pin0", do_pin0 }, { "pin1", do_pin1 },
#endif
};

int test_events_run(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(things); i++)
		if (!strcmp(things[i].name, name)) {
			memset(objects, 0, sizeof(objects));
			things[i].run();
			return 0;
		}
	return test_truth_run(name);
}

static void show_address(struct seq_file *file, const char *name, const void *address)
{
	seq_printf(file, "%s=0x%lx\n", name, (unsigned long)address);
}

void test_events_show(struct seq_file *file)
{
	unsigned int i;

	show_address(file, "timer", &timer);
	show_address(file, "timer_func", timer_ran);
	show_address(file, "work", &work);
	show_address(file, "work_func", work_ran);
	show_address(file, "wqh", &queue);
	show_address(file, "lock", &lock);
	for (i = 0; i < ARRAY_SIZE(entry); i++)
		seq_printf(file, "entry%u=0x%lx\n", i, (unsigned long)&entry[i]);
	/* The compiler leaves functions in the order of the source. */
	show_address(file, "cache_begin", do_cache);
	show_address(file, "cache_end", do_pages);
	seq_printf(file, "gfp=%u\nobjects=", (unsigned int)GFP_KERNEL);
	for (i = 0; i < ROUNDS; i++)
		seq_printf(file, "%s0x%lx", i ? "," : "", (unsigned long)objects[i]);
	seq_putc(file, '\n');
	test_truth_show(file);
}

int test_events_init(void)
{
	cache = kmem_cache_create("lkst_test", 200, 0, 0, NULL, NULL);
	if (!cache)
		return -ENOMEM;
	timer_setup(&timer, timer_ran, 0);
	return 0;
}

void test_events_exit(void)
{
	del_timer_sync(&timer);
	tasklet_kill(&tasklet);
	flush_scheduled_work();
	kmem_cache_destroy(cache);
}
