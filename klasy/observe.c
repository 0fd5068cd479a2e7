// SPDX-License-Identifier: GPL-2.0-only
/*
 * observe.c - what the compiler says of the memory that its instructions access: gcc -S -dP, read as text.
 *
 * Nothing here is taken on trust: what cannot be read is no view, and whether the code is the kernel's own is compared
 * byte by byte in unit.c.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "list.h"
#include "observe.h"

/* A variable or temporary of a function: its declaration in the tree's dump. */
struct declared {
	const char *name, *structure;	/* structure: "" when of no struct */
	bool pointer, disagree;		/* disagree: several of that name, of different types */
};

struct function {
	const char *name;		/* in assembler */
	size_t first, declared;
};

struct klasy_views_private {
	KLASY_VEC(struct klasy_view) view;
	KLASY_VEC(struct declared) declared;
	KLASY_VEC(struct function) function;
	struct klasy_texts texts;
};

static bool in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$';
}

/* ---- declarations ---- */

/* Reads "const struct TAG *" as far as it goes; returns what follows, NULL when that is no struct. */
static const char *read_tag(const char *text, const char **tag, size_t *length, bool *pointer)
{
	static const char *const qualifiers[] = { "const ", "volatile " };
	size_t i;

	for (i = 0; i < 2; i++) {
		if (!strncmp(text, qualifiers[i], strlen(qualifiers[i]))) {
			text += strlen(qualifiers[i]);
			i = (size_t)-1;
		}
	}
	if (!strncmp(text, "struct ", 7))
		text += 7;
	else if (!strncmp(text, "union ", 6))
		text += 6;
	else
		return NULL;
	*tag = text;
	*length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	text += *length;
	*pointer = !strncmp(text, " *", 2);
	return *length ? text + 2 * *pointer : NULL;
}

static void add_declared(struct klasy_views_private *p, const char *text, size_t n)
{
	struct function *f = &p->function.at[p->function.n - 1];
	const char *name = text + n, *tag, *rest;
	struct declared d = { .structure = "" };
	size_t length, i;

	while (name > text && in_name(name[-1]))
		name--;
	if (name == text || name == text + n)
		return;
	d.name = klasy_keep_part(&p->texts, name, (size_t)(text + n - name));
	rest = read_tag(text, &tag, &length, &d.pointer);
	/* Behind the type only space and the name: neither array nor pointer to pointer. */
	if (rest && rest + strspn(rest, " ") == name)
		d.structure = klasy_keep_part(&p->texts, tag, length);
	for (i = f->first; i < p->declared.n; i++) {
		struct declared *other = &p->declared.at[i];

		if (strcmp(other->name, d.name))
			continue;
		other->disagree |= strcmp(other->structure, d.structure) || other->pointer != d.pointer;
		return;
	}
	*klasy_add(&p->declared) = d;
	f->declared++;
}

/* "int f (struct a * b, int c)": parentheses inside belong to pointers to functions. */
static void add_arguments(struct klasy_views_private *p, const char *line)
{
	const char *open = strchr(line, '('), *from, *c;
	int depth = 0;

	if (!open)
		return;
	for (from = c = open + 1; *c; c++) {
		if (*c == '(')
			depth++;
		if ((*c == ',' || *c == ')') && !depth) {
			while (*from == ' ')
				from++;
			add_declared(p, from, (size_t)(c - from));
			from = c + 1;
		}
		if (*c == ')' && depth-- == 0)
			return;
	}
}

static void begin_function(struct klasy_views_private *p, const char *line)
{
	const char *open = strchr(line, '('), *comma = open ? strchr(open, ',') : NULL;

	if (comma)
		*klasy_add(&p->function) = (struct function){
			klasy_keep_part(&p->texts, open + 1, (size_t)(comma - open - 1)), p->declared.n, 0
		};
}

static bool read_tree(struct klasy_views_private *p, const char *path)
{
	enum { OUTSIDE, BEFORE, INSIDE } where = OUTSIDE;
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	if (!f) {
		lkst_warn("reading the compiler's words in %s: %s", path, strerror(errno));
		return false;
	}
	while ((n = getline(&line, &room, f)) > 0) {
		if (line[n - 1] == '\n')
			line[--n] = 0;
		if (!strncmp(line, ";; Function ", 12)) {
			begin_function(p, line);
			where = p->function.n ? BEFORE : OUTSIDE;
		} else if (where == BEFORE && n && line[n - 1] == ')' && isalpha((unsigned char)*line)) {
			add_arguments(p, line);
		} else if (where == BEFORE && !strcmp(line, "{")) {
			where = INSIDE;
		} else if (where == INSIDE && n > 3 && !strncmp(line, "  ", 2) && line[n - 1] == ';') {
			add_declared(p, line + 2, (size_t)n - 3);
		} else if (where == INSIDE) {
			where = OUTSIDE;
		}
	}
	free(line);
	fclose(f);
	return true;
}

/* The declaration of an expression's first name: "skb_45(D)" is one of skb's values, "_12" has its own. */
static const struct declared *find_declared(const struct klasy_views_private *p, const struct function *f,
					    const char *name, size_t n)
{
	size_t i, pass;

	for (pass = 0; f && pass < 2; pass++) {
		for (i = f->first; i < f->first + f->declared; i++) {
			const struct declared *d = &p->declared.at[i];

			if (!strncmp(d->name, name, n) && !d->name[n])
				return d->disagree || !*d->structure ? NULL : d;
		}
		while (n && isdigit((unsigned char)name[n - 1]))
			n--;
		if (n < 2 || name[--n] != '_')
			break;
	}
	return NULL;
}

/* ---- expressions ---- */

/* Reads a name with the "(D)" of a value from outside. Returns its length, and in @end what follows. */
static size_t read_name(const char *text, const char **end)
{
	size_t n = 0;

	while (isalnum((unsigned char)text[n]) || text[n] == '_' || text[n] == '$' ||
	       (text[n] == '.' && isdigit((unsigned char)text[n + 1])))
		n++;
	*end = text + n + (!strncmp(text + n, "(D)", 3) ? 3 : 0);
	return n;
}

/* ".D.49302._16.skb_iif[3].x", or ">skb_iif": the first member that has a name, and how many have. */
static bool read_members(struct klasy_views_private *p, struct klasy_view *v, const char *c)
{
	while (*c) {
		if (*c == '[') {
			c = strchr(c, ']');
			if (!c || !v->member)
				return false;
			c++;
			v->depth++;
			continue;
		}
		if (*c != '.' && *c != '>')
			return false;
		c++;
		if (*c == 'D' && c[1] == '.' && isdigit((unsigned char)c[2])) {
			c += 2 + strspn(c + 2, "0123456789");
			continue;
		}
		v->innermost = klasy_keep_part(&p->texts, c, strcspn(c, ".["));
		if (!v->member)
			v->member = v->innermost;
		v->depth++;
		c += strcspn(c, ".[");
	}
	return true;
}

/* "[(struct a *)b_3(D) + 24B]": what follows the MEM. Returns what follows the bracket, NULL: it is none of these. */
static const char *read_cast(struct klasy_views_private *p, const struct function *f, struct klasy_view *v,
			     const char *c)
{
	const char *tag = NULL, *name, *rest;
	const struct declared *d;
	size_t length, n;
	bool pointer;
	char *end;

	name = strncmp(c, "[(", 2) ? NULL : strchr(c, ')');
	if (!name)
		return NULL;
	rest = read_tag(c + 2, &tag, &length, &pointer);
	/* A cast to a pointer to a pointer: what it points to is none of that struct. */
	if (!rest || !pointer || rest != name)
		tag = NULL;
	name += 1 + (name[1] == '&');
	n = read_name(name, &rest);
	d = find_declared(p, f, name, n);
	if (!strncmp(rest, " + ", 3)) {
		v->held_at = strtoll(rest + 3, &end, 10);
		/* A number of elements, or an offset that is computed. */
		if (*end != 'B')
			return NULL;
		rest = end + 1;
	}
	if (*rest != ']')
		return NULL;
	v->structure = tag ? klasy_keep_part(&p->texts, tag, length) : NULL;
	if (d && d->pointer == (name[-1] != '&'))
		v->holder = d->structure;
	if (!tag && !rest[1])
		v->structure = v->holder;
	return rest + 1;
}

/* Fills in what the expression's text tells of the struct; without one, structure stays NULL. */
static void read_expression(struct klasy_views_private *p, const struct function *f, struct klasy_view *v)
{
	const char *text = v->expression, *end;
	const struct declared *d;
	size_t n;

	if (!strncmp(text, "MEM", 3)) {
		text += 3;
		if (*text == ' ')
			text++;
		/* What memset() became: where in the object it begins is not told. */
		if (!strncmp(text, "<char[", 6))
			return;
		if (*text == '<') {
			text = strchr(text, '>');
			text = text ? text + 1 + (text[1] == ' ') : "";
		}
		end = read_cast(p, f, v, text);
		if (!end || !read_members(p, v, end))
			v->structure = v->member = NULL;
		if (!v->structure)
			v->holder = NULL;
		else if (!v->member)
			v->at += v->held_at, v->held_at = 0;
		/* The same struct by another name's cast. */
		if (v->holder && !strcmp(v->holder, v->structure) && !v->held_at)
			v->holder = NULL;
		return;
	}
	n = read_name(text + (*text == '*'), &end);
	d = find_declared(p, f, text + (*text == '*'), n);
	if (!d)
		return;
	if (*text == '*') {
		if (d->pointer && !*end)
			v->structure = d->structure;
		return;
	}
	if (d->pointer != !strncmp(end, "->", 2))
		return;
	if (!read_members(p, v, end + d->pointer))
		v->depth = UINT_MAX;
	if (v->member || !v->depth)
		v->structure = d->structure;
}

/* ---- RTL ---- */

/* Returns what follows the parenthesis that @c stands at, NULL when it is not closed. */
static char *skip(char *c)
{
	int depth = 0;

	for (; *c; c++) {
		if (*c == '"') {
			for (c++; *c && *c != '"'; c++)
				c += *c == '\\' && c[1];
			if (!*c)
				return NULL;
		} else if (*c == '(' || *c == '[') {
			depth++;
		} else if ((*c == ')' || *c == ']') && --depth == 0) {
			return c + 1;
		}
	}
	return NULL;
}

/* "1 skb_45(D)->len+0 S4 A64": alias set, expression, offset, size, alignment. */
static void read_attributes(struct klasy_views_private *p, const struct function *f, struct klasy_view *v, char *text)
{
	char *space, *sign, *end;

	text += strspn(text, "0123456789");
	text += *text == ' ';
	while ((space = strrchr(text, ' ')) && strchr("SA", space[1]) && strlen(space) > 2) {
		if (space[1] == 'S')
			v->size = (uint32_t)strtoul(space + 2, NULL, 10);
		*space = 0;
	}
	sign = strrchr(text, '+') > strrchr(text, '-') ? strrchr(text, '+') : strrchr(text, '-');
	if (sign && isdigit((unsigned char)sign[1])) {
		v->at = strtoll(sign, &end, 10);
		if (*end)
			v->at = 0;
		else
			*sign = 0;
	}
	if (!*text)
		return;
	v->expression = klasy_keep(&p->texts, text);
	read_expression(p, f, v);
}

/* Adds the memory operands of one instruction's RTL. */
static void read_rtl(struct klasy_views *views, const struct function *f, char *text)
{
	struct klasy_views_private *p = views->p;
	char *pattern = strchr(text + 1, '('), *end = pattern ? skip(pattern) : NULL, *mem, *quote;
	struct klasy_view place = { .label = views->labels };
	size_t first = p->view.n;

	if (!end)
		return;
	if (!strncmp(end, " \"", 2) && (quote = strchr(end + 2, '"'))) {
		place.file = klasy_keep_part(&p->texts, end + 2, (size_t)(quote - end - 2));
		if (sscanf(quote + 1, ":%u:%u", &place.line, &place.column) != 2)
			place.line = place.column = 0;
	}
	*end = 0;
	for (mem = strstr(pattern, "(mem"); mem; mem = strstr(mem + 1, "(mem")) {
		struct klasy_view v = place;
		char *address = strchr(mem, ' '), *open, *close;

		if (!address)
			break;
		open = address[1] == '(' ? skip(address + 1) : NULL;
		if (!open || *open != ' ' || open[1] != '[')
			continue;
		close = skip(open + 1);
		if (!close)
			continue;
		close[-1] = 0;
		read_attributes(p, f, &v, open + 2);
		close[-1] = ']';
		if (v.expression)
			*klasy_add(&p->view) = v;
	}
	if (p->view.n > first)
		views->labels++;
}

static const struct function *find_function(const struct klasy_views_private *p, const char *label, size_t n,
					    const struct function *now)
{
	size_t i;

	if (n > 5 && !strncmp(label + n - 5, ".cold", 5))
		n -= 5;
	for (i = 0; i < p->function.n; i++) {
		if (!strncmp(p->function.at[i].name, label, n) && !p->function.at[i].name[n])
			return &p->function.at[i];
	}
	return now;
}

/* Joins the lines of one comment, with one space for any. */
static void append(char **rtl, size_t *length, size_t *room, const char *line)
{
	bool space = *length;

	if (*length + strlen(line) + 2 > *room) {
		*room = 2 * (*length + strlen(line) + 2);
		*rtl = lkst_xrealloc(*rtl, *room);
	}
	for (; *line && *line != '\n'; line++) {
		if (*line == ' ' || *line == '\t') {
			space = *length;
			continue;
		}
		if (space)
			(*rtl)[(*length)++] = ' ';
		space = false;
		(*rtl)[(*length)++] = *line;
	}
	(*rtl)[*length] = 0;
}

static void read_assembly(struct klasy_views *v, FILE *in, FILE *out)
{
	const struct function *function = NULL;
	char *line = NULL, *rtl = NULL;
	size_t room = 0, length = 0, rtl_room = 0;
	unsigned int label;
	ssize_t n;

	while ((n = getline(&line, &room, in)) > 0) {
		if (line[0] == '#' && (line[1] == '(' || length)) {
			if (line[1] == '(')
				length = 0;
			append(&rtl, &length, &rtl_room, line + 1);
			continue;
		}
		if (length && line[0] == '\t' && (isalpha((unsigned char)line[1]))) {
			label = v->labels;
			read_rtl(v, function, rtl);
			if (v->labels != label)
				fprintf(out, KLASY_LABEL "%u:\n", label);
		} else if (isalpha((unsigned char)line[0]) || line[0] == '_') {
			char *colon = strchr(line, ':');

			if (colon && colon[1] == '\n')
				function = find_function(v->p, line, (size_t)(colon - line), function);
		}
		length = 0;
		fputs(line, out);
	}
	free(line);
	free(rtl);
}

bool klasy_observe(const char *assembly, const char *tree, const char *labelled, struct klasy_views *v)
{
	FILE *in = NULL, *out = NULL;
	bool good = false;

	memset(v, 0, sizeof(*v));
	v->p = lkst_xmalloc(sizeof(*v->p));
	if (read_tree(v->p, tree)) {
		in = fopen(assembly, "r");
		out = fopen(labelled, "w");
		if (in && out)
			read_assembly(v, in, out);
		else
			lkst_warn("reading the compiler's words in %s: %s", assembly, strerror(errno));
		good = in && out && !ferror(in) && !ferror(out);
	}
	if (in)
		fclose(in);
	if (out && fclose(out))
		good = false;
	v->at = v->p->view.at;
	v->n = v->p->view.n;
	return good;
}

void klasy_views_free(struct klasy_views *v)
{
	if (!v->p)
		return;
	klasy_texts_free(&v->p->texts);
	free(v->p->view.at);
	free(v->p->declared.at);
	free(v->p->function.at);
	free(v->p);
	memset(v, 0, sizeof(*v));
}
