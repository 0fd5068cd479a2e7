// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cli.c - messages, exit status and the reading of arguments, the same for every command.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <lkst/file.h>

#include "cli.h"

const char *lkst_program = "lkst";

static void begin(const char *fmt, va_list ap)
{
	fflush(stdout);
	fprintf(stderr, "%s: ", lkst_program);
	vfprintf(stderr, fmt, ap);
}

static void say(const char *fmt, va_list ap)
{
	begin(fmt, ap);
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
	begin(fmt, ap);
	va_end(ap);
	fprintf(stderr, "; try '%s --help'\n", lkst_program);
	exit(LKST_EXIT_USAGE);
}

/* A file being written, which has another name until it is whole. */
static struct output {
	struct output *next;
	FILE *f;
	char *path, *temp;
} *outputs;

void lkst_remove_unfinished(void)
{
	for (; outputs; outputs = outputs->next)
		unlink(outputs->temp);
}

int lkst_is_trace(int fd)
{
	char magic[sizeof(LKST_FILE_MAGIC) - 1];

	return pread(fd, magic, sizeof(magic), 0) == sizeof(magic) && !memcmp(magic, LKST_FILE_MAGIC, sizeof(magic));
}

/* Nothing brings back what was recorded: no graph takes a trace's place, least of all that of the one it is made of. */
static int is_trace(const char *name)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC), is = fd >= 0 && lkst_is_trace(fd);

	if (fd >= 0)
		close(fd);
	return is;
}

FILE *lkst_begin_output(const char *name)
{
	static int registered;
	struct stat st;
	int there = !stat(name, &st);
	struct output *o;

	if (there && !S_ISREG(st.st_mode))
		return fopen(name, "we");
	if (there && is_trace(name))
		lkst_die(LKST_EXIT_USAGE, "writing '%s': it is a trace, which would be lost; give another name", name);
	o = lkst_xmalloc(sizeof(*o));
	/* Through a link: the file it leads to is replaced, not the link. */
	o->path = there ? realpath(name, NULL) : NULL;
	if (!o->path)
		o->path = strcpy(lkst_xmalloc(strlen(name) + 1), name);
	o->temp = lkst_xmalloc(strlen(o->path) + 32);
	sprintf(o->temp, "%s.new-%ld", o->path, (long)getpid());
	o->f = fopen(o->temp, "we");
	if (!o->f) {
		free(o->path);
		free(o->temp);
		free(o);
		return NULL;
	}
	if (there)
		fchmod(fileno(o->f), st.st_mode & 07777);
	o->next = outputs;
	outputs = o;
	if (!registered)
		registered = !atexit(lkst_remove_unfinished);
	return outputs->f;
}

/* Nonzero with errno when it could not take its name. */
static int take_name(FILE *f)
{
	struct output **at = &outputs, *o;

	while (*at && (*at)->f != f)
		at = &(*at)->next;
	o = *at;
	if (!o)
		return 0;
	if (rename(o->temp, o->path))
		return -1;
	*at = o->next;
	free(o->path);
	free(o->temp);
	free(o);
	return 0;
}

void lkst_end_output(FILE *f, const char *name)
{
	int bad;

	errno = 0;
	bad = fflush(f) || ferror(f);
	if (f != stdout && fclose(f))
		bad = 1;
	if (!bad && take_name(f))
		bad = 1;
	if (bad)
		lkst_die(LKST_EXIT_FAILED, "writing %s: %s", name,
			 errno ? strerror(errno) : "not all of it could be written (is the disk full?)");
}

int lkst_finish(int status)
{
	lkst_end_output(stdout, "standard output");
	return status;
}

#define MAX_WORD	32
#define MAX_NEAR	256

static int same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* Letters to be put in, taken out, changed or swapped with the next to make one word of the other. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned char d[MAX_WORD + 1][MAX_WORD + 1];
	unsigned int i, j, n = (unsigned int)strlen(a), m = (unsigned int)strlen(b);

	for (i = 0; i <= n; i++)
		d[i][0] = (unsigned char)i;
	for (j = 0; j <= m; j++)
		d[0][j] = (unsigned char)j;
	for (i = 1; i <= n; i++)
		for (j = 1; j <= m; j++) {
			d[i][j] = (unsigned char)least(least(d[i - 1][j], d[i][j - 1]) + 1,
						       d[i - 1][j - 1] + !same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				d[i][j] = (unsigned char)least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[n][m];
}

/* How far from what was meant; 0: not near at all. One that begins with it is a letter away at most. */
static unsigned int farness(const char *word, const char *name)
{
	size_t length = strlen(word);
	unsigned int far;

	if (length < 2)
		return 0;
	if (!strncasecmp(word, name, length))
		return name[length] ? 2 : 1;
	if (length >= MAX_WORD || strlen(name) >= MAX_WORD)
		return 0;
	far = distance(word, name);
	return far <= (length < 6 ? 1 : length / 3) ? far + 1 : 0;
}

static int has_word(const char *list, const char *word)
{
	size_t length = strlen(word);
	const char *p;

	for (p = list; (p = strstr(p, word)); p += length)
		if ((p == list || p[-1] == ' ') && (!p[length] || p[length] == ','))
			return 1;
	return 0;
}

void lkst_add_word(char *list, size_t size, const char *word)
{
	static const char more[] = ", ...";
	size_t used = strlen(list);

	if (!*word || has_word(list, word))
		return;
	if (used + strlen(word) + 2 + sizeof(more) <= size)
		sprintf(list + used, "%s%s", used ? ", " : "", word);
	else if (used && !has_word(list, "..."))
		strcat(list, more);
}

void lkst_add_near(char *list, size_t size, const char *word, const char *name)
{
	unsigned int far = farness(word, name);
	char before[MAX_NEAR], *p;

	if (!far)
		return;
	snprintf(before, sizeof(before), "%s", list);
	*list = 0;
	for (p = strtok(before, ", "); p; p = strtok(NULL, ", ")) {
		if (!strcmp(p, "...") || farness(word, p) > far)
			lkst_add_word(list, size, name);	/* once: it knows what it has */
		lkst_add_word(list, size, p);
	}
	lkst_add_word(list, size, name);
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

unsigned long long lkst_parse_ms(const char *what, const char *text, unsigned long long max)
{
	unsigned long long whole, part = 0;
	const char *end = number(text, &whole);
	unsigned int unit = 100;

	if (end && *end == '.')
		for (end++; *end >= '0' && *end <= '9' && unit; end++, unit /= 10)
			part += unit * (unsigned int)(*end - '0');
	if (!end || *end || whole > max || !(1000 * whole + part))
		lkst_usage_error("%s '%s': give seconds, with up to 3 decimals, from 0.001 to %llu", what, text, max);
	return 1000 * whole + part;
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
		lkst_usage_error("%s '%s': give a size from %llu to %llu bytes, such as 64K or 4M", what, text, min,
				 max);
	return value << shift;
}

void lkst_tell_rounded(unsigned long long wanted, unsigned long long size, unsigned long long least)
{
	if (size != wanted)
		lkst_warn("the buffer has %lluK for each CPU: sizes are rounded up to powers of 2, %lluK at least",
			  size >> 10, least >> 10);
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
