// SPDX-License-Identifier: GPL-2.0-only
/*
 * count.c - not a measure: how many events of each kind there are, by CPU.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "la.h"

#define COLUMNS		64	/* CPUs shown one by one */

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	for (; n--; event++)
		if (la_event_chosen(la, event))
			++*lkst_map_add(&la->lengths, (lkst_u64)event->id << 32 | event->cpu, NULL);
}

static lkst_u64 of(const struct la *la, unsigned int id, unsigned int cpu)
{
	const lkst_u64 *count = lkst_map_find(&la->lengths, (lkst_u64)id << 32 | cpu);

	return count ? *count : 0;
}

static void name(const struct la *la, unsigned int id, char *text, size_t size)
{
	const struct lkst_event_desc *event = lkst_trace_event_desc(la->trace, id);

	if (event)
		snprintf(text, size, "%s", event->name);
	else
		snprintf(text, size, "EVENT_0x%03x", id & (LKST_NR_EVENTS - 1));
}

static void line(const struct la *la, unsigned int id, lkst_u64 total, unsigned int columns)
{
	char text[64];
	unsigned int cpu;

	name(la, id, text, sizeof(text));
	if (la->opt.json)
		printf("{\"type\":\"event\",\"id\":%u,\"name\":\"%s\",\"count\":%llu,\"by_cpu\":[",
		       id & (LKST_NR_EVENTS - 1), text,
		       total);
	else
		printf("   0x%03x %-24s %12llu", id & (LKST_NR_EVENTS - 1), text, total);
	for (cpu = 0; cpu < columns; cpu++)
		if (la->opt.json)
			printf("%s%llu", cpu ? "," : "", of(la, id, cpu));
		else
			printf(" %12llu", of(la, id, cpu));
	puts(la->opt.json ? "]}" : "");
}

static void end(struct la *la)
{
	unsigned int id, cpu, columns = la->trace->nr_cpus < COLUMNS ? la->trace->nr_cpus : COLUMNS;
	static lkst_u64 total[2 * LKST_NR_EVENTS];
	char text[16];
	size_t i;

	if (la->opt.json) {
		printf("{\"schema\":\"lkstla-1\",\"type\":\"count\",\"cpus\":%u}\n", columns);
	} else {
		printf("# lkstla count: events by name%s\n#  event %-24s %12s", columns < la->trace->nr_cpus ?
		       ", the first 64 CPUs" : "", "name", "count");
		for (cpu = 0; cpu < columns; cpu++) {
			snprintf(text, sizeof(text), "cpu%u", cpu);
			printf(" %12s", text);
		}
		putchar('\n');
	}
	for (i = 0; i < la->lengths.size; i++)
		if (la->lengths.used[i])
			total[la->lengths.slot[i].key >> 32] += la->lengths.slot[i].value;
	for (id = 0; id < 2 * LKST_NR_EVENTS; id++)
		if (total[id])
			line(la, id, total[id], columns);
	if (!la->opt.json)
		printf("# %llu events\n", la->samples);
	lkst_map_free(&la->lengths);
}

const struct la_measure la_count = {
	.name = "count", .what = "events by name and CPU", .key_what = "none", .value = LA_OWN, .value_name = "events",
	.batch = batch, .end = end,
};
