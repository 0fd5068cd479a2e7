// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-tp-sched.c - tracepoints of processes, scheduler, signals and locks.
 */
#include <linux/binfmts.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/version.h>
#include <trace/events/sched.h>
#include <trace/events/signal.h>
#include <trace/events/task.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 19, 0)
#include <trace/events/lock.h>
#endif
#include "attach-tp.h"
#include "btf.h"

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 19, 0)
LKST_TP_NOT_DECLARED(contention_begin)
LKST_TP_NOT_DECLARED(contention_end)
#endif

/* ---- scheduler ---- */

/* A task that was preempted is runnable, whatever it had written into its state by then. */
LKST_TP_PROBE(sched_switch_state_last, bool preempt, struct task_struct *prev,
	      struct task_struct *next, unsigned int prev_state)
{
	lkst_emit_hot(PROCESS_CONTEXTSWITCH,
		      lkst_pack_32_16_16(next->pid, preempt ? 0 : prev_state, next->prio));
}

/* 5.18 only */
LKST_TP_PROBE(sched_switch_state_first, bool preempt, unsigned int prev_state,
	      struct task_struct *prev, struct task_struct *next)
{
	lkst_emit_hot(PROCESS_CONTEXTSWITCH,
		      lkst_pack_32_16_16(next->pid, preempt ? 0 : prev_state, next->prio));
}

/* up to 5.17 */
LKST_TP_PROBE(sched_switch_no_state, bool preempt, struct task_struct *prev,
	      struct task_struct *next)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
	unsigned int state = READ_ONCE(prev->__state);
#else
	unsigned int state = READ_ONCE(prev->state);
#endif
	lkst_emit_hot(PROCESS_CONTEXTSWITCH,
		      lkst_pack_32_16_16(next->pid, preempt ? 0 : state, next->prio));
}

LKST_TP_PROBE(sched_wakeup, struct task_struct *p)
{
	lkst_emit_hot(PROCESS_WAKEUP, lkst_pack_32_16_16(p->pid, task_cpu(p), p->prio));
}

LKST_TP_PROBE(sched_waking, struct task_struct *p)
{
	lkst_emit_hot(PROCESS_WAKING, lkst_pack_32_16_16(p->pid, task_cpu(p), p->prio));
}

LKST_TP_PROBE(sched_wakeup_new, struct task_struct *p)
{
	lkst_emit(PROCESS_WAKEUP_NEW, p->pid, task_cpu(p), p->prio);
}

LKST_TP_PROBE(sched_migrate_task, struct task_struct *p, int dest_cpu)
{
	lkst_emit(PROCESS_MIGRATE, p->pid, task_cpu(p), dest_cpu);
}

LKST_TP_PROBE(sched_pi_setprio, struct task_struct *tsk, struct task_struct *pi_task)
{
	int prio = tsk->normal_prio;

	if (pi_task && pi_task->prio < prio)
		prio = pi_task->prio;
	lkst_emit(SCHED_PI_SETPRIO, tsk->pid, tsk->prio, prio);
}

/* struct rq is the scheduler's own: where its members are, the type information knows. */
static unsigned int rq_nr_running __read_mostly, rq_cpu __read_mostly;

static int find_rq_members(char *why, size_t size)
{
	int nr = lkst_btf_member("rq", "nr_running", 4);
	int cpu = lkst_btf_member("rq", "cpu", 4);

	if (nr < 0 || cpu < 0) {
		strscpy(why, "no type information on struct rq", size);
		return -ENOENT;
	}
	rq_nr_running = nr;
	rq_cpu = cpu;
	return 0;
}

LKST_TP_PROBE(sched_update_nr_running, struct rq *rq, int change)
{
	lkst_emit(SCHED_RUNQUEUE, *(unsigned int *)((char *)rq + rq_nr_running),
		  *(int *)((char *)rq + rq_cpu), change);
}

/* ---- processes ---- */

LKST_TP_PROBE(sched_process_fork, struct task_struct *parent, struct task_struct *child)
{
	lkst_emit(PROCESS_FORK, child->pid, child->tgid);
}

LKST_TP_PROBE(sched_process_fork_thread, struct task_struct *parent, struct task_struct *child)
{
	if (child->pid != child->tgid)
		lkst_emit(PROCESS_LTHREADGEN, child->pid, child->tgid);
}

LKST_TP_PROBE(sched_process_exec, struct task_struct *p, pid_t old_pid, struct linux_binprm *bprm)
{
	lkst_emit(PROCESS_EXEC, old_pid, p->tgid);
}

LKST_TP_PROBE(sched_process_exit, struct task_struct *p)
{
	lkst_emit(PROCESS_EXIT, p->exit_code, p->tgid);
}

/* 6.16 on */
LKST_TP_PROBE(sched_process_exit_group, struct task_struct *p, bool group_dead)
{
	lkst_emit(PROCESS_EXIT, p->exit_code, p->tgid);
}

LKST_TP_PROBE(sched_process_free, struct task_struct *p)
{
	lkst_emit(PROCESS_FREE, p->pid, p->tgid);
}

LKST_TP_PROBE(sched_process_wait, struct pid *pid)
{
	lkst_emit(PROCESS_WAIT, pid_nr(pid));
}

/* The name may be longer than a task keeps: 15 characters are read, and none behind its end. */
LKST_TP_PROBE(task_rename, struct task_struct *task, const char *comm)
{
	u64 half[2] = { 0, 0 };
	unsigned int i;

	for (i = 0; i < 15 && comm[i]; i++)
		half[i / 8] |= (u64)(u8)comm[i] << (i % 8 * 8);
	lkst_emit(PROCESS_NAME, task->pid, half[0], half[1]);
}

/* ---- signals ---- */

LKST_TP_PROBE(signal_generate, int sig, struct kernel_siginfo *info, struct task_struct *task,
	      int group, int result)
{
	lkst_emit(PROCESS_SIGSEND, task->pid, sig, result);
}

LKST_TP_PROBE(signal_deliver, int sig, struct kernel_siginfo *info, struct k_sigaction *ka)
{
	lkst_emit(SIGNAL_DELIVER, sig, (unsigned long)ka->sa.sa_handler);
}

/* ---- locks ---- */

LKST_TP_PROBE(contention_begin, void *lock, unsigned int flags)
{
	lkst_emit(LOCK_WAIT_BEGIN, (unsigned long)lock, flags);
}

LKST_TP_PROBE(contention_end, void *lock, int ret)
{
	lkst_emit(LOCK_WAIT_END, (unsigned long)lock, ret);
}

static struct lkst_point rows[] = {
	LKST_TP(PROCESS_CONTEXTSWITCH, sched_switch, sched_switch_state_last),
	LKST_TP(PROCESS_CONTEXTSWITCH, sched_switch, sched_switch_state_first),
	LKST_TP(PROCESS_CONTEXTSWITCH, sched_switch, sched_switch_no_state),
	LKST_TP(PROCESS_WAKEUP, sched_wakeup, sched_wakeup),
	LKST_TP(PROCESS_WAKING, sched_waking, sched_waking),
	LKST_TP(PROCESS_WAKEUP_NEW, sched_wakeup_new, sched_wakeup_new),
	LKST_TP(PROCESS_MIGRATE, sched_migrate_task, sched_migrate_task),
	LKST_TP(SCHED_PI_SETPRIO, sched_pi_setprio, sched_pi_setprio),
	LKST_TP(SCHED_RUNQUEUE, sched_update_nr_running_tp, sched_update_nr_running,
		.prepare = find_rq_members),
	LKST_TP(PROCESS_FORK, sched_process_fork, sched_process_fork),
	LKST_TP(PROCESS_LTHREADGEN, sched_process_fork, sched_process_fork_thread),
	LKST_TP(PROCESS_EXEC, sched_process_exec, sched_process_exec),
	LKST_TP(PROCESS_EXIT, sched_process_exit, sched_process_exit),
	LKST_TP(PROCESS_EXIT, sched_process_exit, sched_process_exit_group),
	LKST_TP(PROCESS_FREE, sched_process_free, sched_process_free),
	LKST_TP(PROCESS_WAIT, sched_process_wait, sched_process_wait),
	LKST_TP(PROCESS_NAME, task_rename, task_rename),
	LKST_TP(PROCESS_SIGSEND, signal_generate, signal_generate),
	LKST_TP(SIGNAL_DELIVER, signal_deliver, signal_deliver),
	LKST_TP(LOCK_WAIT_BEGIN, contention_begin, contention_begin),
	LKST_TP(LOCK_WAIT_END, contention_end, contention_end),
};
LKST_POINTS(lkst_points_sched, rows);
