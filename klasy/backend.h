/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * backend.h - what differs between the kernels that aspects are woven into: what can be asked of them, how a place is
 * told to the module's runtime, how the module is built. Everything else, from the aspect to the list of places, is the
 * same for all.
 */
#ifndef KLASY_BACKEND_H
#define KLASY_BACKEND_H

#include <stdbool.h>
#include <stdio.h>

#include "object.h"

struct klasy_source;
struct klasy_planned;

/* What an aspect or its user may ask for. */
enum klasy_ask {
	KLASY_ASK_WEAVE,	/* anything at all */
	KLASY_ASK_AFTER,	/* <after> */
	KLASY_ASK_LOCAL_VAR,
	KLASY_ASK_EVENT,
	KLASY_ASK_SOURCE,	/* index --source, and with it --line */
	KLASY_ASKS
};

/* A file of every module: its text is a part of this program. */
struct klasy_file {
	const char *name, *text;
};

/* The program that builds modules, and its folder when it has to be told. */
struct klasy_make {
	char program[512], folder[512];
};

struct klasy_backend {
	const char *kernels;			/* that it serves, for messages */
	bool (*serves)(const struct klasy_object *o);
	const char *cannot[KLASY_ASKS];		/* why not; NULL: it can */
	bool chooses_place;			/* probes may be elsewhere than the access: see klasy_probes() */

	/* Functions that hold no probes, and the beginnings of their names; NULL behind the last. */
	const char *const *never, *const *never_begin;

	/* The module. What these write is C, or the makefile; sites and advices have more that is common to all. */
	const struct klasy_file *file;
	size_t files;
	const char *makefile_name;
	void (*write_makefile)(FILE *f, const struct klasy_source *s);
	void (*write_advice)(FILE *f, const struct klasy_source *s, size_t number, unsigned long target_size);
	void (*write_site)(FILE *f, const struct klasy_source *s, const struct klasy_planned *p);
	bool (*write_kernel)(FILE *f, const struct klasy_source *s);	/* false: it cannot be woven into, said */
	bool (*find_make)(const char *headers, struct klasy_make *make);	/* false: not there, said */
};

extern const struct klasy_backend klasy_backend_stock, klasy_backend_26;

/**
 * klasy_backend_of - which back end serves a kernel
 * @o: its object
 *
 * Never NULL: a kernel that none serves gets one that can nothing, with the reason.
 */
const struct klasy_backend *klasy_backend_of(const struct klasy_object *o);

/**
 * klasy_backend_can - say so when it cannot
 * @backend: of the kernel
 * @ask: what is asked for
 * @doing: for the message: what is being done
 *
 * Returns false with one line on stderr.
 */
bool klasy_backend_can(const struct klasy_backend *backend, enum klasy_ask ask, const char *doing);

#endif
