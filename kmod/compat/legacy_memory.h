/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * legacy_memory.h - part of v24.h and v26.h: memory. The family has before it
 *	kzalloc()		zeroed memory
 *	lkst_page_note(page)	a word of struct page that nobody else uses of the first page of an allocation
 *
 * These kernels map vmalloc's memory into each page directory when it is first touched there, by a fault. The record path
 * cannot take one in an NMI, so all that it reads or writes comes from the direct mapping: nothing here falls back to vmalloc.
 */
#ifndef LKST_COMPAT_LEGACY_MEMORY_H
#define LKST_COMPAT_LEGACY_MEMORY_H

#define KMALLOC_MOST	(128 * 1024)	/* linux/kmalloc_sizes.h ends there */

#define kzalloc_node(size, gfp, node)	((void)(node), kzalloc(size, gfp))

/* Callers bound what they multiply. */
#define array_size(n, size)		((size_t)(n) * (size))
#define struct_size(p, member, n)	(sizeof(*(p)) + sizeof((p)->member[0]) * (n))

/**
 * kvzalloc - zeroed memory of any size
 * @size: bytes
 * @gfp: GFP_KERNEL
 *
 * Above what kmalloc() can do, whole pages; the first one remembers how many.
 */
static inline void *kvzalloc(size_t size, int gfp)
{
	unsigned int order = get_order(size);
	unsigned long memory;

	if (size <= KMALLOC_MOST)
		return kzalloc(size, gfp);
	memory = __get_free_pages(gfp | __GFP_NOWARN | __GFP_NORETRY, order);
	if (!memory)
		return NULL;
	memset((void *)memory, 0, PAGE_SIZE << order);
	lkst_page_note(virt_to_page(memory)) = order;
	return (void *)memory;
}
#define kvzalloc_node(size, gfp, node)	((void)(node), kvzalloc(size, gfp))

static inline void kvfree(const void *memory)
{
	struct page *page;

	if (!memory)
		return;
	page = virt_to_page(memory);
	if (PageSlab(page)) {
		kfree((void *)memory);
	} else {
		unsigned int order = lkst_page_note(page);

		lkst_page_note(page) = 0;
		free_pages((unsigned long)memory, order);
	}
}

/* remap_page_range() maps what is marked as reserved, and leaves it alone when it is unmapped. */
static inline void *lkst_alloc_pages(int node, unsigned int order)
{
	unsigned long memory = __get_free_pages(GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY, order);
	unsigned int i;

	if (!memory)
		return NULL;
	memset((void *)memory, 0, PAGE_SIZE << order);
	for (i = 0; i < 1U << order; i++)
		SetPageReserved(virt_to_page(memory) + i);
	return (void *)memory;
}

static inline void lkst_free_pages(void *memory, unsigned int order)
{
	unsigned int i;

	if (!memory)
		return;
	for (i = 0; i < 1U << order; i++)
		ClearPageReserved(virt_to_page(memory) + i);
	free_pages((unsigned long)memory, order);
}

#define VM_DONTDUMP	VM_RESERVED

static inline void lkst_vma_set_flags(struct vm_area_struct *vma, unsigned long set, unsigned long clear)
{
	vma->vm_flags = (vma->vm_flags | set | VM_IO | VM_RESERVED) & ~clear;
}

static inline void *memdup_user(const void __user *from, size_t size)
{
	void *memory = kmalloc(size, GFP_KERNEL);

	if (!memory)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(memory, from, size)) {
		kfree(memory);
		return ERR_PTR(-EFAULT);
	}
	return memory;
}

#endif
