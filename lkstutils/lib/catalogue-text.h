/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * catalogue-text.h - the catalogue as lines of text, as LKST_PKT_EVENTS packets carry it. One event a line:
 *
 *	0x001 TAB PROCESS_CONTEXTSWITCH TAB PROCESS TAB next_pid:u32:pid,prev_state:u16:state,next_prio:u16:none
 *
 * id, name, group, arguments as name:type:unit in the order in which they fill the record's units.
 */
#ifndef LKST_CATALOGUE_TEXT_H
#define LKST_CATALOGUE_TEXT_H

#include <stddef.h>

#include "catalogue.h"

#define LKST_EVENT_LINE	512	/* no line is longer, its newline and a NUL included */

/**
 * lkst_unit_name - the name of what an argument means, "pid"
 * @unit: enum lkst_unit
 */
const char *lkst_unit_name(unsigned int unit);

/**
 * lkst_event_args_text - the arguments of an event, "next_pid:u32:pid,..."
 * @event: which
 * @text: LKST_EVENT_LINE bytes
 */
void lkst_event_args_text(const struct lkst_event_desc *event, char *text);

/**
 * lkst_catalogue_text - the whole catalogue as one packet's payload
 * @size: set to its length, without the NUL at its end
 *
 * Return: memory to be freed by the caller.
 */
char *lkst_catalogue_text(size_t *size);

/**
 * lkst_event_parse - an event out of a line
 * @line: without its newline; changed, and referred to by @event from then on
 * @event: filled in
 *
 * Return: 0, -1 when the line is not of this form.
 */
int lkst_event_parse(char *line, struct lkst_event_desc *event);

#endif
