/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * weave.h - aspects in the running kernel: modules named klasy_NAME, each with a file /proc/klasy_NAME.
 */
#ifndef KLASY_WEAVE_H
#define KLASY_WEAVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A module's name has at most 55 characters, "klasy_" included. */
#define KLASY_NAME_LEN	40

/* One place of an aspect, as the module tells. */
struct klasy_place_status {
	unsigned int number;
	int err;			/* errno, negative: why the kernel did not take it */
	uint64_t hits;			/* runs, skipped ones included */
	uint64_t null, unreadable;	/* skipped: target */
	uint64_t full;			/* runs that gathered more values than there is room for */
	uint64_t missed;		/* skipped: reached while another probe's body ran on this CPU */
	char place[128];		/* symbol+offset */
	char how[8];			/* "jump", "trap", "call", "event"; "none": there is no probe */
	char obstacle[16];		/* why it could not be a jump, as far as that was foreseen */
	char what[512];
};

struct klasy_status {
	char name[KLASY_NAME_LEN];
	char source[512];
	unsigned int aspect, limit, took;
	unsigned int handler;		/* of its events, for masksets; 0: it has none */
	bool stopped;
	struct klasy_place_status *site;
	size_t sites;
};

/**
 * klasy_number - the number of an aspect in records
 * @name: its name
 *
 * Made from the name, so that a trace keeps it when the aspect is woven anew. 1 to 65535.
 */
unsigned int klasy_number(const char *name);

/**
 * klasy_load - weave a module that 'klasy build' made
 * @path: the module
 * @breaker: per cent of a CPU's time that its bodies may take; 0: any
 * @name: set to the aspect's name
 *
 * Returns enum lkst_exit with one line on stderr: another kernel's build id, other code at a place, no tracer, no
 * kprobes, no right, locked down.
 */
int klasy_load(const char *path, unsigned int breaker, char name[KLASY_NAME_LEN]);

/**
 * klasy_unload - unweave
 * @name: of the aspect
 *
 * On return no body of it runs any more. Returns enum lkst_exit with one line on stderr.
 */
int klasy_unload(const char *name);

/**
 * klasy_not_woven - say that there is no such aspect
 * @name: asked for
 *
 * Returns LKST_EXIT_FAILED; LKST_EXIT_UNAVAILABLE where there can be none, because there is no tracer.
 */
int klasy_not_woven(const char *name);

/**
 * klasy_status_read - what became of a woven aspect
 * @name: of the aspect
 * @s: filled in, to be freed by klasy_status_free()
 *
 * Returns false with errno: ENOENT when no aspect of that name is woven.
 */
bool klasy_status_read(const char *name, struct klasy_status *s);
void klasy_status_free(struct klasy_status *s);

/**
 * klasy_woven - call a function with the name of each aspect that is woven
 * @fn: called in the order of the names
 * @arg: handed to @fn
 */
void klasy_woven(void (*fn)(const char *name, void *arg), void *arg);

#endif
