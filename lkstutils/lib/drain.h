/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * drain.h - takes the full sub-buffers of a buffer out of the module, all CPUs or one.
 *
 * The reader's protocol, for each CPU: GET names the oldest complete sub-buffer, it is copied out of the map, PUT gives it
 * back. PUT fails with ESTALE when a writer had begun to overwrite it: the copy is thrown away and counted as overwritten.
 */
#ifndef LKST_DRAIN_H
#define LKST_DRAIN_H

#include <lkst/file.h>
#include <lkst/ioctl.h>

struct pollfd;

struct lkst_drain_cpu {
	int fd;
	lkst_u32 cpu;
	lkst_u32 subbuf_size;
	lkst_u32 nr_subbufs;
	const char *map;		/* NULL: no map here, read(2) is used */
	int ended;			/* recording does not run and everything was read */
};

struct lkst_drain {
	int ctl;
	lkst_u32 buffer;
	int only_cpu;			/* -1: all */
	unsigned int nr;
	struct lkst_drain_cpu *cpu;
	struct pollfd *poll;
	struct lkst_packet *copy;	/* one sub-buffer, LKST_MAX_PACKET bytes */
	lkst_u64 stale;			/* copies thrown away */
	int stop;			/* set by a lkst_drain_fn: no more; what is left stays in the buffer */
	int pace_ms;			/* no longer waits than this while records come fast */
};

/**
 * typedef lkst_drain_fn - takes one packet of records
 * @data: as given to lkst_drain_once()
 * @packet: header and records; may be changed, not kept. Size, CPU, buffer and number of records are set.
 */
typedef void (*lkst_drain_fn)(void *data, struct lkst_packet *packet);

/**
 * lkst_drain_open - become the reader of a buffer
 * @d: set up by this
 * @ctl: descriptor of the device, not closed by lkst_drain_close()
 * @buffer: id
 * @only_cpu: a CPU, or -1 for all
 *
 * Ends the program when the buffer has another reader or memory is short.
 */
void lkst_drain_open(struct lkst_drain *d, int ctl, lkst_u32 buffer, int only_cpu);

/**
 * lkst_drain_more_cpus - bind CPUs that came since the last call
 * @d: drain
 */
void lkst_drain_more_cpus(struct lkst_drain *d);

/**
 * lkst_drain_once - hand over what is complete now
 * @d: drain
 * @fn: called for each sub-buffer, those of one CPU in their order
 * @data: for @fn
 *
 * Takes at most one whole buffer from each CPU, so that it ends however fast records come.
 *
 * Return: sub-buffers handed over.
 */
unsigned int lkst_drain_once(struct lkst_drain *d, lkst_drain_fn fn, void *data);

/**
 * lkst_drain_wait - sleep until a sub-buffer is complete, a signal comes or time is up
 * @d: drain
 * @ms: at most so long; less after a lkst_drain_once() that found a buffer a quarter full
 */
void lkst_drain_wait(struct lkst_drain *d, int ms);

/**
 * lkst_drain_all - close the sub-buffers in work and hand over everything
 * @d: drain
 * @fn: as for lkst_drain_once()
 * @data: for @fn
 *
 * For a buffer that is still recorded into: everything up to the call, and little more.
 */
void lkst_drain_all(struct lkst_drain *d, lkst_drain_fn fn, void *data);

/**
 * lkst_drain_ended - nothing more will come: recording does not run and all was read
 * @d: drain
 */
int lkst_drain_ended(const struct lkst_drain *d);

/**
 * lkst_drain_close - let go of the buffer
 * @d: drain
 */
void lkst_drain_close(struct lkst_drain *d);

#endif
