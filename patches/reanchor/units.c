// SPDX-License-Identifier: GPL-2.0-only
/*
 * units.c - tokens as units: statements, heads ("if (x)"), braces, labels, directives, each with the path of heads and
 * preprocessor conditions it stands under. Braces are no part of a path, so that a vendor's braces change none. It is no
 * parser of C: what it cannot make out becomes one long unit, which is then equal to nothing else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "reanchor.h"

int token_is(const struct text *t, int tok, const char *s)
{
	return tok >= 0 && tok < t->nr_tok && !strcmp(interned(t->tok[tok].id), s);
}

static int one_of(const struct text *t, int tok, const char *words)
{
	const char *w, *s;
	size_t n;

	if (tok < 0 || tok >= t->nr_tok)
		return 0;
	w = interned(t->tok[tok].id);
	n = strlen(w);
	for (s = strstr(words, w); s; s = strstr(s + 1, w))
		if ((s == words || s[-1] == ' ') && (s[n] == ' ' || !s[n]))
			return 1;
	return 0;
}

/* The token behind the bracket that closes the one at tok. */
int match_paren(const struct text *t, int tok)
{
	int depth = 0;

	for (; tok < t->nr_tok; tok++) {
		if (one_of(t, tok, "( [ {"))
			depth++;
		else if (one_of(t, tok, ") ] }") && --depth == 0)
			return tok + 1;
	}
	return tok;
}

static int directive_end(const struct text *t, int tok)
{
	while (tok < t->nr_tok && t->tok[tok].kind != T_END_DIRECTIVE)
		tok++;
	return tok;
}

/* The words of tokens first to last, interned. */
static int words(const struct text *t, int first, int last)
{
	int i, n = 0, size = 256;
	char *s = lkst_xmalloc((unsigned long)size);
	const char *w;

	for (i = first; i <= last; i++) {
		w = interned(t->tok[i].id);
		if (n + (int)strlen(w) + 2 > size) {
			size = (n + (int)strlen(w)) * 2;
			s = lkst_xrealloc(s, (unsigned long)size + 2);
		}
		n += sprintf(s + n, "%s ", w);
	}
	i = intern(s, n);
	free(s);
	return i;
}

#define DEEP	64

struct frame { int block, head, path_len; };

struct walk {
	struct text *t;
	struct unit *unit;
	int nr;
	struct frame frame[DEEP];
	int depth;
	int pp[DEEP], pp_saved[DEEP], nr_pp;	/* conditions, and the depth to come back to in #else */
	int popped_if;				/* words of the "if" that ended last */
};

static int path_now(const struct walk *w)
{
	char s[8192];
	int i, n = 0;

	s[0] = '\0';
	for (i = 0; i < w->nr_pp && n < 6000; i++)
		n += snprintf(s + n, 1000, "#%.900s\n", interned(w->pp[i]));
	for (i = 0; i < w->depth && n < 6000; i++)
		if (w->frame[i].head)
			n += snprintf(s + n, 1000, "%.900s\n", interned(w->frame[i].head));
	return intern(s, n);
}

static struct unit *add_unit(struct walk *w, int first, int last, enum unit_kind kind)
{
	struct unit *u;
	const char *s;

	if (w->nr % 64 == 0)
		w->unit = lkst_xrealloc(w->unit, (unsigned long)(w->nr + 64) * sizeof(*u));
	u = &w->unit[w->nr++];
	memset(u, 0, sizeof(*u));
	u->first = first;
	u->last = last;
	u->kind = kind;
	u->id = words(w->t, first, last);
	u->path = path_now(w);
	s = interned(w->t->tok[first].id);
	u->hook = kind == U_STATEMENT && (!strncmp(s, "LKST_", 5) || !strncmp(s, "lkst_", 5));
	return u;
}

static void push(struct walk *w, int block, int head)
{
	if (w->depth >= DEEP)
		return;
	w->frame[w->depth].block = block;
	w->frame[w->depth++].head = head;
}

/* #if and its kin: what comes under it gets it into its path; #else goes back to the depth its #if stood at. */
static void condition(struct walk *w, int first, int last)
{
	const char *s = interned(w->t->tok[first].id);
	char text[1000];

	if (!strncmp(s, "#if", 3)) {
		if (w->nr_pp < DEEP) {
			w->pp_saved[w->nr_pp] = w->depth;
			w->pp[w->nr_pp++] = words(w->t, first, last);
		}
	} else if (!strncmp(s, "#el", 3) && w->nr_pp) {
		if (w->depth > w->pp_saved[w->nr_pp - 1])
			w->depth = w->pp_saved[w->nr_pp - 1];
		snprintf(text, sizeof(text), "%.450s of %.450s", interned(words(w->t, first, last)), interned(w->pp[w->nr_pp - 1]));
		w->pp[w->nr_pp - 1] = intern_s(text);
	} else if (!strcmp(s, "#endif") && w->nr_pp) {
		w->nr_pp--;
	}
}

/* A statement has ended before tok: heads without braces end with it, but for an "if" whose "else" follows. */
static void statement_ended(struct walk *w, int tok)
{
	int next = tok, head;

	while (w->depth && !w->frame[w->depth - 1].block) {
		while (next < w->t->nr_tok && w->t->tok[next].kind == T_DIRECTIVE)
			next = directive_end(w->t, next) + 1;
		head = w->frame[--w->depth].head;
		w->popped_if = head;
		if (!strncmp(interned(head), "if ", 3) && token_is(w->t, next, "else"))
			return;
		if (!strncmp(interned(head), "do ", 3))
			return;		/* its while (...); is the end of it */
	}
}

/* The last token of a simple statement that begins at tok. */
static int simple_end(const struct text *t, int tok, int close)
{
	for (; tok < close; tok++) {
		if (one_of(t, tok, "( [ {"))
			tok = match_paren(t, tok) - 1;
		else if (token_is(t, tok, ";") || token_is(t, tok, "}"))
			break;
		else if (t->tok[tok].kind == T_DIRECTIVE)
			tok = directive_end(t, tok);
	}
	return tok < close ? tok : close - 1;
}

/* One unit of a function's body, begun at i: returns the token behind it. */
static int body_unit(struct walk *w, int i, int close)
{
	struct text *t = w->t;
	int last, head, bare = w->depth && !w->frame[w->depth - 1].block;
	char text[1200];

	if (t->tok[i].kind == T_DIRECTIVE) {
		last = directive_end(t, i);
		if (!strncmp(interned(t->tok[i].id), "#e", 2))
			condition(w, i, last);
		add_unit(w, i, last, U_DIRECTIVE);
		if (!strncmp(interned(t->tok[i].id), "#if", 3))
			condition(w, i, last);
		return last + 1;
	}
	if (token_is(t, i, "{")) {
		add_unit(w, i, i, U_OPEN);
		push(w, 1, 0);
		return i + 1;
	}
	if (token_is(t, i, "}")) {
		if (w->depth && w->frame[w->depth - 1].block)
			w->depth--;
		add_unit(w, i, i, U_CLOSE);
		statement_ended(w, i + 1);
		return i + 1;
	}
	if (one_of(t, i, "if for while switch") && token_is(t, i + 1, "(")) {
		last = match_paren(t, i + 1) - 1;
		if (token_is(t, i, "while") && token_is(t, last + 1, ";")) {
			add_unit(w, i, last + 1, U_STATEMENT)->bare = bare;
			statement_ended(w, last + 2);
			return last + 2;
		}
		add_unit(w, i, last, U_HEAD)->bare = bare;
		push(w, 0, words(t, i, last));
		return last + 1;
	}
	if (one_of(t, i, "else do")) {
		snprintf(text, sizeof(text), "%s %.1000s", interned(t->tok[i].id),
			 token_is(t, i, "else") ? interned(w->popped_if) : "");
		head = intern_s(text);
		add_unit(w, i, i, U_HEAD);
		w->unit[w->nr - 1].id = head;
		push(w, 0, head);
		return i + 1;
	}
	if (one_of(t, i, "case default") || (t->tok[i].kind == T_IDENT && token_is(t, i + 1, ":"))) {
		for (last = i; last < close - 1 && !token_is(t, last, ":"); last++)
			;
		add_unit(w, i, last, U_LABEL);
		return last + 1;
	}
	last = simple_end(t, i, close);
	if (token_is(t, last, "}") && last > i)
		last--;
	add_unit(w, i, last, U_STATEMENT)->bare = bare;
	statement_ended(w, last + 1);
	return last + 1;
}

static void func_units(struct text *t, struct func *f)
{
	struct walk *w = lkst_xmalloc(sizeof(*w));
	int i;

	w->t = t;
	add_unit(w, f->open, f->open, U_OPEN);
	for (i = f->open + 1; i < f->close;)
		i = body_unit(w, i, f->close);
	w->depth = w->nr_pp = 0;
	add_unit(w, f->close, f->close, U_CLOSE);
	f->unit = w->unit;
	f->nr = w->nr;
	free(w);
}

/* The name of the function whose body opens at tok, the token of it; -1: this is no function. */
static int func_name(const struct text *t, int from, int tok)
{
	int depth = 0, i = tok - 1;

	while (i > from) {
		if (!token_is(t, i, ")"))
			return -1;
		for (; i > from; i--) {
			if (token_is(t, i, ")"))
				depth++;
			else if (token_is(t, i, "(") && --depth == 0)
				break;
		}
		i--;
		if (i < from || t->tok[i].kind != T_IDENT)
			return -1;
		if (!one_of(t, i, "__attribute__ __acquires __releases"))
			return i;
		i--;
	}
	return -1;
}

static void add_func(struct walk *w, int from, int name, int open, int close)
{
	struct text *t = w->t;
	struct func *f;

	if (t->nr_func % 32 == 0)
		t->func = lkst_xrealloc(t->func, (unsigned long)(t->nr_func + 32) * sizeof(*f));
	f = &t->func[t->nr_func++];
	memset(f, 0, sizeof(*f));
	f->name = t->tok[name].id;
	f->first = from;
	f->open = open;
	f->close = close;
	f->path = path_now(w);
	func_units(t, f);
}

/*
 * The closing brace of a body, when #if and #else each bring braces of their own: only the first way is counted. A brace in
 * the first column ends it in any case: so does the kernel's style, and a slip of ours goes no further than one function.
 */
static int body_close(const struct text *t, int open)
{
	int depth = 0, saved[DEEP], n = 0, i;
	const char *s;

	for (i = open; i < t->nr_tok; i++) {
		if (t->tok[i].kind == T_DIRECTIVE) {
			s = interned(t->tok[i].id);
			if (!strncmp(s, "#if", 3) && n < DEEP)
				saved[n++] = depth;
			else if (!strncmp(s, "#el", 3) && n)
				depth = saved[n - 1];
			else if (!strcmp(s, "#endif") && n)
				n--;
			i = directive_end(t, i);
		} else if (token_is(t, i, "{")) {
			depth++;
		} else if (token_is(t, i, "}")) {
			if (--depth == 0 || t->tok[i].start == t->line_start[t->tok[i].line])
				return i;
		}
	}
	return t->nr_tok - 1;
}

static void top_units(struct walk *w)
{
	struct text *t = w->t;
	int i, from, last, name, depth;

	for (i = 0; i < t->nr_tok; i = last + 1) {
		if (t->tok[i].kind == T_DIRECTIVE) {
			last = directive_end(t, i);
			if (!strncmp(interned(t->tok[i].id), "#e", 2))
				condition(w, i, last);
			add_unit(w, i, last, U_DIRECTIVE);
			if (!strncmp(interned(t->tok[i].id), "#if", 3))
				condition(w, i, last);
			continue;
		}
		from = i;
		name = -1;
		for (last = i; last < t->nr_tok; last++) {
			if (t->tok[last].kind == T_DIRECTIVE && last > from) {
				/* A declaration with a directive in it, or what ends without a semicolon. */
				for (depth = last - 1; depth > from && !token_is(t, depth, ")"); depth--)
					;
				if (token_is(t, last - 1, ")") || token_is(t, last - 1, ",")) {
					last--;
					break;
				}
				last = directive_end(t, last);
				continue;
			}
			if (token_is(t, last, ";"))
				break;
			if (one_of(t, last, "( [")) {
				last = match_paren(t, last) - 1;
			} else if (token_is(t, last, "{")) {
				name = func_name(t, from, last);
				if (name >= 0) {
					i = last;
					last = body_close(t, last);
					add_func(w, from, name, i, last);
					break;
				}
				last = body_close(t, last);
			}
		}
		if (last >= t->nr_tok)
			last = t->nr_tok - 1;
		if (name >= 0) {
			/* It is the same function whatever its body. */
			add_unit(w, from, i - 1, U_FUNC);
			w->unit[w->nr - 1].last = last;
		} else {
			add_unit(w, from, last, U_STATEMENT);
		}
	}
}

/* Lines: under the label (assembler) or the conditions (Makefile) they stand under. */
static void line_units(struct walk *w)
{
	struct text *t = w->t;
	const char *s;
	int i, last, label = 0;
	size_t n;

	for (i = 0; i < t->nr_tok; i = last + 1) {
		for (last = i; last + 1 < t->nr_tok && t->tok[last + 1].line == t->tok[i].line; last++)
			;
		s = interned(t->tok[i].id);
		n = strlen(s);
		if (t->mode == MODE_ASM && (!strncmp(s, "ENTRY(", 6) || s[n - 1] == ':'))
			label = t->tok[i].id;
		add_unit(w, i, last, U_LINE);
		if (t->mode == MODE_ASM)
			w->unit[w->nr - 1].path = label;
		w->unit[w->nr - 1].hook = t->mode == MODE_ASM && !strncmp(s, "LKST_", 5);
	}
}

void text_units(struct text *t)
{
	struct walk *w = lkst_xmalloc(sizeof(*w));

	w->t = t;
	if (t->mode == MODE_C)
		top_units(w);
	else
		line_units(w);
	t->top = w->unit;
	t->nr_top = w->nr;
	free(w);
}

int func_at(const struct text *t, int tok)
{
	int i;

	/* A gap before the opening brace is no longer inside, one before the closing brace is. */
	for (i = 0; i < t->nr_func; i++)
		if (tok > t->func[i].open && tok <= t->func[i].close)
			return i;
	return -1;
}

#define TYPES "struct union enum unsigned signed int long char short void const static register volatile extern typeof"

int unit_declares(const struct text *t, const struct unit *u)
{
	int i = u->first;

	if (u->kind != U_STATEMENT || t->tok[i].kind != T_IDENT || one_of(t, i, "return goto break continue asm __asm__"))
		return 0;
	if (one_of(t, i, TYPES))
		return 1;
	/* LIST_HEAD(x); DECLARE_WAITQUEUE(x, y); */
	if (token_is(t, i + 1, "(") && (!strncmp(interned(t->tok[i].id), "DECLARE_", 8) || one_of(t, i, "LIST_HEAD")))
		return 1;
	i++;
	if (token_is(t, i, "*")) {
		while (token_is(t, i, "*"))
			i++;
		return t->tok[i].kind == T_IDENT && one_of(t, i + 1, "= ; , [");
	}
	return t->tok[i].kind == T_IDENT && (one_of(t, i + 1, "= ; , [") || one_of(t, i, "__user * __iomem"));
}

/* Is name declared by tokens from to to (declarators with commas)? Its type: what comes before the first declarator, stars. */
static int declared(const struct text *t, int from, int to, int name)
{
	int i, base_end = -1, start, stars;
	char text[1000];

	for (i = from; i <= to; i++) {
		if (one_of(t, i, "( [ {") && i > from) {
			i = match_paren(t, i) - 1;
			continue;
		}
		if (base_end < 0 && (token_is(t, i, "*") || (t->tok[i].kind == T_IDENT && one_of(t, i + 1, "= ; , [ ) :") &&
							     !one_of(t, i, TYPES) && i > from)))
			base_end = i - 1;
		if (base_end < 0)
			continue;
		start = i;
		for (stars = 0; token_is(t, i, "*") || one_of(t, i, "const __user"); i++)
			stars += token_is(t, i, "*");
		if (t->tok[i].id == name && t->tok[i].kind == T_IDENT) {
			snprintf(text, sizeof(text), "%.900s%d%s", interned(words(t, from, base_end)), stars,
				 token_is(t, i + 1, "[") ? "[]" : "");
			return intern_s(text);
		}
		(void)start;
		for (; i <= to && !token_is(t, i, ","); i++)
			if (one_of(t, i, "( [ {"))
				i = match_paren(t, i) - 1;
	}
	return 0;
}

/* The type of a parameter of that name, 0. */
static int parameter(const struct text *t, const struct func *f, int name)
{
	int i, from, depth;

	for (i = f->first; i < f->open && !token_is(t, i, "("); i++)
		;
	/* asmlinkage and attributes may have brackets of their own: look into every pair. */
	for (; i < f->open; i++) {
		if (!token_is(t, i, "("))
			continue;
		for (from = ++i, depth = 0; i < f->open; i++) {
			if (token_is(t, i, "("))
				depth++;
			if ((depth == 0 && one_of(t, i, ", )"))) {
				if (t->tok[i - 1].id == name || (token_is(t, i - 1, "]") && unit_mentions(t,
						&(struct unit){ .first = from, .last = i - 1 }, name)))
					return words(t, from, i - 2);
				from = i + 1;
			}
			if (token_is(t, i, ")") && depth-- == 0)
				break;
		}
	}
	return 0;
}

int is_parameter(const struct text *t, const struct func *f, int name)
{
	return parameter(t, f, name) != 0;
}

int local_type(const struct text *t, const struct func *f, int name)
{
	int i, type = parameter(t, f, name);

	for (i = 0; i < f->nr && !type; i++) {
		if (!unit_declares(t, &f->unit[i]))
			continue;
		type = declared(t, f->unit[i].first, f->unit[i].last, name);
	}
	return type;
}

static int is_member(const struct text *t, int i)
{
	return one_of(t, i - 1, ". ->");
}

int unit_mentions(const struct text *t, const struct unit *u, int name)
{
	int i;

	for (i = u->first; i <= u->last; i++)
		if (t->tok[i].id == name && t->tok[i].kind == T_IDENT && !is_member(t, i))
			return 1;
	return 0;
}

int unit_sets(const struct text *t, const struct unit *u, int name)
{
	int i, by_reference = 0;

	for (i = u->first; i <= u->last; i++) {
		if (t->tok[i].id != name || t->tok[i].kind != T_IDENT || is_member(t, i))
			continue;
		if (one_of(t, i + 1, "= += -= *= /= %= &= |= ^= <<= >>= ++ --") || one_of(t, i - 1, "++ --"))
			return 1;
		if (token_is(t, i - 1, "&") && one_of(t, i - 2, "( , = return") && !one_of(t, i + 1, "-> . ["))
			by_reference = 2;
		if (i >= 2 && token_is(t, i - 1, "(") && strstr(interned(t->tok[i - 2].id), "for_each"))
			return 1;
	}
	return by_reference;
}

int unit_transfers(const struct text *t, const struct unit *u)
{
	int i, found = 0;

	for (i = u->first; i <= u->last; i++) {
		if (token_is(t, i, "return"))
			return 2;
		if (one_of(t, i, "goto break continue"))
			found = 1;
	}
	return found;
}
