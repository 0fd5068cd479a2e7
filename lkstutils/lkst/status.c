// SPDX-License-Identifier: GPL-2.0-only
/*
 * status.c - lkst status: what is being recorded, where to, and the accounts.
 */
#include <stdio.h>
#include <string.h>

#include "catalogue.h"
#include "cli.h"
#include "device.h"
#include "lkst.h"
#include "option.h"
#include "print.h"
#include "session.h"

static const char help[] =
"Usage: lkst status [OPTION...]\n"
"Says what is being recorded, whose recording it is, into which buffer, and how many records\n"
"were stored, lost, overwritten and read. Needs to be root or a member of the group 'lkst'.\n"
"\n"
"Options:\n"
"      --cpus  the accounts of each CPU\n"
"      --json  as one JSON object\n"
"  -h, --help  this text\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed, 2 usage, 4 there is no module\n"
"\n"
"EXAMPLES\n"
"  lkst status --cpus\n"
"  lkst status --json | jq .state\n";

enum { OPT_CPUS = LKST_OPT_FIRST, OPT_JSON };

static const struct option longs[] = {
	{ "cpus", no_argument, NULL, OPT_CPUS }, { "json", no_argument, NULL, OPT_JSON },
	LKST_COMMON_OPTIONS
};

struct points {
	unsigned int available, armed, attached, pending, absent;
};

static void count_points(int fd, struct points *p)
{
	struct lkst_event_state e;

	memset(p, 0, sizeof(*p));
	memset(&e, 0, sizeof(e));
	for (; !lkst_ioctl(fd, LKST_IOC_EVENT_NEXT, &e); e.id++) {
		if (!(e.flags & LKST_EVENT_AVAILABLE)) {
			p->absent += !!(e.flags & LKST_EVENT_ARMED);
			continue;
		}
		p->available++;
		p->armed += !!(e.flags & LKST_EVENT_ARMED);
		p->attached += !!(e.flags & LKST_EVENT_ATTACHED);
		p->pending += (e.flags & (LKST_EVENT_ARMED | LKST_EVENT_ATTACHED)) == LKST_EVENT_ARMED;
	}
}

static void maskset_name(int fd, lkst_u32 id, char *name)
{
	struct lkst_maskset m;

	memset(&m, 0, sizeof(m));
	m.id = id;
	if (lkst_next_maskset(fd, &m) && m.id == id)
		snprintf(name, LKST_NAME_LEN, "%.*s", LKST_NAME_LEN - 1, m.name);
}

static void sum_stats(int fd, lkst_u32 buffer, struct lkst_cpu_stats *sum)
{
	struct lkst_cpu_stats s;

	memset(&s, 0, sizeof(s));
	memset(sum, 0, sizeof(*sum));
	s.buffer = buffer;
	for (; !lkst_ioctl(fd, LKST_IOC_CPU_STATS, &s); s.cpu++) {
		sum->stored += s.stored;
		sum->lost += s.lost;
		sum->overwritten += s.overwritten;
		sum->read += s.read;
		sum->unread += s.unread;
		sum->switches += s.switches;
	}
}

static void print_row(const char *label, const struct lkst_cpu_stats *s)
{
	printf("  %-12s %12llu %12llu %12llu %12llu %12llu\n", label, s->stored, s->lost, s->overwritten, s->read,
	       s->unread);
}

static void print_buffer(int fd, const struct lkst_buffer_info *b, int cpus)
{
	struct lkst_cpu_stats s;
	char label[16];

	printf("buffer:   %u %.*s%s, %s, %u CPUs x %u x %u bytes, %u readers\n", b->id, LKST_NAME_LEN, b->name,
	       b->flags & LKST_BUFFER_SELECTED ? " (selected)" : "", lkst_mode_name(b->mode), b->nr_cpus, b->nr_subbufs,
	       b->subbuf_size, b->readers);
	printf("  %-12s %12s %12s %12s %12s %12s\n", "records", "stored", "lost", "overwritten", "read", "unread");
	memset(&s, 0, sizeof(s));
	s.buffer = b->id;
	for (; cpus && !lkst_ioctl(fd, LKST_IOC_CPU_STATS, &s); s.cpu++) {
		snprintf(label, sizeof(label), "cpu %u", s.cpu);
		print_row(label, &s);
	}
	sum_stats(fd, b->id, &s);
	print_row("all", &s);
}

static void print_owner(int fd, const struct lkst_info *info)
{
	lkst_u32 pid = lkst_session_owner(fd);

	if (pid)
		printf("owner:    process %u: recording ends with it\n", pid);
	else if (info->state == LKST_RUNNING)
		printf("owner:    none: recording goes on until 'lkst stop'\n");
}

static void print_text(int fd, const struct lkst_info *info, const struct points *p, int cpus)
{
	char name[LKST_NAME_LEN] = "?";
	struct lkst_buffer_info b;

	maskset_name(fd, info->maskset, name);
	printf("state:    %s%s%.*s%s\n", lkst_state_name(info->state), *info->reason ? " (" : "", LKST_REASON_LEN,
	       info->reason,
	       *info->reason ? ")" : "");
	print_owner(fd, info);
	printf("maskset:  %u %s\n", info->maskset, name);
	printf("events:   %u of this kernel, %u armed, %u attached, %u pending", p->available, p->armed, p->attached,
	       p->pending);
	if (p->absent)
		printf("; %u asked for that it does not have ('lkst events' says why)", p->absent);
	putchar('\n');
	printf("clock:    %s, %llu ticks a second\n", info->clock == LKST_CLOCK_TSC ? "tsc" : "monotonic",
	       info->tick_hz);
	printf("cost:     %llu ns a record, measured when the module was loaded\n", info->cost_ns);
	if (info->buffer == LKST_ANY_ID)
		printf("buffer:   none selected\n");
	memset(&b, 0, sizeof(b));
	for (; lkst_next_buffer(fd, &b); b.id++)
		print_buffer(fd, &b, cpus);
}

static void json_stats(const struct lkst_cpu_stats *s)
{
	printf("\"stored\":%llu,\"lost\":%llu,\"overwritten\":%llu,\"read\":%llu,\"unread\":%llu", s->stored, s->lost,
	       s->overwritten, s->read, s->unread);
}

static void json_buffer(int fd, const struct lkst_buffer_info *b)
{
	struct lkst_cpu_stats s;
	const char *comma = "";

	printf("{\"id\":%u,\"name\":", b->id);
	lkst_json_string(stdout, b->name);
	printf(",\"selected\":%s,\"mode\":\"%s\",\"nr_subbufs\":%u,\"subbuf_size\":%u,\"readers\":%u,",
	       b->flags & LKST_BUFFER_SELECTED ? "true" : "false", lkst_mode_name(b->mode), b->nr_subbufs,
	       b->subbuf_size, b->readers);
	sum_stats(fd, b->id, &s);
	json_stats(&s);
	printf(",\"cpus\":[");
	memset(&s, 0, sizeof(s));
	s.buffer = b->id;
	for (; !lkst_ioctl(fd, LKST_IOC_CPU_STATS, &s); s.cpu++, comma = ",") {
		printf("%s{\"cpu\":%u,", comma, s.cpu);
		json_stats(&s);
		putchar('}');
	}
	printf("]}");
}

static void print_json(int fd, const struct lkst_info *info, const struct points *p)
{
	char name[LKST_NAME_LEN] = "?";
	struct lkst_buffer_info b;
	const char *comma = "";

	maskset_name(fd, info->maskset, name);
	printf("{\"state\":\"%s\",\"reason\":", lkst_state_name(info->state));
	lkst_json_string(stdout, info->reason);
	printf(",\"owner\":%u,\"maskset\":{\"id\":%u,\"name\":", lkst_session_owner(fd), info->maskset);
	lkst_json_string(stdout, name);
	printf("},\"events\":{\"available\":%u,\"armed\":%u,\"attached\":%u,\"pending\":%u,\"absent\":%u}",
	       p->available,
	       p->armed, p->attached, p->pending, p->absent);
	printf(",\"clock\":\"%s\",\"tick_hz\":%llu,\"cost_ns\":%llu,\"abi\":%u,\"buffers\":[",
	       info->clock == LKST_CLOCK_TSC ? "tsc" : "monotonic", info->tick_hz, info->cost_ns, info->abi);
	memset(&b, 0, sizeof(b));
	for (; lkst_next_buffer(fd, &b); b.id++, comma = ",") {
		fputs(comma, stdout);
		json_buffer(fd, &b);
	}
	printf("]}\n");
}

int lkst_cmd_status(int argc, char **argv)
{
	int c, fd, cpus = 0, json = 0;
	struct lkst_info info;
	struct points points;

	while ((c = lkst_option(argc, argv, ":h", longs, help)) != -1)
		*(c == OPT_CPUS ? &cpus : &json) = 1;
	lkst_no_more(argc, argv);
	fd = lkst_open(LKST_READ, 0);
	lkst_request(fd, LKST_IOC_INFO, &info, "asking the module for its state");
	info.reason[LKST_REASON_LEN - 1] = 0;
	count_points(fd, &points);
	if (json)
		print_json(fd, &info, &points);
	else
		print_text(fd, &info, &points, cpus);
	return LKST_EXIT_DONE;
}
