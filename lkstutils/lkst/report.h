/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report.h - between the report*.c files.
 */
#ifndef LKST_REPORT_H
#define LKST_REPORT_H

#include <limits.h>
#include <stdio.h>

#include "../analyse/la.h"
#include "../analyse/la-timeline.h"

struct standout {
	double weight;			/* seconds it is about */
	char text[400], command[400];
};

struct report {
	FILE *out;
	FILE *json;			/* the numbers, for the page's script and to be saved */
	FILE *html;			/* what the page shows without a script, too: of measures */
	const char *path;
	char graph[PATH_MAX + 16];	/* file that gnuplot draws to */
	struct lkst_trace *trace;
	const char *const *file;
	unsigned int files;
	struct la *la[LA_MAX_RUN];
	unsigned int nr;
	struct la_timeline *timeline;
	struct standout found[64];
	unsigned int nr_found;
	int no_gnuplot;
	int no_graph;			/* gnuplot failed, and said why */
};

/* ---- report-write.c ---- */

/* A string of JSON that may stand in a page. */
void report_text(FILE *out, const char *text);
/* The same as a member of an object, @comma before it. */
void report_field(FILE *out, const char *comma, const char *name, const char *text);
void report_base64(FILE *out, const unsigned char *data, size_t size);
/* Text of a page, in an attribute too. */
void report_html(FILE *out, const char *text);

/* ---- report-measure.c ---- */

/* Of the recording, ns. */
lkst_u64 report_length(struct lkst_trace *trace);
/* A measure's table and graph, and looks for what stands out in it. */
void report_measure(struct report *r, struct la *la, const char *comma);
/* Then that of all measures, and tasks that had much of a CPU; the page's list of it goes to @html. */
void report_standouts(struct report *r, FILE *html);

#endif
