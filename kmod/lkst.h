/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lkst.h - what the parts of the module know of each other. Not for other modules: those include <lkst/module.h>.
 *
 *	attach*.c   connect kernel events to lkst_emit()            may sleep but for the probes
 *	record.h    the record path: maskset -> handler -> buffer    any context, NMI included
 *	buffer.c    buffers, sub-buffers, their reader              slow side of the record path, and process context
 *	maskset.c handler.c control.c device.c                      process context
 *
 * One mutex, lkst_control, serialises all that changes masksets, handlers, buffers and attachments. The record path takes
 * no lock: it reads pointers once, with preemption off, and what it may still be using is freed after lkst_wait_writers().
 */
#ifndef LKST_KMOD_H
#define LKST_KMOD_H

#include <lkst/event.h>
#include <lkst/file.h>
#include <lkst/ioctl.h>
#include "compat/compat.h"
#include "ring.h"
#include "record.h"

extern struct mutex lkst_control;

/* ---- attach.c and the back ends ---- */

/**
 * lkst_attach_init - find out which events this kernel has
 *
 * Checks every probe's prototype against the running kernel's type information. What does not fit is left out with a reason,
 * never an error. Process context, may sleep.
 *
 * Return: 0, or a negative error when nothing can work at all.
 */
int lkst_attach_init(void);

/**
 * lkst_attach_exit - detach everything and wait until no probe runs any more
 *
 * Process context, may sleep.
 */
void lkst_attach_exit(void);

/**
 * lkst_attach_update - attach the points of the wanted events, detach all others
 * @wanted: bitmap of LKST_NR_EVENTS event ids
 *
 * An event that cannot be attached gets a reason and is skipped. On return no probe of a detached point runs any more.
 * Process context, may sleep, lkst_control held.
 */
void lkst_attach_update(const unsigned long *wanted);

/**
 * lkst_attach_state - what became of an event on this kernel
 * @event: event id
 * @state: flags AVAILABLE and ATTACHED, source and reason are set
 *
 * Return: 0, -ENOENT when the catalogue has no such event. lkst_control held.
 */
int lkst_attach_state(unsigned int event, struct lkst_event_state *state);

/* Probes made at run time; arguments as in <lkst/ioctl.h>. Process context, may sleep, lkst_control held. */
int lkst_probe_add(struct lkst_probe_info *info);
int lkst_probe_del(u32 id);
int lkst_probe_next(struct lkst_probe_info *info);

/* ---- buffer.c ---- */

/**
 * struct lkst_buffer - one buffer: a ring for every CPU that was ever online while it was there
 * @id:		number
 * @name:	unique
 * @mode:	enum lkst_buffer_mode
 * @subbuf_size: bytes
 * @nr_subbufs:	sub-buffers a CPU
 * @readers:	open files bound to it
 * @owner:	process whose recording it is, see owner.c; 0: it stays until it is deleted
 * @dropped:	deleted, waits for its last reader
 * @ring:	by CPU; NULL where there is none
 */
struct lkst_buffer {
	u32 id;
	char name[LKST_NAME_LEN];
	u32 mode;
	u32 subbuf_size;
	u32 nr_subbufs;
	u32 readers;
	u32 owner;
	bool dropped;
	struct lkst_ring *ring[];
};

/* At load and unload. Process context. init: 0 or a negative error. exit: no writer runs any more, no file is open. */
int lkst_buffers_init(void);
void lkst_buffers_exit(void);
/* As the requests of the same names in <lkst/ioctl.h>. Process context, may sleep, lkst_control held. */
int lkst_buffer_create(struct lkst_buffer_info *info);
int lkst_buffer_next(struct lkst_buffer_info *info);
int lkst_buffer_select(u32 id);
int lkst_buffer_delete(u32 id);
int lkst_buffer_flush(u32 id);
int lkst_buffer_stats(struct lkst_cpu_stats *stats);

/* For owner.c: is it owned; delete those that are (one that is selected or declared stays); forget that any are. lkst_control held. */
bool lkst_buffer_owned(u32 id);
void lkst_buffer_delete_owned(void);
void lkst_buffer_disown(void);

/**
 * lkst_buffer_selected - id of the selected buffer, LKST_ANY_ID when there is none
 *
 * Any context.
 */
u32 lkst_buffer_selected(void);

/**
 * lkst_buffer_bind - take a CPU's part of a buffer for reading
 * @bind: buffer and cpu in, sizes out
 * @buffer: set to the buffer, which stays until lkst_buffer_unbind()
 *
 * Return: its ring, or ERR_PTR: -ENOENT, -EBUSY. lkst_control held.
 */
struct lkst_ring *lkst_buffer_bind(struct lkst_reader_bind *bind, struct lkst_buffer **buffer);
void lkst_buffer_unbind(struct lkst_buffer *buffer, struct lkst_ring *ring);

/**
 * lkst_buffer_switch - select the buffer that the switch handler's parameter names
 *
 * Any context. Does nothing when none was named.
 */
void lkst_buffer_switch(void);

/**
 * lkst_buffer_set_target - name the buffer that lkst_buffer_switch() selects
 * @id: buffer, or -1 for none
 *
 * Return: 0 or -ENOENT. lkst_control held.
 */
int lkst_buffer_set_target(s64 id);

/**
 * lkst_buffers_settle - make all CPUs agree after a switch from a handler
 *
 * Two handlers on two CPUs may have chosen different buffers at the same time. Process context.
 */
void lkst_buffers_settle(void);

/**
 * lkst_buffers_close - write into the headers how far the sub-buffers in work were filled
 *
 * For an image of the memory; no other CPU runs any more, nor will one again. Any context.
 */
void lkst_buffers_close(void);

/* ---- maskset.c ---- */

/* At load and unload: the built-in masksets; all of them. Process context. init: 0 or -ENOMEM. */
int lkst_masksets_init(void);
void lkst_masksets_exit(void);
/* As the requests of the same names in <lkst/ioctl.h>. Process context, may sleep, lkst_control held. */
int lkst_maskset_next(struct lkst_maskset *maskset, bool exact);
int lkst_maskset_write(struct lkst_maskset *maskset, bool owned);
int lkst_maskset_select(u32 id);
int lkst_maskset_delete(u32 id);
/* For owner.c: delete those that are owned (one that is declared stays); forget that any are. lkst_control held. */
void lkst_maskset_delete_owned(void);
void lkst_maskset_disown(void);

/**
 * lkst_maskset_find - a maskset's id by its name or its number in text
 * @text: "RDEFAULT" or "2"
 *
 * Return: the id, LKST_ANY_ID when there is none. lkst_control held.
 */
u32 lkst_maskset_find(const char *text);

/**
 * lkst_maskset_selected - id of the selected maskset
 *
 * Any context.
 */
u32 lkst_maskset_selected(void);

/* The selected maskset's handlers by event. Any context. */
const u8 *lkst_maskset_table(void);

/**
 * lkst_maskset_switch - select the maskset that the maskset handler's parameter names
 * @table: the table the event was found in: nothing happens when that is not the active one any more
 *
 * Any context. Does nothing when none was named.
 */
void lkst_maskset_switch(const u8 *table);

/**
 * lkst_maskset_set_target - declare the maskset that lkst_maskset_switch() selects
 * @id: maskset, or -1 for none
 *
 * Return: 0 or -ENOENT. lkst_control held; the caller updates the attachments.
 */
int lkst_maskset_set_target(s64 id);

/**
 * lkst_maskset_wanted - which events the selected and the declared maskset ask for
 * @wanted: bitmap of LKST_NR_EVENTS, set here
 */
void lkst_maskset_wanted(unsigned long *wanted);

/* ---- handler.c ---- */

/* At load and unload: the counts of calls. Process context. init: 0 or -ENOMEM. */
int lkst_handlers_init(void);
void lkst_handlers_exit(void);
/* As the requests of the same names. lkst_control held. */
int lkst_handler_next(struct lkst_handler_info *info);
int lkst_handler_set(const struct lkst_handler_info *info);
bool lkst_handler_exists(unsigned int id);
/* Times the count handler saw an event, all CPUs. */
u64 lkst_handler_hits(unsigned int event);

/* ---- control.c ---- */

/* Ticks per second of lkst_clock(). */
extern u64 lkst_tick_hz;

/* Whether LKST_NAME_LEN bytes from a user can name a maskset or a buffer (see LKST_NAME_CHARS). Any context. */
bool lkst_name_ok(const char *name);

/*
 * At load: choose the clock, measure what a record costs, start the heartbeat; at unload: end it. Process context.
 * init: 0, -EINVAL or -ENODEV for the parameter clock=, -ENOMEM.
 */
int lkst_control_init(void);
void lkst_control_exit(void);
/* lkst_control held, may sleep. start: -ENXIO when no buffer is selected. */
int lkst_start(void);
int lkst_stop(void);
/* The events asked for now: none while recording does not run. Valid while lkst_control is held. */
const unsigned long *lkst_wanted(void);
/* Bring the attachments in line with the masksets and with what recording is doing. lkst_control held, may sleep. */
void lkst_update_attachments(void);
void lkst_get_info(struct lkst_info *info);
/* Any context. */
enum lkst_run_state lkst_run_state(void);
/* The table that records nothing. */
extern const u8 lkst_nothing[LKST_NR_EVENTS];

/**
 * lkst_freeze - stop recording at once and keep the buffers as they are
 * @state: LKST_FROZEN, LKST_STOPPED or LKST_TRIPPED
 * @reason: for 'lkst status'; a string constant
 *
 * Any context, NMI included.
 *
 * Return: whether recording ran until now.
 */
bool lkst_freeze(enum lkst_run_state state, const char *reason);

/**
 * lkst_panicked - freeze, and leave the buffers so that an image of the memory is enough to read them
 *
 * From the panic's announcement, when the other CPUs have been stopped.
 */
void lkst_panicked(void);

/* The three clocks at one moment. Process context or timer. */
void lkst_read_clocks(u64 *ticks, u64 *mono_ns, u64 *real_ns);

/* ---- note.c ---- */

/* When the clock was chosen: 0 or -ENOMEM. Process context. */
int lkst_note_init(void);
void lkst_note_exit(void);
/* The clocks once more: an image's times are right to what they drift since. Process context or timer. */
void lkst_note_time(void);

/* ---- owner.c ---- */

/**
 * lkst_own - make the recording an open file's
 * @file: whatever stands for it
 *
 * Return: 0, -EBUSY: another file has it. lkst_control held.
 */
int lkst_own(const void *file);

/* The process whose recording it is when @file owns it, else 0. lkst_control held. */
u32 lkst_owner_of(const void *file);

/**
 * lkst_disown - the file is closed: if it owned the recording, end that
 * @file: as for lkst_own()
 *
 * Stops, selects what was selected before, removes what was made through the file, and goes on recording where that was done
 * before. A frozen state is left alone. Process context, may sleep, takes lkst_control.
 */
void lkst_disown(const void *file);

/* ---- proc.c ---- */

/* At load and unload: /proc/lkst_etypes. Process context. init: 0 or -ENOMEM. */
int lkst_proc_init(void);
void lkst_proc_exit(void);

/* ---- device.c ---- */

/* At load and unload: the device. Process context. init: 0 or a negative error. */
int lkst_device_init(void);
void lkst_device_exit(void);
/* Wake whoever waits for records. Process or timer context. */
void lkst_device_wake(void);
/* The same when a ring of this CPU has just become half full of unread sub-buffers. Any context. */
void lkst_device_wake_at_half(const struct lkst_ring *ring);

#endif
