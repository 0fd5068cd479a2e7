// SPDX-License-Identifier: GPL-2.0-only
/*
 * memalloc.c - measure 5: processing time of memory allocation, by allocator. Interrupts may do the same in
 * between: they nest.
 */
#include "la.h"

static const char *const labels[] = { "pages", "kmalloc", NULL };

const struct la_measure la_memalloc = {
	.name = "memalloc", .number = 5, .what = "processing time of memory allocation",
	.key_what = "allocator", .key = LA_KEY_LABEL, .label = labels,
	.value = LA_TIME, .value_name = "time", .by = LA_BY_KEY,
	.needs = { LKST_EV_MEM_GETPAGES_ENTRY, LKST_EV_MEM_GETPAGES_EXIT, LKST_EV_MEM_KMALLOC_ENTRY,
		LKST_EV_MEM_KMALLOC_EXIT },
	.batch = la_batch_of_tasks,
};
