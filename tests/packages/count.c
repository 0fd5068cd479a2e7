// SPDX-License-Identifier: GPL-2.0-only
/*
 * count.c - a program that is built with nothing but what lkstutils-devel brings: it counts the events of a trace.
 *
 *	count FILE
 */
#include <stdio.h>

#include <lkst/lib/trace.h>

int main(int argc, char **argv)
{
	const struct lkst_event *events;
	struct lkst_trace *trace;
	unsigned long sum = 0;
	unsigned int n;
	char error[512];

	if (argc != 2) {
		fprintf(stderr, "Usage: count FILE\n");
		return 2;
	}
	trace = lkst_trace_open((const char *const *)argv + 1, 1, error);
	if (!trace) {
		fprintf(stderr, "count: %s\n", error);
		return 1;
	}
	while ((n = lkst_trace_next(trace, &events)) != 0)
		sum += n;
	lkst_trace_close(trace);
	printf("%lu\n", sum);
	return 0;
}
