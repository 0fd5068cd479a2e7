/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * model.h - a ring with everything known that was asked of it: who wrote which record when, and what became of it.
 *
 * Time is made here: each look at the clock takes it forward by a known amount. The model never looks into the ring to learn
 * what to expect; it counts what writers did and what the reader found, and compares.
 */
#ifndef RING_MODEL_H
#define RING_MODEL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include "ring.h"
#ifdef RING_TAP
#include "tap.h"
#else
#include <cmocka.h>
#endif

#define MODEL_RECORDS	4096	/* asked for in one run, at most */
#define MODEL_DEPTH	4	/* writers nested in one another, at most */
#define MODEL_SUBBUF	(1 << 16)
#define MODEL_SLOTS	16

enum model_fate { MODEL_OPEN, MODEL_LOST, MODEL_STORED, MODEL_SEEN };

struct model_record {
	u64 time;
	unsigned char units;
	unsigned char depth;
	unsigned char fate;
	unsigned int nth;	/* of its depth's */
};

struct model {
	struct lkst_ring ring;
	struct lkst_slot slot[MODEL_SLOTS];
	/* what writers asked for, and how it went */
	struct model_record record[MODEL_RECORDS];
	unsigned int produced;
	unsigned int lost;
	unsigned int depth;
	int committed[MODEL_DEPTH];
	u64 read_clock[MODEL_DEPTH];
	/* the clock */
	u64 now;
	u64 tick;		/* added at each look */
	/* what the reader found */
	unsigned int seen;
	unsigned int subbufs;
	unsigned int stale;
	unsigned int holding;
	struct lkst_subbuf held;
	u64 last_time;
	u64 last_lost;
	u64 last_overwritten;
	u64 next_seq;
	unsigned int last_serial[MODEL_DEPTH];
	unsigned int asked[MODEL_DEPTH];	/* records of each depth that were asked for */
	unsigned int next[MODEL_DEPTH];		/* the one due next, where no header has told of a loss since: @gap */
	unsigned int gap[MODEL_DEPTH];
};

extern struct model m;

/* Called at each step of ring.c while a model_*() operation runs. */
extern void (*model_step)(unsigned int n);

/**
 * model_init - a new ring
 * @size: of a sub-buffer; a power of 2, at least 128
 * @slots: sub-buffers
 * @overwrite: mode
 * @laps_to_wrap: 0: positions begin at 0; n: they begin n laps round the ring before the machine word wraps
 */
void model_init(unsigned long size, unsigned int slots, unsigned int overwrite, unsigned int laps_to_wrap);

/* Write a record of @units units of arguments, in the present nesting. Returns whether it was stored. */
int model_write(unsigned int units);

/* Close the sub-buffer in work. */
void model_flush(void);

/* The reader's two halves, and both for as long as there is something. What was read is checked. */
int model_get(void);
int model_put(void);
unsigned int model_drain(void);

/* Writers and reader are at rest: flush, drain, and compare all accounts. Fails the test when they do not agree. */
void model_settle(void);

#endif
