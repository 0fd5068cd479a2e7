// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-sample.c - what becomes of a sample: chosen or not, counted in its group, listed, drawn.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "la.h"

#define MAX_GROUPS	65536	/* further ones are counted together */

static int in_window(const struct la *la, lkst_u64 ns)
{
	return !la->opt.has_window || (ns >= la->opt.from && ns - la->opt.from < la->opt.duration);
}

/* A pid given is that of a thread or of its process. */
static int is_pid(const struct la *la, lkst_u32 pid)
{
	const struct lkst_task *task;

	if (!la->opt.has_pid || pid == la->opt.pid)
		return 1;
	task = lkst_task(&la->trace->names, pid);
	return task && task->tgid == la->opt.pid;
}

int la_event_chosen(const struct la *la, const struct lkst_event *event)
{
	return in_window(la, event->ns) && is_pid(la, event->pid) && (!la->opt.has_cpu || event->cpu == la->opt.cpu);
}

static int is_key(struct la *la, lkst_u64 key)
{
	char text[LA_NAME];
	lkst_u64 *known;
	int is_new;

	if (!la->opt.has_key)
		return 1;
	if (!la->opt.key_is_name)
		return key == la->opt.key_number;
	/* Tasks change their names. */
	if (la->measure->key == LA_KEY_PID)
		return !strcmp(la_key_name(la, key, text), la->opt.key);
	known = lkst_map_add(&la->key_match, key, &is_new);
	if (is_new)
		*known = !strcmp(la_key_name(la, key, text), la->opt.key);
	return (int)*known;
}

int la_chosen(struct la *la, const struct la_sample *sample)
{
	return in_window(la, sample->start) && (!la->opt.has_cpu || sample->cpu == la->opt.cpu) && is_pid(la, sample->pid) &&
	       is_key(la, sample->key);
}

struct la_group *la_group(struct la *la, const struct la_sample *sample)
{
	struct la_sample id = { 0 };
	struct la_group *group;
	lkst_u64 *slot;

	if (la->opt.by & LA_BY_KEY)
		id.key = sample->key;
	if (la->opt.by & LA_BY_PID)
		id.pid = sample->pid;
	if (la->opt.by & LA_BY_CPU)
		id.cpu = sample->cpu;
	slot = lkst_map_add(&la->groups, lkst_hash64(id.key) + id.pid + ((lkst_u64)id.cpu << 32), NULL);
	for (group = (struct la_group *)(uintptr_t)*slot; group; group = group->next)
		if (group->id.key == id.key && group->id.pid == id.pid && group->id.cpu == id.cpu)
			return group;
	if (la->nr_groups == MAX_GROUPS) {
		if (!la->others)
			la->others = lkst_xmalloc(sizeof(*la->others));
		return la->others;
	}
	la->nr_groups++;
	group = lkst_xmalloc(sizeof(*group));
	group->id = id;
	group->next = (struct la_group *)(uintptr_t)*slot;
	*slot = (uintptr_t)group;
	if (la->opt.by == LA_BY_KEY && id.key < LA_FAST_KEYS)
		la->fast[id.key] = group;
	return group;
}

void la_sample_slow(struct la *la, const struct la_sample *sample)
{
	struct la_sample used = *sample;
	struct la_group *group;

	if (!la_chosen(la, sample))
		return;
	la->samples++;
	group = la_group(la, sample);
	lkst_stats_add(&group->stats, sample->value);
	if (la->measure->value == LA_USES)
		used.value = group->stats.count;
	if (la->plot)
		la_plot_add(la, &used);
	if (la->opt.list)
		la_list_add(la, &used);
}
