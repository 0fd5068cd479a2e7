// SPDX-License-Identifier: GPL-2.0-only
/*
 * handler.c - event handlers: the built-in ones, and those of other modules.
 */
#include <lkst/handler.h>

#include "lkst.h"

#define NR_HANDLERS	256
#define NR_COUNTED	512	/* event ids that the count handler can tell apart */

/* Modules' handlers by number. Read once by the record path; lkst_wait_writers() stands before one is forgotten. */
static struct lkst_handler *handlers[NR_HANDLERS];
static s64 params[LKST_HANDLER_FIRST] = { [0 ... LKST_HANDLER_FIRST - 1] = -1 };

struct counts {
	unsigned long calls[NR_HANDLERS];
	unsigned long errors[NR_HANDLERS];
	unsigned long hits[NR_COUNTED];
};
/* Not DEFINE_PER_CPU: modules share 8 KiB of that. */
static struct counts __percpu *counts;

static const char *const builtin_names[LKST_HANDLER_FIRST] = {
	[LKST_HANDLER_RECORD] = "record",
	[LKST_HANDLER_COUNT] = "count",
	[LKST_HANDLER_STOP] = "stop",
	[LKST_HANDLER_SWITCH] = "switch",
	[LKST_HANDLER_MASKSET] = "maskset",
	[LKST_HANDLER_PID] = "pid",
};

static void call_module(unsigned int id, unsigned int event, unsigned int units, const u64 *args)
{
	struct lkst_handler *handler = READ_ONCE(handlers[id]);
	int keep;

	if (!handler)
		return;
	keep = handler->handle(handler, event, units, args);
	if (keep < 0)
		lkst_this_cpu_inc(counts, errors[id]);
	if (keep != LKST_DROP)
		lkst_record(event, units, args);
}

void lkst_handle(const u8 *table, unsigned int event, unsigned int units, const u64 *args)
{
	unsigned int id = table[event];

	lkst_this_cpu_inc(counts, calls[id]);
	switch (id) {
	case LKST_HANDLER_RECORD:
		lkst_record(event, units, args);
		break;
	case LKST_HANDLER_COUNT:
		if (event < NR_COUNTED)
			lkst_this_cpu_inc(counts, hits[event]);
		break;
	case LKST_HANDLER_STOP:
		lkst_record(event, units, args);
		lkst_freeze(LKST_STOPPED, "the stop handler saw its event");
		break;
	case LKST_HANDLER_SWITCH:
		lkst_record(event, units, args);
		lkst_buffer_switch();
		break;
	case LKST_HANDLER_MASKSET:
		lkst_record(event, units, args);
		lkst_maskset_switch(table);
		break;
	case LKST_HANDLER_PID:
		if (current->tgid == READ_ONCE(params[LKST_HANDLER_PID]))
			lkst_record(event, units, args);
		break;
	default:
		call_module(id, event, units, args);
	}
}

void lkst_event(unsigned int event, unsigned int units, const u64 *args)
{
	lkst_event_here(event, units, args);
}
EXPORT_SYMBOL_GPL(lkst_event);

void lkst_event_one_slow(unsigned int event, u64 arg)
{
	lkst_event(event, 1, &arg);
}

int lkst_handlers_init(void)
{
	counts = alloc_percpu(struct counts);
	return counts ? 0 : -ENOMEM;
}

void lkst_handlers_exit(void)
{
	free_percpu(counts);
}

static const char *name_of(unsigned int id)
{
	if (id < LKST_HANDLER_FIRST)
		return builtin_names[id];
	if (id == LKST_HANDLER_NONE)
		return "none";
	return handlers[id] ? handlers[id]->name : NULL;
}

bool lkst_handler_exists(unsigned int id)
{
	return id < NR_HANDLERS && name_of(id);
}

u64 lkst_handler_hits(unsigned int event)
{
	unsigned int cpu;
	u64 sum = 0;

	for_each_possible_cpu(cpu)
		sum += event < NR_COUNTED ? READ_ONCE(per_cpu_ptr(counts, cpu)->hits[event]) : 0;
	return sum;
}

int lkst_handler_next(struct lkst_handler_info *info)
{
	unsigned int id = info->id, cpu;

	while (id < NR_HANDLERS && !name_of(id))
		id++;
	if (id >= NR_HANDLERS)
		return -ENOENT;
	memset(info, 0, sizeof(*info));
	info->id = id;
	info->param = id < LKST_HANDLER_FIRST ? params[id] : handlers[id] ? handlers[id]->param : -1;
	strscpy(info->name, name_of(id), sizeof(info->name));
	for_each_possible_cpu(cpu) {
		info->calls += READ_ONCE(per_cpu_ptr(counts, cpu)->calls[id]);
		info->errors += READ_ONCE(per_cpu_ptr(counts, cpu)->errors[id]);
	}
	return 0;
}

int lkst_handler_set(const struct lkst_handler_info *info)
{
	int err = 0;

	if (!lkst_handler_exists(info->id))
		return -ENOENT;
	switch (info->id) {
	case LKST_HANDLER_RECORD:
	case LKST_HANDLER_COUNT:
	case LKST_HANDLER_STOP:
	case LKST_HANDLER_NONE:
		return -EINVAL;
	case LKST_HANDLER_SWITCH:
		err = lkst_buffer_set_target(info->param);
		break;
	case LKST_HANDLER_MASKSET:
		err = lkst_maskset_set_target(info->param);
		if (!err)
			lkst_update_attachments();
		break;
	}
	if (err)
		return err;
	if (info->id < LKST_HANDLER_FIRST)
		WRITE_ONCE(params[info->id], info->param);
	else
		WRITE_ONCE(handlers[info->id]->param, info->param);
	return 0;
}

int lkst_handler_register(struct lkst_handler *handler)
{
	unsigned int id, unused = 0;
	int err = -ENOSPC;

	mutex_lock(&lkst_control);
	for (id = LKST_HANDLER_NONE; id-- > 0;) {
		if (name_of(id) && !strcmp(name_of(id), handler->name)) {
			err = -EEXIST;
			goto unlock;
		}
		if (id >= LKST_HANDLER_FIRST && !handlers[id])
			unused = id;
	}
	if (!unused)
		goto unlock;
	lkst_reach_memory();
	handler->id = unused;
	handler->param = -1;
	smp_store_release(&handlers[unused], handler);
	err = 0;
unlock:
	mutex_unlock(&lkst_control);
	return err;
}
EXPORT_SYMBOL_GPL(lkst_handler_register);

void lkst_handler_unregister(struct lkst_handler *handler)
{
	mutex_lock(&lkst_control);
	WRITE_ONCE(handlers[handler->id], NULL);
	lkst_wait_writers();
	mutex_unlock(&lkst_control);
}
EXPORT_SYMBOL_GPL(lkst_handler_unregister);
