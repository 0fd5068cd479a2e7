// SPDX-License-Identifier: GPL-2.0-only
/*
 * aspect.c - reads aspect files. They look like XML and are not: C code stands bare between the tags, '<' and '&'
 * included, so a body ends only at its own closing tag.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aspect.h"
#include "cli.h"
#include "reader.h"

enum {
	MAX_SIZE = 1 << 20,	/* bytes of a file: what is larger is no aspect */
	MAX_DEPTH = 100,	/* parentheses and NOTs inside each other, and the designator in the innermost */
	MAX_DESIGNATORS = 1000	/* of one pointcut */
};

static const struct {
	const char *name;
	enum klasy_word word;
} words[] = {
	{ "AND", KLASY_AND }, { "OR", KLASY_OR }, { "NOT", KLASY_NOT },
	{ "access", KLASY_ACCESS }, { "get", KLASY_GET }, { "set", KLASY_SET },
	{ "execution", KLASY_EXECUTION }, { "event", KLASY_EVENT },
	{ "within_function", KLASY_WITHIN_FUNCTION }, { "within_file", KLASY_WITHIN_FILE },
	{ "target", KLASY_TARGET }, { "local_var", KLASY_LOCAL_VAR }, { "argument", KLASY_ARGUMENT },
};

static const char *word_name(enum klasy_word word)
{
	return words[word].name;
}

/* All up to </name>, as it is. */
static void body(struct klasy_reader *r, const char *name, struct klasy_place opened, struct klasy_body *b)
{
	const char *begin;

	if (b->text) {
		klasy_error(r, opened, "expected one <%s>, found a second", name);
		return;
	}
	klasy_end_of_tag(r, name);
	b->place = r->place;
	begin = r->at;
	while (r->at < r->end) {
		const char *here = r->at;

		if (klasy_close_tag(r, name)) {
			b->text = klasy_copy(begin, (size_t)(here - begin));
			return;
		}
		klasy_read_on(r, 1);
	}
	klasy_error(r, opened, "expected </%s> for this <%s>, found the end of the file", name, name);
}

static void code(struct klasy_reader *r, const char *name, struct klasy_place opened, struct klasy_body *b)
{
	body(r, name, opened, b);
	if (!r->failed)
		klasy_check_code(r, b->text, strlen(b->text), b->place);
}

/* ---- pointcuts ---- */

static void access_argument(struct klasy_reader *r, struct klasy_pointcut *p)
{
	/* "struct sk_buff.len" is how C has it; the tag alone is how the language has it. */
	if (!klasy_take_word(r, "struct"))
		klasy_take_word(r, "union");
	p->name = klasy_take_name(r, "the tag of a struct", "");
	if (r->failed)
		return;
	klasy_expect(r, '.', "between struct and member");
	if (r->failed)
		return;
	p->member = klasy_take_name(r, "a member's name or '%'", "%");
	if (p->member && strchr(p->member, '%') && strcmp(p->member, "%"))
		klasy_error(r, p->place, "expected a member's whole name or '%%' alone, found '%s'", p->member);
}

static void bound_argument(struct klasy_reader *r, struct klasy_pointcut *p)
{
	const char *what = p->word == KLASY_ARGUMENT ? "a name, or an argument's number, ',' and a name" :
						       "a variable's name, or it, ',' and another name";

	p->name = klasy_take_name(r, what, "");
	if (r->failed || r->at == r->end || *r->at != ',') {
		if (!r->failed && isdigit((unsigned char)p->name[0]))
			klasy_error(r, p->place, "expected ', NAME' after the number of %s", word_name(p->word));
		return;
	}
	klasy_read_on(r, 1);
	klasy_skip_space(r);
	p->what = p->name;
	p->name = klasy_take_name(r, "the name to be bound", "");
}

static struct klasy_pointcut *node(enum klasy_word word, struct klasy_place place)
{
	struct klasy_pointcut *p = lkst_xmalloc(sizeof(*p));

	p->word = word;
	p->place = place;
	return p;
}

static struct klasy_pointcut *any_of(struct klasy_reader *r);

static struct klasy_pointcut *designator(struct klasy_reader *r)
{
	size_t n = klasy_name_length(r), i;
	struct klasy_pointcut *p;

	for (i = KLASY_ACCESS; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i].name) == n && !memcmp(words[i].name, r->at, n))
			break;
	}
	if (i == sizeof(words) / sizeof(words[0])) {
		klasy_error(r, r->place, "expected access, get, set, execution, event, within_function, within_file, "
			    "target, local_var or argument, found %s", klasy_found(r));
		return NULL;
	}
	if (++r->designators > MAX_DESIGNATORS)
		klasy_error(r, r->place, "expected at most %d designators in one pointcut", MAX_DESIGNATORS);
	p = node(words[i].word, r->place);
	klasy_read_on(r, n);
	klasy_expect(r, '(', "after the designator");
	if (r->failed)
		return p;
	switch (p->word) {
	case KLASY_ACCESS:
	case KLASY_GET:
	case KLASY_SET:
		access_argument(r, p);
		break;
	case KLASY_LOCAL_VAR:
	case KLASY_ARGUMENT:
		bound_argument(r, p);
		break;
	case KLASY_WITHIN_FILE:
		p->name = klasy_take_name(r, "a file of the kernel's source", "./-+");
		break;
	default:
		p->name = klasy_take_name(r, p->word == KLASY_TARGET ? "the name to be bound" : "a name", "");
		break;
	}
	if (!r->failed)
		klasy_expect(r, ')', "at the end of the designator");
	return p;
}

static struct klasy_pointcut *factor(struct klasy_reader *r)
{
	struct klasy_place place = r->place;
	struct klasy_pointcut *p;

	if (r->failed)
		return NULL;
	if (++r->depth > MAX_DEPTH) {
		klasy_error(r, place, "expected at most %d parentheses and NOTs inside each other", MAX_DEPTH - 1);
		return NULL;
	}
	if (klasy_take_word(r, "NOT")) {
		p = node(KLASY_NOT, place);
		p->left = factor(r);
	} else if (r->at < r->end && *r->at == '(') {
		klasy_read_on(r, 1);
		klasy_skip_space(r);
		p = any_of(r);
		if (!r->failed)
			klasy_expect(r, ')', "for the '(' before");
	} else {
		p = designator(r);
	}
	r->depth--;
	return p;
}

static struct klasy_pointcut *all_of(struct klasy_reader *r)
{
	struct klasy_pointcut *p = factor(r), *both;

	while (!r->failed && klasy_take_word(r, "AND")) {
		both = node(KLASY_AND, p->place);
		both->left = p;
		both->right = factor(r);
		p = both;
	}
	return p;
}

static struct klasy_pointcut *any_of(struct klasy_reader *r)
{
	struct klasy_pointcut *p = all_of(r), *both;

	while (!r->failed && klasy_take_word(r, "OR")) {
		both = node(KLASY_OR, p->place);
		both->left = p;
		both->right = all_of(r);
		p = both;
	}
	return p;
}

static bool selects(const struct klasy_pointcut *p)
{
	switch (p->word) {
	case KLASY_AND:
		return selects(p->left) || selects(p->right);
	case KLASY_OR:
		return selects(p->left) && selects(p->right);
	case KLASY_NOT:
		return false;
	default:
		return p->word <= KLASY_EVENT;
	}
}

/* A name is there for the advice only when every way to it binds it. */
static void check_binding(struct klasy_reader *r, const struct klasy_pointcut *p, bool always)
{
	if (p->left)
		check_binding(r, p->left, always && p->word == KLASY_AND);
	if (p->right)
		check_binding(r, p->right, always && p->word == KLASY_AND);
	if (p->word >= KLASY_TARGET && !always)
		klasy_error(r, p->place, "expected %s outside of OR and NOT: the advice could not know whether "
			    "it is bound", word_name(p->word));
}

static struct klasy_pointcut *pointcut(struct klasy_reader *r, struct klasy_place opened)
{
	struct klasy_pointcut *p;

	klasy_end_of_tag(r, "pointcut");
	klasy_skip_space(r);
	r->depth = r->designators = 0;
	p = any_of(r);
	if (r->failed)
		return p;
	if (!klasy_close_tag(r, "pointcut"))
		klasy_error(r, r->place, "expected AND, OR or </pointcut>, found %s", klasy_found(r));
	if (!selects(p))
		klasy_error(r, opened, "expected access, get, set, execution or event in every branch of the pointcut");
	check_binding(r, p, true);
	return p;
}

/* ---- the file ---- */

static void advice(struct klasy_reader *r, struct klasy_aspect *a, struct klasy_place opened)
{
	struct klasy_advice *adv;

	a->advice = lkst_xrealloc(a->advice, (a->advices + 1) * sizeof(*a->advice));
	adv = &a->advice[a->advices++];
	memset(adv, 0, sizeof(*adv));
	adv->place = opened;
	klasy_end_of_tag(r, "advice");
	while (!r->failed) {
		struct klasy_place place;

		klasy_skip_between(r);
		place = r->place;
		if (klasy_close_tag(r, "advice"))
			break;
		if (klasy_open_tag(r, "pointcut")) {
			if (adv->pointcut)
				klasy_error(r, place, "expected one <pointcut> an advice, found a second");
			else
				adv->pointcut = pointcut(r, place);
		} else if (klasy_open_tag(r, "before")) {
			code(r, "before", place, &adv->before);
		} else if (klasy_open_tag(r, "after")) {
			code(r, "after", place, &adv->after);
		} else {
			klasy_error(r, place, "expected <pointcut>, <before>, <after> or </advice>, found %s",
				    klasy_found(r));
		}
	}
	if (!r->failed && !adv->pointcut)
		klasy_error(r, opened, "expected a <pointcut> in this advice");
	if (!r->failed && !adv->before.text && !adv->after.text)
		klasy_error(r, opened, "expected <before> or <after> in this advice");
}

static void import(struct klasy_reader *r, struct klasy_aspect *a, struct klasy_place opened)
{
	struct klasy_body *b;
	char *text;
	size_t n;

	a->import = lkst_xrealloc(a->import, (a->imports + 1) * sizeof(*a->import));
	b = &a->import[a->imports++];
	memset(b, 0, sizeof(*b));
	body(r, "import", opened, b);
	if (r->failed)
		return;
	text = b->text + strspn(b->text, " \t\r\n");
	n = strcspn(text, " \t\r\n");
	if (!n || text[n + strspn(text + n, " \t\r\n")] || strspn(text, "abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-") < n)
		klasy_error(r, b->place, "expected the name of one header, such as linux/skbuff.h");
	memmove(b->text, text, n);
	b->text[n] = 0;
}

static void attribute(struct klasy_reader *r, struct klasy_aspect *a)
{
	char quote;

	klasy_skip_space(r);
	if (r->at < r->end && *r->at == '>')
		return;
	if (!klasy_take_word(r, "name")) {
		klasy_error(r, r->place, "expected name=\"...\" or '>', found %s", klasy_found(r));
		return;
	}
	klasy_expect(r, '=', "after name");
	quote = r->at < r->end ? *r->at : 0;
	if (quote != '"' && quote != '\'') {
		klasy_error(r, r->place, "expected the name in quotes, found %s", klasy_found(r));
		return;
	}
	klasy_read_on(r, 1);
	a->name = klasy_take_name(r, "letters, digits and '_'", "");
	if (!r->failed)
		klasy_expect(r, quote, "at the end of the name");
}

/* C knows no such character, and what stands behind it would be lost. */
static void refuse_nul(struct klasy_reader *r)
{
	struct klasy_reader c = *r;
	const char *nul = memchr(r->at, 0, (size_t)(r->end - r->at));

	if (!nul)
		return;
	klasy_read_on(&c, (size_t)(nul - c.at));
	klasy_error(r, c.place, "expected text, found a byte of zero");
}

static int parse(const char *path, const char *text, size_t size, struct klasy_aspect *aspect)
{
	struct klasy_reader r = { .path = path, .at = text, .end = text + size, .place = { 1, 1 } };

	aspect->path = path;
	klasy_skip_between(&r);
	if (!klasy_open_tag(&r, "aspect"))
		klasy_error(&r, r.place, "expected <aspect>, found %s", klasy_found(&r));
	if (!r.failed)
		refuse_nul(&r);
	if (!r.failed)
		attribute(&r, aspect);
	if (!r.failed)
		klasy_end_of_tag(&r, "aspect");
	while (!r.failed) {
		struct klasy_place place;

		klasy_skip_between(&r);
		place = r.place;
		if (klasy_close_tag(&r, "aspect"))
			break;
		if (klasy_open_tag(&r, "import"))
			import(&r, aspect, place);
		else if (klasy_open_tag(&r, "advice"))
			advice(&r, aspect, place);
		else
			klasy_error(&r, place, "expected <import>, <advice> or </aspect>, found %s",
				    klasy_found(&r));
	}
	klasy_skip_between(&r);
	if (!r.failed && r.at < r.end)
		klasy_error(&r, r.place, "expected the end of the file after </aspect>, found %s", klasy_found(&r));
	if (!r.failed && !aspect->advices)
		klasy_error(&r, (struct klasy_place){ 1, 1 }, "expected an <advice> in the aspect");
	return r.failed ? -1 : 0;
}

int klasy_aspect_read(const char *path, struct klasy_aspect *aspect)
{
	FILE *file = fopen(path, "r");
	char *text;
	size_t n;
	int failed = -1;

	memset(aspect, 0, sizeof(*aspect));
	if (!file) {
		lkst_warn("opening %s: %s", path, strerror(errno));
		return -1;
	}
	text = lkst_xmalloc(MAX_SIZE + 1);
	n = fread(text, 1, MAX_SIZE + 1, file);
	if (ferror(file))
		lkst_warn("reading %s: %s", path, strerror(errno));
	else if (n > MAX_SIZE)
		lkst_warn("reading %s: longer than %d bytes, no aspect", path, MAX_SIZE);
	else
		failed = parse(path, text, n, aspect);
	fclose(file);
	free(text);
	return failed;
}

bool klasy_pointcut_holds(const struct klasy_pointcut *p, klasy_holds_fn *fn, const void *arg)
{
	switch (p->word) {
	case KLASY_AND:
		return klasy_pointcut_holds(p->left, fn, arg) && klasy_pointcut_holds(p->right, fn, arg);
	case KLASY_OR:
		return klasy_pointcut_holds(p->left, fn, arg) || klasy_pointcut_holds(p->right, fn, arg);
	case KLASY_NOT:
		return !klasy_pointcut_holds(p->left, fn, arg);
	default:
		return fn(p, arg);
	}
}

static void free_pointcut(struct klasy_pointcut *p)
{
	if (!p)
		return;
	free_pointcut(p->left);
	free_pointcut(p->right);
	free(p->name);
	free(p->member);
	free(p->what);
	free(p);
}

void klasy_aspect_free(struct klasy_aspect *a)
{
	size_t i;

	for (i = 0; i < a->imports; i++)
		free(a->import[i].text);
	for (i = 0; i < a->advices; i++) {
		free_pointcut(a->advice[i].pointcut);
		free(a->advice[i].before.text);
		free(a->advice[i].after.text);
	}
	free(a->import);
	free(a->advice);
	free(a->name);
	memset(a, 0, sizeof(*a));
}
