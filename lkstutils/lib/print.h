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
 * lkst_print_value - an argument as its unit wants it: a name where there is one, with the number behind it
 * @out: where
 * @names: as above
 * @arg: description
 * @value: from lkst_arg_value()
 */
void lkst_print_value(FILE *out, struct lkst_names *names, const struct lkst_arg_desc *arg, lkst_u64 value);

/**
 * lkst_json_string - a string with its quotes, escaped
 * @out: where
 * @text: UTF-8 or anything; bytes that are not ASCII become '?'
 */
void lkst_json_string(FILE *out, const char *text);

#endif
