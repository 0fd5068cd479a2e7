/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * btf.h - ask the running kernel's type information (BTF) what a tracepoint, a function or a
 * structure looks like.
 *
 * All may sleep and want lkst_btf_open() before; nothing of it is kept after lkst_btf_close().
 */
#ifndef LKST_BTF_H
#define LKST_BTF_H

#include <linux/types.h>

/**
 * lkst_btf_open - index the type information
 * @data: it
 * @size: bytes
 *
 * Return: 0, -EINVAL when it is not what is expected, -ENOMEM.
 */
int lkst_btf_open(const void *data, size_t size);
void lkst_btf_close(void);

/**
 * lkst_btf_check_tracepoint - does a tracepoint pass what a probe takes?
 * @name:  tracepoint
 * @wants: the probe's parameters as C text, each with a name; an ending ", ..." stands for any more
 * @why:   gets the reason when it does not
 * @size:  of @why
 *
 * Qualifiers and names do not count, types do, by their names.
 *
 * Return: 0: it does. -ENOENT: nothing is known about it. -EPROTOTYPE: it does not.
 */
int lkst_btf_check_tracepoint(const char *name, const char *wants, char *why, size_t size);

/**
 * lkst_btf_check_function - does a function take what a probe reads?
 * Arguments and return value as above.
 */
int lkst_btf_check_function(const char *name, const char *wants, char *why, size_t size);

/**
 * lkst_btf_member - where a member of a structure is
 * @structure: its name
 * @member:    name of a member that is an integer and no bit-field
 * @size:      its size in bytes
 *
 * Return: offset in bytes, -ENOENT when there is no such member or it is no integer of that size.
 */
int lkst_btf_member(const char *structure, const char *member, unsigned int size);

#endif
