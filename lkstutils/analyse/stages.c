// SPDX-License-Identifier: GPL-2.0-only
/*
 * stages.c - time that objects take from function to function, as the bodies of an aspect met them: a packet on its
 * way through the kernel.
 *
 * A function is a stage from where an object is first met in it up to where it is first met in the next one; when it
 * comes back, that changes nothing. Addresses are used again: in the first function of all a new way begins, when
 * the object comes from another one or is met at the same instruction again.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "la.h"

#define MAX_FUNCTIONS	256
#define MAX_STAGES	4096
#define MAX_WAYS	65536	/* at a time; 4 MB */

struct function {
	const char *name;	/* of the symbol, up to a dot: parts of a function are the function */
	size_t length;
};

struct way {
	lkst_u64 ns;		/* when the function was entered that it is in */
	lkst_u64 place;		/* where it began */
	lkst_u32 pid, number;
	lkst_u16 cpu, in;
	lkst_u64 been[MAX_FUNCTIONS / 64];
};

struct stage {
	lkst_u16 from, to;
	lkst_u64 count, total;	/* of those that were chosen */
};

struct own {
	struct function function[MAX_FUNCTIONS];
	unsigned int functions;
	unsigned int first;		/* + 1: where ways begin */
	struct lkst_map places;		/* address -> function + 1; 0: none that counts */
	struct lkst_map stages;		/* from and to -> stage + 1 */
	struct stage stage[MAX_STAGES];
	unsigned int nr_stages;
	struct lkst_map objects;	/* address -> way + 1 */
	struct way *way;
	lkst_u32 ways, numbers;
	lkst_u64 rest[LKST_MAX_CPUS];	/* values of a run that the next record of the CPU has */
};

/* Returns + 1. */
static unsigned int find_function(struct la *la, const char *name)
{
	struct own *own = la->own;
	size_t length = strcspn(name, ".");
	unsigned int i;

	for (i = 0; i < own->functions; i++)
		if (own->function[i].length == length && !strncmp(own->function[i].name, name, length))
			return i + 1;
	/* Those of -k are there from the beginning. */
	if (la->opt.has_key || own->functions == MAX_FUNCTIONS)
		return 0;
	own->function[own->functions++] = (struct function){ name, length };
	return own->functions;
}

static unsigned int function_at(struct la *la, lkst_u64 place)
{
	struct own *own = la->own;
	const struct lkst_symbol *symbol;
	lkst_u64 *known;
	int is_new;

	known = lkst_map_add(&own->places, place, &is_new);
	if (is_new) {
		symbol = lkst_symbols_find(&la->trace->names.symbols, place);
		*known = symbol ? find_function(la, symbol->name) : 0;
	}
	return (unsigned int)*known;
}

/* Returns + 1; 0 when there are too many. */
static unsigned int stage_of(struct own *own, unsigned int from, unsigned int to)
{
	int is_new;
	lkst_u64 *known = lkst_map_add(&own->stages, from << 16 | to, &is_new);

	if (is_new && own->nr_stages < MAX_STAGES) {
		own->stage[own->nr_stages] = (struct stage){ .from = (lkst_u16)from, .to = (lkst_u16)to };
		*known = ++own->nr_stages;
	}
	return (unsigned int)*known;
}

static void forget(struct own *own)
{
	lkst_map_free(&own->objects);
	own->ways = 0;
}

/* NULL: it is on no way. */
static struct way *way_of(struct la *la, lkst_u64 object, int begins)
{
	struct own *own = la->own;
	lkst_u64 *known = lkst_map_find(&own->objects, object);

	if (known || !begins)
		return known ? &own->way[*known - 1] : NULL;
	if (own->ways == MAX_WAYS) {
		la->pairs.evicted += own->ways;
		forget(own);
	}
	*lkst_map_add(&own->objects, object, NULL) = ++own->ways;
	own->way[own->ways - 1].number = 0;
	return &own->way[own->ways - 1];
}

static void pass(struct la *la, const struct lkst_event *event, struct way *way, unsigned int to)
{
	struct own *own = la->own;
	unsigned int number = stage_of(own, way->in, to);
	struct la_sample sample = { number, way->ns, event->ns - way->ns, way->pid, way->cpu, way->number };
	lkst_u64 before = la->samples;

	if (!number) {
		la->pairs.evicted++;
		return;
	}
	la_sample_slow(la, &sample);
	if (la->samples != before) {
		own->stage[number - 1].count++;
		own->stage[number - 1].total += sample.value;
	}
}

/* Does it change where the object is? */
static int is_new(const struct way *way, const struct own *own, unsigned int function, lkst_u64 place)
{
	if (!way->number)
		return 1;
	if (function + 1 == own->first)
		return way->in != function || way->place == place;
	return !(way->been[function / 64] >> function % 64 & 1);
}

static void meet(struct la *la, const struct lkst_event *event, lkst_u64 object, unsigned int function, lkst_u64 place)
{
	struct own *own = la->own;
	struct way *way;

	if (!own->first)
		own->first = function + 1;
	way = way_of(la, object, function + 1 == own->first);
	if (!way || !is_new(way, own, function, place))
		return;
	if (function + 1 == own->first)
		*way = (struct way){ .place = place, .number = ++own->numbers };
	else
		pass(la, event, way, function);
	way->ns = event->ns;
	way->pid = event->pid;
	way->cpu = (lkst_u16)event->cpu;
	way->in = (lkst_u16)function;
	way->been[function / 64] |= 1ULL << function % 64;
	/* At the last one of -k the way is over, whatever the address is used for next. */
	if (la->opt.has_key && function + 1 == own->functions)
		memset(way->been, 0xff, sizeof(way->been));
}

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	const union lkst_args_KLASY_DATA *run;
	struct own *own = la->own;
	lkst_u64 place, *rest;
	unsigned int function;
	int has_place, follows;

	for (; n--; event++) {
		run = (const union lkst_args_KLASY_DATA *)event->arg;
		place = (lkst_u64)run->a.ip;
		rest = &own->rest[event->cpu];
		follows = *rest && run->a.values == *rest;
		*rest = run->a.values > 4 ? run->a.values - 4 : 0;
		has_place = run->a.value0 == place;
		if (follows || run->a.values < 1U + has_place)
			continue;
		function = function_at(la, place);
		if (function)
			meet(la, event, has_place ? run->a.value1 : run->a.value0, function - 1, place);
	}
}

static void start(struct la *la)
{
	struct own *own = lkst_xmalloc(sizeof(*own));
	const char *word = la->opt.key;

	la->own = own;
	own->way = lkst_xmalloc(MAX_WAYS * sizeof(*own->way));
	for (; la->opt.has_key && own->functions < MAX_FUNCTIONS; word++) {
		own->function[own->functions++] = (struct function){ word, strcspn(word, ",") };
		word += strcspn(word, ",");
		if (!*word)
			break;
	}
	own->first = la->opt.has_key;
}

static void loss(struct la *la, const struct lkst_event *event)
{
	struct own *own = la->own;

	la->pairs.cut += own->ways;
	own->rest[event->cpu] = 0;
	forget(own);
}

static const char *key_name(const struct la *la, lkst_u64 key, char *text)
{
	const struct own *own = la->own;
	const struct function *from = &own->function[own->stage[key - 1].from];
	const struct function *to = &own->function[own->stage[key - 1].to];

	snprintf(text, LA_NAME, "%.*s>%.*s", (int)(from->length < 90 ? from->length : 90), from->name,
		 (int)(to->length < 90 ? to->length : 90), to->name);
	return text;
}

/* The stage in which most of the time went by. */
static void summary(struct la *la)
{
	const struct own *own = la->own;
	const struct stage *largest = NULL;
	lkst_u64 all = 0;
	char name[LA_NAME];
	unsigned int i;

	for (i = 0; i < own->nr_stages; i++) {
		all += own->stage[i].total;
		if (!largest || own->stage[i].total > largest->total)
			largest = &own->stage[i];
	}
	if (!largest || !largest->total)
		return;
	key_name(la, (lkst_u64)(largest - own->stage) + 1, name);
	if (la->opt.json)
		printf("{\"type\":\"largest\",\"name\":\"%s\",\"share\":%.3f,\"mean\":%.3f}\n", name,
		       100.0 * (double)largest->total / (double)all, (double)largest->total / (double)largest->count);
	else
		printf("# largest gap: %s, %.1f %% of all time, %.9f s in the mean\n", name,
		       100.0 * (double)largest->total / (double)all,
		       (double)largest->total / (double)largest->count / 1e9);
}

static void end(struct la *la)
{
	struct own *own = la->own;

	free(own->way);
	own->way = NULL;
	forget(own);
	lkst_map_free(&own->places);
	lkst_map_free(&own->stages);
}

const struct la_measure la_stages = {
	.name = "stages", .what = "time of objects from stage to stage",
	.key_what = "pair of functions", .key = LA_KEY_OWN, .value = LA_TIME, .value_name = "time", .by = LA_BY_KEY,
	.objects = 1, .takes_key = 1,
	.needs = { LKST_EV_KLASY_DATA },
	.start = start, .batch = batch, .loss = loss, .end = end, .key_name = key_name, .summary = summary,
};
