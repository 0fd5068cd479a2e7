/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dump.h - the state of the machine, written into a trace as text packets (record.h), so that whoever reads it needs nothing
 * of the machine it was made on.
 */
#ifndef LKST_DUMP_H
#define LKST_DUMP_H

#include <lkst/ioctl.h>

#include "textaddr.h"
#include "writer.h"

/**
 * lkst_dump_header - fill in a file header but for what the writer sets
 * @header: cleared and filled in
 * @info: of the device
 */
void lkst_dump_header(struct lkst_file_header *header, const struct lkst_info *info);

/**
 * lkst_dump_comment - one LKST_PKT_COMMENT line
 * @w: writer
 * @key: "command", "maskset"...
 * @value: its value
 */
void lkst_dump_comment(struct lkst_writer *w, const char *key, const char *value);

/**
 * lkst_dump_clock - the three clocks now
 * @w: writer
 * @info: read just before
 */
void lkst_dump_clock(struct lkst_writer *w, const struct lkst_info *info);

/**
 * lkst_dump_events - the catalogue of this program
 * @w: writer
 */
void lkst_dump_events(struct lkst_writer *w);

/**
 * lkst_dump_state - tasks, interrupts, devices, system calls, modules and probes as they are now
 * @w: writer
 * @ctl: descriptor of the device, for the probes
 *
 * What /proc does not have is left out. Called at the start of a file; lkst_dump_tasks() again at its end.
 */
void lkst_dump_state(struct lkst_writer *w, int ctl);

/**
 * lkst_dump_syscalls - the names of system calls
 * @w: writer
 * @machine: as uname(2) has it, of the kernel traced
 */
void lkst_dump_syscalls(struct lkst_writer *w, const char *machine);

/**
 * lkst_tgid_of - the process that a thread belongs to
 * @pid: thread
 *
 * Return: its id; @pid when nothing is known.
 */
unsigned int lkst_tgid_of(unsigned int pid);

/**
 * lkst_dump_new_task - a task that was met since lkst_dump_state(), if it has not been told of and is still there
 * @t: of type LKST_PKT_TASKS
 * @pid: thread
 *
 * For events that do not tell names themselves. Called again for the same task it does nothing.
 */
void lkst_dump_new_task(struct lkst_text *t, unsigned int pid);

/**
 * lkst_dump_command - the task of a command that is about to be run
 * @w: writer
 * @pid: its process
 * @path: what is run: its name will be the last part of that
 */
void lkst_dump_command(struct lkst_writer *w, unsigned int pid, const char *path);

/**
 * lkst_dump_tasks - all threads there are now
 * @w: writer
 */
void lkst_dump_tasks(struct lkst_writer *w);

/**
 * lkst_dump_modules - modules loaded now
 * @w: writer
 */
void lkst_dump_modules(struct lkst_writer *w);

/**
 * lkst_dump_probes - probes made at run time, and aspects
 * @w: writer
 * @ctl: descriptor of the device
 */
void lkst_dump_probes(struct lkst_writer *w, int ctl);

/**
 * lkst_dump_symbols - the symbols that cover addresses
 * @w: writer
 * @set: addresses seen in the records
 *
 * Return: symbols written; 0 with a set that is not empty: the kernel hides them (kernel.kptr_restrict).
 */
unsigned int lkst_dump_symbols(struct lkst_writer *w, const struct lkst_text_set *set);

#endif
