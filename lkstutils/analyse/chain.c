// SPDX-License-Identifier: GPL-2.0-only
/*
 * chain.c - not a measure: what a task did during a request, who ended each of its waits, what that one did meanwhile
 * and who had woken it, and so on back to where the wait's end began: a task that ran already, or an interrupt.
 *
 * A request is a time of one task: that of -p and -t, or the slowest calls of -k, which a reading of their own finds.
 * Switches and wake-ups are kept while a request lasts, and for no longer. Of each wait only the last wake-up of each
 * task counts that lies between the wait's beginning and its end: so the way back is a line, and it ends.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "la.h"
#include "print.h"

#define MAX_STEPS	(1U << 19)	/* kept; 20 MB */
#define MAX_LINKS	32		/* of one chain */
#define CALLS		10		/* without --top */

enum what { LEFT, CAME, WOKEN };

struct step {
	lkst_u64 ns;
	lkst_u32 pid;		/* whom it is about */
	lkst_u32 before;	/* the step of this task before this one, + 1 */
	lkst_u32 by;		/* WOKEN: the task that the CPU ran */
	lkst_u32 call;		/* + 1: system call that this task is in, or with WOKEN @by */
	lkst_u16 cpu;
	lkst_u8 what;
	lkst_u8 state;		/* LEFT: enum la_state */
	struct la_level level;	/* WOKEN: where */
};

struct request {
	lkst_u64 from, to;
	lkst_u32 pid;
	lkst_u32 call;		/* + 1; 0: that of -p and -t */
	int lost;		/* events of it are missing */
	int full;		/* there was no room for all of its steps */
};

struct own {
	struct request *request;	/* by their beginnings */
	lkst_u32 nr, next, done;	/* begun, printed: those below, but for what lasts still */
	struct step *step;
	lkst_u32 steps, room;
	struct lkst_map last;		/* pid -> its last step, + 1 */
	struct la_context cpu[];
};

/* ---- output: a line a step, the deeper the further back ---- */

struct line {
	unsigned int depth;
	lkst_u64 ns, duration;
	lkst_u32 pid;
	lkst_u32 cpu;
	lkst_u32 call;		/* + 1 */
	const char *what;
	int is_wakeup;
};

static const char *call_name(const struct la *la, lkst_u32 call, char *text)
{
	const char *name = lkst_name(&la->trace->names.syscalls, call - 1);

	if (name && *name)
		snprintf(text, LA_NAME, "%s", name);
	else
		snprintf(text, LA_NAME, "syscall-%u", call - 1);
	return lkst_no_blanks(text);
}

static const char *task_name(const struct la *la, lkst_u32 pid, char *text)
{
	snprintf(text, LA_NAME, "%s", lkst_task_name(&la->trace->names, pid));
	return lkst_no_blanks(text);
}

static void json_head(const struct la *la, const struct line *line)
{
	char text[LA_NAME];

	printf("{\"type\":\"step\",\"depth\":%u,\"time_ns\":%llu,\"duration\":%llu,\"pid\":%u,\"task\":", line->depth,
	       line->ns, line->duration, line->pid);
	lkst_json_string(stdout, lkst_task_name(&la->trace->names, line->pid));
	printf(",\"cpu\":%u,\"what\":\"%s\"", line->cpu, line->what);
	if (line->call) {
		printf(",\"call\":");
		lkst_json_string(stdout, call_name(la, line->call, text));
	}
}

static void text_head(const struct line *line)
{
	char time[40], duration[40] = "-";

	la_seconds(line->ns, time);
	if (!line->is_wakeup)
		la_seconds(line->duration, duration);
	printf("%19s %15s %*s", time, duration, (int)(2 * line->depth), "");
}

/* Something that lasted; @on: the CPU matters. */
static void say(const struct la *la, const struct line *line, int on)
{
	char text[LA_NAME];

	if (la->opt.json) {
		json_head(la, line);
		printf("}\n");
		return;
	}
	text_head(line);
	printf("%u %s: %s", line->pid, task_name(la, line->pid, text), line->what);
	if (line->call)
		printf(" in %s", call_name(la, line->call, text));
	if (on)
		printf(", CPU %u", line->cpu);
	putchar('\n');
}

/* What interrupted the CPU, in words and by name; the name may be empty. */
static const char *waker(const struct la *la, const struct step *step, const char **name)
{
	static const char *const wheres[] = { "task", "interrupt", "timer", "ipi", "softirq" };

	*name = NULL;
	if (step->level.where == LA_IN_INTERRUPT)
		*name = lkst_name(&la->trace->names.irqs, step->level.number);
	else if (step->level.where == LA_IN_SOFTIRQ)
		*name = lkst_softirq_name(&la->trace->names, step->level.number);
	return step->level.where == LA_IN_TASK && !step->by ? "idle" : wheres[step->level.where];
}

static void text_wakeup(const struct la *la, const struct step *step)
{
	const char *name, *by = waker(la, step, &name);
	char text[LA_NAME];

	switch (step->level.where) {
	case LA_IN_TASK:
		if (!step->by)
			printf("woken by the idle CPU %u: who asked it to is not in the trace\n", step->cpu);
		else
			printf("woken by %u %s", step->by, task_name(la, step->by, text));
		if (step->by && step->call)
			printf(" in %s", call_name(la, step->call, text));
		if (step->by)
			printf(", CPU %u\n", step->cpu);
		return;
	case LA_IN_IPI:
		printf("woken by an interrupt from another CPU, CPU %u: who sent it is not in the trace\n", step->cpu);
		return;
	case LA_IN_TIMER:
		printf("woken by the timer interrupt, CPU %u\n", step->cpu);
		return;
	default:
		snprintf(text, sizeof(text), "%s", name && *name ? name : "?");
		printf("woken by %s %u (%s), CPU %u\n", by, step->level.number, lkst_no_blanks(text), step->cpu);
	}
}

static void say_wakeup(const struct la *la, unsigned int depth, const struct step *step)
{
	struct line line = { .depth = depth, .ns = step->ns, .pid = step->pid, .cpu = step->cpu, .what = "woken",
			     .is_wakeup = 1 };
	const char *name, *by;

	if (!la->opt.json) {
		text_head(&line);
		text_wakeup(la, step);
		return;
	}
	line.call = step->level.where == LA_IN_TASK ? step->call : 0;
	json_head(la, &line);
	by = waker(la, step, &name);
	printf(",\"by\":\"%s\"", by);
	if (step->level.where == LA_IN_TASK)
		printf(",\"by_pid\":%u", step->by);
	else
		printf(",\"number\":%u", step->level.number);
	if (name) {
		printf(",\"name\":");
		lkst_json_string(stdout, name);
	}
	printf("}\n");
}

static void say_unknown(const struct la *la, unsigned int depth, lkst_u64 ns, lkst_u32 pid, const char *what)
{
	struct line line = { .depth = depth, .ns = ns, .pid = pid, .what = what };

	say(la, &line, 0);
}

/* ---- the way back ---- */

static const struct step *before(const struct own *own, const struct step *step)
{
	return step->before ? &own->step[step->before - 1] : NULL;
}

/* The last step of a task before @limit; NULL: none is kept. */
static const struct step *last_of(const struct own *own, lkst_u32 pid, const struct step *limit)
{
	const lkst_u64 *last = lkst_map_find(&own->last, pid);
	const struct step *step = last ? &own->step[*last - 1] : NULL;

	while (step && step >= limit)
		step = before(own, step);
	return step;
}

/*
 * What a task that ran at @ns had done before, not before @since: how long it ran, how long it was runnable before.
 * Returns the wake-up that this began with, NULL when there is none in that time.
 */
static const struct step *look_back(const struct la *la, unsigned int depth, const struct step *step, lkst_u32 pid,
				    lkst_u64 ns, lkst_u64 since, lkst_u32 cpu)
{
	struct line line = { .depth = depth, .pid = pid, .cpu = cpu };
	const struct own *own = la->own;
	int runs = 1;

	for (; step && step->ns >= since; step = before(own, step)) {
		line.ns = step->ns;
		line.duration = ns - step->ns;
		line.what = la_state_names[runs ? LA_RUNNING : LA_RUNNABLE];
		if (step->what == WOKEN) {
			say(la, &line, 0);
			return step;
		}
		if (step->what == LEFT && step->state != LA_RUNNABLE) {
			say_unknown(la, depth, ns, pid, "its wake-up is not in the trace");
			return NULL;
		}
		say(la, &line, runs);
		ns = step->ns;
		runs = step->what == LEFT;
	}
	line.ns = since;
	line.duration = ns - since;
	line.what = runs ? "running all the time before" : "runnable all the time before";
	if (line.duration)
		say(la, &line, runs);
	return NULL;
}

/* @woken: the end of a wait that began at @since. */
static void follow(const struct la *la, unsigned int depth, const struct step *woken, lkst_u64 since)
{
	const struct own *own = la->own;
	unsigned int link;

	for (link = 0; link < MAX_LINKS; link++, depth += 2) {
		say_wakeup(la, depth, woken);
		if (woken->level.where != LA_IN_TASK || !woken->by)
			return;
		woken = look_back(la, depth + 1, last_of(own, woken->by, woken), woken->by, woken->ns, since,
				  woken->cpu);
		if (!woken)
			return;
	}
	say_unknown(la, depth, woken->ns, woken->pid, "the chain goes on");
}

/* ---- a request, forward ---- */

/* What the first step says of the time before it; a task in a system call that takes no step at all runs. */
static enum la_state state_before(const struct step *step)
{
	if (!step || step->what == LEFT)
		return LA_RUNNING;
	return step->what == CAME ? LA_RUNNABLE : LA_SLEEPING;
}

/* One after the other, the first one first. Returns how many; the caller frees them. */
static lkst_u32 steps_of(const struct own *own, const struct request *request, const struct step ***all)
{
	const struct step *end = own->step + own->steps, *step;
	lkst_u32 n = 0, i;

	for (step = last_of(own, request->pid, end); step && step->ns >= request->from; step = before(own, step))
		n++;
	*all = lkst_xmalloc((n + 1UL) * sizeof(**all));
	i = n;
	for (step = last_of(own, request->pid, end); i; step = before(own, step))
		(*all)[--i] = step;
	return n;
}

static void show_steps(struct la *la, const struct request *request)
{
	struct line line = { .depth = 1, .ns = request->from, .pid = request->pid };
	const struct own *own = la->own;
	const struct step **all;
	lkst_u32 n = steps_of(own, request, &all), i;
	enum la_state state = state_before(all[0]);

	line.call = request->call;
	if (!n && !request->call)
		say_unknown(la, 1, request->from, request->pid, "it was neither switched to or from, nor woken");
	for (i = 0; i < n; i++) {
		line.duration = all[i]->ns - line.ns;
		/* How it slept was said before the time. */
		line.what = i || state != LA_SLEEPING ? la_state_names[state] : "asleep";
		if (state == LA_RUNNING)
			line.cpu = all[i]->cpu;
		if (line.duration || i)
			say(la, &line, state == LA_RUNNING);
		if (all[i]->what == WOKEN)
			follow(la, 2, all[i], line.ns);
		else if (all[i]->what == CAME && state != LA_RUNNABLE)
			say_unknown(la, 2, all[i]->ns, request->pid, "its wake-up is not in the trace");
		state = all[i]->what == WOKEN ? LA_RUNNABLE : all[i]->what == CAME ? LA_RUNNING :
			(enum la_state)all[i]->state;
		line.ns = all[i]->ns;
		line.cpu = all[i]->cpu;
		if (all[i]->what == LEFT)
			line.call = all[i]->call;
	}
	line.duration = request->to - line.ns;
	line.what = la_state_names[state];
	if (line.duration && (n || request->call))
		say(la, &line, state == LA_RUNNING && n);
	free(all);
}

static void show(struct la *la, const struct request *request)
{
	struct line line = { .ns = request->from, .duration = request->to - request->from, .pid = request->pid,
			     .call = request->call, .what = "request" };

	say(la, &line, 0);
	if (request->lost)
		say_unknown(la, 1, request->from, request->pid, "not known: records were lost meanwhile");
	else if (request->full)
		say_unknown(la, 1, request->from, request->pid, "not known: there were too many switches meanwhile");
	else
		show_steps(la, request);
	if (request->call)
		la->samples++;
}

/* ---- keeping steps ---- */

static void forget(struct own *own)
{
	own->steps = 0;
	lkst_map_free(&own->last);
}

/* Requests that end before @ns are shown; returns whether one lasts. */
static int lasts(struct la *la, lkst_u64 ns)
{
	struct own *own = la->own;
	lkst_u32 i;

	while (own->next < own->nr && own->request[own->next].from <= ns)
		own->next++;
	for (i = own->done; i < own->next; i++)
		if (own->request[i].pid && own->request[i].to < ns) {
			show(la, &own->request[i]);
			own->request[i].pid = 0;
		}
	while (own->done < own->next && !own->request[own->done].pid)
		own->done++;
	if (own->done == own->next && own->steps)
		forget(own);
	return own->done < own->next;
}

static struct step *keep(struct la *la, const struct lkst_event *event, lkst_u32 pid, enum what what)
{
	struct own *own = la->own;
	lkst_u64 *last;
	lkst_u32 i;

	if (own->steps == MAX_STEPS) {
		for (i = own->done; i < own->next; i++)
			own->request[i].full = 1;
		forget(own);
	}
	if (own->steps == own->room) {
		own->room = own->room ? 2 * own->room : 1024;
		own->step = lkst_xrealloc(own->step, own->room * sizeof(*own->step));
	}
	last = lkst_map_add(&own->last, pid, NULL);
	own->step[own->steps] = (struct step){ .ns = event->ns, .pid = pid, .before = (lkst_u32)*last,
					       .cpu = (lkst_u16)event->cpu, .what = (lkst_u8)what };
	*last = ++own->steps;
	la->samples += pid == own->request[0].pid && !own->request[0].call;
	return &own->step[own->steps - 1];
}

static lkst_u32 call_of(const struct la *la, lkst_u32 pid)
{
	const struct lkst_open *call = lkst_pair_find((struct lkst_pairs *)&la->pairs, pid);

	return call ? (lkst_u32)call->aux + 1 : 0;
}

static void switches(struct la *la, const struct lkst_event *event)
{
	const union lkst_args_PROCESS_CONTEXTSWITCH *to = (const union lkst_args_PROCESS_CONTEXTSWITCH *)event->arg;
	struct step *step;

	if (event->pid) {
		step = keep(la, event, event->pid, LEFT);
		step->state = (lkst_u8)la_state_of(la, (unsigned int)to->a.prev_state);
		step->call = call_of(la, event->pid);
	}
	if (to->a.next_pid)
		keep(la, event, (lkst_u32)to->a.next_pid, CAME);
}

/*
 * Who runs, or waits for a CPU only, is not woken. When a stock kernel wakes a task on another CPU, the first event,
 * PROCESS_WAKING, knows who asked for it; the second one comes from that CPU, idle or in an interrupt.
 */
static void wakeup(struct la *la, const struct lkst_event *event)
{
	struct own *own = la->own;
	lkst_u32 pid = (lkst_u32)event->arg[0];
	const lkst_u64 *last = lkst_map_find(&own->last, pid);
	const struct step *step = last ? &own->step[*last - 1] : NULL;
	struct step *woken;

	if (step && (step->what != LEFT || step->state == LA_RUNNABLE))
		return;
	woken = keep(la, event, pid, WOKEN);
	woken->by = event->pid;
	woken->level = *la_level(&own->cpu[event->cpu]);
	woken->call = call_of(la, event->pid);
}

static void one(struct la *la, const struct lkst_event *event)
{
	struct own *own = la->own;

	switch (event->id) {
	case LKST_EV_PROCESS_CONTEXTSWITCH:
		la->offered++;
		la_context_event(&own->cpu[event->cpu], event);
		if (lasts(la, event->ns))
			switches(la, event);
		break;
	case LKST_EV_PROCESS_WAKING:
	case LKST_EV_PROCESS_WAKEUP:
	case LKST_EV_PROCESS_WAKEUP_NEW:
		la->offered++;
		if (lasts(la, event->ns))
			wakeup(la, event);
		break;
	case LKST_EV_SYSCALL_ENTRY:
	case LKST_EV_SYSCALL_SYSENTER:
		lkst_pair_begin(&la->pairs, event->pid, event, event->arg[0] & 0xffff);
		break;
	case LKST_EV_SYSCALL_EXIT:
	case LKST_EV_SYSCALL_SYSEXIT:
	case LKST_EV_PROCESS_EXIT:
		lkst_pair_take(&la->pairs, event->pid);
		break;
	default:
		la_context_event(&own->cpu[event->cpu], event);
	}
}

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	for (; n--; event++)
		one(la, event);
}

static void loss(struct la *la, const struct lkst_event *event)
{
	struct own *own = la->own;
	lkst_u32 i;

	lasts(la, event->ns);
	for (i = own->done; i < own->next; i++)
		own->request[i].lost = 1;
	forget(own);
	memset(&own->cpu[event->cpu], 0, sizeof(own->cpu[0]));
}

/* ---- requests ---- */

static int by_time(const void *a, const void *b)
{
	const struct request *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->pid > y->pid) - (x->pid < y->pid);
}

/* Reads the trace for the slowest calls; ends the program when there are none. */
static void find_calls(struct la *la, struct own *own)
{
	struct la_measure measure = la_syscall;
	struct la *calls = lkst_xmalloc(sizeof(*calls));
	const char **path = lkst_xmalloc(la->trace->nr_files * sizeof(*path));
	struct la_sample *sample;
	enum lkst_exit chosen;
	char error[512];
	lkst_u32 i;

	for (i = 0; i < la->trace->nr_files; i++)
		path[i] = la->trace->file[i].path;
	measure.name = la->measure->name;	/* that is whom messages are from */
	calls->measure = &measure;
	calls->opt = la->opt;
	calls->opt.list = 1;
	calls->opt.top = la->opt.top ? la->opt.top : CALLS;
	calls->opt.by = LA_BY_KEY;
	calls->trace = lkst_trace_open(path, la->trace->nr_files, error);
	if (!calls->trace)
		lkst_die(LKST_EXIT_FAILED, "%s", error);
	la_want(calls->trace, &calls, 1);
	la_run(&calls, 1);
	chosen = la_nothing_there(calls) ? LKST_EXIT_FAILED : la_chosen(calls);
	if (chosen != LKST_EXIT_DONE)
		exit(lkst_finish(chosen));
	sample = la_list_take(calls, &own->nr);
	own->request = lkst_xmalloc(own->nr * sizeof(*own->request));
	for (i = 0; i < own->nr; i++)
		own->request[i] = (struct request){ .from = sample[i].start, .to = sample[i].start + sample[i].value,
						    .pid = sample[i].pid, .call = (lkst_u32)sample[i].key + 1 };
	free(sample);
	free(path);
	lkst_trace_close(calls->trace);
	la_give_back(calls);
	free(calls);
}

static void start(struct la *la)
{
	const struct la_options *opt = &la->opt;
	struct own *own = lkst_xmalloc(sizeof(*own) + la->trace->nr_cpus * sizeof(own->cpu[0]));

	if (!opt->has_key && (!opt->has_pid || !opt->has_window))
		lkst_usage_error("chain: give -p PID and -t START+DURATION, or -k CALL for the slowest of these calls");
	if (!opt->has_key && (opt->top || opt->has_cpu))
		lkst_usage_error("chain: %s needs -k CALL", opt->top ? "--top" : "-c");
	if (opt->has_key) {
		find_calls(la, own);
		qsort(own->request, own->nr, sizeof(*own->request), by_time);
	} else {
		own->nr = 1;
		own->request = lkst_xmalloc(sizeof(*own->request));
		own->request[0] = (struct request){ .from = opt->from, .to = opt->from + opt->duration,
						    .pid = opt->pid };
	}
	la->own = own;
	if (opt->json)
		printf("{\"schema\":\"lkstla-1\",\"type\":\"chain\"}\n");
	else
		printf("# lkstla chain: %s\n#%18s %15s %s\n", la->measure->what, "time[s]", "duration[s]", "what");
}

static void end(struct la *la)
{
	struct own *own = la->own;

	lasts(la, ~0ULL);
	free(own->request);
	free(own->step);
	lkst_map_free(&own->last);
}

const struct la_measure la_chain = {
	.name = "chain", .what = "a task's waits in slow requests, and who ended them", .key_what = "system call",
	.key = LA_KEY_SYSCALL, .value = LA_OWN, .value_name = "step", .takes_top = 1, .names = 1,
	.needs = { LKST_EV_PROCESS_CONTEXTSWITCH, LKST_EV_PROCESS_WAKEUP },
	.also = { LKST_EV_PROCESS_WAKING, LKST_EV_PROCESS_WAKEUP_NEW, LKST_EV_SYSCALL_ENTRY, LKST_EV_SYSCALL_EXIT,
		  LKST_EV_SYSCALL_SYSENTER, LKST_EV_SYSCALL_SYSEXIT, LKST_EV_PROCESS_EXIT, LA_CONTEXT_EVENTS },
	.start = start, .batch = batch, .loss = loss, .end = end,
};
