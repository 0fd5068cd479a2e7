/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lkst_test.h - the parts of the test module.
 */
#ifndef LKST_TEST_H
#define LKST_TEST_H

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <lkst/event.h>
#include <lkst/handler.h>

#define ROUNDS	23

void lkst_event(unsigned int event, unsigned int units, const u64 *args);

/* test_accounts.c: writers that count what they produce */
int test_accounts_init(void);
void test_accounts_exit(void);
/* "WRITERS EVENTS PAUSE": returns once they are started; -EBUSY while they run. */
int test_accounts_run(const char *how);
void test_accounts_stop(void);
void test_accounts_show(struct seq_file *file);

/*
 * For test_steps.c: whether the writers are at work; write one record; on this CPU, queue the irq_work that writes one; how many
 * that and NMIs wrote. Preemption off.
 */
enum test_accounts_how { TEST_BY_WORK, TEST_BY_NMI };
bool test_accounts_nesting(void);
void test_accounts_write(unsigned int writer, unsigned int serial);
void test_accounts_queue_work(void);
unsigned int test_accounts_written(enum test_accounts_how how);

/* test_steps.c: records forced into the steps of the ring; only in the build for that. on also sets the counts to 0. */
#ifdef LKST_STEPS
int test_steps_init(void);
void test_steps_exit(void);
void test_steps_on(bool on);
void test_steps_show(struct seq_file *file);
#else
static inline int test_steps_init(void) { return 0; }
static inline void test_steps_exit(void) { }
static inline void test_steps_on(bool on) { }
static inline void test_steps_show(struct seq_file *file) { }
#endif

/* test_events.c, on kernels of the series test_legacy.c: things the kernel does ROUNDS times on demand */
int test_events_init(void);
void test_events_exit(void);
/* Return: 0, -ENOENT when @name is none of them. */
int test_events_run(const char *name);
void test_events_show(struct seq_file *file);

/* test_truth.c: things whose lengths are known; as above */
int test_truth_run(const char *name);
void test_truth_show(struct seq_file *file);

/* The least and the most that each time may have taken, in ns; printed as NAME_least and NAME_most. */
struct bounds {
	const char *name;
	unsigned int n;
	u64 least[5 * ROUNDS], most[5 * ROUNDS];
};

void add_bounds(struct bounds *bounds, u64 least, u64 most);

/* test_truth_stock.c or test_truth_legacy.c: the same, what the kernel must be known for, and fills these in */
int test_truth_more(const char *name);
extern struct test_truth {
	struct bounds held, waited, kmallocs, kfrees, gets, frees, switched, late;
	pid_t holder;	/* of the lock that is held */
} truth;

#endif
