// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-timeline.c - which task each CPU ran, over the whole trace, in memory that does not grow with it.
 *
 * The time is cut into slices, as many as there is room for. While a slice is the present of a CPU, the time of up to
 * PRESENT tasks is kept; when it is over, the longest stays. Switches come in the order of time on each CPU, so one
 * present is enough.
 * How long the trace is shows only at its end: when there is no room left, slices become twice as wide.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "la-timeline.h"

#define PRESENT	8	/* tasks in a slice whose time is told apart; one more takes the place of the least */

struct cpu {
	lkst_u64 since;		/* ns: up to here all is entered */
	int known;
	unsigned int task;	/* running; 0: idle */
	unsigned int slice;	/* the present one */
	struct { unsigned int task; lkst_u64 ns; } present[PRESENT];
	lkst_u64 busy, unknown;	/* ns of the present one */
};

static struct la_timeline timeline;
static struct cpu *cpus;
static struct lkst_map numbers;

struct la_timeline *la_timeline_start(const struct lkst_trace *trace, unsigned int most)
{
	struct lkst_clock *clock = (struct lkst_clock *)&trace->clock;
	lkst_u64 to = lkst_clock_ns(clock, trace->last_ticks);
	unsigned int i;

	timeline.cpus = trace->nr_cpus ? trace->nr_cpus : 1;
	timeline.slices = most / timeline.cpus;
	if (timeline.slices > 8192)
		timeline.slices = 8192;
	if (timeline.slices < 256)
		timeline.slices = 256;
	timeline.from = lkst_clock_ns(clock, trace->first_ticks);
	timeline.width = (to - timeline.from) / timeline.slices + 1;
	timeline.slice = lkst_xmalloc((unsigned long)timeline.cpus * timeline.slices * sizeof(*timeline.slice));
	cpus = lkst_xmalloc(timeline.cpus * sizeof(*cpus));
	for (i = 0; i < timeline.cpus; i++)
		cpus[i].since = timeline.from;
	timeline.task = lkst_xmalloc(sizeof(*timeline.task));
	timeline.tasks = 1;
	return &timeline;
}

void la_timeline_free(void)
{
	free(timeline.slice);
	free(timeline.task);
	free(cpus);
	lkst_map_free(&numbers);
	memset(&timeline, 0, sizeof(timeline));
}

static unsigned int number_of(lkst_u32 pid)
{
	lkst_u64 *number;
	int is_new;

	if (!pid)
		return 0;
	if (timeline.tasks > LA_TIMELINE_TASKS) {
		number = lkst_map_find(&numbers, pid);
		return number ? (unsigned int)*number : 0;
	}
	number = lkst_map_add(&numbers, pid, &is_new);
	if (is_new) {
		*number = timeline.tasks++;
		if (!(timeline.tasks & (timeline.tasks - 1)))
			timeline.task = lkst_xrealloc(timeline.task, 2UL * timeline.tasks * sizeof(*timeline.task));
		timeline.task[*number] = (struct la_timeline_task){ .pid = pid };
	}
	return (unsigned int)*number;
}

static lkst_u8 share_of(lkst_u64 ns)
{
	/* A share that there was is not 0. */
	return ns ? (lkst_u8)(1 + ns * 254 / timeline.width) : 0;
}

static void close_slice(struct cpu *cpu, struct la_slice *slice)
{
	unsigned int i, longest = 0;

	for (i = 1; i < PRESENT; i++)
		if (cpu->present[i].ns > cpu->present[longest].ns)
			longest = i;
	slice->task = (lkst_u16)cpu->present[longest].task;
	slice->share = share_of(cpu->present[longest].ns);
	slice->busy = share_of(cpu->busy);
	slice->unknown = share_of(cpu->unknown);
	memset(cpu->present, 0, sizeof(cpu->present));
	cpu->busy = cpu->unknown = 0;
}

static void add_present(struct cpu *cpu, lkst_u64 ns)
{
	unsigned int i, least = 0;

	if (!cpu->known) {
		cpu->unknown += ns;
		return;
	}
	if (!cpu->task)
		return;
	timeline.task[cpu->task].ran += ns;
	cpu->busy += ns;
	for (i = 0; i < PRESENT; i++) {
		if (cpu->present[i].task == cpu->task || !cpu->present[i].ns) {
			cpu->present[i].task = cpu->task;
			cpu->present[i].ns += ns;
			return;
		}
		if (cpu->present[i].ns < cpu->present[least].ns)
			least = i;
	}
	if (ns > cpu->present[least].ns) {
		cpu->present[least].task = cpu->task;
		cpu->present[least].ns = ns;
	}
}

static lkst_u64 ns_of(lkst_u8 share)
{
	return share * timeline.width / 255;
}

static struct la_slice joined(const struct la_slice *a, const struct la_slice *b)
{
	struct la_slice both = a->share >= b->share ? *a : *b;

	both.share = (lkst_u8)((a->task == b->task ? a->share + b->share + 1 : both.share + 1) / 2);
	both.busy = (lkst_u8)((a->busy + b->busy + 1) / 2);
	both.unknown = (lkst_u8)((a->unknown + b->unknown + 1) / 2);
	return both;
}

/* The last slice that is over becomes a part of the present one. */
static void reopen(struct cpu *cpu, const struct la_slice *last)
{
	unsigned int i;

	cpu->busy += ns_of(last->busy);
	cpu->unknown += ns_of(last->unknown);
	for (i = 0; i < PRESENT - 1 && cpu->present[i].ns && cpu->present[i].task != last->task; i++)
		;
	cpu->present[i].task = last->task;
	cpu->present[i].ns += ns_of(last->share);
}

static void widen(void)
{
	unsigned int n, i;

	for (n = 0; n < timeline.cpus; n++) {
		struct la_slice *slice = timeline.slice + (unsigned long)n * timeline.slices;
		struct cpu *cpu = &cpus[n];

		for (i = 0; i < cpu->slice / 2; i++)
			slice[i] = joined(&slice[2 * i], &slice[2 * i + 1]);
		if (cpu->slice & 1)
			reopen(cpu, &slice[cpu->slice - 1]);
		memset(slice + i, 0, (timeline.slices - i) * sizeof(*slice));
		cpu->slice /= 2;
	}
	timeline.width *= 2;
}

/* Enter what a CPU did up to @ns. */
static void advance(unsigned int n, lkst_u64 ns)
{
	struct la_slice *slice = timeline.slice + (unsigned long)n * timeline.slices;
	struct cpu *cpu = &cpus[n];
	lkst_u64 end;

	while (ns > timeline.from && (ns - timeline.from) / timeline.width >= timeline.slices)
		widen();
	while (cpu->since < ns) {
		end = timeline.from + (cpu->slice + 1) * timeline.width;
		if (ns < end) {
			add_present(cpu, ns - cpu->since);
			cpu->since = ns;
			break;
		}
		add_present(cpu, end - cpu->since);
		cpu->since = end;
		close_slice(cpu, slice + cpu->slice++);
	}
}

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	const union lkst_args_PROCESS_CONTEXTSWITCH *to;
	struct cpu *cpu;

	(void)la;
	for (; n--; event++) {
		if (event->cpu >= timeline.cpus)
			continue;
		to = (const union lkst_args_PROCESS_CONTEXTSWITCH *)event->arg;
		cpu = &cpus[event->cpu];
		/* The first switch tells who ran before it. */
		if (!cpu->known && cpu->since == timeline.from) {
			cpu->known = 1;
			cpu->task = number_of(event->pid);
		}
		advance(event->cpu, event->ns);
		cpu->known = 1;
		cpu->task = number_of((lkst_u32)to->a.next_pid);
		timeline.task[cpu->task].switches++;
	}
}

static void end(struct la *la)
{
	lkst_u64 to = lkst_clock_ns(&la->trace->clock, la->trace->last_event);
	unsigned int i;

	timeline.used = 0;
	for (i = 0; i < timeline.cpus; i++) {
		advance(i, to);
		close_slice(&cpus[i], timeline.slice + (unsigned long)i * timeline.slices + cpus[i].slice++);
		if (cpus[i].slice > timeline.used)
			timeline.used = cpus[i].slice;
	}
}

const struct la_measure la_timeline_measure = {
	.name = "timeline",
	.what = "which task each CPU ran",
	.value = LA_OWN,
	.needs = { LKST_EV_PROCESS_CONTEXTSWITCH },
	.batch = batch,
	.end = end,
};
