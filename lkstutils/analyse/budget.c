// SPDX-License-Identifier: GPL-2.0-only
/*
 * budget.c - where the time of processes goes: running, runnable, waiting for disk, lock, network, or something else.
 *
 * What a task waited for is decided when it is woken (on stock kernels when that is asked for, PROCESS_WAKING: made
 * runnable it may be by the CPU it goes to), by the first of these that holds:
 *	lock	it was between LOCK_WAIT_BEGIN and LOCK_WAIT_END
 *	disk	it was woken inside an interrupt or soft interrupt in which a request had been completed before
 *	network	it was inside a socket's send or receive, or a system call that is about sockets only
 *	network	it was woken inside the soft interrupt that receives packets
 *	disk	it slept uninterruptibly in a system call that writes out what is in memory
 *	other	all else: a timer, a pipe, another task, a sleep whose reason the trace does not tell
 * A task's first state is not known before its first event. After a loss nothing is known of any task.
 */
#include <string.h>

#include "cli.h"
#include "la.h"

enum { RUNNING, RUNNABLE, DISK, LOCK, NETWORK, OTHER };

static const char *const labels[] = { "running", "runnable", "disk", "lock", "network", "other", NULL };

/* Kinds of system calls. */
enum { OF_ANY, OF_SOCKETS, OF_WRITING_OUT };

#define CALLS	1024

struct own {
	lkst_u8 kind[CALLS];	/* of system calls, by number */
	lkst_u32 net_rx;	/* soft interrupt */
	struct la_context cpu[];
};

/* What is known of a task: 'aux' of its pair. */
union task {
	lkst_u64 aux;
	struct {
		lkst_u8 asleep;
		lkst_u8 runnable;	/* when not asleep; else it runs */
		lkst_u8 uninterruptible;
		lkst_u8 call;
		lkst_u8 sockets;	/* sends and receives it is in */
		lkst_u8 locks;		/* that it waits for */
	} is;
};

static lkst_u8 kind_of_call(const char *name)
{
	static const char *const sockets[] = {
		"accept", "accept4", "connect", "recv", "recvfrom", "recvmsg", "recvmmsg", "send", "sendto", "sendmsg",
		"sendmmsg", "socketcall"
	};
	static const char *const writing[] = {
		"fsync", "fdatasync", "sync", "syncfs", "msync", "sync_file_range"
	};
	unsigned int i;

	for (i = 0; i < sizeof(sockets) / sizeof(sockets[0]); i++)
		if (!strcmp(name, sockets[i]))
			return OF_SOCKETS;
	for (i = 0; i < sizeof(writing) / sizeof(writing[0]); i++)
		if (!strcmp(name, writing[i]))
			return OF_WRITING_OUT;
	return OF_ANY;
}

static void start(struct la *la)
{
	const struct lkst_names *names = &la->trace->names;
	struct own *own = lkst_xmalloc(sizeof(*own) + la->trace->nr_cpus * sizeof(own->cpu[0]));
	const char *name;
	unsigned int i;

	for (i = 0; i < CALLS; i++) {
		name = lkst_name(&names->syscalls, i);
		own->kind[i] = name ? kind_of_call(name) : OF_ANY;
	}
	own->net_rx = ~0U;
	for (i = 0; i < 32; i++) {
		name = lkst_softirq_name(names, i);
		if (name && !strcmp(name, "NET_RX"))
			own->net_rx = i;
	}
	la->own = own;
}

static unsigned int waited_for(const struct own *own, const union task *task, const struct la_level *level)
{
	if (task->is.locks)
		return LOCK;
	if (level->where != LA_IN_TASK && level->mark)
		return DISK;
	if (task->is.sockets || task->is.call == OF_SOCKETS)
		return NETWORK;
	if (level->where == LA_IN_SOFTIRQ && level->number == own->net_rx)
		return NETWORK;
	return task->is.call == OF_WRITING_OUT && task->is.uninterruptible ? DISK : OTHER;
}

/* A state ends: it is a sample. */
static void leave(struct la *la, const struct lkst_open *open, const struct lkst_event *event)
{
	const struct own *own = la->own;
	union task task = { .aux = open->aux };
	unsigned int key = task.is.asleep ? waited_for(own, &task, la_level(&own->cpu[event->cpu])) :
			   task.is.runnable ? RUNNABLE : RUNNING;

	la_sample(la, key, (lkst_u32)open->key, open->cpu, open->start, event->ns - open->start);
}

/* From now on the task is in another state; what it is inside of stays. */
static void enter(struct la *la, lkst_u32 pid, int asleep, int runnable, int uninterruptible,
		  const struct lkst_event *event)
{
	struct lkst_open *open = lkst_pair_find(&la->pairs, pid);
	union task task = { .aux = 0 };

	if (!pid)
		return;
	if (open) {
		leave(la, open, event);
		task.aux = open->aux;
	} else {
		open = lkst_pair_push(&la->pairs, pid, event, 0);
	}
	task.is.asleep = (lkst_u8)asleep;
	task.is.runnable = (lkst_u8)runnable;
	task.is.uninterruptible = (lkst_u8)uninterruptible;
	open->start = event->ns;
	open->cpu = event->cpu;
	open->aux = task.aux;
}

static void leave_cpu(struct la *la, const struct lkst_event *event, unsigned int bits)
{
	enum la_state state = la_state_of(la, bits);
	const struct lkst_open *open;

	if (state != LA_ENDED) {
		enter(la, event->pid, state != LA_RUNNABLE, state == LA_RUNNABLE, state == LA_UNINTERRUPTIBLE, event);
		return;
	}
	open = lkst_pair_take(&la->pairs, event->pid);
	if (open && event->pid)
		leave(la, open, event);
}

static void wakeup(struct la *la, const struct lkst_event *event)
{
	lkst_u32 pid = (lkst_u32)event->arg[0];
	const struct lkst_open *open = lkst_pair_find(&la->pairs, pid);
	union task task = { .aux = open ? open->aux : 0 };

	/* A task woken before it had left the CPU goes on as it was. */
	if (!open || task.is.asleep)
		enter(la, pid, 0, 1, 0, event);
}

static void switches(struct la *la, const struct lkst_event *event)
{
	const union lkst_args_PROCESS_CONTEXTSWITCH *to = (const union lkst_args_PROCESS_CONTEXTSWITCH *)event->arg;

	leave_cpu(la, event, (unsigned int)to->a.prev_state);
	enter(la, (lkst_u32)to->a.next_pid, 0, 0, 0, event);
}

/* The running task goes into something, or out of it. That it does shows that it runs. */
static void inside(struct la *la, const struct lkst_event *event)
{
	const struct own *own = la->own;
	struct lkst_open *open;
	union task task;

	if (!event->pid || la_level(&own->cpu[event->cpu])->where != LA_IN_TASK)
		return;
	open = lkst_pair_find(&la->pairs, event->pid);
	if (!open)
		open = lkst_pair_push(&la->pairs, event->pid, event, 0);
	task.aux = open->aux;
	switch (event->id) {
	case LKST_EV_SYSCALL_ENTRY:
	case LKST_EV_SYSCALL_SYSENTER:
		task.is.call = (event->arg[0] & 0xffff) < CALLS ? own->kind[event->arg[0] & 0xffff] : OF_ANY;
		task.is.sockets = task.is.locks = 0;
		break;
	case LKST_EV_SYSCALL_EXIT:
	case LKST_EV_SYSCALL_SYSEXIT:
		task.is.call = OF_ANY;
		task.is.sockets = task.is.locks = 0;
		break;
	case LKST_EV_SOCK_SEND_ENTRY:
	case LKST_EV_SOCK_RECV_ENTRY:
		task.is.sockets += task.is.sockets < 255;
		break;
	case LKST_EV_SOCK_SEND_EXIT:
	case LKST_EV_SOCK_RECV_EXIT:
		task.is.sockets -= task.is.sockets > 0;
		break;
	case LKST_EV_LOCK_WAIT_BEGIN:
		task.is.locks += task.is.locks < 255;
		break;
	case LKST_EV_LOCK_WAIT_END:
		task.is.locks -= task.is.locks > 0;
		break;
	}
	open->aux = task.aux;
}

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	struct own *own = la->own;
	struct la_context *cpu;

	for (; n--; event++) {
		cpu = &own->cpu[event->cpu];
		switch (event->id) {
		case LKST_EV_PROCESS_CONTEXTSWITCH:
			la_context_event(cpu, event);
			switches(la, event);
			break;
		case LKST_EV_PROCESS_WAKING:
		case LKST_EV_PROCESS_WAKEUP:
		case LKST_EV_PROCESS_WAKEUP_NEW:
			wakeup(la, event);
			break;
		case LKST_EV_BLOCK_COMPLETE:
			cpu->level[cpu->depth].mark = 1;
			break;
		default:
			la_context_event(cpu, event);
			inside(la, event);
		}
	}
}

static void loss(struct la *la, const struct lkst_event *event)
{
	struct own *own = la->own;

	memset(&own->cpu[event->cpu], 0, sizeof(own->cpu[0]));
}

const struct la_measure la_budget = {
	.name = "budget", .what = "where the time of processes goes: running, runnable, waiting for disk, lock...",
	.key_what = "use of time", .key = LA_KEY_LABEL, .label = labels,
	.value = LA_TIME, .value_name = "time", .by = LA_BY_PROCESS | LA_BY_KEY,
	.needs = { LKST_EV_PROCESS_CONTEXTSWITCH, LKST_EV_PROCESS_WAKEUP },
	.also = { LKST_EV_PROCESS_WAKING, LKST_EV_PROCESS_WAKEUP_NEW, LKST_EV_SYSCALL_ENTRY, LKST_EV_SYSCALL_EXIT,
		  LKST_EV_SYSCALL_SYSENTER, LKST_EV_SYSCALL_SYSEXIT, LKST_EV_LOCK_WAIT_BEGIN, LKST_EV_LOCK_WAIT_END,
		  LKST_EV_SOCK_SEND_ENTRY, LKST_EV_SOCK_SEND_EXIT, LKST_EV_SOCK_RECV_ENTRY, LKST_EV_SOCK_RECV_EXIT,
		  LKST_EV_BLOCK_COMPLETE, LA_CONTEXT_EVENTS },
	.start = start, .batch = batch, .loss = loss,
};
