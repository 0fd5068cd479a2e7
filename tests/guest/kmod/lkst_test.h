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

/* test_events.c: things the kernel does ROUNDS times on demand */
int test_events_init(void);
void test_events_exit(void);
/* Return: 0, -ENOENT when @name is none of them. */
int test_events_run(const char *name);
void test_events_show(struct seq_file *file);

#endif
