/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * legacy.h - what the test modules call by its name of today, made of what kernels of the patch series
 * have; forced into each of their files there. What the product's compat has is taken from it; what one family
 * alone has is in v24.h and v26.h.
 */
#ifndef LKST_TEST_LEGACY_H
#define LKST_TEST_LEGACY_H

#include <linux/version.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(2, 6, 0)
#include "../v26/v26.h"
#else
#include "../v24/v24.h"
#endif

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/notifier.h>
#include <linux/wait.h>

#define pr_emerg(fmt, arg...)	printk(KERN_EMERG fmt, ##arg)

/* ---- per-CPU data, under its plain name; counters in one instruction, for interrupts and NMIs count too ---- */

#define this_cpu_ptr(p)		per_cpu_ptr(p, smp_processor_id())
#define this_cpu_read(var)	READ_ONCE(*this_cpu_ptr(&(var)))
#define this_cpu_inc(var)	lkst_add_local(this_cpu_ptr(&(var)), 1)
#define this_cpu_dec(var)	lkst_add_local(this_cpu_ptr(&(var)), -1)
/* Only one context a CPU counts these. */
#define this_cpu_inc_return(var)	({ this_cpu_inc(var); this_cpu_read(var); })

#ifdef CONFIG_SMP
static inline int test_on_each_cpu(void (*fn)(void *), void *info)
{
	int err;

	preempt_disable();
	err = smp_call_function(fn, info, 1, 1);
	local_irq_disable();
	fn(info);
	local_irq_enable();
	preempt_enable();
	return err;
}
#else
static inline int test_on_each_cpu(void (*fn)(void *), void *info)
{
	fn(info);
	return 0;
}
#endif
#undef on_each_cpu
#define on_each_cpu(fn, info, wait)	test_on_each_cpu(fn, info)

#define synchronize_rcu()	lkst_wait_writers()

/* ---- time, tasks, wait queues ---- */

#define wait_queue_entry	__wait_queue

static inline void usleep_range(unsigned long least, unsigned long most)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_timeout(1 + least * HZ / 1000000);
}

/* ---- memory ---- */

static inline char *memdup_user_nul(const char __user *from, size_t size)
{
	char *text = kmalloc(size + 1, GFP_KERNEL);

	if (!text)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(text, from, size)) {
		kfree(text);
		return ERR_PTR(-EFAULT);
	}
	text[size] = '\0';
	return text;
}

/* ---- text and files ---- */

static inline char *strim(char *text)
{
	size_t len = strlen(text);

	while (len && (unsigned char)text[len - 1] <= ' ')
		text[--len] = '\0';
	return text;
}

#define proc_ops	file_operations
#define proc_open	open
#define proc_read	read
#define proc_write	write
#define proc_lseek	llseek
#define proc_release	release

static inline struct proc_dir_entry *proc_create(const char *name, mode_t mode, struct proc_dir_entry *parent,
						 const struct file_operations *operations)
{
	struct proc_dir_entry *entry = create_proc_entry(name, mode, parent);

	if (entry) {
		entry->owner = THIS_MODULE;
		entry->proc_fops = (struct file_operations *)operations;
	}
	return entry;
}

/* ---- notifiers and NMIs ---- */

#define atomic_notifier_chain_register		notifier_chain_register
#define atomic_notifier_chain_unregister	notifier_chain_unregister

#define NMI_LOCAL	0
#define NMI_HANDLED	1

/* test_legacy.c; one handler, and what is handled is nobody else's NMI any more. */
int register_nmi_handler(unsigned int type, int (*fn)(unsigned int type, struct pt_regs *regs), unsigned long flags,
			 const char *name);
void unregister_nmi_handler(unsigned int type, const char *name);

#endif
