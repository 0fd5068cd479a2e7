/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * catalogue.h - the catalogue of events as tables, for programs. All of it comes from include/lkst/events.def.
 */
#ifndef LKST_CATALOGUE_H
#define LKST_CATALOGUE_H

#include <lkst/event.h>

struct lkst_arg_desc {
	const char *name;
	const char *type;	/* "u16": letter u or s, then bits; or "str8" */
	unsigned char bits;
	unsigned char is_signed;
	unsigned char unit;	/* enum lkst_unit */
	unsigned char shift;	/* place inside its 8-byte unit */
	unsigned char word;	/* which unit */
	const char *meaning;
};

struct lkst_source_desc {
	const char *kind;	/* "tracepoint", "kprobe", "NORMAL", "none"... */
	const char *place;	/* or the reason why there is none */
};

#define LKST_MAX_ARGS	8

struct lkst_event_desc {
	unsigned short id;
	unsigned char group;	/* enum lkst_group */
	unsigned char rdefault;	/* in the default maskset */
	unsigned char nr_args;
	unsigned char units;
	const char *name;
	const char *meaning;
	struct lkst_arg_desc arg[LKST_MAX_ARGS];
	struct lkst_source_desc stock, hook26, hook24;
};

/**
 * lkst_catalogue - all events in the order of events.def
 * @count: set to how many there are
 */
const struct lkst_event_desc *lkst_catalogue(unsigned int *count);

/**
 * lkst_event_by_id - an event by its id
 * @id: any number
 *
 * Return: the event, NULL when the catalogue has none.
 */
const struct lkst_event_desc *lkst_event_by_id(unsigned int id);

/**
 * lkst_event_by_name - an event by its name, in upper or lower case
 * @name: "SYSCALL_ENTRY"
 *
 * Return: the event, NULL when the catalogue has none.
 */
const struct lkst_event_desc *lkst_event_by_name(const char *name);

/**
 * lkst_group_name - a group's name, "PROCESS"
 * @group: enum lkst_group
 */
const char *lkst_group_name(unsigned int group);

/**
 * lkst_no_such_event - end the program with LKST_EXIT_USAGE: a word is neither an event nor a group; names
 * those near it
 * @word: as the user gave it
 */
void lkst_no_such_event(const char *word) __attribute__((noreturn));

/**
 * lkst_arg_value - an argument out of a record
 * @arg: which
 * @units: the record's argument units
 *
 * Return: the value; signed ones sign-extended to 64 bits.
 */
static inline lkst_u64 lkst_arg_value(const struct lkst_arg_desc *arg, const lkst_u64 *units)
{
	lkst_u64 value = units[arg->word] >> arg->shift << (64 - arg->bits);

	return arg->is_signed ? (lkst_u64)((lkst_s64)value >> (64 - arg->bits)) : value >> (64 - arg->bits);
}

#endif
