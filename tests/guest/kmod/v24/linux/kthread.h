/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kthread.h - threads of the kernel that wait to be woken first, made of kernel_thread().
 */
#ifndef LKST_TEST_KTHREAD_H
#define LKST_TEST_KTHREAD_H

#include <linux/completion.h>
#include <linux/sched.h>

struct kthread_start {
	int (*fn)(void *data);
	void *data;
	const char *name;
	struct task_struct *task;
	struct completion there;
};

static inline int kthread_main(void *data)
{
	struct kthread_start *start = data;
	int (*fn)(void *) = start->fn;

	data = start->data;
	daemonize();
	reparent_to_init();
	strscpy(current->comm, start->name, sizeof(current->comm));
	start->task = current;
	set_current_state(TASK_UNINTERRUPTIBLE);
	complete(&start->there);	/* start is gone after this */
	schedule();
	return fn(data);
}

static inline struct task_struct *kthread_start(int (*fn)(void *data), void *data, const char *name)
{
	struct kthread_start start = { .fn = fn, .data = data, .name = name };
	int pid;

	init_completion(&start.there);
	pid = kernel_thread(kthread_main, &start, CLONE_FS | CLONE_FILES);
	if (pid < 0)
		return ERR_PTR(pid);
	wait_for_completion(&start.there);
	return start.task;
}

#define kthread_create(fn, data, fmt, arg...) ({			\
	char __name[sizeof(current->comm)];				\
									\
	snprintf(__name, sizeof(__name), fmt, ##arg);			\
	kthread_start(fn, data, __name); })

/* Before it is woken for the first time. */
#define kthread_bind(task, cpu)	((void)((task)->cpus_allowed = 1UL << (cpu)))

#endif
