// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_accounts.c - writers of LKST_TEST records that count on their own, by CPU, what they produced.
 *
 * Writers 0 to WRITERS-1 are threads; the even ones may migrate, the odd ones are bound to CPU (number / 2) mod CPUs. While they
 * run, on each CPU a timer interrupt writes as 1000 + CPU, the irq_work it queues as 2000 + CPU, an NMI as 3000 + CPU, the
 * latter two serially on that CPU too. @inside says whether the CPU was in the middle of lkst_event() then.
 */
#include <linux/cpu.h>
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/delay.h>
#include <linux/nmi.h>
#include <linux/sched.h>
#include <asm/nmi.h>

#include "lkst_test.h"

#define TIMER_NS	300000
#define FROM_TIMER	1000
#define FROM_WORK	2000
#define FROM_NMI	3000

static DEFINE_PER_CPU(unsigned long, produced);
static DEFINE_PER_CPU(unsigned int, inside);
static DEFINE_PER_CPU(unsigned int, timer_serial);
static DEFINE_PER_CPU(unsigned int, work_serial);
static DEFINE_PER_CPU(unsigned int, nmi_serial);
static DEFINE_PER_CPU(unsigned long, nested_timer);
static DEFINE_PER_CPU(unsigned long, nested_nmi);
static DEFINE_PER_CPU(struct hrtimer, ticker);
static DEFINE_PER_CPU(struct irq_work, work);

static atomic_t running = ATOMIC_INIT(0);
static bool nesting, stop;
static unsigned int events, pause;

/* tests/guest/load/accounts.c computes the same. */
static u64 checksum(u64 writer, u64 serial, u64 payload)
{
	return (writer << 32 | serial) * 0x9e3779b97f4a7c15ULL ^ payload * 0xc2b2ae3d27d4eb4fULL;
}

/* The CPU is held: the count and the record are of the same one. */
void test_accounts_write(unsigned int writer, unsigned int serial)
{
	union lkst_args_LKST_TEST args;
	u64 payload = (u64)serial << 17 ^ (u64)writer << 40 ^ 0x5a5a;

	args.a.writer = writer;
	args.a.serial = serial;
	args.a.payload = payload;
	args.a.check = checksum(writer, serial, payload);
	this_cpu_inc(produced);
	lkst_event(LKST_EV_LKST_TEST, LKST_UNITS_LKST_TEST, args.u);
}

static void work_fired(struct irq_work *unused)
{
	if (READ_ONCE(nesting))
		test_accounts_write(FROM_WORK + smp_processor_id(), this_cpu_inc_return(work_serial) - 1);
}

bool test_accounts_nesting(void)
{
	return READ_ONCE(nesting);
}

void test_accounts_queue_work(void)
{
	irq_work_queue(this_cpu_ptr(&work));
}

unsigned int test_accounts_written(enum test_accounts_how how)
{
	return how == TEST_BY_NMI ? this_cpu_read(nmi_serial) : this_cpu_read(work_serial);
}

static enum hrtimer_restart timer_fired(struct hrtimer *timer)
{
	if (!READ_ONCE(nesting))
		return HRTIMER_NORESTART;
	if (this_cpu_read(inside))
		this_cpu_inc(nested_timer);
	test_accounts_write(FROM_TIMER + smp_processor_id(), this_cpu_inc_return(timer_serial) - 1);
	irq_work_queue(this_cpu_ptr(&work));
	hrtimer_forward_now(timer, ns_to_ktime(TIMER_NS));
	return HRTIMER_RESTART;
}

static int nmi_fired(unsigned int type, struct pt_regs *regs)
{
	if (READ_ONCE(nesting)) {
		if (this_cpu_read(inside))
			this_cpu_inc(nested_nmi);
		test_accounts_write(FROM_NMI + smp_processor_id(), this_cpu_inc_return(nmi_serial) - 1);
	}
	return NMI_HANDLED;
}

static void start_ticker(void *unused)
{
	hrtimer_start(this_cpu_ptr(&ticker), ns_to_ktime(TIMER_NS), HRTIMER_MODE_REL_PINNED_HARD);
}

static void stop_nesting(void)
{
	int cpu;

	WRITE_ONCE(nesting, false);
	for_each_possible_cpu(cpu) {
		hrtimer_cancel(per_cpu_ptr(&ticker, cpu));
		irq_work_sync(per_cpu_ptr(&work, cpu));
	}
	synchronize_rcu();	/* NMI handlers hold the CPU */
}

static int writer_thread(void *number)
{
	unsigned int serial;

	for (serial = 0; serial < events && !READ_ONCE(stop); serial++) {
		preempt_disable();
		this_cpu_inc(inside);
		test_accounts_write((unsigned long)number, serial);
		this_cpu_dec(inside);
		preempt_enable();
		if (pause && serial % pause == pause - 1)
			usleep_range(1000, 2000);
		else if (serial % 1024 == 1023)
			cond_resched();
	}
	if (atomic_dec_and_test(&running)) {
		stop_nesting();
		atomic_dec(&running);	/* -1: at rest, as told by "running" */
	}
	return 0;
}

static int start_writer(unsigned long number)
{
	struct task_struct *task = kthread_create(writer_thread, (void *)number, "lkst_w%lu", number);
	unsigned int cpu, n;

	if (IS_ERR(task))
		return PTR_ERR(task);
	if (number & 1) {
		n = number / 2 % num_online_cpus();
		for_each_online_cpu(cpu)
			if (!n--)
				break;
		kthread_bind(task, cpu);
	}
	wake_up_process(task);
	return 0;
}

void test_accounts_stop(void)
{
	WRITE_ONCE(stop, true);
}

int test_accounts_run(const char *how)
{
	unsigned int writers, i;
	int cpu;

	if (sscanf(how, "%u %u %u", &writers, &events, &pause) != 3 || !writers || writers >= FROM_TIMER)
		return -EINVAL;
	if (atomic_read(&running) > 0)
		return -EBUSY;
	for_each_possible_cpu(cpu) {
		per_cpu(produced, cpu) = 0;
		per_cpu(timer_serial, cpu) = per_cpu(work_serial, cpu) = per_cpu(nmi_serial, cpu) = 0;
		per_cpu(nested_timer, cpu) = per_cpu(nested_nmi, cpu) = 0;
	}
	WRITE_ONCE(stop, false);
	atomic_set(&running, writers);
	WRITE_ONCE(nesting, true);
	on_each_cpu(start_ticker, NULL, 1);
	for (i = 0; i < writers; i++)
		if (start_writer(i)) {
			pr_err("lkst_test: starting writer %u: not possible\n", i);
			atomic_dec(&running);
		}
	return 0;
}

void test_accounts_show(struct seq_file *file)
{
	unsigned long timer = 0, nmi = 0, in_timer = 0, in_nmi = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		seq_printf(file, "produced%d=%lu\n", cpu, per_cpu(produced, cpu));
		timer += per_cpu(timer_serial, cpu);
		nmi += per_cpu(nmi_serial, cpu);
		in_timer += per_cpu(nested_timer, cpu);
		in_nmi += per_cpu(nested_nmi, cpu);
	}
	seq_printf(file, "timer_records=%lu\nnmi_records=%lu\ntimer_nested=%lu\nnmi_nested=%lu\n", timer, nmi, in_timer, in_nmi);
	seq_printf(file, "running=%d\n", atomic_read(&running) >= 0 ? 1 : 0);
}

int test_accounts_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		hrtimer_setup(per_cpu_ptr(&ticker, cpu), timer_fired, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
		*per_cpu_ptr(&work, cpu) = IRQ_WORK_INIT_HARD(work_fired);
	}
	atomic_set(&running, -1);
	return register_nmi_handler(NMI_LOCAL, nmi_fired, 0, "lkst_test");
}

void test_accounts_exit(void)
{
	test_accounts_stop();
	while (atomic_read(&running) >= 0)
		msleep(20);
	stop_nesting();
	unregister_nmi_handler(NMI_LOCAL, "lkst_test");
	msleep(20);	/* a writer that said it is at rest has yet to leave the module */
}
