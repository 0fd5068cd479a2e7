// SPDX-License-Identifier: GPL-2.0-only
/*
 * source.c - a file as tokens. Comments and white space are none, a directive begins with one of its own ("#ifdef") and ends
 * with another, so that it cannot run into what follows. A Makefile has a token a word, what else is not C a
 * token a line.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "reanchor.h"

#define BUCKETS	65536

static struct word { struct word *next; int id; int len; char *s; } *bucket[BUCKETS];
static char **word;
static int nr_words;

int intern(const char *s, int len)
{
	unsigned int h = 5381;
	struct word *w;
	int i;

	for (i = 0; i < len; i++)
		h = h * 33 + (unsigned char)s[i];
	for (w = bucket[h % BUCKETS]; w; w = w->next)
		if (w->len == len && !memcmp(w->s, s, (size_t)len))
			return w->id;
	if (nr_words % 4096 == 0)
		word = lkst_xrealloc(word, (unsigned long)(nr_words + 4096) * sizeof(*word));
	if (!nr_words)
		word[nr_words++] = (char *)"";
	w = lkst_xmalloc(sizeof(*w));
	w->s = lkst_xmalloc((unsigned long)len + 1);
	memcpy(w->s, s, (size_t)len);
	w->len = len;
	w->id = nr_words;
	w->next = bucket[h % BUCKETS];
	bucket[h % BUCKETS] = w;
	word[nr_words++] = w->s;
	return w->id;
}

int intern_s(const char *s)
{
	return intern(s, (int)strlen(s));
}

const char *interned(int id)
{
	return word[id];
}

static void add_token(struct text *t, int start, int end, int line, enum token_kind kind, int id)
{
	struct token *k;

	if (t->nr_tok % 1024 == 0)
		t->tok = lkst_xrealloc(t->tok, (unsigned long)(t->nr_tok + 1024) * sizeof(*t->tok));
	k = &t->tok[t->nr_tok++];
	k->start = start;
	k->end = end;
	k->line = line;
	k->kind = kind;
	k->id = id ? id : intern(t->s + start, end - start);
}

/* Longest first. */
static const char *const puncts[] = { "...", "<<=", ">>=", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||",
	"+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "##", NULL };

static int punct_len(const char *s)
{
	int i;

	for (i = 0; puncts[i]; i++)
		if (!strncmp(s, puncts[i], strlen(puncts[i])))
			return (int)strlen(puncts[i]);
	return 1;
}

static int is_word(int c)
{
	return isalnum(c) || c == '_' || c == '$';
}

/* The end of a string or character constant that begins at i. */
static int string_end(const struct text *t, int i, int *line)
{
	char quote = t->s[i++];

	for (; i < t->len && t->s[i] != quote; i++) {
		if (t->s[i] == '\\' && i + 1 < t->len)
			i++;
		if (t->s[i] == '\n') {
			if (t->s[i - 1] != '\\')
				return i;	/* an apostrophe in an #error, say */
			++*line;
		}
	}
	return i < t->len ? i + 1 : i;
}

static int comment_end(const struct text *t, int i, int *line)
{
	if (t->s[i + 1] == '/') {
		while (i < t->len && t->s[i] != '\n')
			i++;
		return i;
	}
	for (i += 2; i < t->len && !(t->s[i] == '*' && t->s[i + 1] == '/'); i++)
		*line += t->s[i] == '\n';
	return i < t->len ? i + 2 : i;
}

static void tokens_c(struct text *t)
{
	int i = 0, from, line = 0, at, bol = 1, directive = 0, name;
	char *s = t->s, text[40];

	while (i < t->len) {
		if (s[i] == '\n') {
			if (directive)
				add_token(t, i, i, line, T_END_DIRECTIVE, intern_s("\n"));
			directive = 0;
			bol = 1;
			line++;
			i++;
		} else if (s[i] == '\\' && s[i + 1] == '\n') {
			line++;
			i += 2;
		} else if (isspace((unsigned char)s[i])) {
			i++;
		} else if (s[i] == '/' && (s[i + 1] == '*' || s[i + 1] == '/')) {
			i = comment_end(t, i, &line);
		} else if (s[i] == '#' && bol) {
			from = i++;
			while (s[i] == ' ' || s[i] == '\t')
				i++;
			name = i;
			while (is_word((unsigned char)s[i]))
				i++;
			snprintf(text, sizeof(text), "#%.*s", i - name, s + name);
			add_token(t, from, i, line, T_DIRECTIVE, intern_s(text));
			directive = 1;
			bol = 0;
		} else {
			from = i;
			at = line;
			bol = 0;
			if (isdigit((unsigned char)s[i])) {
				while (is_word((unsigned char)s[i]) || s[i] == '.')
					i++;
				add_token(t, from, i, at, T_NUMBER, 0);
			} else if (is_word((unsigned char)s[i])) {
				while (is_word((unsigned char)s[i]))
					i++;
				add_token(t, from, i, at, T_IDENT, 0);
			} else if (s[i] == '"' || s[i] == '\'') {
				i = string_end(t, i, &line);
				add_token(t, from, i, at, T_STRING, 0);
			} else {
				i += punct_len(s + i);
				add_token(t, from, i, at, T_PUNCT, 0);
			}
		}
	}
	if (directive)
		add_token(t, i, i, line, T_END_DIRECTIVE, intern_s("\n"));
}

/* A line as one token: white space made one blank, comments away; none when nothing is left. */
static void tokens_lines(struct text *t)
{
	int i, j, n, end, in_comment = 0, from;
	char *norm = lkst_xmalloc((unsigned long)t->len + 2);

	for (i = 0; i < t->nr_lines; i++) {
		from = t->line_start[i];
		end = i + 1 < t->nr_lines ? t->line_start[i + 1] - 1 : t->len;
		for (j = from, n = 0; j < end; j++) {
			if (t->mode == MODE_ASM && !in_comment && t->s[j] == '/' && t->s[j + 1] == '*')
				in_comment = 1;
			if (in_comment) {
				if (t->s[j] == '*' && t->s[j + 1] == '/') {
					in_comment = 0;
					j++;
				}
				continue;
			}
			if (t->s[j] == '#' && t->mode == MODE_ASM && j > from && n > 0)
				break;
			if (!isspace((unsigned char)t->s[j]))
				norm[n++] = t->s[j];
			else if (n && norm[n - 1] != ' ')
				norm[n++] = ' ';
		}
		while (n && norm[n - 1] == ' ')
			n--;
		if (n)
			add_token(t, from, end, i, T_LINE, intern(norm, n));
	}
	free(norm);
}

/* A Makefile's words, comments away: one more object in a list is one word more, and takes no line away. */
static void tokens_words(struct text *t)
{
	int i, j, from, end;

	for (i = 0; i < t->nr_lines; i++) {
		end = i + 1 < t->nr_lines ? t->line_start[i + 1] - 1 : t->len;
		for (j = t->line_start[i]; j < end && t->s[j] != '#';) {
			for (from = j; j < end && t->s[j] != '#' && !isspace((unsigned char)t->s[j]); j++)
				;
			if (j > from)
				add_token(t, from, j, i, T_LINE, intern(t->s + from, j - from));
			else
				j++;
		}
	}
}

static enum text_mode mode_of(const char *path)
{
	const char *base = strrchr(path, '/'), *dot;

	base = base ? base + 1 : path;
	dot = strrchr(base, '.');
	if (!strncmp(base, "Kconfig", 7) || !strcmp(base, "Config.in") || !strcmp(base, "config.in") ||
	    !strcmp(base, "Configure.help"))
		return MODE_KCONFIG;
	if (!strncmp(base, "Makefile", 8))
		return MODE_MAKE;
	if (dot && (!strcmp(dot, ".c") || !strcmp(dot, ".h")))
		return MODE_C;
	return dot && !strcmp(dot, ".S") ? MODE_ASM : MODE_KCONFIG;
}

struct text *text_new(const char *path, char *s, int len, const int *orig)
{
	struct text *t = lkst_xmalloc(sizeof(*t));
	int i, n = 1;

	t->path = strdup(path);
	t->s = s;
	t->len = len;
	t->mode = mode_of(path);
	for (i = 0; i < len; i++)
		n += s[i] == '\n';
	t->line_start = lkst_xmalloc((unsigned long)n * sizeof(int));
	t->orig = lkst_xmalloc((unsigned long)n * sizeof(int));
	for (i = 0, t->nr_lines = 1; i < len; i++)
		if (s[i] == '\n')
			t->line_start[t->nr_lines++] = i + 1;
	for (i = 0; i < n; i++)
		t->orig[i] = orig ? orig[i] : i + 1;
	if (t->mode == MODE_C)
		tokens_c(t);
	else if (t->mode == MODE_MAKE)
		tokens_words(t);
	else
		tokens_lines(t);
	text_units(t);
	return t;
}

void text_free(struct text *t)
{
	int i;

	for (i = 0; t && i < t->nr_func; i++)
		free(t->func[i].unit);
	if (!t)
		return;
	free(t->func);
	free(t->top);
	free(t->tok);
	free(t->line_start);
	free(t->orig);
	free(t->added);
	free(t->path);
	free(t->s);
	free(t);
}

char *slurp(const char *file, int *len)
{
	FILE *f = fopen(file, "r");
	struct stat st;
	char *s;
	int n, size;

	if (!f)
		return NULL;
	/* By the thousand: read at once, and looked at for more only then. */
	size = fstat(fileno(f), &st) ? 0 : (int)st.st_size;
	s = lkst_xmalloc((unsigned long)size + 3);
	n = (int)fread(s, 1, (unsigned long)size + 1, f);
	while (n > size && !feof(f)) {
		size = 2 * n;
		s = lkst_xrealloc(s, (unsigned long)size + 3);
		n += (int)fread(s + n, 1, (unsigned long)(size + 1 - n), f);
	}
	if (ferror(f))
		lkst_die(LKST_EXIT_FAILED, "reading %s: failed", file);
	fclose(f);
	s[n] = s[n + 1] = '\0';
	*len = n;
	return s;
}

struct text *text_read(const char *tree, const char *path)
{
	char file[4096], *s;
	int len;

	snprintf(file, sizeof(file), "%s/%s", tree, path);
	s = slurp(file, &len);
	return s ? text_new(path, s, len, NULL) : NULL;
}
