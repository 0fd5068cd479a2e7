/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace-test.h - what the tests of the reader share: traces in memory, opened and read to their end.
 */
#ifndef LKST_TRACE_TEST_H
#define LKST_TRACE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "catalogue-text.h"
#include "crc32c.h"
#include "mktrace.h"
#include "trace.h"

/* A file that is only memory, under a name. */
struct file {
	int fd;
	char path[32];
};

/* The same numbers in each run. */
uint64_t rnd(void);
void file_set(struct file *f, const void *data, size_t size);
struct lkst_trace *open_trace(const struct mktrace *t);
/* Reads to the end; checks that time never goes back; counts by serial number when @seen is given. */
unsigned int drain(struct lkst_trace *trace, unsigned char *seen, size_t size);
void test_record(struct mktrace *t, unsigned int cpu, lkst_u64 time, unsigned int serial);

#endif
