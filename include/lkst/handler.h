/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * handler.h - for kernel modules that bring event handlers of their own. doc/handlers.md shows one being written.
 */
#ifndef LKST_HANDLER_H
#define LKST_HANDLER_H

#include <linux/module.h>
#include <lkst/event.h>

/* What a handler returns; negative is an error: counted, and the event is recorded all the same. */
#define LKST_KEEP	1	/* record the event */
#define LKST_DROP	0	/* do not */

/**
 * struct lkst_handler - an event handler
 * @name:	shown by lksteh; unique
 * @owner:	THIS_MODULE
 * @handle:	called for each event whose maskset entry is this handler, with its arguments as in the catalogue.
 *		In the context of the event: any, NMI included, preemption off. It must not sleep, take locks or call
 *		anything that may be traced.
 * @param:	what 'lksteh set' stored, -1 before that
 * @id:		set by lkst_handler_register(): the number for masksets
 */
struct lkst_handler {
	const char *name;
	struct module *owner;
	int (*handle)(struct lkst_handler *handler, unsigned int event, unsigned int units, const lkst_u64 *args);
	lkst_s64 param;
	unsigned int id;
};

/**
 * lkst_handler_register - make a handler known under the next free number
 * @handler: stays the caller's, until it is unregistered
 *
 * Process context, may sleep.
 *
 * Return: 0, -EEXIST: the name is taken, -ENOSPC: no number is free.
 */
int lkst_handler_register(struct lkst_handler *handler);

/**
 * lkst_handler_unregister - forget a handler
 * @handler: registered
 *
 * On return it does not run any more. Maskset entries that name it record nothing from then on.
 * Process context, may sleep.
 */
void lkst_handler_unregister(struct lkst_handler *handler);

#endif
