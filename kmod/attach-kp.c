// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-kp.c - handlers on functions: what no tracepoint tells.
 *
 *	LKST_KP(EVENT, function, handler, parameters that it reads)	at the function's entry
 *	LKST_RP(EVENT, function, handler)				when it has returned
 *
 * Arguments are in di, si, dx, cx, results in ax. Handlers run with preemption off, in whatever
 * context the function is called.
 */
#include <linux/ipc_namespace.h>
#include <linux/kprobes.h>
#include <linux/sched.h>
#include <linux/socket.h>
#include <linux/version.h>
#include <asm/processor.h>
#include <asm/trapnr.h>
#include "attach.h"
#include "btf.h"
#include "record.h"

#define HANDLER(fn)	static notrace int fn(struct kprobe *kp, struct pt_regs *regs)
#define RETURN(fn)	static notrace int fn(struct kretprobe_instance *ri, struct pt_regs *regs)

/* ---- wait queues ---- */

HANDLER(init_wqh)
{
	lkst_emit(PROCESS_INIT_WQH, regs->di);
	return 0;
}

HANDLER(add_wq)
{
	lkst_emit(PROCESS_ADD_WQ, regs->di, regs->si);
	return 0;
}

HANDLER(rem_wq)
{
	lkst_emit(PROCESS_REM_WQ, regs->di, regs->si);
	return 0;
}

/* ---- scheduler ---- */

HANDLER(schedule_enter)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
	lkst_emit(PROCESS_SCHED_ENTER, READ_ONCE(current->__state));
#else
	lkst_emit(PROCESS_SCHED_ENTER, READ_ONCE(current->state));
#endif
	return 0;
}

HANDLER(schedule_exit)
{
	lkst_emit(PROCESS_SCHED_EXIT, ((struct task_struct *)regs->di)->pid);
	return 0;
}

/* ---- exceptions that no notifier is told of; see attach-notifier.c for the others ---- */

HANDLER(math_error)
{
	const struct pt_regs *trapped = (void *)regs->di;

	if (user_mode((struct pt_regs *)trapped))
		lkst_emit(EXCEPTION_ENTRY, regs->si, trapped->ip);
	return 0;
}

/*
 * A program's general protection fault goes straight to a signal, from code that may not be probed.
 * The trap number it left stays in the task, so signals forced for other reasons are told apart by
 * where the program entered the kernel: a system call has its number in orig_ax, an exception -1.
 */
HANDLER(protection_fault)
{
	const struct pt_regs *trapped = task_pt_regs(current);

	if (regs->di == SIGSEGV && current->thread.trap_nr == X86_TRAP_GP &&
	    (long)trapped->orig_ax == -1)
		lkst_emit(EXCEPTION_ENTRY, X86_TRAP_GP, trapped->ip);
	return 0;
}

RETURN(fault_exit)
{
	lkst_emit(PAGEFAULT_EXIT, (u32)regs->ax);
	return 0;
}

/* ---- memory ---- */

HANDLER(pages_enter)
{
	lkst_emit(MEM_GETPAGES_ENTRY, (u32)regs->si, (u32)regs->di);
	return 0;
}

RETURN(pages_exit)
{
	lkst_emit(MEM_GETPAGES_EXIT, regs->ax);
	return 0;
}

HANDLER(free_pages_enter)
{
	lkst_emit(MEM_FREEPAGES_ENTRY, regs->di, (u32)regs->si);
	return 0;
}

RETURN(free_pages_exit)
{
	lkst_emit(MEM_FREEPAGES_EXIT, 0);
	return 0;
}

HANDLER(kmalloc_enter)
{
	lkst_emit(MEM_KMALLOC_ENTRY, (u32)regs->di, (u32)regs->si);
	return 0;
}

/* The compiler knows the size: cache, flags, [node,] size. */
HANDLER(kmalloc_sized_enter)
{
	lkst_emit(MEM_KMALLOC_ENTRY, (u32)regs->dx, (u32)regs->si);
	return 0;
}

HANDLER(kmalloc_sized_node_enter)
{
	lkst_emit(MEM_KMALLOC_ENTRY, (u32)regs->cx, (u32)regs->si);
	return 0;
}

/* With caches of separate callers: size, buckets, flags, node. */
HANDLER(kmalloc_bucket_enter)
{
	lkst_emit(MEM_KMALLOC_ENTRY, (u32)regs->di, (u32)regs->dx);
	return 0;
}

RETURN(kmalloc_exit)
{
	lkst_emit(MEM_KMALLOC_EXIT, regs->ax);
	return 0;
}

HANDLER(kfree_enter)
{
	lkst_emit(MEM_KFREE_ENTRY, regs->di);
	return 0;
}

RETURN(kfree_exit)
{
	lkst_emit(MEM_KFREE_EXIT, 0);
	return 0;
}

/* ---- sockets ---- */

HANDLER(send_enter)
{
	lkst_emit(SOCK_SEND_ENTRY, regs->di,
		  iov_iter_count(&((struct msghdr *)regs->si)->msg_iter));
	return 0;
}

HANDLER(recv_enter)
{
	lkst_emit(SOCK_RECV_ENTRY, regs->di, (u32)regs->dx);
	return 0;
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
/* From then on there are tracepoints: attach-tp-net.c. */
RETURN(send_exit)
{
	lkst_emit(SOCK_SEND_EXIT, (int)regs->ax);
	return 0;
}

RETURN(recv_exit)
{
	lkst_emit(SOCK_RECV_EXIT, (int)regs->ax);
	return 0;
}
#endif

/* ---- mutexes: the address is an argument, so it is kept from entry to return ---- */

static notrace int keep_lock(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	*(unsigned long *)ri->data = regs->di;
	return 0;
}

RETURN(locked)
{
	lkst_emit(LOCK_ACQUIRE, *(unsigned long *)ri->data);
	return 0;
}

RETURN(locked_if_zero)
{
	if (!(int)regs->ax)
		lkst_emit(LOCK_ACQUIRE, *(unsigned long *)ri->data);
	return 0;
}

RETURN(locked_if_not_zero)
{
	if ((int)regs->ax)
		lkst_emit(LOCK_ACQUIRE, *(unsigned long *)ri->data);
	return 0;
}

HANDLER(unlock)
{
	lkst_emit(LOCK_RELEASE, regs->di);
	return 0;
}

/* ---- System V IPC ---- */

HANDLER(semop)
{
	lkst_emit(IPC_SEMOP, (u32)regs->di, (u32)regs->dx);
	return 0;
}

HANDLER(msgsnd)
{
	lkst_emit(IPC_MSGSND, (u32)regs->di, (u32)regs->cx);
	return 0;
}

HANDLER(msgrcv)
{
	lkst_emit(IPC_MSGRCV, (u32)regs->di, (u32)regs->dx);
	return 0;
}

HANDLER(shmat)
{
	lkst_emit(IPC_SHMAT, (u32)regs->di, (u32)regs->dx);
	return 0;
}

HANDLER(shmdt)
{
	lkst_emit(IPC_SHMDT, regs->di);
	return 0;
}

/*
 * The functions behind semget(2) and its like are inlined into the system calls on some kernels and
 * not on others; they all come through here. Which of the three it is shows in the table of the
 * name space that is searched.
 */
static unsigned int params_key __read_mostly;

static int find_ipc_key(char *why, size_t size)
{
	int key = lkst_btf_member("ipc_params", "key", 4);

	if (key < 0) {
		strscpy(why, "no type information on struct ipc_params", size);
		return -ENOENT;
	}
	params_key = key;
	return 0;
}

HANDLER(ipc_get)
{
	const struct ipc_namespace *ns = (void *)regs->di;

	lkst_emit(IPC_GET, *(u32 *)(regs->cx + params_key), (struct ipc_ids *)regs->si - ns->ids);
	return 0;
}

/* Calls under way at the same time: CPUs and their nesting, or tasks that may sleep inside. */
#define SHORT	256
#define SLEEPS	1024

#define LKST_KP(NAME, function, fn, takes, ...) {				\
	.event = LKST_EV_##NAME, .kind = LKST_POINT_KPROBE, .place = #function,	\
	.probe = fn, .wants = takes, __VA_ARGS__ }
#define LKST_RP(NAME, function, fn, many, ...) {				\
	.event = LKST_EV_##NAME, .kind = LKST_POINT_KRETPROBE, .place = #function, \
	.probe = fn, .maxactive = many, __VA_ARGS__ }
#define LKST_RP_LOCK(function, fn)						\
	LKST_RP(LOCK_ACQUIRE, function, fn, SLEEPS, .entry = keep_lock, .data_size = sizeof(long), \
		.wants = "struct mutex *lock")

#define WAITER	"struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, ..."

static struct lkst_point rows[] = {
	LKST_KP(PROCESS_INIT_WQH, __init_waitqueue_head, init_wqh,
		"struct wait_queue_head *wq_head, ..."),
	LKST_KP(PROCESS_ADD_WQ, add_wait_queue, add_wq, WAITER),
	LKST_KP(PROCESS_ADD_WQ, add_wait_queue_exclusive, add_wq, WAITER),
	LKST_KP(PROCESS_ADD_WQ, prepare_to_wait, add_wq, WAITER),
	LKST_KP(PROCESS_ADD_WQ, prepare_to_wait_exclusive, add_wq, WAITER),
	LKST_KP(PROCESS_ADD_WQ, prepare_to_wait_event, add_wq, WAITER),
	LKST_KP(PROCESS_REM_WQ, remove_wait_queue, rem_wq, WAITER),
	LKST_KP(PROCESS_REM_WQ, finish_wait, rem_wq, WAITER),
	LKST_KP(PROCESS_SCHED_ENTER, __schedule, schedule_enter, NULL),
	LKST_KP(PROCESS_SCHED_EXIT, finish_task_switch, schedule_exit, "struct task_struct *prev"),
	LKST_KP(EXCEPTION_ENTRY, math_error, math_error, "struct pt_regs *regs, int trapnr"),
	LKST_KP(EXCEPTION_ENTRY, force_sig, protection_fault, "int sig"),
	LKST_RP(PAGEFAULT_EXIT, handle_mm_fault, fault_exit, SLEEPS),

	LKST_KP(MEM_GETPAGES_ENTRY, __alloc_frozen_pages_noprof, pages_enter,
		"gfp_t gfp, unsigned int order, ...", .alt = 1),
	LKST_KP(MEM_GETPAGES_ENTRY, __alloc_pages_noprof, pages_enter,
		"gfp_t gfp, unsigned int order, ...", .alt = 1),
	LKST_KP(MEM_GETPAGES_ENTRY, __alloc_pages, pages_enter,
		"gfp_t gfp, unsigned int order, ...", .alt = 1),
	LKST_KP(MEM_GETPAGES_ENTRY, __alloc_pages_nodemask, pages_enter,
		"gfp_t gfp, unsigned int order, ...", .alt = 1),
	LKST_RP(MEM_GETPAGES_EXIT, __alloc_frozen_pages_noprof, pages_exit, SLEEPS, .alt = 1),
	LKST_RP(MEM_GETPAGES_EXIT, __alloc_pages_noprof, pages_exit, SLEEPS, .alt = 1),
	LKST_RP(MEM_GETPAGES_EXIT, __alloc_pages, pages_exit, SLEEPS, .alt = 1),
	LKST_RP(MEM_GETPAGES_EXIT, __alloc_pages_nodemask, pages_exit, SLEEPS, .alt = 1),
	LKST_KP(MEM_FREEPAGES_ENTRY, __free_pages, free_pages_enter,
		"struct page *page, unsigned int order"),
	LKST_RP(MEM_FREEPAGES_EXIT, __free_pages, free_pages_exit, SHORT),

	LKST_KP(MEM_KMALLOC_ENTRY, __kmalloc_noprof, kmalloc_enter, "size_t size, gfp_t flags",
		.alt = 1),
	LKST_KP(MEM_KMALLOC_ENTRY, __kmalloc, kmalloc_enter, "size_t size, gfp_t flags", .alt = 1),
	LKST_KP(MEM_KMALLOC_ENTRY, __kmalloc_cache_noprof, kmalloc_sized_enter,
		"struct kmem_cache *s, gfp_t gfpflags, size_t size", .alt = 2),
	LKST_KP(MEM_KMALLOC_ENTRY, kmalloc_trace, kmalloc_sized_enter,
		"struct kmem_cache *s, gfp_t gfpflags, size_t size", .alt = 2),
	LKST_KP(MEM_KMALLOC_ENTRY, kmem_cache_alloc_trace, kmalloc_sized_enter,
		"struct kmem_cache *s, gfp_t gfpflags, size_t size", .alt = 2),
	LKST_KP(MEM_KMALLOC_ENTRY, __kmalloc_node, kmalloc_enter, "size_t size, gfp_t flags, ...",
		.optional = true),
	LKST_KP(MEM_KMALLOC_ENTRY, __kmalloc_node_track_caller, kmalloc_enter,
		"size_t size, gfp_t flags, ...", .optional = true),
	LKST_KP(MEM_KMALLOC_ENTRY, kmalloc_node_trace, kmalloc_sized_node_enter,
		"struct kmem_cache *s, gfp_t gfpflags, int node, size_t size", .optional = true),
	LKST_KP(MEM_KMALLOC_ENTRY, kmem_cache_alloc_node_trace, kmalloc_sized_node_enter,
		"struct kmem_cache *s, gfp_t gfpflags, int node, size_t size", .optional = true),
	LKST_KP(MEM_KMALLOC_ENTRY, __kmalloc_track_caller, kmalloc_enter, "size_t size, gfp_t gfpflags, ...",
		.optional = true),
	LKST_KP(MEM_KMALLOC_ENTRY, __kmalloc_node_noprof, kmalloc_enter,
		"size_t size, gfp_t flags, ...", .optional = true),
	LKST_KP(MEM_KMALLOC_ENTRY, __kmalloc_node_noprof, kmalloc_bucket_enter,
		"size_t size, kmem_buckets *b, gfp_t flags, ...", .optional = true),
	LKST_KP(MEM_KMALLOC_ENTRY, __kmalloc_node_track_caller_noprof, kmalloc_enter,
		"size_t size, gfp_t flags, ...", .optional = true),
	LKST_KP(MEM_KMALLOC_ENTRY, __kmalloc_node_track_caller_noprof, kmalloc_bucket_enter,
		"size_t size, kmem_buckets *b, gfp_t flags, ...", .optional = true),
	LKST_KP(MEM_KMALLOC_ENTRY, __kmalloc_cache_node_noprof, kmalloc_sized_node_enter,
		"struct kmem_cache *s, gfp_t gfpflags, int node, size_t size", .optional = true),
	/* Sizes that the compiler knows, above the largest cache. What 5.10 has for them is inside of __kmalloc(). */
	LKST_KP(MEM_KMALLOC_ENTRY, kmalloc_large, kmalloc_enter, "size_t size, gfp_t flags", .optional = true),
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)	/* __kmalloc_node() called it before */
	LKST_KP(MEM_KMALLOC_ENTRY, kmalloc_large_node, kmalloc_enter, "size_t size, gfp_t flags, ...",
		.optional = true),
#endif
	LKST_KP(MEM_KMALLOC_ENTRY, __kmalloc_large_noprof, kmalloc_enter, "size_t size, gfp_t flags",
		.optional = true),
	LKST_RP(MEM_KMALLOC_EXIT, __kmalloc_noprof, kmalloc_exit, SLEEPS, .alt = 1),
	LKST_RP(MEM_KMALLOC_EXIT, __kmalloc, kmalloc_exit, SLEEPS, .alt = 1),
	LKST_RP(MEM_KMALLOC_EXIT, __kmalloc_cache_noprof, kmalloc_exit, SLEEPS, .alt = 2),
	LKST_RP(MEM_KMALLOC_EXIT, kmalloc_trace, kmalloc_exit, SLEEPS, .alt = 2),
	LKST_RP(MEM_KMALLOC_EXIT, kmem_cache_alloc_trace, kmalloc_exit, SLEEPS, .alt = 2),
	LKST_RP(MEM_KMALLOC_EXIT, __kmalloc_node, kmalloc_exit, SLEEPS, .optional = true),
	LKST_RP(MEM_KMALLOC_EXIT, __kmalloc_node_track_caller, kmalloc_exit, SLEEPS,
		.optional = true),
	LKST_RP(MEM_KMALLOC_EXIT, kmalloc_node_trace, kmalloc_exit, SLEEPS, .optional = true),
	LKST_RP(MEM_KMALLOC_EXIT, kmem_cache_alloc_node_trace, kmalloc_exit, SLEEPS, .optional = true),
	LKST_RP(MEM_KMALLOC_EXIT, __kmalloc_track_caller, kmalloc_exit, SLEEPS, .optional = true),
	LKST_RP(MEM_KMALLOC_EXIT, __kmalloc_node_noprof, kmalloc_exit, SLEEPS, .optional = true),
	LKST_RP(MEM_KMALLOC_EXIT, __kmalloc_node_track_caller_noprof, kmalloc_exit, SLEEPS,
		.optional = true),
	LKST_RP(MEM_KMALLOC_EXIT, __kmalloc_cache_node_noprof, kmalloc_exit, SLEEPS,
		.optional = true),
	LKST_RP(MEM_KMALLOC_EXIT, kmalloc_large, kmalloc_exit, SLEEPS, .optional = true),
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
	LKST_RP(MEM_KMALLOC_EXIT, kmalloc_large_node, kmalloc_exit, SLEEPS, .optional = true),
#endif
	LKST_RP(MEM_KMALLOC_EXIT, __kmalloc_large_noprof, kmalloc_exit, SLEEPS, .optional = true),
	LKST_KP(MEM_KFREE_ENTRY, kfree, kfree_enter, "void *object"),
	LKST_RP(MEM_KFREE_EXIT, kfree, kfree_exit, SHORT),

	/* Where the compiler made the first a part of its callers, all of these still ask permission. */
	LKST_KP(SOCK_SEND_ENTRY, __sock_sendmsg, send_enter,
		"struct socket *sock, struct msghdr *msg", .alt = 1),
	LKST_KP(SOCK_SEND_ENTRY, security_socket_sendmsg, send_enter,
		"struct socket *sock, struct msghdr *msg, ...", .alt = 1),
	LKST_KP(SOCK_SEND_ENTRY, sock_sendmsg, send_enter,
		"struct socket *sock, struct msghdr *msg", .alt = 1),
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
	LKST_RP(SOCK_SEND_EXIT, __sock_sendmsg, send_exit, SLEEPS, .optional = true),
	LKST_RP(SOCK_SEND_EXIT, sock_sendmsg, send_exit, SLEEPS, .unless = "__sock_sendmsg"),
	LKST_RP(SOCK_RECV_EXIT, sock_recvmsg, recv_exit, SLEEPS),
#endif
	LKST_KP(SOCK_RECV_ENTRY, sock_recvmsg, recv_enter,
		"struct socket *sock, struct msghdr *msg, int flags"),

	LKST_RP_LOCK(mutex_lock, locked),
	LKST_RP_LOCK(mutex_lock_interruptible, locked_if_zero),
	LKST_RP_LOCK(mutex_lock_killable, locked_if_zero),
	LKST_RP_LOCK(mutex_trylock, locked_if_not_zero),
	LKST_KP(LOCK_RELEASE, mutex_unlock, unlock, "struct mutex *lock"),

	LKST_KP(IPC_SEMOP, do_semtimedop, semop,
		"int semid, struct sembuf *tsops, unsigned nsops, ..."),
	LKST_KP(IPC_MSGSND, do_msgsnd, msgsnd,
		"int msqid, long mtype, void *mtext, size_t msgsz, ..."),
	LKST_KP(IPC_MSGRCV, do_msgrcv, msgrcv, "int msqid, void *buf, size_t bufsz, ..."),
	LKST_KP(IPC_SHMAT, do_shmat, shmat, "int shmid, char *shmaddr, int shmflg, ..."),
	LKST_KP(IPC_SHMDT, ksys_shmdt, shmdt, "char *shmaddr"),
	LKST_KP(IPC_GET, ipcget, ipc_get,
		"struct ipc_namespace *ns, struct ipc_ids *ids, struct ipc_ops *ops, "
		"struct ipc_params *params",
		.prepare = find_ipc_key),
};
LKST_POINTS(lkst_points_kp, rows);
