// SPDX-License-Identifier: GPL-2.0-only
/*
 * place.c - which places of an aspect are woven, and what is bound there.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "points.h"
#include "source.h"
#include "unknown.h"

const struct klasy_pointcut *klasy_find_word(const struct klasy_pointcut *p, enum klasy_word word)
{
	const struct klasy_pointcut *found;

	if (p->word == word)
		return p;
	found = p->left ? klasy_find_word(p->left, word) : NULL;
	return found || !p->right ? found : klasy_find_word(p->right, word);
}

static int __attribute__((format(printf, 3, 4))) refuse(const struct klasy_source *s, struct klasy_place place,
							const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%u:%u: ", s->b->aspect, place.line, place.column);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return LKST_EXIT_FAILED;
}

/* ---- instructions ---- */

static bool listed(const char *name, char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!strcmp(name, list[i]))
			return true;
	}
	return false;
}

/* Is the place in one of the functions, or in one inlined there? "a in b in c" is the chain. */
static bool inside(const struct klasy_match *m, const struct klasy_words *functions)
{
	char chain[1024], *word, *state = NULL;

	if (listed(m->function, functions->at, functions->n))
		return true;
	snprintf(chain, sizeof(chain), "%s", m->inlined ? m->inlined : "");
	for (word = strtok_r(chain, " ", &state); word; word = strtok_r(NULL, " ", &state)) {
		if (listed(word, functions->at, functions->n))
			return true;
	}
	return false;
}

static bool forbidden(const struct klasy_backend *b, const char *function)
{
	size_t i;

	for (i = 0; b->never[i]; i++) {
		if (!strcmp(function, b->never[i]))
			return true;
	}
	for (i = 0; b->never_begin[i]; i++) {
		if (!strncmp(function, b->never_begin[i], strlen(b->never_begin[i])))
			return true;
	}
	return false;
}

/* Is this a place where probes can be? Counts those that are not. */
static bool wanted(struct klasy_source *s, const struct klasy_match *m)
{
	const char *section = klasy_object_section(s->object, m->pc);

	if (s->b->within.n && !inside(m, &s->b->within)) {
		s->outside++;
		return false;
	}
	if (!section || !strncmp(section, ".init", 5) || !strncmp(section, ".exit", 5)) {
		s->init++;
		return false;
	}
	if (inside(m, &s->b->denied) || forbidden(s->backend, m->function)) {
		s->denied++;
		return false;
	}
	return true;
}

/* ---- what an advice binds ---- */

static int gather_bound(const struct klasy_source *s, const struct klasy_pointcut *p, struct klasy_bound *b)
{
	int status = LKST_EXIT_DONE;

	switch (p->word) {
	case KLASY_LOCAL_VAR:
	case KLASY_ARGUMENT:
		if (b->n == KLASY_MAX_BOUND)
			return refuse(s, p->place, "more than %d names of local_var and argument in one advice",
				      KLASY_MAX_BOUND);
		b->by[b->n++] = p;
		break;
	case KLASY_WITHIN_FUNCTION:
		klasy_add_word(&b->within, p->name);
		break;
	case KLASY_NOT:
		return status;
	default:
		break;
	}
	if (p->left)
		status = gather_bound(s, p->left, b);
	if (!status && p->right)
		status = gather_bound(s, p->right, b);
	return status;
}

static const char *variable(const struct klasy_pointcut *p)
{
	return p->what ? p->what : p->name;
}

static const char *word_of(const struct klasy_pointcut *p)
{
	return p->word == KLASY_ARGUMENT ? "argument" : "local_var";
}

/* The name has one type in the body: pointers to different things are void *, other things must be the same. */
static int one_type(const struct klasy_source *s, struct klasy_bound *b, size_t i, const char *type, bool pointer)
{
	char *known = b->type[i];

	if (!*known) {
		strcpy(known, type);
		return LKST_EXIT_DONE;
	}
	if (!strcmp(known, type))
		return LKST_EXIT_DONE;
	if (!pointer || known[strlen(known) - 1] != '*')
		return refuse(s, b->by[i]->place, "%s(%s) is of type %s at one place and %s at another: one advice for "
			      "each, by within_function", word_of(b->by[i]), variable(b->by[i]), known, type);
	strcpy(known, "void *");
	return LKST_EXIT_DONE;
}

/* Where names are not known: how often, why, and one place of each kind. */
struct unknown {
	const struct klasy_pointcut *by;
	unsigned long places;
	struct { unsigned long n; const struct klasy_match *first; } why[KLASY_VALUE_STATES];
};

/* All names of a site; one that is not known there is counted. Returns enum lkst_exit; @p->values: NULL when not all
 * are known. */
static int bind(struct klasy_source *s, struct klasy_bound *b, struct unknown *unknown, struct klasy_planned *p)
{
	const struct klasy_match *m = p->match;
	char *entry[] = { (char *)m->function };
	struct klasy_words executed = { entry, 1 };
	int status = LKST_EXIT_DONE;
	size_t i, room;
	FILE *f = open_memstream(&p->values, &room);
	bool all = true;

	for (i = 0; f && i < b->n && !status; i++) {
		const struct klasy_pointcut *by = b->by[i];
		struct klasy_value v;

		klasy_value_find(s->object, m->pc, variable(by), by->word == KLASY_ARGUMENT,
				 m->class == KLASY_ENTRY ? &executed : &b->within, &v);
		if (v.state != KLASY_VALUE_KNOWN) {
			if (all)
				unknown[i].places++;
			all = false;
			unknown[i].by = by;
			if (!unknown[i].why[v.state].n++)
				unknown[i].why[v.state].first = m;
			continue;
		}
		fprintf(f, "\t{\n\t\tu64 value;\n\n%s\t\tbound[%zu] = value;\n\t}\n", v.code, i);
		free(v.code);
		p->regs |= v.regs;
		p->memory |= v.memory;
		if (all)
			status = one_type(s, b, i, v.type, v.pointer);
	}
	if (!f || fclose(f))
		lkst_die(LKST_EXIT_FAILED, "looking for variables: there is no more memory");
	if (!all || status) {
		free(p->values);
		p->values = NULL;
	}
	return status;
}

static int say_unknown(const struct klasy_source *s, const struct unknown *u, size_t sites)
{
	unsigned long n = 0;
	size_t i;

	for (i = 0; i < KLASY_VALUE_STATES; i++)
		n += u->why[i].n;
	fprintf(stderr, "%s:%u:%u: %s(%s) is not known at %lu of %zu places:", s->b->aspect, u->by->place.line,
		u->by->place.column, word_of(u->by), variable(u->by), n, sites);
	for (i = 0; i < KLASY_VALUE_STATES; i++) {
		if (u->why[i].n)
			fprintf(stderr, " at %lu, as %s+0x%llx, %s;", u->why[i].n, u->why[i].first->function,
				(unsigned long long)(u->why[i].first->pc - u->why[i].first->entry),
				klasy_value_reason((enum klasy_value_state)i));
	}
	fputs(" give --skip-unknown to leave these out\n", stderr);
	return LKST_EXIT_FAILED;
}

static int plan_instructions(struct klasy_source *s, size_t number)
{
	const struct klasy_matches *m = &s->matches[number];
	const struct klasy_pointcut *target = klasy_find_word(s->aspect.advice[number].pointcut, KLASY_TARGET);
	struct klasy_bound *b = &s->bound[number];
	struct unknown unknown[KLASY_MAX_BOUND] = { 0 };
	int status;
	size_t i, sites = 0;

	for (i = 0; i < m->n; i++) {
		struct klasy_planned p = { .advice = number, .match = &m->at[i] };

		if (!wanted(s, &m->at[i]))
			continue;
		/* A line has no operand that the struct's address could be computed from. */
		if (m->at[i].class == KLASY_LINE && target) {
			s->targetless++;
			continue;
		}
		sites++;
		if (b->n) {
			status = bind(s, b, unknown, &p);
			if (status)
				return status;
			if (!p.values) {
				s->unavailable++;
				continue;
			}
		}
		*klasy_add(&s->site) = p;
	}
	for (i = 0; i < b->n && !s->b->skip_unknown; i++) {
		if (unknown[i].by)
			return say_unknown(s, &unknown[i], sites);
	}
	return LKST_EXIT_DONE;
}

/* ---- events of the tracer ---- */

static const struct lkst_arg_desc *find_argument(const struct lkst_event_desc *e, const char *name)
{
	char *end;
	unsigned long n = strtoul(name, &end, 10);
	unsigned int i;

	if (!*end)
		return n < e->nr_args ? &e->arg[n] : NULL;
	for (i = 0; i < e->nr_args; i++) {
		if (!strcmp(e->arg[i].name, name))
			return &e->arg[i];
	}
	return NULL;
}

static int bind_event(struct klasy_source *s, const struct lkst_event_desc *e, struct klasy_bound *b, char **values)
{
	int status = LKST_EXIT_DONE;
	size_t i, room;
	FILE *f = open_memstream(values, &room);

	for (i = 0; f && i < b->n && !status; i++) {
		const struct klasy_pointcut *by = b->by[i];
		const struct lkst_arg_desc *a = find_argument(e, variable(by));

		if (by->word == KLASY_LOCAL_VAR)
			status = refuse(s, by->place, "local_var has no meaning for event: there is no function");
		else if (!a)
			status = refuse(s, by->place, "the event %s has no argument %s ('lkst events' lists them)",
					e->name, variable(by));
		else
			status = one_type(s, b, i, a->is_signed ? "long long" : "unsigned long long", false);
		if (status)
			break;
		fprintf(f, "\tbound[%zu] = (u64)((%s)(args[%u] >> %u << %u) >> %u);\n", i, a->is_signed ? "s64" : "u64",
			a->word, a->shift, 64 - a->bits, 64 - a->bits);
	}
	if (!f || fclose(f))
		lkst_die(LKST_EXIT_FAILED, "binding arguments: there is no more memory");
	return status;
}

static int plan_event(struct klasy_source *s, size_t number, const struct lkst_event_desc *e,
		      const struct klasy_pointcut *by)
{
	const struct klasy_advice *a = &s->aspect.advice[number];
	const struct klasy_pointcut *target = klasy_find_word(a->pointcut, KLASY_TARGET);
	char *values = NULL;
	int status;

	if (e->id == LKST_EV_KLASY_DATA)
		return refuse(s, by->place, "KLASY_DATA is what bodies record: no body can run at it");
	if (target)
		return refuse(s, target->place, "target has no meaning for event: there is no access");
	if (a->after.text)
		return refuse(s, a->after.place, "after an event cannot be woven: only <before>");
	if (s->bound[number].n) {
		status = bind_event(s, e, &s->bound[number], &values);
		if (status) {
			free(values);
			return status;
		}
	}
	*klasy_add(&s->event) = (struct klasy_planned){ .advice = number, .event = e, .values = values };
	return LKST_EXIT_DONE;
}

static int plan_events(struct klasy_source *s, size_t number)
{
	const struct klasy_matches *m = &s->matches[number];
	int status = LKST_EXIT_DONE;
	size_t i;

	for (i = 0; i < m->events && !status; i++)
		status = plan_event(s, number, m->event[i].desc, m->event[i].by);
	return status;
}

/* ---- all together ---- */

static int refuse_ask(const struct klasy_source *s, struct klasy_place place, const char *word, enum klasy_ask ask)
{
	return refuse(s, place, "%s: not for %s: %s", word, s->backend->kernels, s->backend->cannot[ask]);
}

/* Does the advice ask for what this kind of kernel does not have? */
static int check_asks(const struct klasy_source *s, const struct klasy_advice *a)
{
	const struct klasy_pointcut *local = klasy_find_word(a->pointcut, KLASY_LOCAL_VAR);
	const struct klasy_pointcut *event = klasy_find_word(a->pointcut, KLASY_EVENT);
	const char *const *cannot = s->backend->cannot;

	if (a->after.text && cannot[KLASY_ASK_AFTER])
		return refuse_ask(s, a->after.place, "<after>", KLASY_ASK_AFTER);
	if (local && cannot[KLASY_ASK_LOCAL_VAR])
		return refuse_ask(s, local->place, "local_var", KLASY_ASK_LOCAL_VAR);
	if (event && cannot[KLASY_ASK_EVENT])
		return refuse_ask(s, event->place, "event", KLASY_ASK_EVENT);
	return LKST_EXIT_DONE;
}

static int check_entries(const struct klasy_source *s, const struct klasy_advice *a, const struct klasy_matches *m)
{
	const struct klasy_pointcut *p = klasy_find_word(a->pointcut, KLASY_TARGET);
	size_t i;

	for (i = 0; i < m->n; i++) {
		if (m->at[i].class != KLASY_ENTRY)
			continue;
		if (p)
			return refuse(s, p->place, "target has no meaning for execution: there is no access");
		if (a->after.text)
			return refuse(s, a->after.place, "after an execution cannot be woven: only <before>");
	}
	return LKST_EXIT_DONE;
}

static int check_count(const struct klasy_source *s)
{
	if (!s->site.n && !s->event.n) {
		lkst_warn("weaving %s: no place is left: %lu run at boot only, %lu are denied, %lu not within, at %lu "
			  "a name is not known, %lu are lines, where nothing tells the target", s->b->aspect, s->init,
			  s->denied, s->outside, s->unavailable, s->targetless);
		return LKST_EXIT_FAILED;
	}
	if (s->site.n > s->b->max_sites) {
		lkst_warn("weaving %s: it selects %zu instructions, the limit is %lu: give --within or --max-sites",
			  s->b->aspect, s->site.n, s->b->max_sites);
		return LKST_EXIT_FAILED;
	}
	return LKST_EXIT_DONE;
}

int klasy_plan(struct klasy_source *s)
{
	unsigned long n = 0;
	size_t i;
	int status;

	s->matches = lkst_xmalloc(s->aspect.advices * sizeof(*s->matches));
	s->bound = lkst_xmalloc(s->aspect.advices * sizeof(*s->bound));
	for (i = 0; i < s->aspect.advices; i++) {
		const struct klasy_advice *a = &s->aspect.advice[i];

		status = check_asks(s, a);
		if (status)
			return status;
		if (klasy_match(s->db, &s->aspect, a, &s->matches[i]))
			return LKST_EXIT_FAILED;
		if (s->tree)
			klasy_points_add(s->db, s->tree, s->object, a, &s->matches[i], s->b->lines);
		if (klasy_unknown_variables(klasy_object_path(s->object), &s->aspect, a->pointcut, &s->matches[i]))
			return LKST_EXIT_FAILED;
		status = check_entries(s, a, &s->matches[i]);
		if (!status)
			status = gather_bound(s, a->pointcut, &s->bound[i]);
		if (!status)
			status = plan_instructions(s, i);
		if (!status)
			status = plan_events(s, i);
		if (status)
			return status;
		n += s->matches[i].n;
	}
	if (!n && !s->event.n) {
		lkst_warn("weaving %s: it selects no instruction", s->b->aspect);
		return LKST_EXIT_FAILED;
	}
	return check_count(s);
}

void klasy_plan_free(struct klasy_source *s)
{
	size_t i;

	for (i = 0; i < s->site.n; i++)
		free(s->site.at[i].values);
	for (i = 0; i < s->event.n; i++)
		free(s->event.at[i].values);
	free(s->site.at);
	free(s->event.at);
	for (i = 0; i < s->aspect.advices; i++) {
		if (s->matches && s->matches[i].p)
			klasy_matches_free(&s->matches[i]);
		if (s->bound)
			free(s->bound[i].within.at);
	}
	free(s->matches);
	free(s->bound);
}
