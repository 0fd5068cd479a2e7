// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_main.c - lkst_test.ko: what the guest tests need done inside the kernel. Commands are written to /proc/lkst_test, results
 * read from it as NAME=VALUE lines.
 *
 *	accounts WRITERS EVENTS PAUSE	writers start (test_accounts.c)
 *	steps on|off			records are forced into the steps of theirs (test_steps.c)
 *	stop				they end early
 *	handler on|off			the handler "testerror", which returns an error each time
 *	oops				a null pointer is followed, in this process
 *	panic				the end: where SysRq knows no c
 *	NAME				one of test_events.c or test_truth.c
 */
#include <linux/notifier.h>
#include <linux/proc_fs.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "lkst_test.h"

static DEFINE_MUTEX(commands);
static bool registered;

static unsigned int panic_events, events_after;
static bool panicked;

static DEFINE_PER_CPU(unsigned long, handled);	/* LKST_TEST events that came to the handler */

static int fail(struct lkst_handler *handler, unsigned int event, unsigned int units, const lkst_u64 *args)
{
	if (event == LKST_EV_LKST_TEST)
		this_cpu_inc(handled);
	panic_events += event == LKST_EV_PANIC;
	events_after += panicked;
	return -EIO;
}

/* Comes after the tracer's own notifier: the PANIC event was handled, and nothing is any more. */
static int on_panic(struct notifier_block *block, unsigned long what, void *data)
{
	union lkst_args_LKST_TEST args = { .a = { 0 } };

	panicked = true;
	lkst_event(LKST_EV_LKST_TEST, LKST_UNITS_LKST_TEST, args.u);
	pr_emerg("lkst_test: %u PANIC events, %u events after it\n", panic_events, events_after);
	return NOTIFY_DONE;
}
static struct notifier_block panic_block = { .notifier_call = on_panic };

static struct lkst_handler failing = {
	.name = "testerror",
	.owner = THIS_MODULE,
	.handle = fail,
};

static int set_handler(bool on)
{
	int err = 0;

	if (on == registered)
		return -EALREADY;
	if (on)
		err = lkst_handler_register(&failing);
	else
		lkst_handler_unregister(&failing);
	if (!err)
		registered = on;
	return err;
}

static noinline void follow_null(void)
{
	WRITE_ONCE(*(volatile int *)NULL, 23);
}

static int command(char *text)
{
	int cpu;

	if (!strncmp(text, "accounts ", 9)) {
		for_each_possible_cpu(cpu)
			per_cpu(handled, cpu) = 0;
		return test_accounts_run(text + 9);
	}
	if (!strcmp(text, "stop")) {
		test_accounts_stop();
		return 0;
	}
	if (!strcmp(text, "handler on") || !strcmp(text, "handler off"))
		return set_handler(!strcmp(text, "handler on"));
	if (!strcmp(text, "steps on") || !strcmp(text, "steps off")) {
		test_steps_on(!strcmp(text, "steps on"));
		return 0;
	}
	return test_events_run(text);
}

static ssize_t write_command(struct file *file, const char __user *from, size_t count, loff_t *pos)
{
	char *text = memdup_user_nul(from, min_t(size_t, count, 200));
	int err;

	if (IS_ERR(text))
		return PTR_ERR(text);
	strim(text);
	if (!strcmp(text, "panic"))
		panic("lkst_test: asked for\n");
	if (!strcmp(text, "oops"))
		follow_null();
	mutex_lock(&commands);
	err = command(text);
	mutex_unlock(&commands);
	kfree(text);
	return err ? err : count;
}

static int show(struct seq_file *file, void *unused)
{
	int cpu;

	for_each_possible_cpu(cpu)
		seq_printf(file, "handled%d=%lu\n", cpu, per_cpu(handled, cpu));
	test_accounts_show(file);
	test_events_show(file);
	test_steps_show(file);
	return 0;
}

static int open_results(struct inode *inode, struct file *file)
{
	return single_open(file, show, NULL);
}

static const struct proc_ops operations = {
	.proc_open = open_results,
	.proc_read = seq_read,
	.proc_write = write_command,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

static int __init test_init(void)
{
	int err = test_accounts_init();

	if (err)
		return err;
	err = test_events_init();
	if (err)
		goto no_events;
	err = test_steps_init();
	if (err)
		goto no_steps;
	if (proc_create("lkst_test", 0600, NULL, &operations)) {
		atomic_notifier_chain_register(&panic_notifier_list, &panic_block);
		return 0;
	}
	err = -ENOMEM;
	test_steps_exit();
no_steps:
	test_events_exit();
no_events:
	test_accounts_exit();
	return err;
}

static void __exit test_exit(void)
{
	atomic_notifier_chain_unregister(&panic_notifier_list, &panic_block);
	remove_proc_entry("lkst_test", NULL);
	if (registered)
		lkst_handler_unregister(&failing);
	test_events_exit();
	test_accounts_exit();
	test_steps_exit();
}

module_init(test_init);
module_exit(test_exit);
MODULE_LICENSE("GPL v2");
MODULE_DESCRIPTION("LKST guest tests: writers, workloads inside the kernel, a failing handler");
