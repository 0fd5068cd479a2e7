/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * print.h - one record as one line of text.
 */
#ifndef LKST_PRINT_H
#define LKST_PRINT_H

#include <stdio.h>

#include "catalogue.h"
#include "names.h"

/**
 * lkst_print_record - "SECONDS CPU PID NAME EVENT ARGUMENT=VALUE..."
 * @out: where
 * @names: of the trace, or of the machine for records shown at once
 * @time_ns: when
 * @cpu: where
 * @pid: task that the CPU was running
 * @e: event of this program's catalogue; NULL: not known, its arguments are printed in hex
 * @event: id
 * @args: units
 * @units: how many
 */
void lkst_print_record(FILE *out, struct lkst_names *names, lkst_u64 time_ns, unsigned int cpu, unsigned int pid,
		       const struct lkst_event_desc *e, unsigned int event, const lkst_u64 *args, unsigned int units);

/**
 * lkst_print_value - an argument as its unit wants it: "NUMBER(NAME)" where there is a name
 * @out: where
 * @names: as above
 * @arg: description
 * @value: from lkst_arg_value()
 */
void lkst_print_value(FILE *out, struct lkst_names *names, const struct lkst_arg_desc *arg, lkst_u64 value);

/**
 * lkst_text_args - arguments of one text, put together: characters that follow each other in a record are one
 * @e: event
 * @args: units of the record
 * @i: the first argument
 * @text: 8 * LKST_MAX_ARGS + 1 bytes
 *
 * Return: how many arguments it is made of, 0 when @i is something else.
 */
unsigned int lkst_text_args(const struct lkst_event_desc *e, const lkst_u64 *args, unsigned int i, char *text);

/*
 * The characters in so many units, the first in the low byte, cleaned. @text: 8 bytes a unit, and one.
 * Returns @text.
 */
char *lkst_chars(const lkst_u64 *value, unsigned int count, char *text);

/* Columns are separated by blanks, so names in them have '_' instead. Returns @text. */
char *lkst_no_blanks(char *text);

/**
 * lkst_json_string - a string with its quotes, escaped
 * @out: where
 * @text: UTF-8 or anything; what lkst_printable() does not let pass becomes '?'
 */
void lkst_json_string(FILE *out, const char *text);

#endif
