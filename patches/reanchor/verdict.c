// SPDX-License-Identifier: GPL-2.0-only
/*
 * verdict.c - what is said of an edit: its place, or the reason why it has none.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "place.h"
#include "reanchor.h"

#define MOST_SHOWN	80	/* of a unit, in a message */

int refuse(struct edit *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->why, sizeof(e->why), fmt, ap);
	va_end(ap);
	e->verdict = V_CONFLICT;
	return 0;
}

int put(struct edit *e, int i, int tok, int behind)
{
	e->at[i] = tok;
	e->behind[i] = behind;
	return 1;
}

/* As it is written, on one line and without its comments. */
const char *shown(const struct pair *p, int unit)
{
	static char text[2][MOST_SHOWN + 8];
	static int turn;
	const struct text *t = p->old;
	size_t n = 0;
	char *s;
	int i;

	if (unit < 0 || unit >= p->na)
		return "";
	turn ^= 1;
	s = text[turn];
	for (i = p->a[unit].first; i <= p->a[unit].last; i++) {
		const struct token *tok = &t->tok[i];
		size_t len = (size_t)(tok->end - tok->start);

		while (len && strchr(" \t\n", t->s[tok->start + (int)len - 1]))
			len--;
		if (n && len && tok->start > t->tok[i - 1].end)
			s[n++] = ' ';
		if (n + len > MOST_SHOWN) {
			memcpy(s + n, "...", 3);
			n += 3;
			break;
		}
		memcpy(s + n, t->s + tok->start, len);
		n += len;
	}
	s[n] = '\0';
	return s;
}

int at_line(const struct text *t, int tok)
{
	return t->orig[t->tok[tok < t->nr_tok ? tok : t->nr_tok - 1].line];
}
