/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * syscalls.h - names of system calls by machine. The tables are made when building, from the C library's kernel
 * headers.
 */
#ifndef LKST_SYSCALLS_H
#define LKST_SYSCALLS_H

struct lkst_syscall {
	unsigned int nr;
	const char *name;
};

/**
 * lkst_syscalls - the table of a machine
 * @machine: as uname(2) has it: "x86_64", "i686"
 * @count: set to how many there are
 *
 * Return: in no order; NULL with *@count 0 for other machines.
 */
const struct lkst_syscall *lkst_syscalls(const char *machine, unsigned int *count);

/**
 * lkst_syscall_name - one name
 * @machine: as above
 * @nr: number
 *
 * Return: "read", NULL when there is none.
 */
const char *lkst_syscall_name(const char *machine, unsigned int nr);

#endif
