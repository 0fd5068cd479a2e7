#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# vendor-2.4.sh - make a vendor's tree out of 2.4.37.11, in the manner of the one that MIRACLE LINUX had to deal with: a
# scheduler that was replaced, memory management moved and renamed, threads in the kernel. What becomes of each hook in
# it stands in vendor-2.4.table, which is written by hand.
#
# Usage: tests/series/vendor-2.4.sh TREE OUT
#   TREE  2.4.37.11; OUT gets the folders that hooks are in
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
# shellcheck source=tests/series/change.sh
. "$here/change.sh"
take 2.4 "$1" "$2"
cd "$2"

# A scheduler with a queue for each CPU: the functions of the old one under other names, with other contents, or gone.
change kernel/sched.c '/^static inline void add_to_runqueue/,/^}/c\
static inline void vendor_enqueue(struct task_struct *p, struct vendor_queue *q)\
{\
	list_add_tail(\&p->run_list, q->level + p->vendor_level);\
	__set_bit(p->vendor_level, q->bitmap);\
	q->running++;\
}'
change kernel/sched.c '/^static inline int try_to_wake_up/,/^}/c\
static int try_to_wake_up(struct task_struct *p, unsigned int state, int sync)\
{\
	struct vendor_queue *q = vendor_lock_queue_of(p);\
	int success = 0;\
\
	if (p->state \& state) {\
		p->state = TASK_RUNNING;\
		vendor_enqueue(p, q);\
		success = !sync \&\& vendor_preempts(p, q);\
	}\
	vendor_unlock(q);\
	return success;\
}'
change kernel/sched.c '/^static inline void __schedule_tail/,/^}/c\
static inline void vendor_finish_switch(struct vendor_queue *q)\
{\
	struct mm_struct *mm = q->mm_to_drop;\
\
	q->mm_to_drop = NULL;\
	vendor_unlock(q);\
	if (mm)\
		mmdrop(mm);\
}'
change kernel/sched.c '/^asmlinkage void schedule(void)/,/^}/c\
asmlinkage void schedule(void)\
{\
	struct vendor_queue *q = vendor_this_queue();\
	struct task_struct *from, *to;\
\
	BUG_ON(in_interrupt());\
	do {\
		from = q->current_task;\
		vendor_lock(q);\
		if (from->state != TASK_RUNNING \&\& !signal_pending(from))\
			vendor_dequeue(from, q);\
		to = vendor_first(q);\
		if (to != from)\
			vendor_switch(q, from, to);\
		vendor_finish_switch(vendor_this_queue());\
	} while (from->need_resched);\
}'

# Threads: the end of a fork; what is released of a task; tables of signal handlers that are shared, queues of signals
# that are; a statement between.
change kernel/fork.c 's/^	wake_up_process(p);.*do this last.*/	vendor_wake_child(p, clone_flags);/'
change kernel/exit.c '/^static void release_task/,/^}/{
	/counter/d
	/^		p->pid = 0;/d
	s/free_task_struct(p)/vendor_put_task(p)/
}'
change kernel/exit.c '/^NORET_TYPE void do_exit/,/^}/s/^	del_timer_sync(&tsk->real_timer);/&\
	vendor_leave_group();/'
change kernel/signal.c '/^static int deliver_signal/,/^}/s/(sig, info, &t->pending)/(sig, info, t, vendor_queue_of(t))/'
change arch/i386/kernel/signal.c 's/ka = &current->sig->action\[signr-1\];/ka = \&current->sighand->action[signr-1];/'

# Memory management: the page allocator in a file of its own; the one of small objects under other names.
move mm/page_alloc.c 'struct page \* fastcall __alloc_pages' mm/vendor_alloc.c linux/mm.h
change mm/page_alloc.c 's/\<__free_pages_ok\>/vendor_free_pages/g'
change mm/slab.c 's/^void \* kmalloc (size_t size, int flags)/void * vendor_kmalloc(size_t size, int flags)/'

# Interrupts and packets in other files.
move arch/i386/kernel/irq.c 'int handle_IRQ_event' kernel/vendor_irq.c linux/irq.h linux/interrupt.h
move net/core/dev.c 'int netif_rx(' net/core/vendor_rx.c linux/netdevice.h

# Timers: something between a hook and what it is about; a function gone.
change kernel/timer.c '/^static inline void run_timer_list/,/^}/{
	s/^			spin_unlock_irq(&timerlist_lock);/&\
			vendor_timers++;/
}'
change kernel/timer.c '/do_it_prof(struct task_struct/,/^}/d'
# Further down in the file.
change kernel/panic.c '1i\
/* of the vendor */\
'
