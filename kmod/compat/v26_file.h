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

#endif
