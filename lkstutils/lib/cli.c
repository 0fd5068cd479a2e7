// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cli.c - messages, exit status and the reading of arguments, the same for every command.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

const char *lkst_program = "lkst";

static void say(const char *fmt, va_list ap)
{
	fflush(stdout);
	fprintf(stderr, "%s: ", lkst_program);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

void lkst_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void lkst_die(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	exit(status);
}

void lkst_usage_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	fprintf(stderr, "Try '%s --help'.\n", lkst_program);
	exit(LKST_EXIT_USAGE);
}

/* Returns where the number ends, NULL when there is none or it does not fit. */
static const char *number(const char *text, unsigned long long *value)
{
	int hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return NULL;
	errno = 0;
	*value = strtoull(text, &end, hex ? 16 : 10);
	return errno || end == text ? NULL : end;
}

unsigned long long lkst_parse_u64(const char *what, const char *text, unsigned long long min, unsigned long long max)
{
	unsigned long long value;
	const char *end = number(text, &value);

	if (!end || *end || value < min || value > max)
		lkst_usage_error("%s '%s': give a number from %llu to %llu", what, text, min, max);
	return value;
}

unsigned long long lkst_parse_size(const char *what, const char *text, unsigned long long min, unsigned long long max)
{
	static const char letters[] = "KMG";
	unsigned long long value;
	const char *end = number(text, &value);
	const char *letter = end && *end ? strchr(letters, *end) : NULL;
	unsigned int shift = 0;

	if (letter) {
		shift = 10 * (unsigned int)(letter - letters + 1);
		end++;
	}
	if (!end || *end || value > max >> shift || value << shift < min)
		lkst_usage_error("%s '%s': give a size from %llu to %llu bytes, such as 64K or 4M", what, text, min, max);
	return value << shift;
}

void *lkst_xmalloc(unsigned long size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p)
		lkst_die(LKST_EXIT_FAILED, "asking for %lu bytes of memory: there is no more", size);
	return p;
}

void *lkst_xrealloc(void *old, unsigned long size)
{
	void *p = realloc(old, size ? size : 1);

	if (!p)
		lkst_die(LKST_EXIT_FAILED, "asking for %lu bytes of memory: there is no more", size);
	return p;
}
