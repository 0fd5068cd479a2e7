/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * names.h - what the text packets of a trace say: tasks, interrupts, devices, system calls, modules, symbols.
 * Never what this machine says. What is not UTF-8, and control characters, became '?' when the packet was read:
 * names may go to a terminal.
 */
#ifndef LKST_NAMES_H
#define LKST_NAMES_H

#include "map.h"
#include "symbols.h"

struct lkst_task {
	lkst_u32 pid;
	lkst_u32 tgid;		/* 0: not known */
	lkst_u32 ppid;
	char name[17];		/* "" when not known */
};

struct lkst_comment {
	const char *key;
	const char *value;
	struct lkst_comment *next;
};

/* Memory for strings, given back all at once. */
struct lkst_arena {
	struct lkst_arena *next;
	size_t size;
	size_t used;
	char byte[] __attribute__((aligned(8)));
};

/* All zero is empty. */
struct lkst_names {
	struct lkst_map tasks;		/* pid -> struct lkst_task */
	struct lkst_map irqs;		/* number -> string */
	struct lkst_map blocks;
	struct lkst_map nets;
	struct lkst_map syscalls;
	struct lkst_map probes;
	struct lkst_map aspects;
	struct lkst_symbols symbols;
	struct lkst_symbols modules;
	struct lkst_comment *comments;
	struct lkst_arena *arena;
	const char *release;		/* of the traced kernel, which numbers soft interrupts by it; not kept here */
};

#define LKST_NAME_TEXT	192	/* room for any name made here */

/**
 * lkst_names_packet - take in the lines of a text packet
 * @names: table
 * @type: LKST_PKT_COMMENT, _TASKS, _IRQS, _DEVICES, _SYSCALLS, _MODULES, _SYMBOLS, _PROBES; others do nothing
 * @text: the payload
 * @size: its size, padding included
 *
 * What is known already stays: the first dump says how things were at the start. Lines of another form are passed over.
 */
void lkst_names_packet(struct lkst_names *names, unsigned int type, const char *text, size_t size);

/**
 * lkst_names_copy - keep a string
 * @names: it is freed with
 * @text: its start
 * @length: bytes
 */
char *lkst_names_copy(struct lkst_names *names, const char *text, size_t length);

/* A task by its pid; the second makes one when there is none. */
const struct lkst_task *lkst_task(const struct lkst_names *names, lkst_u32 pid);
struct lkst_task *lkst_task_make(struct lkst_names *names, lkst_u32 pid);

/* The task was made by @parent and has its name until it takes another. */
void lkst_task_fork(struct lkst_names *names, lkst_u32 parent, lkst_u32 pid, lkst_u32 tgid);

/* The 16 characters of PROCESS_NAME. */
void lkst_task_rename(struct lkst_names *names, lkst_u32 pid, const lkst_u64 *name);

/* Name of a task, "?" when it is not known; "idle" for 0. */
const char *lkst_task_name(const struct lkst_names *names, lkst_u32 pid);

/* Name of a soft interrupt on the kernel that @names tells of, NULL when there is none of that number. */
const char *lkst_softirq_name(const struct lkst_names *names, lkst_u64 vec);

/* Whether BLOCK_COMPLETE comes for each part of a request that is done; in 2.4 and 2.6 it comes once, with the last. */
int lkst_requests_end_in_parts(const struct lkst_names *names);

/* Whether LOCK_ACQUIRE is of spin locks, which stay on their CPU; else it is of mutexes, which stay with their task. */
int lkst_held_locks_spin(const struct lkst_names *names);

/* The soft interrupt that runs kernel timers there. */
unsigned int lkst_softirq_of_timers(const struct lkst_names *names);

/**
 * lkst_printable - whether a character may go to a terminal
 * @text: where it begins
 *
 * Return: its bytes, 0 for control characters, those that turn the direction of writing, and what is not UTF-8.
 */
unsigned int lkst_printable(const char *text);

/* Puts '?' in the place of what is not printable. Returns @text. */
char *lkst_clean(char *text);

/* Name in one of the maps, NULL when it is not there. */
const char *lkst_name(const struct lkst_map *map, lkst_u64 number);

/**
 * lkst_address_name - "symbol+0x12", "symbol+0x12[module]" or "[module]+0x1234"
 * @names: table
 * @address: in the text of the traced kernel
 * @text: LKST_NAME_TEXT bytes
 *
 * Return: 0, -1 when nothing is known of that place; @text is "0x..." then.
 */
int lkst_address_name(struct lkst_names *names, lkst_u64 address, char *text);

/* Names of tasks of its own for what is a plain copy of another one so far; the second gives back what they take. */
void lkst_names_part(struct lkst_names *names);
void lkst_names_free_part(struct lkst_names *names);

/* Gives back every table and string; all is empty then. */
void lkst_names_free(struct lkst_names *names);

#endif
