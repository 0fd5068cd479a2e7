// SPDX-License-Identifier: GPL-2.0-only
/*
 * live.c - lkst live: prints records as they come, in the order of their times over all CPUs.
 *
 * Each round asks for the time, closes the sub-buffers in work and takes them. Every record older than that time is in hand
 * then, so these are sorted and printed; the few newer ones wait for the next round.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "clock.h"
#include "cli.h"
#include "device.h"
#include "drain.h"
#include "dump.h"
#include "lkst.h"
#include "option.h"
#include "print.h"
#include "session.h"
#include "subbuf.h"

#define ROUND_MS	200

static const char help[] =
"Usage: lkst live [OPTION...] [EVENT|GROUP...]\n"
"Prints records as they come until ^C: seconds since the machine started, CPU, pid, task,\n"
"event, arguments. The default maskset is used when neither -m nor an event is given.\n"
"What 'lkst live' itself does is left out.\n"
"\n"
"Options:\n"
"  -m, --maskset ID|NAME   what to show: a maskset; events given are added to it\n"
"  -p, --pid PID           only what the process PID does, not its children\n"
"  -c, --cpu CPU           only what happens on this CPU\n"
"  -n, --count COUNT       end after so many records\n"
"      --self              what 'lkst live' itself does, too\n"
"      --buffer-size SIZE  buffer for each CPU (1M)\n"
"  -h, --help              this text\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed, 2 usage, 3 records were lost or something else ended the recording,\n"
"  4 there is no module\n"
"\n"
"EXAMPLES\n"
"  lkst live PROCESS_FORK PROCESS_EXEC PROCESS_EXIT\n"
"  lkst live -n 100 SYSCALL\n"
"  lkst live -p 1234 BLOCK NET\n";

static const struct option longs[] = {
	{ "maskset", required_argument, NULL, 'm' }, { "pid", required_argument, NULL, 'p' },
	{ "cpu", required_argument, NULL, 'c' }, { "count", required_argument, NULL, 'n' },
	{ "self", no_argument, NULL, 'S' }, { "buffer-size", required_argument, NULL, 's' },
	LKST_COMMON_OPTIONS
};

struct rec {
	lkst_u64 time;
	lkst_u64 order;		/* of arrival: equal times of one CPU stay in order */
	lkst_u64 args[LKST_MAX_UNITS];
	unsigned int cpu, pid;
	unsigned short event, units;
};

struct live {
	struct lkst_session s;
	struct lkst_drain d;
	struct lkst_names names;
	struct lkst_text_set text;	/* of this round */
	struct lkst_text_set known;	/* looked up already */
	struct rec *rec;
	size_t nr, room;
	lkst_u64 arrived, left, lost;
	lkst_u64 own;
	unsigned int self;		/* whose records are left out, 0: nobody's */
	struct lkst_info begun;		/* the clocks then */
	int cpu;
};

static void parse(struct live *l, int argc, char **argv)
{
	size_t len = 1;
	char *events;
	int c;

	while ((c = lkst_option(argc, argv, ":hm:p:c:n:", longs, help)) != -1) {
		switch (c) {
		case 'm': l->s.maskset = optarg; break;
		case 'p': l->s.pid = (unsigned int)lkst_parse_u64("process", optarg, 1, (1U << LKST_PID_BITS) - 1); break;
		case 'c': l->cpu = (int)lkst_parse_u64("CPU", optarg, 0, LKST_MAX_CPUS - 1); break;
		case 'n': l->left = lkst_parse_u64("count", optarg, 1, ~0ULL); break;
		case 'S': l->self = 0; break;
		case 's': l->s.size = lkst_parse_size("buffer size", optarg, 8192, 1ULL << 32); break;
		}
	}
	for (c = optind; c < argc; c++)
		len += strlen(argv[c]) + 1;
	events = lkst_xmalloc(len);
	for (c = optind; c < argc; c++) {
		strcat(events, argv[c]);
		strcat(events, ",");
	}
	l->s.events = *events ? events : NULL;
}

static void take(void *data, struct lkst_packet *packet)
{
	struct live *l = data;
	struct lkst_cursor c;
	struct rec *r;

	for (lkst_cursor_start(&c, packet); lkst_cursor_next(&c);) {
		if (l->nr == l->room) {
			l->room = l->room ? 2 * l->room : 4096;
			l->rec = lkst_xrealloc(l->rec, l->room * sizeof(*l->rec));
		}
		r = &l->rec[l->nr++];
		r->time = c.time;
		r->order = l->arrived++;
		r->cpu = packet->cpu;
		r->pid = c.pid;
		r->event = (unsigned short)c.event;
		r->units = (unsigned short)c.units;
		memcpy(r->args, c.args, c.units * sizeof(*c.args));
	}
}

static int by_time(const void *a, const void *b)
{
	const struct rec *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void take_names(void *data, unsigned int type, const char *text, size_t size)
{
	lkst_names_packet(data, type, text, size);
}

/* Names of tasks and functions not seen before; the kernel's list is read only when there are some. */
static void look_up(struct live *l, size_t nr)
{
	struct lkst_writer w = { .fd = -1, .sink = take_names, .sink_data = &l->names };
	const struct lkst_event_desc *e;
	static struct lkst_text met;
	unsigned int before, a;
	lkst_u64 value;
	size_t i;

	lkst_text_begin(&met, &w, LKST_PKT_TASKS);
	for (i = 0; i < nr; i++) {
		lkst_dump_new_task(&met, l->rec[i].pid);
		e = lkst_event_by_id(l->rec[i].event);
		for (a = 0; e && l->rec[i].units >= e->units && a < e->nr_args; a++) {
			if (e->arg[a].unit != LKST_UNIT_text)
				continue;
			value = lkst_arg_value(&e->arg[a], l->rec[i].args);
			before = l->known.used;
			lkst_text_add(&l->known, value);
			if (l->known.used != before)
				lkst_text_add(&l->text, value);
		}
	}
	lkst_text_end(&met);
	lkst_dump_symbols(&w, &l->text);
	lkst_text_free(&l->text);
}

/* Tasks come and take names while we watch. */
static void follow(struct live *l, const struct rec *r)
{
	const union lkst_args_PROCESS_FORK *fork;

	if (r->event == LKST_EV_PROCESS_FORK && r->units == LKST_UNITS_PROCESS_FORK) {
		fork = (const void *)r->args;
		lkst_task_fork(&l->names, r->pid, (lkst_u32)fork->a.child_pid, (lkst_u32)fork->a.child_tgid);
	} else if (r->event == LKST_EV_PROCESS_NAME && r->units == LKST_UNITS_PROCESS_NAME) {
		lkst_task_rename(&l->names, (lkst_u32)r->args[0], r->args + 1);
	}
}

static void print_until(struct live *l, lkst_u64 time)
{
	struct pollfd out = { .fd = STDOUT_FILENO };
	struct lkst_clock clock;
	struct lkst_info info;
	size_t i;

	qsort(l->rec, l->nr, sizeof(*l->rec), by_time);
	look_up(l, l->nr);
	memset(&clock, 0, sizeof(clock));
	lkst_clock_add(&clock, l->begun.ticks, l->begun.mono_ns, l->begun.real_ns);
	lkst_request(l->s.ctl, LKST_IOC_INFO, &info, "asking the module for its clock");
	lkst_clock_add(&clock, info.ticks, info.mono_ns, info.real_ns);
	lkst_clock_ready(&clock, info.tick_hz);
	for (i = 0; i < l->nr && l->left && l->rec[i].time <= time; i++) {
		follow(l, &l->rec[i]);
		if (l->self && l->rec[i].pid == l->self) {
			l->own++;
			continue;
		}
		lkst_print_record(stdout, &l->names, lkst_clock_ns(&clock, l->rec[i].time), l->rec[i].cpu, l->rec[i].pid,
				  lkst_event_by_id(l->rec[i].event), l->rec[i].event, l->rec[i].args, l->rec[i].units);
		l->left--;
	}
	lkst_clock_free(&clock);
	l->nr -= i;
	memmove(l->rec, l->rec + i, l->nr * sizeof(*l->rec));
	if (!fflush(stdout) && !ferror(stdout))
		return;
	l->left = 0;
	/* Who read us has gone, and that is no error: "lkst live | head". */
	if (poll(&out, 1, 0) == 1 && out.revents & POLLERR)
		clearerr(stdout);
}

static void count_losses(struct live *l)
{
	struct lkst_cpu_stats stats;
	lkst_u64 lost = 0;

	memset(&stats, 0, sizeof(stats));
	stats.buffer = l->s.buffer.id;
	for (; !lkst_ioctl(l->s.ctl, LKST_IOC_CPU_STATS, &stats); stats.cpu++)
		if (l->cpu < 0 || stats.cpu == (lkst_u32)l->cpu)
			lost += stats.lost;
	if (lost > l->lost)
		lkst_warn("%llu records lost (show fewer events, or give a larger --buffer-size)", lost - l->lost);
	l->lost = lost;
}

int lkst_cmd_live(int argc, char **argv)
{
	struct lkst_writer w = { .fd = -1, .sink = take_names };
	static struct live l;
	struct lkst_info info;
	struct utsname uts;
	int early = 0;

	l.cpu = -1;
	l.left = ~0ULL;
	l.self = (unsigned int)getpid();
	l.s.mode = LKST_DISCARD;
	parse(&l, argc, argv);
	lkst_session_begin(&l.s);
	lkst_request(l.s.ctl, LKST_IOC_INFO, &l.begun, "asking the module for its clock");
	lkst_drain_open(&l.d, l.s.ctl, l.s.buffer.id, l.cpu);
	w.sink_data = &l.names;
	if (!uname(&uts))
		l.names.release = uts.release;
	lkst_dump_state(&w, l.s.ctl);
	lkst_catch_end();
	lkst_request(l.s.ctl, LKST_IOC_START, NULL, "starting");
	while (!lkst_end_asked && l.left) {
		lkst_drain_wait(&l.d, ROUND_MS);
		lkst_request(l.s.ctl, LKST_IOC_INFO, &info, "asking the module for its clock");
		lkst_drain_all(&l.d, take, &l);
		print_until(&l, info.ticks);
		count_losses(&l);
		if (lkst_session_process_ended(&l.s))
			break;
		if (info.state != LKST_RUNNING && lkst_drain_ended(&l.d)) {
			lkst_warn("recording ended: %.*s", LKST_REASON_LEN, info.reason);
			early = 1;
			break;
		}
	}
	lkst_drain_close(&l.d);
	lkst_session_end(&l.s);
	if (l.own)
		lkst_warn("%llu records of this program itself are not shown (--self shows them)", l.own);
	return l.lost || early ? LKST_EXIT_LOSSES : LKST_EXIT_DONE;
}
