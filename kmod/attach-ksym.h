/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * attach-ksym.h - addresses of kernel symbols that are not exported.
 */
#ifndef LKST_KSYM_H
#define LKST_KSYM_H

/**
 * struct lkst_ksym - a symbol that is looked for
 * @name:  in
 * @addr:  out: its address, 0 when there is none
 * @found: out: how many symbols have that name; an address is of use only when it is 1
 * @exact: out: the name is the symbol's own, not the stem of NAME.isra.0 or NAME.constprop.0
 */
struct lkst_ksym {
	const char *name;
	unsigned long addr;
	unsigned int found;
	bool exact;
};

/**
 * lkst_ksym_find - look up symbols, all of them in one walk through the kernel's table
 * @list: the symbols
 * @nr:	  how many
 *
 * Where the compiler changed a function's arguments or cloned it, the clone's address is found by
 * the stem. Process context, may sleep.
 *
 * Return: 0, or -EOPNOTSUPP when the table cannot be had; then kprobes by name still work.
 */
int lkst_ksym_find(struct lkst_ksym *list, unsigned int nr);

#endif
