// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_truth_legacy.c - test_truth.c for kernels of the series that are built for several CPUs: a lock that CPU 1
 * holds for a while makes long what CPU 0 does, be it the scheduler or the allocator of pages. On kernels for one
 * CPU there is nothing of it.
 */
#include <linux/completion.h>
#include <linux/ktime.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "lkst_test.h"

#ifdef CONFIG_SMP

/* Address of the lock of CPU 0's run queue, as System.map has it: no kernel exports it. */
static unsigned long sched_lock;
module_param(sched_lock, ulong, 0);

/* ---- who holds locks ---- */

#define HELD_NS		20000000	/* by the clock: what a busy host makes of mdelay() is another matter */

static spinlock_t *lock;	/* NULL: go home */
static volatile int is_held, is_waited_for, has_done;
static volatile unsigned int times_held;
static volatile u64 waits, let_go;
static DECLARE_COMPLETION(go);
static DECLARE_COMPLETION(gone);
static cpumask_t allowed;

/* Who waits has taken one more from what was 1 when it was free. That comes behind its record of waiting. */
static int somebody_waits(void)
{
	return *(volatile signed char *)lock < 0;
}

/*
 * The time is that of a busy host, which stops both CPUs for as long as it likes. So the lock is held from when the
 * other one is seen to wait: it waits for that long, wherever it was stopped before.
 */
static int hold(void *unused)
{
	u64 before, has;

	for (;;) {
		wait_for_completion(&go);
		if (!lock)
			break;
		local_irq_disable();
		before = ktime_get_ns();
		spin_lock(lock);
		has = ktime_get_ns();
		is_waited_for = 0;
		is_held = 1;
		times_held++;
		while (!somebody_waits() && !has_done)
			cpu_relax();
		waits = ktime_get_ns();
		is_waited_for = 1;
		do {
			cpu_relax();
			let_go = ktime_get_ns();
		} while (let_go - waits < HELD_NS && !has_done);
		spin_unlock(lock);
		add_bounds(&truth.held, let_go - has, ktime_get_ns() - before);
		is_held = 0;
		local_irq_enable();
	}
	complete_and_exit(&gone, 0);
}

static int begin(void)
{
	struct task_struct *task = kthread_create(hold, NULL, "lkst_hold");

	if (IS_ERR(task))
		return -ENOMEM;
	truth.holder = task->pid;
	truth.held.n = 0;
	allowed = current->cpus_allowed;
	set_cpus_allowed(current, cpumask_of_cpu(0));
	kthread_bind(task, 1);
	wake_up_process(task);
	return 0;
}

static void end(void)
{
	while (is_held)
		cpu_relax();
	lock = NULL;
	complete(&go);
	wait_for_completion(&gone);
	set_cpus_allowed(current, allowed);
}

/* Once it returns, interrupts are off, and the lock is held until this CPU has waited for it, or is done without. */
static u64 ask(spinlock_t *which)
{
	unsigned int before;

	for (;;) {
		while (is_held)
			cpu_relax();
		before = times_held;
		lock = which;
		has_done = 0;
		complete(&go);
		while (times_held == before)
			cpu_relax();
		local_irq_disable();
		if (is_held && !is_waited_for)
			return ktime_get_ns();
		local_irq_enable();	/* an interrupt here wanted the lock, too */
	}
}

/* Behind what may have waited. */
static u64 done(void)
{
	u64 now = ktime_get_ns();

	has_done = 1;
	local_irq_enable();
	return now;
}

static void add_waited(struct bounds *bounds, u64 asked, u64 got)
{
	add_bounds(bounds, let_go - waits, got - asked);
}

/*
 * What waits is done once before without waiting: then it is in the processor's caches, and the translator's where the
 * processor is one.
 */

/* ---- who waits for a lock ---- */

static spinlock_t own = SPIN_LOCK_UNLOCKED;

static void do_holds(void)
{
	unsigned int i;
	u64 asked, got;

	truth.waited.n = 0;
	spin_lock(&own);
	spin_unlock(&own);
	for (i = 0; i < ROUNDS; i++) {
		asked = ask(&own);
		spin_lock(&own);
		got = done();
		spin_unlock(&own);
		add_waited(&truth.waited, asked, got);
	}
}

/* ---- whose memory comes from the zone that is locked: only then the zone has less afterwards, or more ---- */

#define OBJECTS	(8 * ROUNDS)

static volatile size_t size = 131072;	/* not a constant, or kmalloc() picks the cache when it is compiled */
static void *object[OBJECTS];

static void do_gets(void)
{
	struct page *page = alloc_pages(GFP_ATOMIC, 3);
	unsigned int i;
	u64 asked, got;

	truth.gets.n = truth.frees.n = 0;
	for (i = 0; i < 4 && page; i++) {
		__free_pages(page, 3);
		page = alloc_pages(GFP_ATOMIC, 3);
	}
	for (i = 0; i < ROUNDS && page; i++) {
		asked = ask(&page_zone(page)->lock);
		__free_pages(page, 3);
		got = done();
		add_waited(&truth.frees, asked, got);
		asked = ask(&page_zone(page)->lock);
		page = alloc_pages(GFP_ATOMIC, 3);
		got = done();
		add_waited(&truth.gets, asked, got);
	}
	if (page)
		__free_pages(page, 3);
}

static void do_kmallocs(void)
{
	struct page *page = alloc_pages(GFP_ATOMIC, 3);
	unsigned long before, after;
	unsigned int i, n;
	u64 asked, got;

	truth.kmallocs.n = truth.kfrees.n = 0;
	kfree(kmalloc(size, GFP_KERNEL));
	for (n = 0; page && n < OBJECTS && truth.kmallocs.n < ROUNDS; n++) {
		asked = ask(&page_zone(page)->lock);
		before = page_zone(page)->free_pages;
		object[n] = kmalloc(size, GFP_ATOMIC);
		after = page_zone(page)->free_pages;
		got = done();
		if (!object[n])
			break;
		if (after < before)
			add_waited(&truth.kmallocs, asked, got);
	}
	for (; page && n < OBJECTS; n++)
		object[n] = kmalloc(size, GFP_KERNEL);
	for (i = 0; i < n && truth.kfrees.n < ROUNDS; i++) {
		asked = ask(&page_zone(page)->lock);
		before = page_zone(page)->free_pages;
		kfree(object[i]);
		after = page_zone(page)->free_pages;
		got = done();
		if (after > before)
			add_waited(&truth.kfrees, asked, got);
	}
	while (i < n)
		kfree(object[i++]);
	if (page)
		__free_pages(page, 3);
}

/* ---- who switches while the run queue is locked, to a task that reads the clock as it comes ---- */

static DECLARE_COMPLETION(come);
static struct task_struct *waiting;
static volatile u64 came;

static int other(void *unused)
{
	for (;;) {
		wait_for_completion(&come);
		if (!waiting)
			break;
		came = ktime_get_ns();
		wake_up_process(waiting);
	}
	complete_and_exit(&gone, 0);
}

static void do_switches(void)
{
	struct task_struct *task = sched_lock ? kthread_create(other, NULL, "lkst_other") : ERR_PTR(-EINVAL);
	spinlock_t *of_cpu_0;
	unsigned int i;
	u64 asked;

	if (IS_ERR(task))
		return;
	of_cpu_0 = per_cpu_lock(sched_lock, 0);
	kthread_bind(task, 0);
	wake_up_process(task);
	waiting = current;
	truth.switched.n = 0;
	for (i = 0; i < ROUNDS; i++) {
		complete(&come);
		set_current_state(TASK_UNINTERRUPTIBLE);
		asked = ask(of_cpu_0);
		schedule();
		done();
		add_waited(&truth.switched, asked, came);
	}
	waiting = NULL;
	complete(&come);
	wait_for_completion(&gone);
}

static const struct {
	const char *name;
	void (*run)(void);
} things[] = {
	{ "holds", do_holds }, { "gets", do_gets }, { "kmallocs", do_kmallocs }, { "switches", do_switches },
};

int test_truth_more(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(things); i++) {
		if (strcmp(things[i].name, name))
			continue;
		if (begin())
			return -ENOMEM;
		things[i].run();
		end();
		return 0;
	}
	return -ENOENT;
}
#else
int test_truth_more(const char *name)
{
	return -ENOENT;
}
#endif
