// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-hook-mm.c - hooks of the allocators.
 */
#include "attach-hook.h"

LKST_ON_HOOK_32_32(MEM_GETPAGES_ENTRY)
LKST_ON_HOOK_64(MEM_GETPAGES_EXIT)
LKST_ON_HOOK_64_64(MEM_FREEPAGES_ENTRY)

LKST_ON_HOOK(MEM_FREEPAGES_EXIT)
{
	lkst_emit_64(MEM_FREEPAGES_EXIT, 0);
}

LKST_ON_HOOK_32_32(MEM_KMALLOC_ENTRY)
LKST_ON_HOOK_64(MEM_KMALLOC_EXIT)
LKST_ON_HOOK_64(MEM_KFREE_ENTRY)

LKST_ON_HOOK(MEM_KFREE_EXIT)
{
	lkst_emit_64(MEM_KFREE_EXIT, 0);
}

/*
 * slab.c notes the cache in the page of an object. What a cache adds to its objects is known there alone: wanted and given are
 * the same here.
 */
static unsigned int object_size(unsigned long object)
{
	return object ? kmem_cache_size(hook_cache(object)) : 0;
}

LKST_ON_HOOK(MEM_CACHE_ALLOC)
{
	unsigned int size = object_size(args[0]);

	lkst_emit_three_32(MEM_CACHE_ALLOC, args[0], 0, args[1], 0, size, size);
}

LKST_ON_HOOK_64_64(MEM_CACHE_FREE)

static const struct lkst_hooked rows[] = {
	LKST_ROW(MEM_GETPAGES_ENTRY), LKST_ROW(MEM_GETPAGES_EXIT), LKST_ROW(MEM_FREEPAGES_ENTRY), LKST_ROW(MEM_FREEPAGES_EXIT),
	LKST_ROW(MEM_KMALLOC_ENTRY), LKST_ROW(MEM_KMALLOC_EXIT), LKST_ROW(MEM_KFREE_ENTRY), LKST_ROW(MEM_KFREE_EXIT),
	LKST_ROW(MEM_CACHE_ALLOC), LKST_ROW(MEM_CACHE_FREE),
};
LKST_HOOK_TABLE(lkst_hooks_mm, rows);
