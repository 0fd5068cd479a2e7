/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v26_file.h - part of v26.h: the device.
 */
#ifndef LKST_COMPAT_V26_FILE_H
#define LKST_COMPAT_V26_FILE_H

#include "legacy_file.h"

/* The node's mode is whoever's who makes it. */
#define LKST_MISC(what, access, operations) \
	.minor = MISC_DYNAMIC_MINOR, .name = what, .devfs_name = what, .fops = (struct file_operations *)(operations)

/*
 * 2.6.9 lets rmmod wait for a module that is in use although it was told not to, and forgets to mark the module as going: so
 * nobody wakes it, and it sleeps for ever. What the kernel forgot is done here, and the file's own reference, given back after
 * this, wakes it. With the mark nobody can take a new one; who is about to has it when each CPU has been visited.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 10) && defined(CONFIG_MODULE_UNLOAD)
static inline void lkst_file_closes(void)
{
	struct module *self = THIS_MODULE;
	struct task_struct *p;
	bool removes = false;

	/* The note of who removes it may be an old one, of a task that is no more. */
	read_lock(&tasklist_lock);
	for_each_process(p)
		if (p == self->waiter && p->state == TASK_UNINTERRUPTIBLE && self->state == MODULE_STATE_LIVE)
			removes |= task_pt_regs(p)->orig_eax == __NR_delete_module;
	read_unlock(&tasklist_lock);
	if (!removes)
		return;
	self->state = MODULE_STATE_GOING;
	lkst_wait_writers();
}
#else
static inline void lkst_file_closes(void)
{
}
#endif

#endif
