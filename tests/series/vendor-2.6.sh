#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# vendor-2.6.sh - make a vendor's tree out of 2.6.9: code moved, renamed, rewritten, deleted, added, hooks there already.
# What becomes of each hook in it stands in vendor-2.6.table, which is written by hand.
#
# Usage: tests/series/vendor-2.6.sh TREE OUT
#   TREE  2.6.9; OUT gets the folders that hooks are in
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
# shellcheck source=tests/series/change.sh
. "$here/change.sh"
take 2.6 "$1" "$2"
cd "$2"

# Further down in the file.
change kernel/panic.c '1i\
/* of the vendor */\
'
# A line of the context written otherwise.
change ipc/shm.c '/^asmlinkage long sys_shmdt/,/^}/s/size = 0/size=0/'
# A function in another file, under the same name.
move arch/i386/kernel/irq.c 'asmlinkage int handle_IRQ_event' kernel/vendor_irq.c linux/irq.h linux/interrupt.h
# A whole file under another name.
mv net/core/datagram.c net/core/vendor_datagram.c
# A function under another name.
change drivers/block/ll_rw_blk.c 's/\<blk_plug_device\>/blk_plug_queue/'
# A function gone, and another of its name elsewhere that is not it.
change kernel/timer.c '/^int del_timer(/,/^}/d'
printf '#include <linux/timer.h>\n\nint del_timer(struct timer_list *timer)\n{\n\treturn vendor_del(timer, 0);\n}\n' >kernel/vendor_timer.c
# Rewritten.
change fs/bio.c '/^void bio_endio/,/^}/{/^{/,/^}/c\
{\
	vendor_account(bio);\
	if (bio->bi_end_io)\
		bio->bi_end_io(bio, bytes_done, error);\
	vendor_done(bio);\
}
}'
# The statements around a hook twice.
change kernel/sched.c '/^static int try_to_wake_up/,/^}/{/activate_task(p, rq, cpu == this_cpu)/,/if (!sync || cpu != this_cpu) {/{/activate_task/p;/if (!sync/i\
	if (!sync || cpu != this_cpu) {\
		vendor_kick(p);\
	}\
	activate_task(p, rq, cpu == this_cpu);
}}'
# An argument of another type; one of another name; one with another value.
change kernel/exit.c '/^static long do_wait(/s/pid_t pid/unsigned int pid/'
change kernel/exit.c '/do_exit(long code)/,/^}/s/\<tsk\>/victim/g'
change kernel/signal.c 's/ka = &current->sighand->action\[signr-1\];/ka = vendor_action(signr);/'
# A way out between entry and exit.
change mm/slab.c '/^void \* __kmalloc/,/^}/s/^	struct cache_sizes \*csizep.*/&\
\
	if (vendor_limit(size))\
		return NULL;/'
# A statement between the hook's neighbours: harmless; one that is not.
change kernel/workqueue.c '/^static void __queue_work/,/^}/s/^	spin_lock_irqsave.*/&\
	vendor_count++;/'
change net/core/dev.c '/^int netif_receive_skb/,/^}/s/^	if (!skb->stamp.tv_sec)/	if (vendor_steals(skb))\
		return NET_RX_DROP;\
&/'
# At the entry of a function: more declarations, and what leaves it again.
change ipc/msg.c '/^asmlinkage long sys_msgrcv/,/^}/s/^	int mode;/&\
	int vendor = 0;\
\
	if (vendor_refuses(msqid))\
		return -EACCES;/'
# Applied already; there already, but elsewhere.
patch -s -p1 -F0 <"$here/../../patches/2.6/hook-the-page-allocator.patch"
change net/core/skbuff.c '/^void __kfree_skb/,/^}/s/^}/	LKST_HOOK1(NET_CONSUME, skb);\
}/'
# Braces of the vendor's.
change net/socket.c '/^static inline int __sock_sendmsg/,/^}/{s/^	if (err)$/	if (err) {/;s/^		return err;/&\
	}/;}'
# A statement edited.
change arch/i386/kernel/apic.c 's/smp_local_timer_interrupt(&regs);/smp_local_timer_interrupt(regs);/'
# A place of a macro that belongs together is gone.
change kernel/sched.c '/^static void deactivate_task/,/^}/{/rq->nr_running--;/c\
	vendor_dequeue(rq);
/p->state == TASK_UNINTERRUPTIBLE/s/==/== vendor_state(p) ||/
}'
# Twice, under conditions.
change fs/exec.c '/^void set_task_comm/,/^}/{/^void/i\
#ifdef CONFIG_VENDOR\
void set_task_comm(struct task_struct *tsk, char *buf)\
{\
	task_lock(tsk);\
	strlcpy(tsk->comm, buf, sizeof(tsk->comm));\
	task_unlock(tsk);\
}\
#else
/^}/a\
#endif
}'
# White space and comments.
change kernel/softirq.c '/^asmlinkage void __do_softirq/,/^}/s/^			h->action(h);/			\/* the vendor has a word to say *\/\
			h->action (h) ;/'
# An expression with more around it.
change arch/i386/mm/fault.c 's/^	switch (handle_mm_fault(mm, vma, address, write)) {/	switch (handle_mm_fault(mm, vma, address,\
				write)) {/'
# Under a condition that the base has not.
change kernel/itimer.c '/^void it_real_fn/,/^}/s/^	send_group_sig_info(SIGALRM.*/	if (p->it_real_incr)\
	&/'
# Other code before a system call.
change arch/i386/kernel/entry.S '/^syscall_call:/a\
	call vendor_syscall'
