// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * names.c - tables of names out of a trace's text packets.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lkst/record.h>

#include "cli.h"
#include "names.h"

#define MAX_FIELDS	4
#define ARENA_STEP	(64U << 10)

/* 8-byte aligned: tasks are kept here too. */
static void *arena(struct lkst_names *names, size_t size)
{
	struct lkst_arena *a = names->arena;
	size_t room;
	void *p;

	size = (size + 7) & ~(size_t)7;
	if (!a || a->size - a->used < size) {
		room = size > ARENA_STEP ? size : ARENA_STEP;
		a = lkst_xmalloc(sizeof(*a) + room);
		a->next = names->arena;
		a->size = room;
		names->arena = a;
	}
	p = a->byte + a->used;
	a->used += size;
	return p;
}

unsigned int lkst_printable(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	unsigned int length = *p < 0x80 ? 1 : *p >= 0xf0 ? 4 : *p >= 0xe0 ? 3 : 2, i;
	unsigned long c = length == 1 ? *p : *p & (0x7fU >> length);

	if (*p >= 0xf8 || (*p >= 0x80 && *p < 0xc0))
		return 0;
	for (i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	/*
	 * Longer than need be, halves of a pair, what never is a character; control characters: a
	 * terminal obeys them.
	 */
	if (c < (length == 4 ? 0x10000U : length == 3 ? 0x800U : length == 2 ? 0x80U : 0) ||
	    (c >= 0xd800 && c < 0xe000) ||
	    c > 0x10ffff)
		return 0;
	return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
	       (c >= 0x202a && c <= 0x202e) ? 0 : length;
}

char *lkst_clean(char *text)
{
	unsigned int length;
	char *p;

	for (p = text; *p; p += length ? length : 1) {
		length = lkst_printable(p);
		if (!length)
			*p = '?';
	}
	return text;
}

static const char *const softirqs_6[] = {
	"HI", "TIMER", "NET_TX", "NET_RX", "BLOCK", "IRQ_POLL", "TASKLET", "SCHED", "HRTIMER", "RCU"
};
static const char *const softirqs_26[] = { "HI", "TIMER", "NET_TX", "NET_RX", "SCSI", "TASKLET" };
static const char *const softirqs_24[] = { "HI", "NET_TX", "NET_RX", "TASKLET" };

#define PICK(table, i)	((i) < sizeof(table) / sizeof(table[0]) ? table[i] : NULL)

static int is_release(const struct lkst_names *names, const char *family)
{
	return names->release && !strncmp(names->release, family, strlen(family));
}

const char *lkst_softirq_name(const struct lkst_names *names, lkst_u64 vec)
{
	if (is_release(names, "2.4."))
		return PICK(softirqs_24, vec);
	if (is_release(names, "2.6."))
		return PICK(softirqs_26, vec);
	return PICK(softirqs_6, vec);
}

int lkst_requests_end_in_parts(const struct lkst_names *names)
{
	return !is_release(names, "2.4.") && !is_release(names, "2.6.");
}

int lkst_held_locks_spin(const struct lkst_names *names)
{
	return is_release(names, "2.4.") || is_release(names, "2.6.");
}

/* In 2.4 timers are a bottom half, and those are tasklets of high priority. */
unsigned int lkst_softirq_of_timers(const struct lkst_names *names)
{
	return is_release(names, "2.4.") ? 0 : 1;
}

char *lkst_names_copy(struct lkst_names *names, const char *text, size_t length)
{
	char *copy = arena(names, length + 1);

	memcpy(copy, text, length);
	copy[length] = 0;
	return copy;
}

const struct lkst_task *lkst_task(const struct lkst_names *names, lkst_u32 pid)
{
	lkst_u64 *slot = lkst_map_find(&names->tasks, pid);

	return slot ? (const struct lkst_task *)(uintptr_t)*slot : NULL;
}

struct lkst_task *lkst_task_make(struct lkst_names *names, lkst_u32 pid)
{
	int is_new;
	lkst_u64 *slot = lkst_map_add(&names->tasks, pid, &is_new);
	struct lkst_task *task;

	if (!is_new)
		return (struct lkst_task *)(uintptr_t)*slot;
	task = arena(names, sizeof(*task));
	task->pid = pid;
	*slot = (uintptr_t)task;
	return task;
}

void lkst_task_fork(struct lkst_names *names, lkst_u32 parent, lkst_u32 pid, lkst_u32 tgid)
{
	const struct lkst_task *from = lkst_task(names, parent);
	struct lkst_task *task = lkst_task_make(names, pid);

	task->tgid = tgid;
	task->ppid = parent;
	/* A dump at the end may have named it already, but the pid's life begins here. */
	if (from && from->name[0])
		memcpy(task->name, from->name, sizeof(task->name));
}

void lkst_task_rename(struct lkst_names *names, lkst_u32 pid, const lkst_u64 *name)
{
	struct lkst_task *task = lkst_task_make(names, pid);

	memcpy(task->name, name, 16);
	task->name[16] = 0;
	lkst_clean(task->name);
}

const char *lkst_task_name(const struct lkst_names *names, lkst_u32 pid)
{
	const struct lkst_task *task = pid ? lkst_task(names, pid) : NULL;

	if (!pid)
		return "idle";
	return task && task->name[0] ? task->name : "?";
}

const char *lkst_name(const struct lkst_map *map, lkst_u64 number)
{
	lkst_u64 *slot = lkst_map_find(map, number);

	return slot ? (const char *)(uintptr_t)*slot : NULL;
}

static void name(struct lkst_names *names, struct lkst_map *map, const char *number, const char *text)
{
	int is_new;
	lkst_u64 *slot = lkst_map_add(map, strtoull(number, NULL, 0), &is_new);

	if (is_new)
		*slot = (uintptr_t)lkst_names_copy(names, text, strlen(text));
}

static void task_line(struct lkst_names *names, char **field)
{
	lkst_u32 pid = (lkst_u32)strtoul(field[0], NULL, 0);
	struct lkst_task *task;

	if (lkst_task(names, pid))
		return;
	task = lkst_task_make(names, pid);
	task->tgid = (lkst_u32)strtoul(field[1], NULL, 0);
	task->ppid = (lkst_u32)strtoul(field[2], NULL, 0);
	snprintf(task->name, sizeof(task->name), "%s", field[3]);
}

static void comment_line(struct lkst_names *names, char **field)
{
	struct lkst_comment *comment = arena(names, sizeof(*comment)), **last;

	comment->key = lkst_names_copy(names, field[0], strlen(field[0]));
	comment->value = lkst_names_copy(names, field[1], strlen(field[1]));
	comment->next = NULL;
	for (last = &names->comments; *last; last = &(*last)->next)
		if (!strcmp((*last)->key, comment->key))
			return;
	*last = comment;
}

static void range_line(struct lkst_names *names, struct lkst_symbols *symbols, char **field)
{
	lkst_symbols_add(symbols, strtoull(field[0], NULL, 0), strtoull(field[1], NULL, 0),
			 lkst_names_copy(names, field[2], strlen(field[2])));
}

static void line(struct lkst_names *names, unsigned int type, char **field, unsigned int n)
{
	if (type == LKST_PKT_COMMENT && n == 2)
		comment_line(names, field);
	else if (type == LKST_PKT_TASKS && n == 4)
		task_line(names, field);
	else if (type == LKST_PKT_IRQS && n == 2)
		name(names, &names->irqs, field[0], field[1]);
	else if (type == LKST_PKT_DEVICES && n == 3 && !strcmp(field[0], "block"))
		name(names, &names->blocks, field[1], field[2]);
	else if (type == LKST_PKT_DEVICES && n == 3 && !strcmp(field[0], "net"))
		name(names, &names->nets, field[1], field[2]);
	else if (type == LKST_PKT_SYSCALLS && n == 2)
		name(names, &names->syscalls, field[0], field[1]);
	else if (type == LKST_PKT_PROBES && n == 2)
		name(names, &names->probes, field[0], field[1]);
	else if (type == LKST_PKT_PROBES && n == 3 && !strcmp(field[0], "aspect"))
		name(names, &names->aspects, field[1], field[2]);
	else if (type == LKST_PKT_MODULES && n == 3)
		range_line(names, &names->modules, field);
	else if (type == LKST_PKT_SYMBOLS && n == 3)
		range_line(names, &names->symbols, field);
}

void lkst_names_packet(struct lkst_names *names, unsigned int type, const char *text, size_t size)
{
	/* Longer lines than any that is written are cut: memory goes by the file's size, never by what it claims. */
	char buffer[1024], *field[MAX_FIELDS], *p;
	const char *end = text + size, *eol;
	unsigned int n;
	size_t length;

	for (; text < end && *text; text = eol + 1) {
		for (eol = text; eol < end && *eol && *eol != '\n'; eol++)
			;
		length = (size_t)(eol - text) < sizeof(buffer) ? (size_t)(eol - text) : sizeof(buffer) - 1;
		memcpy(buffer, text, length);
		buffer[length] = 0;
		for (n = 0, p = buffer; p && n < MAX_FIELDS; n++) {
			field[n] = p;
			p = n < MAX_FIELDS - 1 ? strchr(p, '\t') : NULL;
			if (p)
				*p++ = 0;
			lkst_clean(field[n]);
		}
		line(names, type, field, n);
		if (eol == end || !*eol)
			break;
	}
}

int lkst_address_name(struct lkst_names *names, lkst_u64 address, char *text)
{
	const struct lkst_symbol *symbol = lkst_symbols_find(&names->symbols, address);
	const struct lkst_symbol *module = lkst_symbols_find(&names->modules, address);

	/* A module's own symbol, or one that only happens to lie before the module? */
	if (symbol && module && symbol->address < module->address)
		symbol = NULL;
	if (symbol && module)
		snprintf(text, LKST_NAME_TEXT, "%.120s+0x%llx[%.40s]", symbol->name, address - symbol->address,
			 module->name);
	else if (symbol)
		snprintf(text, LKST_NAME_TEXT, "%.120s+0x%llx", symbol->name, address - symbol->address);
	else if (module)
		snprintf(text, LKST_NAME_TEXT, "[%.120s]+0x%llx", module->name, address - module->address);
	else
		snprintf(text, LKST_NAME_TEXT, "0x%llx", address);
	return symbol || module ? 0 : -1;
}

void lkst_names_part(struct lkst_names *names)
{
	struct lkst_map tasks = names->tasks;
	size_t i;

	memset(&names->tasks, 0, sizeof(names->tasks));
	names->arena = NULL;
	for (i = 0; i < tasks.size; i++)
		if (tasks.used[i])
			*lkst_task_make(names, (lkst_u32)tasks.slot[i].key) =
				*(const struct lkst_task *)(uintptr_t)tasks.slot[i].value;
}

void lkst_names_free_part(struct lkst_names *names)
{
	struct lkst_arena *next, *a;

	lkst_map_free(&names->tasks);
	for (a = names->arena; a; a = next) {
		next = a->next;
		free(a);
	}
	memset(names, 0, sizeof(*names));
}

void lkst_names_free(struct lkst_names *names)
{
	lkst_map_free(&names->irqs);
	lkst_map_free(&names->blocks);
	lkst_map_free(&names->nets);
	lkst_map_free(&names->syscalls);
	lkst_map_free(&names->probes);
	lkst_map_free(&names->aspects);
	lkst_symbols_free(&names->symbols);
	lkst_symbols_free(&names->modules);
	lkst_names_free_part(names);
}
