// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-hook-task.c - hooks of tasks, the scheduler, wait queues, signals, locks and System V IPC.
 */
#include <linux/binfmts.h>
#include <linux/signal.h>

#include "attach-hook.h"

#define TASK(arg)	((const struct task_struct *)(arg))

/* ---- scheduler ---- */

LKST_ON_HOOK(PROCESS_CONTEXTSWITCH)
{
	const struct task_struct *prev = TASK(args[0]), *next = TASK(args[1]);

	if (!hook_no_switch(prev, next))
		lkst_emit_32_16_16(PROCESS_CONTEXTSWITCH, next->pid, hook_state_left(prev), hook_prio(next));
}

LKST_ON_HOOK(PROCESS_WAKEUP)
{
	lkst_emit_32_16_16(PROCESS_WAKEUP, TASK(args[0])->pid, hook_cpu(TASK(args[0])), hook_prio(TASK(args[0])));
}

LKST_ON_HOOK(PROCESS_WAKEUP_NEW)
{
	lkst_emit_32_16_16(PROCESS_WAKEUP_NEW, TASK(args[0])->pid, hook_cpu(TASK(args[0])),
			   hook_prio(TASK(args[0])));
}

#ifdef LKST_ID_PROCESS_MIGRATE
LKST_ON_HOOK(PROCESS_MIGRATE)
{
	lkst_emit(PROCESS_MIGRATE, TASK(args[0])->pid, hook_cpu(TASK(args[0])), args[1]);
}
#endif

LKST_ON_HOOK(PROCESS_SCHED_ENTER)
{
	lkst_emit_64(PROCESS_SCHED_ENTER, TASK(args[0])->state);
}

LKST_ON_HOOK(PROCESS_SCHED_EXIT)
{
	lkst_emit_64(PROCESS_SCHED_EXIT, TASK(args[0])->pid);
}

LKST_ON_HOOK(SCHED_RUNQUEUE)
{
	lkst_emit_32_16_16(SCHED_RUNQUEUE, hook_runqueue_length(args), hook_runqueue_cpu(args),
			   hook_runqueue_change(args));
}

/* ---- life of processes ---- */

LKST_ON_HOOK(PROCESS_FORK)
{
	lkst_emit(PROCESS_FORK, TASK(args[0])->pid, TASK(args[0])->tgid);
}

/* vfork() shares memory too, but makes no thread. */
LKST_ON_HOOK(PROCESS_LTHREADGEN)
{
	if ((args[1] & (CLONE_VM | CLONE_VFORK)) == CLONE_VM)
		lkst_emit(PROCESS_LTHREADGEN, TASK(args[0])->pid, TASK(args[0])->tgid);
}

LKST_ON_HOOK(PROCESS_EXEC)
{
	lkst_emit(PROCESS_EXEC, current->pid, current->tgid);
}

LKST_ON_HOOK(PROCESS_EXIT)
{
	lkst_emit(PROCESS_EXIT, args[1], TASK(args[0])->tgid);
}

LKST_ON_HOOK(PROCESS_FREE)
{
	lkst_emit(PROCESS_FREE, TASK(args[0])->pid, TASK(args[0])->tgid);
}

/* -1: any child, 0: of the own process group, below that: of a group. */
LKST_ON_HOOK(PROCESS_WAIT)
{
	int pid = args[0];

	if (pid == -1)
		pid = 0;
	else if (pid <= 0)
		pid = pid ? -pid : hook_group(current);
	lkst_emit(PROCESS_WAIT, (unsigned int)pid);
}

/* The name is on its way to the task: as much of it as the task will keep. */
LKST_ON_HOOK(PROCESS_NAME)
{
	union lkst_args_PROCESS_NAME name = { .a = { .target_pid = TASK(args[0])->pid } };
	const char *from = (const char *)args[1];
	char *to = (char *)&name.u[1];
	unsigned int i;

	LKST_ASSERT(room_for_name, sizeof(((struct task_struct *)0)->comm) == sizeof(name.u) - 8);
	for (i = 0; i + 1 < sizeof(name.u) - 8 && from[i]; i++)
		to[i] = from[i];
	lkst_event(LKST_EV_PROCESS_NAME, LKST_UNITS_PROCESS_NAME, name.u);
}

/* ---- wait queues ---- */

LKST_ON_HOOK_64(PROCESS_INIT_WQH)
LKST_ON_HOOK_64_64(PROCESS_ADD_WQ)
LKST_ON_HOOK_64_64(PROCESS_REM_WQ)

/* ---- signals ---- */

LKST_ON_HOOK(PROCESS_SIGSEND)
{
	lkst_emit(PROCESS_SIGSEND, TASK(args[0])->pid, args[1], hook_signal_result(args));
}

LKST_ON_HOOK(SIGNAL_DELIVER)
{
	lkst_emit(SIGNAL_DELIVER, args[0], (unsigned long)((const struct k_sigaction *)args[1])->sa.sa_handler);
}

/* ---- locks ---- */

LKST_ON_HOOK_64_64(LOCK_WAIT_BEGIN)

LKST_ON_HOOK(LOCK_WAIT_END)
{
	lkst_emit_64_64(LOCK_WAIT_END, args[0], 0);
}

LKST_ON_HOOK_64(LOCK_ACQUIRE)
LKST_ON_HOOK_64(LOCK_RELEASE)

/* ---- System V IPC ---- */

LKST_ON_HOOK_32_32(IPC_SEMOP)

LKST_ON_HOOK(IPC_MSGSND)
{
	lkst_emit(IPC_MSGSND, args[0], hook_message_size(args));
}

LKST_ON_HOOK_32_32(IPC_MSGRCV)
LKST_ON_HOOK_32_32(IPC_SHMAT)
LKST_ON_HOOK_64(IPC_SHMDT)
LKST_ON_HOOK_32_32(IPC_GET)

static const struct lkst_hooked rows[] = {
	LKST_ROW(PROCESS_CONTEXTSWITCH), LKST_ROW(PROCESS_WAKEUP), LKST_ROW(PROCESS_WAKEUP_NEW),
#ifdef LKST_ID_PROCESS_MIGRATE
	LKST_ROW(PROCESS_MIGRATE),
#endif
	LKST_ROW(PROCESS_SCHED_ENTER), LKST_ROW(PROCESS_SCHED_EXIT), LKST_ROW(SCHED_RUNQUEUE),
	LKST_ROW(PROCESS_FORK), LKST_ROW(PROCESS_LTHREADGEN), LKST_ROW(PROCESS_EXEC), LKST_ROW(PROCESS_EXIT),
	LKST_ROW(PROCESS_FREE), LKST_ROW(PROCESS_WAIT), LKST_ROW(PROCESS_NAME),
	LKST_ROW(PROCESS_INIT_WQH), LKST_ROW(PROCESS_ADD_WQ), LKST_ROW(PROCESS_REM_WQ),
	LKST_ROW(PROCESS_SIGSEND), LKST_ROW(SIGNAL_DELIVER),
	LKST_ROW(LOCK_WAIT_BEGIN), LKST_ROW(LOCK_WAIT_END), LKST_ROW(LOCK_ACQUIRE), LKST_ROW(LOCK_RELEASE),
	LKST_ROW(IPC_SEMOP), LKST_ROW(IPC_MSGSND), LKST_ROW(IPC_MSGRCV), LKST_ROW(IPC_SHMAT), LKST_ROW(IPC_SHMDT),
	LKST_ROW(IPC_GET),
};
LKST_HOOK_TABLE(lkst_hooks_task, rows);
