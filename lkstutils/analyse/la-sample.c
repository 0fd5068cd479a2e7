// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-sample.c - what becomes of a sample: chosen or not, counted in its group, listed, drawn.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli.h"
#include "la.h"
#include "pieces.h"

/* When there are more groups than MOST, all but the KEPT greatest are counted together. */
#define MOST_GROUPS	16384
#define KEPT_GROUPS	10000
#define MAX_ANCESTORS	64
#define MAX_MATCHES	65536	/* of names with -k that are remembered */

static int in_window(const struct la *la, lkst_u64 ns)
{
	return !la->opt.has_window || (ns >= la->opt.from && ns - la->opt.from < la->opt.duration);
}

/* A pid given is that of a thread or of its process, or with --children of one that it comes from. */
static int is_pid(const struct la *la, lkst_u32 pid)
{
	const struct lkst_task *task;
	unsigned int up;

	if (!la->opt.has_pid || pid == la->opt.pid)
		return 1;
	/* A torn file may make somebody his own ancestor. */
	for (up = 0; up < MAX_ANCESTORS && (task = lkst_task(&la->trace->names, pid)); up++) {
		if (task->tgid == la->opt.pid || (up && pid == la->opt.pid))
			return 1;
		if (!la->opt.children)
			return 0;
		pid = task->ppid;
	}
	return 0;
}

/* The name of a sample's key, or of an event. */
static const char *name_of(struct la *la, lkst_u64 key, char *text)
{
	const struct lkst_event_desc *desc;

	if (la->measure->value != LA_OWN)
		return la_key_name(la, key, text);
	desc = lkst_trace_event_desc(la->trace, (unsigned int)key);
	return desc ? desc->name : "?";
}

/* A number, major:minor for disks; events keep theirs with a mark when this program does not know them. */
static int is_number(const struct la *la, lkst_u64 key, const char *word)
{
	unsigned int major, minor, n = 0;
	lkst_u64 number;
	char *end;

	if (la->measure->key == LA_KEY_DEV && sscanf(word, "%u:%u%n", &major, &minor, &n) == 2 && !word[n])
		return key == ((lkst_u64)major << 20 | minor);
	number = strtoull(word, &end, 0);
	return *word && !*end && number == (la->measure->value == LA_OWN ? key & (LKST_NR_EVENTS - 1) : key);
}

/* Names of events are read as 'lkst record -e' reads them: in small letters, or the group. */
static int is_event(const struct la *la, lkst_u64 key, const char *word)
{
	const struct lkst_event_desc *desc = lkst_trace_event_desc(la->trace, (unsigned int)key);

	return desc && (!strcasecmp(desc->name, word) || !strcasecmp(lkst_group_name(desc->group), word));
}

/* One word of -k after the other, to @word of LA_NAME bytes; *@at is NULL at first. Returns whether there is one. */
static int next_word(const struct la *la, const char **at, char *word)
{
	const char *p = !*at ? la->opt.key : **at ? *at + 1 : NULL;
	size_t length;

	if (!p)
		return 0;
	length = strcspn(p, ",");
	snprintf(word, LA_NAME, "%.*s", (int)length, p);
	*at = p + length;
	return 1;
}

#define WORD_BIT(i)	((i) < 64 ? 1ULL << (i) : 0)

static int is_wanted(struct la *la, lkst_u64 key)
{
	int own = la->measure->value == LA_OWN, wanted = 0;
	char text[LA_NAME], word[LA_NAME];
	const char *name = own ? "" : name_of(la, key, text), *at = NULL;
	unsigned int i;

	/* A name may have a comma itself. */
	if (!strcmp(name, la->opt.key)) {
		la->words_seen = ~0ULL;
		return 1;
	}
	for (i = 0; next_word(la, &at, word); i++) {
		if (!is_number(la, key, word) && (own ? !is_event(la, key, word) : strcmp(name, word)))
			continue;
		la->words_seen |= WORD_BIT(i);
		wanted = 1;
	}
	return wanted;
}

static int is_key(struct la *la, lkst_u64 key)
{
	lkst_u64 *known;
	int is_new;

	if (!la->opt.has_key || la->measure->takes_key)
		return 1;
	if (la->key_match.count >= MAX_MATCHES && !lkst_map_find(&la->key_match, key))
		return is_wanted(la, key);
	known = lkst_map_add(&la->key_match, key, &is_new);
	if (is_new || la->measure->key == LA_KEY_PID)	/* tasks change their names */
		*known = (lkst_u64)is_wanted(la, key);
	return (int)*known;
}

static int passes(const struct la *la, lkst_u64 ns, lkst_u32 cpu, lkst_u32 pid)
{
	return in_window(la, ns) && (!la->opt.has_cpu || cpu == la->opt.cpu) && is_pid(la, pid);
}

static int chosen(struct la *la, lkst_u64 key, lkst_u64 ns, lkst_u32 cpu, lkst_u32 pid)
{
	la->offered++;
	if (!is_key(la, key))
		return 0;
	la->key_seen = 1;
	if (!passes(la, ns, cpu, pid))
		return 0;
	la->samples++;
	return 1;
}

int la_event_chosen(struct la *la, const struct lkst_event *event)
{
	return chosen(la, event->id, event->ns, event->cpu, event->pid);
}

/* Whether the trace has that name for something, be it that it did nothing; a number may stand for anything. */
static int is_known(struct la *la, const char *word)
{
	const struct lkst_names *names = &la->trace->names;
	const struct lkst_map *map = NULL;
	int nets = la->measure->key == LA_KEY_NET;
	char text[LA_NAME], *end;
	lkst_u64 key, few = 0;
	size_t i;

	strtoull(word, &end, 0);
	if (*word && (!*end || (la->measure->key == LA_KEY_DEV && *end == ':')))
		return 1;
	if (la->measure->value == LA_OWN) {
		for (key = 0; key < LKST_NR_EVENTS; key++)
			if (is_event(la, key, word))
				return 1;
		return 0;
	}
	switch (la->measure->key) {
	case LA_KEY_SYSCALL:
		map = &names->syscalls;
		break;
	case LA_KEY_PID:
		map = &names->tasks;
		break;
	case LA_KEY_IRQ:
		map = &names->irqs;
		break;
	case LA_KEY_DEV:
		map = &names->blocks;
		break;
	case LA_KEY_NET:
		map = &names->nets;
		break;
	case LA_KEY_SOFTIRQ:
	case LA_KEY_LABEL:
		few = 32;
		break;
	default:
		break;
	}
	for (key = 0; key < few; key++)
		if (!strcmp(la_key_name(la, key, text), word))
			return 1;
	for (i = 0; map && i < map->size; i++)
		for (key = map->slot[i].key << nets; map->used[i] && key <= (map->slot[i].key << nets | nets); key++)
			if (!strcmp(la_key_name(la, key, text), word))
				return 1;
	return 0;
}

/*
 * Says which words of -k nothing had, and the names of what there was: those that are near, else as many as there is
 * room for. Returns LKST_EXIT_USAGE when one of the words names nothing at all.
 */
static enum lkst_exit say_no_keys(struct la *la)
{
	char near[256] = "", all[256] = "", none[256] = "", text[LA_NAME], word[LA_NAME];
	enum lkst_exit status = LKST_EXIT_DONE;
	const char *name, *at = NULL;
	unsigned int w;
	size_t i;

	for (w = 0; next_word(la, &at, word); w++) {
		if (!WORD_BIT(w) || la->words_seen & WORD_BIT(w))
			continue;
		lkst_add_word(none, sizeof(none), word);
		if (!is_known(la, word))
			status = LKST_EXIT_USAGE;
		for (i = 0; i < la->key_match.size; i++) {
			if (!la->key_match.used[i])
				continue;
			name = name_of(la, la->key_match.slot[i].key, text);
			lkst_add_word(all, sizeof(all), name);
			lkst_add_near(near, sizeof(near), word, name);
		}
	}
	if (*near && *none)
		lkst_warn("%s: nothing in the trace has the key '%s' (did you mean %s?)", la->measure->name, none,
			  near);
	else if (*none)
		lkst_warn("%s: nothing in the trace has the key '%s' (there are %s)", la->measure->name, none, all);
	return status;
}

/* Was everything to be recorded? Then it did not happen, or has no source in that kernel. */
static int all_were_wanted(const struct la *la)
{
	const struct lkst_comment *c;

	for (c = la->trace->names.comments; c; c = c->next)
		if (!strcmp(c->key, "maskset"))
			return !strcmp(c->value, "RALL");
	return 0;
}

int la_nothing_there(const struct la *la)
{
	const lkst_u16 *id = la->measure->needs;
	int is_default = 1;
	char names[512];
	size_t n = 0;

	if (!*id)
		return 0;
	for (; *id; id++) {
		if (la->trace->class[*id].seen)
			return 0;
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s", n ? ", " : "", lkst_event_by_id(*id)->name);
		is_default &= lkst_event_by_id(*id)->rdefault;
	}
	if (*la->measure->needs == LKST_EV_KLASY_DATA)
		lkst_warn("%s: the trace has none of the events it needs, %s (weave an aspect that stores data, see "
			  "klasy(1), and record them)", la->measure->name, names);
	else if (all_were_wanted(la))
		lkst_warn("%s: the trace has none of the events it needs, %s, and all events were to be recorded "
			  "(none happened, or not in the process of -p, or that kernel has none: "
			  "'lkst events --source' there tells)",
			  la->measure->name, names);
	else
		lkst_warn("%s: the trace has none of the events it needs, %s (record with 'lkst record -m %s', or "
			  "with a maskset of your own that has them)", la->measure->name, names,
			  is_default ? "RDEFAULT" : "RALL");
	return 1;
}

enum lkst_exit la_chosen(struct la *la)
{
	const struct la_options *opt = &la->opt;
	enum lkst_exit status = LKST_EXIT_DONE;

	/* Nothing is in there where -k was not for this reading. */
	if (la->key_match.count)
		status = say_no_keys(la);
	if (la->samples || (!la->offered && la->measure->value == LA_OWN))
		return status;
	if (!la->offered)
		lkst_warn("%s: the trace has events for it, but not one pair or change of them to measure",
			  la->measure->name);
	else if (!opt->has_key || la->key_seen)
		lkst_warn("%s: there are %llu %s, and none of them passes%s%s%s%s", la->measure->name, la->offered,
			  la->measure->value == LA_OWN ? "events" : "samples", opt->has_key ? " -k" : "",
			  opt->has_window ? " -t" : "", opt->has_pid ? " -p" : "", opt->has_cpu ? " -c" : "");
	return status == LKST_EXIT_DONE ? LKST_EXIT_FAILED : status;
}

/* A thread whose process is not known counts as one. */
static lkst_u32 process_of(const struct la *la, lkst_u32 pid)
{
	const struct lkst_task *task = lkst_task(&la->trace->names, pid);

	return task && task->tgid ? task->tgid : pid;
}

struct la_id la_group_id(const struct la *la, const struct la_sample *sample)
{
	struct la_id id = { 0 };

	if (la->opt.by & LA_BY_KEY)
		id.key = sample->key;
	if (la->opt.by & LA_BY_PID)
		id.pid = sample->pid;
	else if (la->opt.by & LA_BY_PROCESS)
		id.pid = process_of(la, sample->pid);
	if (la->opt.by & LA_BY_CPU)
		id.cpu = sample->cpu;
	if (la->opt.by & LA_BY_OBJECT)
		id.object = sample->object;
	return id;
}

static lkst_u64 *slot_of(struct la *la, const struct la_id *id)
{
	return lkst_map_add(&la->groups, lkst_hash64(id->key) + id->pid + ((lkst_u64)id->cpu << 32) +
			    lkst_hash64(id->object), NULL);
}

/* The groups with the smallest totals so far make room. One that comes again begins anew. */
static void fold(struct la *la)
{
	struct la_group **table;
	size_t count, i;
	lkst_u64 *slot;

	if (!la->others)
		la->others = lkst_piece(sizeof(*la->others));
	table = la_sorted_groups(la, &count);
	lkst_map_free(&la->groups);
	for (i = 0; i < la->nr_groups; i++) {
		if (i < KEPT_GROUPS) {
			slot = slot_of(la, &table[i]->id);
			table[i]->next = (struct la_group *)(uintptr_t)*slot;
			*slot = (uintptr_t)table[i];
			continue;
		}
		if (la->opt.by == LA_BY_KEY && table[i]->id.key < LA_FAST_KEYS)
			la->fast[table[i]->id.key] = NULL;
		/* The greatest of those that go. */
		if (i == KEPT_GROUPS)
			la->lacking += table[i]->stats.total;
		lkst_stats_merge(&la->others->stats, &table[i]->stats);
		lkst_stats_free(&table[i]->stats);
		lkst_piece_free(table[i], sizeof(*table[i]));
	}
	la->folded += la->nr_groups - KEPT_GROUPS;
	la->nr_groups = KEPT_GROUPS;
	free(table);
}

struct la_group *la_group(struct la *la, const struct la_sample *sample)
{
	struct la_id id = la_group_id(la, sample);
	struct la_group *group;
	lkst_u64 *slot = slot_of(la, &id);

	for (group = (struct la_group *)(uintptr_t)*slot; group; group = group->next)
		if (la_same_group(&group->id, &id))
			return group;
	if (la->nr_groups == MOST_GROUPS) {
		fold(la);
		slot = slot_of(la, &id);
	}
	la->nr_groups++;
	group = lkst_piece(sizeof(*group));
	group->id = id;
	group->next = (struct la_group *)(uintptr_t)*slot;
	*slot = (uintptr_t)group;
	if (la->opt.by == LA_BY_KEY && id.key < LA_FAST_KEYS) {
		la->fast[id.key] = group;
		if (la->nr_fast <= id.key)
			la->nr_fast = id.key + 1;
	}
	return group;
}

void la_add_all_late(struct la *la)
{
	unsigned int i;

	for (i = 0; i < LA_LATE; i++) {
		if (la->late[i].stats)
			lkst_stats_add(la->late[i].stats, la->late[i].value);
		la->late[i].stats = NULL;
	}
}

void la_sample_slow(struct la *la, const struct la_sample *sample)
{
	struct la_sample used = *sample;
	struct la_group *group;

	if (!chosen(la, sample->key, sample->start, sample->cpu, sample->pid))
		return;
	group = la_group(la, sample);
	if (la->quick && la->nr_groups > LA_IN_CACHE) {
		la_add_late(la, &group->stats, sample->value);
		return;
	}
	lkst_stats_add(&group->stats, sample->value);
	if (la->measure->value == LA_USES)
		used.value = group->stats.count;
	if (la->series)
		la_series_add(la, &used);
	if (la->opt.list)
		la_list_add(la, &used);
}

void la_hold_more(struct la_held *held)
{
	held->room = 2 * held->room + 512;
	held->item = lkst_xrealloc(held->item, held->room * sizeof(*held->item));
}

void la_count_held(struct la *la, const struct la_held *held)
{
	struct la_sample sample = { 0 };
	size_t i;

	for (i = 0; i < held->n; i++) {
		sample.key = held->item[i].key;
		sample.value = held->item[i].value;
		la_sample_now(la, &sample);
	}
}

void la_fall(struct la *la, lkst_u64 key, const struct lkst_event *event, lkst_u64 value)
{
	struct la_sample sample = { key, event->ns, value, event->pid, event->cpu, 0 };

	if (la->series && is_key(la, key) && passes(la, event->ns, event->cpu, event->pid))
		la_series_fall(la, &sample);
}
