// SPDX-License-Identifier: GPL-2.0-only
/*
 * note.c - what an image of the memory must tell besides the sub-buffers: the header of a trace, in a page of its own (file.h).
 */
#include "lkst.h"

static struct lkst_file_header *note;

int lkst_note_init(void)
{
	note = lkst_alloc_pages(numa_node_id(), 0);
	if (!note)
		return -ENOMEM;
	note->version = LKST_FILE_VERSION;
	note->header_size = sizeof(*note);
	note->clock = static_key_enabled(&lkst_clock_is_tsc) ? LKST_CLOCK_TSC : LKST_CLOCK_MONO;
	note->tick_hz = lkst_tick_hz;
	note->nr_cpus = nr_cpu_ids;
	note->word_bits = BITS_PER_LONG;
	note->reserved[0] = LKST_IN_MEMORY;
	strscpy(note->machine, lkst_uts()->machine, sizeof(note->machine));
	strscpy(note->release, lkst_uts()->release, sizeof(note->release));
	strscpy(note->kernel, lkst_uts()->version, sizeof(note->kernel));
	strscpy(note->host, lkst_uts()->nodename, sizeof(note->host));
	lkst_note_time();
	memcpy(note->magic, LKST_FILE_MAGIC, sizeof(note->magic));
	return 0;
}

void lkst_note_exit(void)
{
	memset(note->magic, 0, sizeof(note->magic));
	lkst_free_pages(note, 0);
}

void lkst_note_time(void)
{
	lkst_read_clocks(&note->ticks, &note->mono_ns, &note->real_ns);
}
