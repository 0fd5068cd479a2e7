// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_steps.c - records forced into the middle of other records, at each numbered step of the ring.
 *
 * While the writers of test_accounts.c run, the ring calls at_step() at its steps: those of writers, of BUFFER_FLUSH, and of the
 * reader. There, in turn, other records are written: by a call, which stands for any interrupt and can come from NMI context too;
 * by an interrupt and by an NMI that the CPU sends itself, taken before the step is left; and by calls that fill a whole
 * sub-buffer. The steps of these records do the same again, to a depth of DEPTH. Everything is counted by its step.
 */
#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/smp.h>
#include <asm/apic.h>
#include <asm/irq_vectors.h>

#include "steps.h"
#include "lkst_test.h"

#define DEPTH		3
#define FROM_STEP	4000	/* 4000 + CPU at depth 0, 5000 + CPU at depth 1, ... */
#define FILL		110	/* records of 40 bytes: more than a sub-buffer of 4096 */

enum how { BY_CALL, BY_FILL, BY_INTERRUPT, BY_NMI, NR_HOW };
static const char *const how_name[NR_HOW] = { "call", "fill", "interrupt", "nmi" };

struct state {
	unsigned int depth;
	unsigned int serial[DEPTH];
	unsigned int turn[DEPTH][LKST_NR_STEPS];
	unsigned long made[NR_HOW][LKST_NR_STEPS];
};
static struct state __percpu *states;

/* Steps that every record passes, or every lost one: not each time, or nothing else would be done. */
static unsigned int every(unsigned int n, unsigned int depth)
{
	bool common = n < 5 || (n >= 10 && n <= 12) || n == 18;

	return depth ? 7 * depth + 4 * common : common ? 5 : 1;
}

/* Wait until the interrupt was taken: it is to be at this step. */
static unsigned int wait_for(enum test_accounts_how how, unsigned int before)
{
	unsigned int i;

	for (i = 0; i < 1000000 && test_accounts_written(how) == before; i++)
		cpu_relax();
	return test_accounts_written(how) - before;
}

static unsigned int interrupt_self(void)
{
	unsigned int before = test_accounts_written(TEST_BY_WORK);

	test_accounts_queue_work();
	return wait_for(TEST_BY_WORK, before);
}

static unsigned int nmi_self(void)
{
	unsigned int before = test_accounts_written(TEST_BY_NMI);

	apic->send_IPI_mask(cpumask_of(smp_processor_id()), NMI_VECTOR);
	return wait_for(TEST_BY_NMI, before);
}

static unsigned int disturb(struct state *s, unsigned int depth, enum how how)
{
	unsigned int i, nr = how == BY_FILL && !depth ? FILL : 1;

	if (how == BY_INTERRUPT)
		return irqs_disabled() || in_nmi() ? 0 : interrupt_self();
	if (how == BY_NMI)
		return in_nmi() ? 0 : nmi_self();
	for (i = 0; i < nr; i++)
		test_accounts_write(FROM_STEP + 1000 * depth + smp_processor_id(), s->serial[depth]++);
	return nr;
}

static enum how how_now(unsigned int turn)
{
	if (turn % 29 == 13)
		return BY_FILL;
	return turn % 7 == 2 ? BY_INTERRUPT : turn % 7 == 5 ? BY_NMI : BY_CALL;
}

static void disturb_in_turn(struct state *s, unsigned int n)
{
	unsigned int depth = s->depth, turn, made;
	enum how how;

	if (depth == DEPTH)
		return;
	turn = s->turn[depth][n]++;
	if (turn % every(n, depth))
		return;
	how = how_now(turn / every(n, depth));
	/* Who interrupts from now on is deeper, so serials of this depth are taken and written one after the other. */
	WRITE_ONCE(s->depth, depth + 1);
	made = disturb(s, depth, how);
	WRITE_ONCE(s->depth, depth);
	this_cpu_add(states->made[how][n], made);
}

static void at_step(unsigned int n)
{
	preempt_disable_notrace();	/* the reader's steps leave it on */
	if (test_accounts_nesting() && n < LKST_NR_STEPS)
		disturb_in_turn(this_cpu_ptr(states), n);
	preempt_enable_notrace();
}

void test_steps_on(bool on)
{
	unsigned int cpu;

	WRITE_ONCE(lkst_step_hook, NULL);
	synchronize_rcu();
	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(states, cpu), 0, sizeof(struct state));
	if (on)
		WRITE_ONCE(lkst_step_hook, at_step);
}

void test_steps_show(struct seq_file *file)
{
	unsigned long sum;
	unsigned int n, how, cpu;

	for (n = 1; n < LKST_NR_STEPS; n++)
		for (how = 0; how < NR_HOW; how++) {
			sum = 0;
			for_each_possible_cpu(cpu)
				sum += per_cpu_ptr(states, cpu)->made[how][n];
			seq_printf(file, "step%u_%s=%lu\n", n, how_name[how], sum);
		}
}

int test_steps_init(void)
{
	states = alloc_percpu(struct state);
	return states ? 0 : -ENOMEM;
}

void test_steps_exit(void)
{
	test_steps_on(false);
	free_percpu(states);
}
