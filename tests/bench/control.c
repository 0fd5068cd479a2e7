// SPDX-License-Identifier: GPL-2.0-only
/*
 * control.c - switches LKST on and off for the guest bench, by ioctl(2) alone: nothing of the commands is in what is measured.
 *
 *	control record EVENT...		record these and nothing else
 *	control count EVENT...		count them instead
 *	control hits			prints what was counted since the module came: EVENT COUNT
 *	control names [RDEFAULT]	prints the events that this kernel has: all, or those of RDEFAULT
 *	control nothing run|stop	RNOTHING selected; recording started, or not
 *	control stop
 *	control stored			prints: stored lost state
 *	control probe SYMBOL OFFSET	prints the probe's number
 *	control unprobe NUMBER
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <lkst/event.h>
#include <lkst/ioctl.h>

static int device;

static void fail(const char *what)
{
	fprintf(stderr, "control: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void ask(unsigned long request, void *arg, const char *what)
{
	if (ioctl(device, request, arg))
		fail(what);
}

#define LKST_EVENT(id, NAME, group, set, args, stock, hook26, hook24, meaning)	{ id, #NAME, #group, #set },
static const struct {
	unsigned int id;
	const char *name;
	const char *group, *set;
} events[] = {
#include <lkst/events.def>
};
#undef LKST_EVENT

static unsigned int event_id(const char *name)
{
	unsigned int i;

	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (!strcmp(name, events[i].name))
			return events[i].id;
	errno = ENOENT;
	fail(name);
	return 0;
}

static int must_be_attached(unsigned int id)
{
	struct lkst_event_state state = { .id = id };

	ask(LKST_IOC_EVENT_NEXT, &state, "asking for an event");
	if (state.id == id && (state.flags & LKST_EVENT_ATTACHED))
		return 0;
	fprintf(stderr, "control: recording event %#x: it is not attached: %s\n", id, state.reason);
	return 1;
}

static int record(char **names, lkst_u8 handler)
{
	static struct lkst_maskset set = { .id = LKST_ANY_ID, .name = "bench" };
	char **name;
	int bad = 0;

	memset(set.handler, LKST_HANDLER_NONE, sizeof(set.handler));
	for (name = names; *name; name++)
		set.handler[event_id(*name)] = handler;
	ask(LKST_IOC_MASKSET_WRITE, &set, "writing the maskset");
	ask(LKST_IOC_MASKSET_SELECT, &set.id, "selecting the maskset");
	ask(LKST_IOC_START, NULL, "starting");
	for (name = names; *name; name++)
		if (event_id(*name) != LKST_EV_LKST_PROBE)
			bad |= must_be_attached(event_id(*name));
	return bad;
}

/* The state of events[i]. */
static struct lkst_event_state state_of(unsigned int i)
{
	struct lkst_event_state state = { .id = events[i].id };

	ask(LKST_IOC_EVENT_NEXT, &state, "asking for an event");
	return state;
}

static int hits(void)
{
	struct lkst_event_state state;
	unsigned int i;

	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		state = state_of(i);
		if (state.hits)
			printf("%s %llu\n", events[i].name, state.hits);
	}
	return 0;
}

/* What comes from the core has no place in the kernel. */
static int print_names(const char *set)
{
	struct lkst_event_state state;
	unsigned int i;

	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		state = state_of(i);
		if ((state.flags & LKST_EVENT_AVAILABLE) && strcmp(events[i].group, "LKST") &&
		    (!set || !strcmp(set, events[i].set)))
			printf("%s\n", events[i].name);
	}
	return 0;
}

/* The maskset this program wrote goes, so that the next one can be written. */
static int stop(void)
{
	static struct lkst_maskset set;
	lkst_u32 id = LKST_MASKSET_RNOTHING;

	ask(LKST_IOC_STOP, NULL, "stopping");
	ask(LKST_IOC_MASKSET_SELECT, &id, "selecting RNOTHING");
	for (; !ioctl(device, LKST_IOC_MASKSET_NEXT, &set); set.id++)
		if (!strcmp(set.name, "bench"))
			ask(LKST_IOC_MASKSET_DELETE, &set.id, "deleting the maskset");
	return 0;
}

static int nothing(int run)
{
	lkst_u32 id = LKST_MASKSET_RNOTHING;

	ask(LKST_IOC_MASKSET_SELECT, &id, "selecting RNOTHING");
	ask(run ? LKST_IOC_START : LKST_IOC_STOP, NULL, "starting or stopping");
	return 0;
}

static int stored(void)
{
	struct lkst_cpu_stats stats = { .cpu = 0 };
	struct lkst_info info;

	ask(LKST_IOC_INFO, &info, "asking how it is");
	stats.buffer = info.buffer;
	ask(LKST_IOC_CPU_STATS, &stats, "asking for the accounts");
	printf("%llu %llu %s\n", stats.stored, stats.lost, info.state == LKST_RUNNING ? "running" : info.reason);
	return 0;
}

static int probe(const char *symbol, const char *offset)
{
	struct lkst_probe_info info = { .offset = strtoul(offset, NULL, 0) };

	snprintf(info.symbol, sizeof(info.symbol), "%s", symbol);
	ask(LKST_IOC_PROBE_ADD, &info, "adding the probe");
	printf("%u\n", info.id);
	return 0;
}

static int unprobe(const char *number)
{
	lkst_u32 id = strtoul(number, NULL, 0);

	ask(LKST_IOC_PROBE_DEL, &id, "removing the probe");
	return 0;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	device = open(LKST_DEVICE, O_RDWR);
	if (device < 0)
		fail("opening " LKST_DEVICE);
	if (!strcmp(verb, "record") && argc > 2)
		return record(argv + 2, LKST_HANDLER_RECORD);
	if (!strcmp(verb, "count") && argc > 2)
		return record(argv + 2, LKST_HANDLER_COUNT);
	if (!strcmp(verb, "hits"))
		return hits();
	if (!strcmp(verb, "names") && argc <= 3)
		return print_names(argc == 3 ? argv[2] : NULL);
	if (!strcmp(verb, "nothing") && argc == 3)
		return nothing(!strcmp(argv[2], "run"));
	if (!strcmp(verb, "stop"))
		return stop();
	if (!strcmp(verb, "stored"))
		return stored();
	if (!strcmp(verb, "probe") && argc == 4)
		return probe(argv[2], argv[3]);
	if (!strcmp(verb, "unprobe") && argc == 3)
		return unprobe(argv[2]);
	fprintf(stderr, "control: reading the arguments: unknown request '%s'\n", verb);
	return 2;
}
