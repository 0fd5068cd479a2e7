/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * attach-hook-forbidden.h - functions of 2.6.9 that no breakpoint may be in, whose kprobes do not know that
 * themselves: 'lkst probe' refuses them, and klasy.
 */
#ifndef LKST_ATTACH_HOOK_FORBIDDEN_H
#define LKST_ATTACH_HOOK_FORBIDDEN_H

/* What runs between the breakpoint and our handler, or where no breakpoint may be: the entries of the kernel. */
#define LKST_FORBIDDEN \
	"do_int3", "do_debug", "do_nmi", "do_page_fault", "do_general_protection", \
	"notifier_call_chain", "int3", "debug", "nmi", "page_fault", "error_code", \
	"divide_error", "general_protection", "double_fault", "device_not_available", \
	"system_call", "sysenter_entry", "restore_all", "resume_userspace", "resume_kernel", \
	"ret_from_intr", "ret_from_exception", "ret_from_fork", "common_interrupt", \
	"syscall_call", "syscall_exit", "syscall_exit_work", "sysenter_past_esp", "work_pending", \
	"lkst_hook", "lkst_call", "lkst_nothing", "get_kprobe", "lock_kprobes", "unlock_kprobes", \
	"kprobe_exceptions_notify", "__switch_to"

/* The same of all whose names begin so. */
#define LKST_FORBIDDEN_BEGINNINGS \
	"_spin_", "_read_", "_write_", "__preempt_", "nmi_", "irq_entries", ".text.lock"

#endif
