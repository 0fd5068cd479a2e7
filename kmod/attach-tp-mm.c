// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-tp-mm.c - tracepoints of memory: pages, general caches, named caches.
 *
 * The tracepoints of the caches were reshaped twice: up to 5.18 they name no cache but the two
 * sizes, and of kmalloc there are separate ones for each NUMA form.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/version.h>
#include <trace/events/kmem.h>
#include "attach-tp.h"
#include "btf.h"

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
LKST_TP_NOT_DECLARED(kmalloc_node)
LKST_TP_NOT_DECLARED(kmem_cache_alloc_node)
#endif

LKST_TP_PROBE(mm_page_alloc, struct page *page, unsigned int order, gfp_t gfp_flags,
	      int migratetype)
{
	lkst_emit(MEM_PAGE_ALLOC, (unsigned long)page, order, (__force u32)gfp_flags);
}

LKST_TP_PROBE(mm_page_free, struct page *page, unsigned int order)
{
	lkst_emit(MEM_PAGE_FREE, (unsigned long)page, order);
}

/* ---- general caches ---- */

LKST_TP_PROBE(kmalloc_6_1, unsigned long call_site, const void *ptr, size_t bytes_req,
	      size_t bytes_alloc, gfp_t gfp_flags, int node)
{
	lkst_emit(MEM_KMALLOC, (unsigned long)ptr, lkst_caller(call_site), bytes_req, bytes_alloc);
}

/* 5.19 and 6.0 */
LKST_TP_PROBE(kmalloc_5_19, unsigned long call_site, const void *ptr, struct kmem_cache *s,
	      size_t bytes_req, size_t bytes_alloc, gfp_t gfp_flags)
{
	lkst_emit(MEM_KMALLOC, (unsigned long)ptr, lkst_caller(call_site), bytes_req, bytes_alloc);
}

LKST_TP_PROBE(kmalloc_node_5_19, unsigned long call_site, const void *ptr, struct kmem_cache *s,
	      size_t bytes_req, size_t bytes_alloc, gfp_t gfp_flags, int node)
{
	lkst_emit(MEM_KMALLOC, (unsigned long)ptr, lkst_caller(call_site), bytes_req, bytes_alloc);
}

/* up to 5.18 */
LKST_TP_PROBE(kmalloc_5_10, unsigned long call_site, const void *ptr, size_t bytes_req,
	      size_t bytes_alloc, gfp_t gfp_flags)
{
	lkst_emit(MEM_KMALLOC, (unsigned long)ptr, lkst_caller(call_site), bytes_req, bytes_alloc);
}

LKST_TP_PROBE(kfree_object, unsigned long call_site, const void *ptr)
{
	lkst_emit(MEM_KFREE, (unsigned long)ptr, lkst_caller(call_site));
}

/* ---- named caches ---- */

/* struct kmem_cache has moved out of the public headers: ask the type information. */
static unsigned int cache_object_size __read_mostly, cache_size __read_mostly;

static int find_cache_members(char *why, size_t size)
{
	int object = lkst_btf_member("kmem_cache", "object_size", 4);
	int given = lkst_btf_member("kmem_cache", "size", 4);

	if (object < 0 || given < 0) {
		strscpy(why, "no type information on struct kmem_cache", size);
		return -ENOENT;
	}
	cache_object_size = object;
	cache_size = given;
	return 0;
}

static __always_inline unsigned int cache_member(struct kmem_cache *s, unsigned int offset)
{
	return *(unsigned int *)((char *)s + offset);
}

LKST_TP_PROBE(cache_alloc_6_1, unsigned long call_site, const void *ptr, struct kmem_cache *s,
	      gfp_t gfp_flags, int node)
{
	lkst_emit(MEM_CACHE_ALLOC, (unsigned long)ptr, lkst_caller(call_site),
		  cache_member(s, cache_object_size), cache_member(s, cache_size));
}

LKST_TP_PROBE(cache_alloc_5_19, unsigned long call_site, const void *ptr, struct kmem_cache *s,
	      size_t bytes_req, size_t bytes_alloc, gfp_t gfp_flags)
{
	lkst_emit(MEM_CACHE_ALLOC, (unsigned long)ptr, lkst_caller(call_site),
		  bytes_req, bytes_alloc);
}

LKST_TP_PROBE(cache_alloc_node_5_19, unsigned long call_site, const void *ptr, struct kmem_cache *s,
	      size_t bytes_req, size_t bytes_alloc, gfp_t gfp_flags, int node)
{
	lkst_emit(MEM_CACHE_ALLOC, (unsigned long)ptr, lkst_caller(call_site),
		  bytes_req, bytes_alloc);
}

LKST_TP_PROBE(cache_alloc_5_10, unsigned long call_site, const void *ptr, size_t bytes_req,
	      size_t bytes_alloc, gfp_t gfp_flags)
{
	lkst_emit(MEM_CACHE_ALLOC, (unsigned long)ptr, lkst_caller(call_site),
		  bytes_req, bytes_alloc);
}

/* 5.10's _node forms of both */
LKST_TP_PROBE(cache_alloc_node_5_10, unsigned long call_site, const void *ptr, size_t bytes_req,
	      size_t bytes_alloc, gfp_t gfp_flags, int node)
{
	lkst_emit(MEM_CACHE_ALLOC, (unsigned long)ptr, lkst_caller(call_site),
		  bytes_req, bytes_alloc);
}

LKST_TP_PROBE(cache_free_6_1, unsigned long call_site, const void *ptr, const struct kmem_cache *s)
{
	lkst_emit(MEM_CACHE_FREE, (unsigned long)ptr, lkst_caller(call_site));
}

LKST_TP_PROBE(cache_free_5_12, unsigned long call_site, const void *ptr, const char *name)
{
	lkst_emit(MEM_CACHE_FREE, (unsigned long)ptr, lkst_caller(call_site));
}

LKST_TP_PROBE(cache_free_5_10, unsigned long call_site, const void *ptr)
{
	lkst_emit(MEM_CACHE_FREE, (unsigned long)ptr, lkst_caller(call_site));
}

static struct lkst_point rows[] = {
	LKST_TP(MEM_PAGE_ALLOC, mm_page_alloc, mm_page_alloc),
	LKST_TP(MEM_PAGE_FREE, mm_page_free, mm_page_free),
	LKST_TP(MEM_KMALLOC, kmalloc, kmalloc_6_1),
	LKST_TP(MEM_KMALLOC, kmalloc, kmalloc_5_19),
	LKST_TP(MEM_KMALLOC, kmalloc, kmalloc_5_10),
	LKST_TP(MEM_KMALLOC, kmalloc_node, kmalloc_node_5_19, .optional = true),
	LKST_TP(MEM_KMALLOC, kmalloc_node, kmalloc_6_1, .optional = true),
	LKST_TP(MEM_KFREE, kfree, kfree_object),
	LKST_TP(MEM_CACHE_ALLOC, kmem_cache_alloc, cache_alloc_6_1, .prepare = find_cache_members),
	LKST_TP(MEM_CACHE_ALLOC, kmem_cache_alloc, cache_alloc_5_19),
	LKST_TP(MEM_CACHE_ALLOC, kmem_cache_alloc, cache_alloc_5_10),
	LKST_TP(MEM_CACHE_ALLOC, kmem_cache_alloc_node, cache_alloc_node_5_19, .optional = true),
	LKST_TP(MEM_CACHE_ALLOC, kmem_cache_alloc_node, cache_alloc_node_5_10, .optional = true),
	LKST_TP(MEM_CACHE_FREE, kmem_cache_free, cache_free_6_1),
	LKST_TP(MEM_CACHE_FREE, kmem_cache_free, cache_free_5_12),
	LKST_TP(MEM_CACHE_FREE, kmem_cache_free, cache_free_5_10),
};
LKST_POINTS(lkst_points_mm, rows);
