/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * la-timeline.h - which task each CPU ran, over the whole trace, in memory that does not grow with it.
 */
#ifndef LKST_LA_TIMELINE_H
#define LKST_LA_TIMELINE_H

#include "la.h"

#define LA_TIMELINE_TASKS	65535	/* numbers fit 16 bits; further tasks are number 0 */

/* What one CPU did in one part of the time. */
struct la_slice {
	lkst_u16 task;		/* number of the one that ran longest, 0: none or unknown */
	lkst_u8 share;		/* of the slice that it ran, in 255ths */
	lkst_u8 busy;		/* of the slice that any task ran */
	lkst_u8 unknown;	/* of the slice that nothing is known of: losses, before the first switch */
};

struct la_timeline_task {
	lkst_u32 pid;
	lkst_u64 ran;		/* ns */
	lkst_u64 switches;	/* times that it was switched to */
};

struct la_timeline {
	lkst_u64 from, width;	/* ns: the beginning, of one slice */
	unsigned int cpus, slices;
	unsigned int used;		/* slices of a CPU that the trace covers */
	struct la_slice *slice;		/* cpus * slices */
	struct la_timeline_task *task;	/* task[0] is none */
	unsigned int tasks;
};

/* The pseudo-measure that fills it; to be run with others. Not in la_table: it has no samples. */
extern const struct la_measure la_timeline_measure;

/**
 * la_timeline_start - make room
 * @trace: opened
 * @most: slices of all CPUs together, about
 *
 * To be called before la_run(). Returns the timeline, complete after la_run(); one in a program.
 */
struct la_timeline *la_timeline_start(const struct lkst_trace *trace, unsigned int most);
void la_timeline_free(void);

#endif
