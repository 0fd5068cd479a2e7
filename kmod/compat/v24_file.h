/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v24_file.h - part of v24.h: the device.
 */
#ifndef LKST_COMPAT_V24_FILE_H
#define LKST_COMPAT_V24_FILE_H

#define PDE(inode)	((struct proc_dir_entry *)(inode)->u.generic_ip)

#include "legacy_file.h"

#define nonseekable_open(inode, file)	0

/* The node's mode is whoever's who makes it. */
#define LKST_MISC(what, access, operations) \
	.minor = MISC_DYNAMIC_MINOR, .name = what, .fops = (struct file_operations *)(operations)

/* rmmod does not wait here. */
static inline void lkst_file_closes(void)
{
}

#endif
