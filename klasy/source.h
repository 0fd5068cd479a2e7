/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * source.h - the module of an aspect on the way: which places are woven and how (place.c), its text (source.c).
 */
#ifndef KLASY_SOURCE_H
#define KLASY_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "backend.h"
#include "catalogue.h"
#include "generate.h"
#include "match.h"
#include "list.h"
#include "object.h"
#include "value.h"
#include "way.h"
#include "weave.h"

enum { KLASY_MAX_BOUND = 8 };	/* as in module/runtime.h */

/* What local_var and argument of one advice bind, in the order of the pointcut. */
struct klasy_bound {
	const struct klasy_pointcut *by[KLASY_MAX_BOUND];
	char type[KLASY_MAX_BOUND][sizeof(((struct klasy_value *)0)->type)];	/* "": no place has it */
	size_t n;
	struct klasy_words within;	/* functions that the pointcut names: theirs are meant */
};

/* One place that is woven: an instruction, or an event of the tracer. */
struct klasy_planned {
	size_t advice;
	const struct klasy_match *match;	/* NULL: an event */
	const struct lkst_event_desc *event;
	uint16_t regs;			/* that the names need, a bit each */
	bool memory;			/* they need memory, too */
	uint8_t back;			/* the probe is so many bytes before the access */
	uint64_t behind;		/* where <after> has its probe; 0: the access is stepped through */
	enum klasy_obstacle obstacle;	/* why no jump is expected */
	char *values;			/* C that fills in "bound", or returns false; NULL: nothing is bound */
};

struct klasy_source {
	const struct klasy_build *b;
	const struct klasy_backend *backend;
	struct klasy_aspect aspect;
	char name[KLASY_NAME_LEN];
	struct klasy_object *object;
	sqlite3 *db, *tree;		/* tree: from klasy_tree_open(), NULL: without what the source says */
	struct klasy_matches *matches;	/* by advice */
	struct klasy_bound *bound;	/* by advice */
	KLASY_VEC(struct klasy_planned) site, event;
	char dir[256];
	unsigned long init, denied, outside, unavailable;	/* left out */
	unsigned long targetless;	/* lines, where an advice wants a target: left out, too */
};

/**
 * klasy_find_word - the first designator of a kind
 * @p: pointcut
 * @word: the kind
 *
 * Returns NULL when there is none.
 */
const struct klasy_pointcut *klasy_find_word(const struct klasy_pointcut *p, enum klasy_word word);

/**
 * klasy_plan - choose the places of an aspect
 * @s: aspect, object and index; filled in: the rest but the folder
 *
 * Returns enum lkst_exit with the reason on stderr.
 */
int klasy_plan(struct klasy_source *s);
void klasy_plan_free(struct klasy_source *s);

/**
 * klasy_probes - choose the instructions where the probes are
 * @s: planned
 */
void klasy_probes(struct klasy_source *s);

/**
 * klasy_source_write - write the text of the module
 * @s: planned, with the folder it goes to
 *
 * Returns false with a message when the kernel cannot have such a module.
 */
bool klasy_source_write(struct klasy_source *s);

/**
 * klasy_source_quoted - write a string of C
 * @f: to
 * @text: what stands in it; other characters than printable ones become ?
 */
void klasy_source_quoted(FILE *f, const char *text);

#endif
