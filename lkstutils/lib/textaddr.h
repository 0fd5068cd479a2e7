/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * textaddr.h - the set of addresses of kernel text, and of static objects, that records mention, and the kernel symbols
 * that cover them. A trace carries only those symbols, not the hundred thousand of /proc/kallsyms.
 */
#ifndef LKST_TEXTADDR_H
#define LKST_TEXTADDR_H

#include <lkst/types.h>

struct lkst_text_set {
	lkst_u64 *slot;			/* open addressing; 0 is empty */
	unsigned int size, used;	/* size: a power of 2 */
};

/**
 * lkst_text_add - put an address into a set
 * @set: set, zeroed before its first use
 * @address: any; 0 is left out
 */
void lkst_text_add(struct lkst_text_set *set, lkst_u64 address);

/**
 * lkst_text_free - empty a set
 * @set: set
 */
void lkst_text_free(struct lkst_text_set *set);

/* One symbol that covers an address of the set. */
struct lkst_text_symbol {
	lkst_u64 address;
	lkst_u64 end;			/* start of the next symbol, 0: unknown */
	char name[128];
};

/**
 * lkst_text_symbols - look the addresses up in /proc/kallsyms or /proc/ksyms
 * @set: set
 * @count: set to how many there are
 *
 * One pass over the kernel's list; memory only for the symbols that cover an address.
 *
 * Return: symbols by rising address, to be freed by the caller; NULL with *@count 0 when the kernel shows none to us.
 */
struct lkst_text_symbol *lkst_text_symbols(const struct lkst_text_set *set, unsigned int *count);

#endif
