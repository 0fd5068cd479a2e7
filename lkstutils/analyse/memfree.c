// SPDX-License-Identifier: GPL-2.0-only
/*
 * memfree.c - measure 6: processing time of memory release, by allocator. Interrupts may do the same in
 * between: they nest.
 */
#include "la.h"

static const char *const labels[] = { "pages", "kmalloc", NULL };

const struct la_measure la_memfree = {
	.name = "memfree", .number = 6, .what = "processing time of memory release",
	.key_what = "allocator", .key = LA_KEY_LABEL, .label = labels,
	.value = LA_TIME, .value_name = "time", .by = LA_BY_KEY,
	.needs = { LKST_EV_MEM_FREEPAGES_ENTRY, LKST_EV_MEM_FREEPAGES_EXIT, LKST_EV_MEM_KFREE_ENTRY,
		LKST_EV_MEM_KFREE_EXIT },
	.batch = la_batch_of_tasks,
};
