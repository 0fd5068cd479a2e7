/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * legacy_file.h - part of v24.h and v26.h: the device and /proc.
 */
#ifndef LKST_COMPAT_LEGACY_FILE_H
#define LKST_COMPAT_LEGACY_FILE_H

typedef unsigned int __poll_t;
#define EPOLLIN		POLLIN
#define EPOLLRDNORM	POLLRDNORM
#define EPOLLERR	POLLERR
#define EPOLLHUP	POLLHUP

/* These kernels call with their one big lock held, which we have no use for and would sleep with. */
#define LKST_IOCTL_FUNCTION(fn)									\
static int fn##_unlocked(struct inode *inode, struct file *file, unsigned int cmd, unsigned long value)	\
{												\
	int ret;										\
												\
	unlock_kernel();									\
	ret = fn(file, cmd, value);								\
	lock_kernel();										\
	return ret;										\
}
#define LKST_IOCTL(fn)	.ioctl = fn##_unlocked

static inline int lkst_proc_open(struct inode *inode, struct file *file)
{
	return single_open(file, (int (*)(struct seq_file *, void *))PDE(inode)->data, NULL);
}

/* A macro: THIS_MODULE and the operations are the caller's. */
#define proc_create_single(name, mode, parent, show) ({						\
	static struct file_operations __operations = {						\
		.owner = THIS_MODULE, .open = lkst_proc_open, .read = seq_read,			\
		.llseek = seq_lseek, .release = single_release,					\
	};											\
	struct proc_dir_entry *__entry = create_proc_entry(name, mode, parent);			\
												\
	if (__entry) {										\
		__entry->data = (void *)(show);							\
		__entry->owner = THIS_MODULE;							\
		__entry->proc_fops = &__operations;						\
	}											\
	__entry; })

#endif
