// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_measures.c - for every measure a trace worked out by hand, and the exact text that must come out; then what each
 * does with a trace that is not whole. Measures of several others: test_together.c.
 */
#include "la-test.h"

static void syscall_statistics(void **unused)
{
	(void)unused;
	make_syscalls();
	gives(0, "syscall %s",
	      "# lkstla syscall: processing time of system calls\n"
	      "#syscall name count total[s] min[s] mean[s] max[s] deviation[s] p50[s] p90[s] p99[s] p99.9[s]\n"
	      "0 read 2 0.000014000 0.000004000 0.000007000 0.000010000 0.000003000 0.000004015 0.000010000 "
	      "0.000010000 0.000010000\n"
	      "3 close 1 0.000002000 0.000002000 0.000002000 0.000002000 0.000000000 0.000002000 0.000002000 "
	      "0.000002000 0.000002000\n"
	      "15 rt_sigreturn 1 0.000001000 0.000001000 0.000001000 0.000001000 0.000000000 0.000001000 "
	      "0.000001000 0.000001000 0.000001000\n" SYSCALL_UNPAIRED);
}

static void syscall_across_a_loss(void **unused)
{
	(void)unused;
	begin();
	MK(&t, 0, S, 50, SYSCALL_ENTRY, .nr = 0);
	MK(&t, 1, S + 1 * US, 51, SYSCALL_ENTRY, .nr = 1);
	mk_lose(&t, 0, 5);
	MK(&t, 0, S + 9 * US, 50, SYSCALL_EXIT, .nr = 0);	/* perhaps of another read */
	MK(&t, 0, S + 10 * US, 50, SYSCALL_ENTRY, .nr = 2);
	MK(&t, 0, S + 11 * US, 50, SYSCALL_EXIT, .nr = 2);
	end();
	gives(3, "syscall -l %s",
	      HEAD "2 50 1.000010000 0.000001000 0 syscall-2 sh\n"
	      "# incomplete: 5 records lost, 0 sub-buffers missing, 0 damaged places, 0 files not closed\n"
	      UNPAIRED(1, 0, 0, 2)
	      "lkstla: reading: 5 records were lost when recording (give the buffer more room, or record fewer "
	      "events)\n");
}

static void syscallcount(void **unused)
{
	(void)unused;
	make_syscalls();
	gives(0, "syscallcount -l -k read %s",
	      "# lkstla syscallcount: usage of system calls: how many of each\n"
	      "#syscall pid time[s] so_far cpu name task\n"
	      "0 50 1.000001000 1 0 read sh\n"
	      "0 50 1.000008000 2 0 read sh\n"
	      "0 52 1.000019000 3 0 read thread\n" UNPAIRED(0, 0, 0, 0));
	gives(0, "syscallcount -t1+1 %s",
	      "# lkstla syscallcount: usage of system calls: how many of each\n"
	      "#syscall name count share[%] per_second\n"
	      "0 read 3 42.857 3.000\n"
	      "3 close 2 28.571 2.000\n"
	      "15 rt_sigreturn 1 14.286 1.000\n"
	      "60 exit 1 14.286 1.000\n" UNPAIRED(0, 0, 0, 0));
}

static void lifetime(void **unused)
{
	(void)unused;
	begin();
	MK(&t, 0, S, 50, PROCESS_FORK, .child_pid = 60, .child_tgid = 60);
	MK(&t, 0, S + 100 * US, 60, PROCESS_NAME, .target_pid = 60, .name0 = 0x736c);
	MK(&t, 1, S + 500 * US, 60, PROCESS_EXIT, .tgid = 60);
	MK(&t, 1, S + 600 * US, 51, PROCESS_EXIT, .tgid = 51);
	MK(&t, 1, S + 700 * US, 50, PROCESS_FORK, .child_pid = 61, .child_tgid = 61);
	end();
	lists("lifetime", "life of tasks, from fork to exit", "pid", "value[s]",
	      "60 60 1.000000000 0.000500000 0 ls ls\n" UNPAIRED(1, 0, 1, 0));
}

static void state(void **unused)
{
	(void)unused;
	begin();
	MK(&t, 0, S, 0, PROCESS_CONTEXTSWITCH, .next_pid = 50);		/* 50 runs */
	MK(&t, 0, S + 10 * US, 50, PROCESS_CONTEXTSWITCH, .next_pid = 51);	/* 50 preempted */
	MK(&t, 0, S + 15 * US, 51, PROCESS_CONTEXTSWITCH, .next_pid = 50, .prev_state = 1);
	MK(&t, 0, S + 35 * US, 50, PROCESS_CONTEXTSWITCH, .next_pid = 0, .prev_state = 2);
	MK(&t, 1, S + 45 * US, 0, PROCESS_WAKEUP, .target_pid = 51);
	MK(&t, 0, S + 47 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 51);
	end();
	lists("state", "time that tasks spent running, runnable, sleeping...", "key", "value[s]",
	      "0 50 1.000000000 0.000010000 0 running sh\n"
	      "0 51 1.000010000 0.000005000 0 running my_prog\n"
	      "1 50 1.000010000 0.000005000 0 runnable sh\n"
	      "0 50 1.000015000 0.000020000 0 running sh\n"
	      "2 51 1.000015000 0.000030000 0 sleeping my_prog\n"
	      "1 51 1.000045000 0.000002000 1 runnable my_prog\n" UNPAIRED(0, 0, 2, 0));
	gives(0, "state -p 50 -k running %s",
	      "# lkstla state: time that tasks spent running, runnable, sleeping...\n"
	      "# pid task key name count total[s] min[s] mean[s] max[s] deviation[s] p50[s] p90[s] p99[s] "
	      "p99.9[s]\n"
	      "50 sh 0 running 2 0.000030000 0.000010000 0.000015000 0.000020000 0.000005000 0.000010047 "
	      "0.000020000 0.000020000 0.000020000\n" UNPAIRED(0, 0, 2, 0));
}

static void interrupts(void **unused)
{
	(void)unused;
	begin();
	mk_text(&t, LKST_PKT_IRQS, "14\tata piix\n");
	MK(&t, 0, S, 50, INTERRUPT_ENTRY, .irq = 14);
	MK(&t, 0, S + 1 * US, 50, SOFTIRQ_RAISE, .vec = 4);
	MK(&t, 1, S + 2 * US, 51, INTERRUPT_ENTRY, .irq = 14);
	MK(&t, 0, S + 3 * US, 50, INTERRUPT_EXIT, .irq = 14, .result = 1);
	MK(&t, 1, S + 6 * US, 51, INTERRUPT_EXIT, .irq = 14, .result = 1);
	MK(&t, 0, S + 7 * US, 50, SOFTIRQ_RAISE, .vec = 4);		/* pending already */
	MK(&t, 0, S + 8 * US, 50, SOFTIRQ_ENTRY, .vec = 4);
	MK(&t, 0, S + 9 * US, 50, SOFTIRQ_RAISE, .vec = 4);		/* again */
	MK(&t, 0, S + 13 * US, 50, SOFTIRQ_EXIT, .vec = 4);
	MK(&t, 0, S + 14 * US, 50, SOFTIRQ_ENTRY, .vec = 4);
	end();
	lists("irq", "time in interrupt handlers", "irq", "value[s]",
	      "14 50 1.000000000 0.000003000 0 ata_piix sh\n"
	      "14 51 1.000002000 0.000004000 1 ata_piix my_prog\n" UNPAIRED(0, 0, 0, 0));
	lists("softirq", "delay of soft interrupts, from request to run", "softirq", "value[s]",
	      "4 50 1.000001000 0.000007000 0 BLOCK sh\n"
	      "4 50 1.000009000 0.000005000 0 BLOCK sh\n" UNPAIRED(0, 0, 0, 0));
	lists("softirqtime", "time in soft interrupt handlers", "softirq", "value[s]",
	      "4 50 1.000008000 0.000005000 0 BLOCK sh\n" UNPAIRED(0, 0, 1, 0));
}

static void timers(void **unused)
{
	(void)unused;
	begin();
	mk_text(&t, LKST_PKT_SYMBOLS, "0xffffffff81000100\t0x40\ttick_sched_timer\n");
	MK(&t, 0, S, 50, INTERRUPT_TIMER_ENTRY, .vector = 236);	/* asks for nothing */
	MK(&t, 0, S + 1 * US, 50, INTERRUPT_TIMER_EXIT, .vector = 236);
	MK(&t, 0, S + 10 * US, 50, INTERRUPT_TIMER_ENTRY, .vector = 236);
	MK(&t, 0, S + 11 * US, 50, HRTIMER_ENTRY, .timer = 1, .func = 0xffffffff81000100ULL, .late = 1500);
	MK(&t, 0, S + 12 * US, 50, SOFTIRQ_RAISE, .vec = 1);
	MK(&t, 0, S + 13 * US, 50, INTERRUPT_TIMER_EXIT, .vector = 236);
	MK(&t, 0, S + 14 * US, 50, SOFTIRQ_ENTRY, .vec = 4);
	MK(&t, 0, S + 16 * US, 50, SOFTIRQ_ENTRY, .vec = 1);
	end();
	lists("timer", "responsiveness: from the timer interrupt to the run of soft timers", "cpu", "value[s]",
	      "0 50 1.000010000 0.000006000 0 cpu-0 sh\n" UNPAIRED(0, 0, 0, 0));
	lists("timerlate", "how late high resolution timers run", "function", "value[s]",
	      "1 50 1.000011000 0.000001500 0 tick_sched_timer+0x0 sh\n" UNPAIRED(0, 0, 0, 0));
}

static void begin_24(void)
{
	begin();
	strcpy(t.header.release, "2.4.37.11");
	mk_header(&t);
}

/* In 2.4 it is soft interrupt 0 that runs timers, and 1 is NET_TX. */
static void timers_of_24(void **unused)
{
	(void)unused;
	begin_24();
	MK(&t, 0, S + 10 * US, 50, INTERRUPT_TIMER_ENTRY, .vector = 0);
	MK(&t, 0, S + 11 * US, 50, SOFTIRQ_RAISE, .vec = 0);
	MK(&t, 0, S + 12 * US, 50, INTERRUPT_TIMER_EXIT, .vector = 0);
	MK(&t, 0, S + 13 * US, 50, SOFTIRQ_ENTRY, .vec = 1);
	MK(&t, 0, S + 15 * US, 50, SOFTIRQ_ENTRY, .vec = 0);
	end();
	lists("timer", "responsiveness: from the timer interrupt to the run of soft timers", "cpu", "value[s]",
	      "0 50 1.000010000 0.000005000 0 cpu-0 sh\n" UNPAIRED(0, 0, 0, 0));
}

static void block(void **unused)
{
	(void)unused;
	begin();
	mk_text(&t, LKST_PKT_DEVICES, "block\t8388608\tsda\n");
	MK(&t, 0, S, 50, BLOCK_INSERT, .dev = 8 << 20, .bytes = 4096, .rq = 0x1000);
	MK(&t, 0, S + 1 * US, 50, BLOCK_ISSUE, .dev = 8 << 20, .bytes = 4096, .rq = 0x1000);
	MK(&t, 0, S + 2 * US, 50, BLOCK_ISSUE, .dev = 8 << 20, .bytes = 8192, .rq = 0x2000);
	MK(&t, 1, S + 5 * US, 0, BLOCK_COMPLETE, .dev = 8 << 20, .bytes = 4096, .rq = 0x2000);	/* half of it */
	MK(&t, 1, S + 6 * US, 0, BLOCK_COMPLETE, .dev = 8 << 20, .bytes = 4096, .rq = 0x1000);
	MK(&t, 1, S + 7 * US, 0, BLOCK_COMPLETE, .dev = 8 << 20, .bytes = 4096, .rq = 0x2000);
	MK(&t, 1, S + 8 * US, 0, BLOCK_COMPLETE, .dev = 8 << 20, .bytes = 4096, .rq = 0x3000);	/* from before */
	MK(&t, 0, S + 9 * US, 50, BLOCK_ISSUE, .dev = 9 << 20 | 1, .bytes = 8192, .rq = 0x2000);
	end();
	lists("biotime", "processing time of block I/O, from issue to completion", "dev", "value[s]",
	      "8388608 50 1.000001000 0.000005000 0 sda sh\n"
	      "8388608 50 1.000002000 0.000005000 0 sda sh\n" UNPAIRED(1, 0, 1, 0));
	lists("bioqueue", "requests of a disk in queue and driver, when one more comes", "dev", "length",
	      "8388608 50 1.000000000 1 0 sda sh\n"
	      "8388608 50 1.000002000 2 0 sda sh\n"
	      "9437185 50 1.000009000 1 0 9:1 sh\n" UNPAIRED(2, 0, 1, 0));
	gives(0, "bioqueue -k 9:1 %s",
	      "# lkstla bioqueue: requests of a disk in queue and driver, when one more comes\n"
	      "#dev name count total min mean max deviation p50 p90 p99 p99.9\n"
	      "9437185 9:1 1 1 1 1.000 1 0.000 1 1 1 1\n" UNPAIRED(2, 0, 1, 0));
}

/* There a request is completed once, and tells the size of its last part only. */
static void block_of_24(void **unused)
{
	(void)unused;
	begin_24();
	MK(&t, 0, S + 1 * US, 50, BLOCK_ISSUE, .dev = 3 << 20, .bytes = 4096, .rq = 0x1000);
	MK(&t, 0, S + 6 * US, 0, BLOCK_COMPLETE, .dev = 3 << 20, .bytes = 1024, .rq = 0x1000);
	end();
	lists("biotime", "processing time of block I/O, from issue to completion", "dev", "value[s]",
	      "3145728 50 1.000001000 0.000005000 0 3:0 sh\n" UNPAIRED(0, 0, 0, 0));
}

static void scheduler(void **unused)
{
	(void)unused;
	begin();
	MK(&t, 1, S, 50, PROCESS_WAKEUP, .target_pid = 51);
	MK(&t, 1, S + 1 * US, 50, PROCESS_WAKEUP, .target_pid = 51);
	MK(&t, 0, S + 2 * US, 0, PROCESS_SCHED_ENTER, .prev_state = 0);
	MK(&t, 0, S + 3 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 51);
	MK(&t, 0, S + 4 * US, 51, PROCESS_SCHED_EXIT, .prev_pid = 0);
	MK(&t, 0, S + 5 * US, 51, SCHED_RUNQUEUE, .nr_running = 3, .cpu = 1, .change = 1);
	MK(&t, 0, S + 6 * US, 51, PROCESS_WAKEUP, .target_pid = 51);		/* it runs: no delay */
	MK(&t, 0, S + 7 * US, 51, PROCESS_CONTEXTSWITCH, .next_pid = 0, .prev_state = 1);
	MK(&t, 0, S + 9 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 51);
	end();
	lists("wakeup", "delay from the wake-up of a task to its run", "pid", "value[s]",
	      "51 51 1.000000000 0.000003000 0 my_prog my_prog\n" UNPAIRED(0, 0, 0, 0));
	lists("schedtime", "processing time of the scheduler", "cpu", "value[s]",
	      "0 0 1.000002000 0.000002000 0 cpu-0 idle\n" UNPAIRED(0, 0, 0, 0));
	lists("runqueue", "runnable tasks of a CPU, at each change", "cpu", "tasks",
	      "1 51 1.000005000 3 0 cpu-1 my_prog\n" UNPAIRED(0, 0, 0, 0));
}

/*
 * A wake-up that is left to CPU 0 begins where CPU 1 asks for it. Asked for while the task is still on its way to
 * sleep, it begins where it is done: until then the task had the CPU.
 */
static void woken_from_afar(void **unused)
{
	(void)unused;
	begin();
	MK(&t, 0, S, 51, PROCESS_CONTEXTSWITCH, .next_pid = 0, .prev_state = 1);
	MK(&t, 1, S + 2 * US, 50, PROCESS_WAKING, .target_pid = 51);
	MK(&t, 0, S + 9 * US, 0, PROCESS_WAKEUP, .target_pid = 51);
	MK(&t, 0, S + 10 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 51);
	MK(&t, 1, S + 20 * US, 50, PROCESS_WAKING, .target_pid = 51);
	MK(&t, 0, S + 21 * US, 51, PROCESS_CONTEXTSWITCH, .next_pid = 0, .prev_state = 1);
	MK(&t, 0, S + 24 * US, 0, PROCESS_WAKEUP, .target_pid = 51);
	MK(&t, 0, S + 25 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 51);
	end();
	lists("wakeup", "delay from the wake-up of a task to its run", "pid", "value[s]",
	      "51 51 1.000002000 0.000008000 0 my_prog my_prog\n"
	      "51 51 1.000024000 0.000001000 0 my_prog my_prog\n" UNPAIRED(0, 0, 0, 0));
	lists("state", "time that tasks spent running, runnable, sleeping...", "key", "value[s]",
	      "2 51 1.000000000 0.000002000 0 sleeping my_prog\n"
	      "1 51 1.000002000 0.000008000 1 runnable my_prog\n"
	      "0 51 1.000010000 0.000011000 0 running my_prog\n"
	      "2 51 1.000021000 0.000003000 0 sleeping my_prog\n"
	      "1 51 1.000024000 0.000001000 0 runnable my_prog\n" UNPAIRED(0, 0, 1, 0));
}

static void network(void **unused)
{
	(void)unused;
	begin();
	mk_text(&t, LKST_PKT_DEVICES, "net\t1\tlo\n");
	MK(&t, 0, S, 50, SOCK_SEND_ENTRY, .sock = 1, .size = 100);
	MK(&t, 0, S + 1 * US, 50, NET_SEND, .skb = 1, .len = 152, .ifindex = 1);
	MK(&t, 0, S + 2 * US, 50, NET_RECEIVE, .skb = 1, .len = 138, .ifindex = 1);
	MK(&t, 0, S + 4 * US, 50, SOCK_SEND_EXIT, .ret = 100);
	MK(&t, 1, S + 5 * US, 51, SOCK_RECV_EXIT, .ret = 100);
	MK(&t, 1, S + 6 * US, 51, SOCK_RECV_ENTRY, .sock = 1);
	MK(&t, 1, S + 9 * US, 51, SOCK_RECV_EXIT, .ret = 100);
	end();
	lists("nettime", "processing time of network I/O through sockets", "key", "value[s]",
	      "0 50 1.000000000 0.000004000 0 send sh\n"
	      "1 51 1.000006000 0.000003000 1 receive my_prog\n" UNPAIRED(1, 0, 0, 0));
	lists("netsize", "size of network packets", "net", "bytes",
	      "2 50 1.000001000 152 0 lo:send sh\n"
	      "3 50 1.000002000 138 0 lo:receive sh\n" UNPAIRED(0, 0, 0, 0));
}

static void memory(void **unused)
{
	(void)unused;
	begin();
	MK(&t, 0, S, 50, MEM_GETPAGES_ENTRY, .order = 0);
	MK(&t, 0, S + 1 * US, 50, MEM_GETPAGES_ENTRY, .order = 1);	/* an interrupt in between */
	MK(&t, 0, S + 2 * US, 50, MEM_GETPAGES_EXIT, .page = 1);
	MK(&t, 0, S + 3 * US, 50, MEM_KMALLOC_ENTRY, .size = 64);
	MK(&t, 0, S + 4 * US, 50, MEM_KMALLOC_EXIT, .object = 1);
	MK(&t, 0, S + 6 * US, 50, MEM_GETPAGES_EXIT, .page = 2);
	MK(&t, 0, S + 7 * US, 0, MEM_FREEPAGES_ENTRY, .page = 1);
	MK(&t, 1, S + 8 * US, 0, MEM_FREEPAGES_ENTRY, .page = 2);	/* another idle task */
	MK(&t, 0, S + 9 * US, 0, MEM_FREEPAGES_EXIT, .unused = 0);
	MK(&t, 1, S + 9 * US, 0, MEM_FREEPAGES_EXIT, .unused = 0);
	MK(&t, 1, S + 10 * US, 50, MEM_KFREE_ENTRY, .object = 1);
	MK(&t, 1, S + 11 * US, 50, MEM_KFREE_EXIT, .unused = 0);
	end();
	lists("memalloc", "processing time of memory allocation", "key", "value[s]",
	      "0 50 1.000000000 0.000006000 0 pages sh\n"
	      "0 50 1.000001000 0.000001000 0 pages sh\n"
	      "1 50 1.000003000 0.000001000 0 kmalloc sh\n" UNPAIRED(0, 0, 0, 0));
	lists("memfree", "processing time of memory release", "key", "value[s]",
	      "0 0 1.000007000 0.000002000 0 pages idle\n"
	      "0 0 1.000008000 0.000001000 1 pages idle\n"
	      "1 50 1.000010000 0.000001000 1 kmalloc sh\n" UNPAIRED(0, 0, 0, 0));
}

static void locks_and_wait_queues(void **unused)
{
	(void)unused;
	begin();
	mk_text(&t, LKST_PKT_SYMBOLS, "0xffffffff82000100\t0x40\tbig_lock\n");
	MK(&t, 0, S, 50, LOCK_WAIT_BEGIN, .lock = 0xffff888000000000ULL, .flags = 1);
	MK(&t, 0, S + 2 * US, 50, LOCK_WAIT_END, .lock = 0xffff888000000000ULL);
	MK(&t, 0, S + 2 * US, 50, LOCK_ACQUIRE, .lock = 0xffff888000000000ULL);
	MK(&t, 1, S + 3 * US, 51, LOCK_WAIT_BEGIN, .lock = 0xffffffff82000108ULL, .flags = 32);
	MK(&t, 1, S + 6 * US, 51, LOCK_WAIT_END, .lock = 0xffffffff82000108ULL);
	MK(&t, 0, S + 7 * US, 50, LOCK_RELEASE, .lock = 0xffff888000000000ULL);
	MK(&t, 0, S + 10 * US, 50, PROCESS_ADD_WQ, .wqh = 0x10, .entry = 0x100);
	MK(&t, 0, S + 11 * US, 51, PROCESS_ADD_WQ, .wqh = 0x10, .entry = 0x200);
	MK(&t, 0, S + 12 * US, 50, PROCESS_ADD_WQ, .wqh = 0x10, .entry = 0x100);	/* again in its loop */
	MK(&t, 0, S + 14 * US, 50, PROCESS_REM_WQ, .wqh = 0x10, .entry = 0x100);
	MK(&t, 0, S + 15 * US, 50, PROCESS_ADD_WQ, .wqh = 0x10, .entry = 0x100);
	end();
	lists("lockwait", "waiting time for contended locks", "object", "value[s]",
	      "1 50 1.000000000 0.000002000 0 object-1 sh\n"
	      "2 51 1.000003000 0.000003000 1 big_lock+0x8 my_prog\n" UNPAIRED(0, 0, 0, 0));
	lists("lockhold", "how long locks are held", "object", "value[s]",
	      "1 50 1.000002000 0.000005000 0 object-1 sh\n" UNPAIRED(0, 0, 0, 0));
	/* Which one that is: the record of the sample's time, as the manual page says. */
	assert_int_equal(run("lockhold -k 1 -l %s"), 0);
	has(" 1.000002000 ");
	gives(0, "print -t 1.000002000+0.000000001 -c 0 -k LOCK_ACQUIRE %s",
	      "# time[s] cpu pid task EVENT arguments\n"
	      "1.000002000 0 50 sh LOCK_ACQUIRE lock=0xffff888000000000\n");
	lists("waitq", "time that tasks stay in a wait queue", "object", "value[s]",
	      "1 50 1.000010000 0.000004000 0 object-1 sh\n" UNPAIRED(0, 0, 2, 0));
	lists("waitqlen", "tasks in a wait queue, when one more enters", "object", "tasks",
	      "1 50 1.000010000 1 0 object-1 sh\n"
	      "1 51 1.000011000 2 0 object-1 my_prog\n"
	      "1 50 1.000015000 2 0 object-1 sh\n" UNPAIRED(0, 0, 2, 0));
}

/* An object is met in a function: @values of its run are in this record, its place may be the first. */
static void meet(lkst_u64 ns, unsigned int cpu, lkst_u64 ip, lkst_u64 object)
{
	MK(&t, cpu, ns, 50, KLASY_DATA, .aspect = 7, .ip = (lkst_s64)ip, .values = 3, .value0 = ip, .value1 = object,
	   .value2 = 1);
}

#define IN(n)	(0xffffffff81000100ULL + 0x100 * (n))

static void begin_stages(void)
{
	begin();
	mk_text(&t, LKST_PKT_SYMBOLS,
		"0xffffffff81000100\t0x40\tnet_in\n0xffffffff81000200\t0x40\tip_in\n"
		"0xffffffff81000300\t0x40\ttcp_in\n0xffffffff81000400\t0x40\tcopy\n"
		"0xffffffff81000500\t0x40\tip_in.cold\n");
}

static void stages(void **unused)
{
	(void)unused;
	begin_stages();
	meet(S - 5 * US, 0, IN(0) + 4, 0x300);			/* on no way yet when it is met next */
	meet(S, 0, IN(0) + 4, 0x100);
	meet(S + 1 * US, 0, IN(0) + 8, 0x100);			/* still there */
	meet(S + 2 * US, 0, IN(1) + 4, 0x100);
	meet(S + 3 * US, 0, IN(4) + 4, 0x100);			/* the function's other part */
	meet(S + 4 * US, 0, IN(2) + 4, 0x100);
	meet(S + 5 * US, 0, IN(1) + 8, 0x100);			/* back: tcp_in goes on */
	meet(S + 6 * US, 1, IN(0) + 4, 0x200);			/* another one, two stages */
	meet(S + 7 * US, 1, IN(1) + 4, 0x200);
	meet(S + 50 * US, 0, IN(3) + 4, 0x100);
	meet(S + 60 * US, 0, IN(0) + 4, 0x200);			/* its address again: dropped after one stage */
	meet(S + 70 * US, 0, IN(0) + 4, 0x200);			/* and again */
	meet(S + 72 * US, 0, IN(1) + 4, 0x200);
	meet(S + 73 * US, 0, IN(1) + 4, 0x400);			/* never where ways begin */
	meet(S + 74 * US, 0, IN(2) + 4, 0x400);
	/* Five values, the first is the object: the second record is no meeting. */
	MK(&t, 0, S + 80 * US, 50, KLASY_DATA, .aspect = 7, .ip = (lkst_s64)(IN(0) + 4), .values = 5, .value0 = 0x500);
	MK(&t, 0, S + 80 * US, 50, KLASY_DATA, .aspect = 7, .ip = (lkst_s64)(IN(0) + 4), .values = 1, .value0 = 0x600);
	MK(&t, 0, S + 83 * US, 50, KLASY_DATA, .aspect = 7, .ip = (lkst_s64)(IN(1) + 4), .values = 1, .value0 = 0x600);
	MK(&t, 0, S + 84 * US, 50, KLASY_DATA, .aspect = 7, .ip = (lkst_s64)(IN(1) + 4), .values = 1, .value0 = 0x500);
	end();
#define STAGES	"# lkstla stages: time of objects from stage to stage\n"
	gives(0, "stages -l %s",
	      STAGES "#key pid time[s] value[s] cpu name task object\n"
	      "1 50 1.000000000 0.000002000 0 net_in>ip_in sh 2\n"
	      "2 50 1.000002000 0.000002000 0 ip_in>tcp_in sh 2\n"
	      "3 50 1.000004000 0.000046000 0 tcp_in>copy sh 2\n"
	      "1 50 1.000006000 0.000001000 1 net_in>ip_in sh 3\n"
	      "1 50 1.000070000 0.000002000 0 net_in>ip_in sh 5\n"
	      "1 50 1.000080000 0.000004000 0 net_in>ip_in sh 6\n" UNPAIRED(0, 0, 0, 0));
	run("stages --by=object %s");
	has("\n       2          3     0.000050000 ");
	has("# largest gap: tcp_in>copy, 80.7 % of all time, 0.000046000 s in the mean\n");
	/* The first of -k begins a way, the last ends it. */
	gives(0, "stages -l -k ip_in,copy %s",
	      STAGES "#key pid time[s] value[s] cpu name task object\n"
	      "1 50 1.000002000 0.000048000 0 ip_in>copy sh 1\n" UNPAIRED(0, 0, 0, 0));
	gives(0, "stages -l -k net_in,copy,ip_in %s",
	      STAGES "#key pid time[s] value[s] cpu name task object\n"
	      "1 50 1.000000000 0.000002000 0 net_in>ip_in sh 2\n"
	      "1 50 1.000006000 0.000001000 1 net_in>ip_in sh 3\n"
	      "1 50 1.000070000 0.000002000 0 net_in>ip_in sh 5\n"
	      "1 50 1.000080000 0.000004000 0 net_in>ip_in sh 6\n" UNPAIRED(0, 0, 0, 0));
	assert_int_equal(run("stages --by=object,key --json %s"), 0);
	has("{\"type\":\"group\",\"object\":2,\"key\":3,\"name\":\"tcp_in>copy\",\"count\":1,\"total\":46000,");
	has("{\"type\":\"largest\",\"name\":\"tcp_in>copy\",\"share\":80.702,\"mean\":46000.000}\n");
	says(2, "syscall --by=object %s", "--by object: 'syscall' follows no objects, 'stages' does" TRY);
}

static void stages_across_a_loss(void **unused)
{
	(void)unused;
	begin_stages();
	meet(S, 0, IN(0) + 4, 0x100);
	mk_lose(&t, 0, 7);
	meet(S + 1 * US, 0, IN(1) + 4, 0x100);			/* perhaps another's */
	meet(S + 2 * US, 0, IN(0) + 4, 0x100);
	meet(S + 3 * US, 0, IN(1) + 4, 0x100);
	end();
	assert_int_equal(run("stages -l --json %s 2>/dev/null"), 3);
	has("\"time_ns\":1000002000,\"value\":1000,\"object\":2}\n"
	    "{\"type\":\"end\",\"samples\":1,\"unpaired\":{\"no_begin\":0,\"no_end\":0,\"open\":0,\"cut\":1,");
}

/*
 * The spin lock of a run queue, on an old kernel: who leaves takes it, who comes lets it go. By task, each release
 * but the first would end what that task took when it left.
 */
static void a_lock_that_is_handed_over(void **unused)
{
	(void)unused;
	begin();
	strcpy(t.header.release, "2.6.9");
	mk_header(&t);
	MK(&t, 0, S, 50, LOCK_ACQUIRE, .lock = 0x10);
	MK(&t, 0, S + 2 * US, 51, LOCK_RELEASE, .lock = 0x10);
	MK(&t, 1, S + 30 * US, 52, LOCK_ACQUIRE, .lock = 0x20);
	MK(&t, 0, S + 100 * US, 51, LOCK_ACQUIRE, .lock = 0x10);
	MK(&t, 0, S + 103 * US, 50, LOCK_RELEASE, .lock = 0x10);
	MK(&t, 1, S + 130 * US, 52, LOCK_RELEASE, .lock = 0x20);
	end();
	lists("lockhold", "how long locks are held", "object", "value[s]",
	      "1 50 1.000000000 0.000002000 0 object-1 sh\n"
	      "2 52 1.000030000 0.000100000 1 object-2 thread\n"
	      "1 51 1.000100000 0.000003000 0 object-1 my_prog\n" UNPAIRED(0, 0, 0, 0));
}

/*
 * What a trace cannot support, for each measure: an end whose beginning was before the trace, a pair, a pair inside
 * of which records were lost, a pair, a beginning that is open at the end. CPU 0, task 50.
 */
#define PAIR(NAME, BEGIN, END)	\
static void begin_##NAME(lkst_u64 ns) { BEGIN; } \
static void end_##NAME(lkst_u64 ns) { END; }
#define E(...)	MK(&t, 0, ns, 50, __VA_ARGS__)
#define IDLE(...)	MK(&t, 0, ns, 0, __VA_ARGS__)

PAIR(syscall, E(SYSCALL_ENTRY, .nr = 3), E(SYSCALL_EXIT, .nr = 3))
PAIR(softirq, E(SOFTIRQ_RAISE, .vec = 4), E(SOFTIRQ_ENTRY, .vec = 4))
PAIR(softirqtime, E(SOFTIRQ_ENTRY, .vec = 4), E(SOFTIRQ_EXIT, .vec = 4))
PAIR(timer, E(INTERRUPT_TIMER_ENTRY, .vector = 236); E(SOFTIRQ_RAISE, .vec = 1), E(SOFTIRQ_ENTRY, .vec = 1))
PAIR(irq, E(INTERRUPT_ENTRY, .irq = 14), E(INTERRUPT_EXIT, .irq = 14))
PAIR(memalloc, E(MEM_GETPAGES_ENTRY, .order = 0), E(MEM_GETPAGES_EXIT, .page = 1))
PAIR(memfree, E(MEM_FREEPAGES_ENTRY, .page = 1), E(MEM_FREEPAGES_EXIT, .unused = 0))
PAIR(biotime, E(BLOCK_ISSUE, .dev = 8 << 20, .rq = 1), IDLE(BLOCK_COMPLETE, .dev = 8 << 20, .rq = 1))
PAIR(nettime, E(SOCK_SEND_ENTRY, .sock = 1), E(SOCK_SEND_EXIT, .ret = 1))
PAIR(lockwait, E(LOCK_WAIT_BEGIN, .lock = 0x10, .flags = 1), E(LOCK_WAIT_END, .lock = 0x10))
PAIR(lockhold, E(LOCK_ACQUIRE, .lock = 0x10), E(LOCK_RELEASE, .lock = 0x10))
PAIR(waitq, E(PROCESS_ADD_WQ, .wqh = 0x10, .entry = 1), E(PROCESS_REM_WQ, .wqh = 0x10, .entry = 1))
PAIR(schedtime, E(PROCESS_SCHED_ENTER, .prev_state = 1), IDLE(PROCESS_SCHED_EXIT, .prev_pid = 50))
PAIR(wakeup, IDLE(PROCESS_WAKEUP, .target_pid = 50), IDLE(PROCESS_CONTEXTSWITCH, .next_pid = 50))
PAIR(lifetime, MK(&t, 0, ns, 1, PROCESS_FORK, .child_pid = 50, .child_tgid = 50), E(PROCESS_EXIT, .tgid = 50))
PAIR(state, IDLE(PROCESS_CONTEXTSWITCH, .next_pid = 50), E(PROCESS_CONTEXTSWITCH, .next_pid = 0, .prev_state = 0x10))
/* These have no pairs: what there is counts. */
PAIR(netsize, E(NET_SEND, .len = 5, .ifindex = 1), E(NET_RECEIVE, .len = 5, .ifindex = 1))
PAIR(runqueue, E(SCHED_RUNQUEUE, .nr_running = 1), E(SCHED_RUNQUEUE, .nr_running = 0))
PAIR(timerlate, E(HRTIMER_ENTRY, .late = 5), E(HRTIMER_ENTRY, .late = 5))

static const struct gap {
	const char *measure;
	void (*begin)(lkst_u64 ns), (*end)(lkst_u64 ns);
	unsigned int samples, no_begin, open, cut;
	const char *absent;		/* when the ends are masked; NULL: that leaves nothing out */
} gaps[] = {
#define GAP(NAME, PAIR, SAMPLES, NO_BEGIN, OPEN, CUT, ABSENT) \
	{ NAME, begin_##PAIR, end_##PAIR, SAMPLES, NO_BEGIN, OPEN, CUT, ABSENT },
	GAP("syscall", syscall, 2, 2, 1, 1, "SYSCALL_EXIT")
	GAP("syscallcount", syscall, 4, 0, 0, 0, NULL)
	GAP("softirq", softirq, 2, 2, 1, 1, "SOFTIRQ_ENTRY")
	GAP("softirqtime", softirqtime, 2, 2, 1, 1, "SOFTIRQ_EXIT")
	/* Soft interrupts that no timer interrupt asked for are no ends. */
	GAP("timer", timer, 2, 0, 1, 1, "SOFTIRQ_ENTRY")
	GAP("irq", irq, 2, 2, 1, 1, "INTERRUPT_EXIT")
	GAP("memalloc", memalloc, 2, 2, 1, 1, "MEM_GETPAGES_EXIT, MEM_KMALLOC_ENTRY, MEM_KMALLOC_EXIT")
	GAP("memfree", memfree, 2, 2, 1, 1, "MEM_FREEPAGES_EXIT, MEM_KFREE_ENTRY, MEM_KFREE_EXIT")
	GAP("biotime", biotime, 2, 2, 1, 1, "BLOCK_COMPLETE")
	GAP("bioqueue", biotime, 4, 2, 1, 1, "BLOCK_COMPLETE")
	GAP("nettime", nettime, 2, 2, 1, 1, "SOCK_SEND_EXIT, SOCK_RECV_ENTRY, SOCK_RECV_EXIT")
	GAP("netsize", netsize, 8, 0, 0, 0, "NET_RECEIVE")
	GAP("lockwait", lockwait, 2, 2, 1, 1, "LOCK_WAIT_END")
	GAP("lockhold", lockhold, 2, 2, 1, 1, "LOCK_RELEASE")
	GAP("runqueue", runqueue, 8, 0, 0, 0, NULL)
	GAP("waitqlen", waitq, 4, 2, 1, 1, "PROCESS_REM_WQ")
	GAP("waitq", waitq, 2, 2, 1, 1, "PROCESS_REM_WQ")
	GAP("schedtime", schedtime, 2, 2, 1, 1, "PROCESS_SCHED_EXIT")
	/* A switch to a task that nobody woke is no end: it may have been preempted. */
	GAP("wakeup", wakeup, 2, 0, 1, 1, "PROCESS_CONTEXTSWITCH")
	GAP("lifetime", lifetime, 2, 2, 1, 1, "PROCESS_EXIT")
	GAP("timerlate", timerlate, 8, 0, 0, 0, NULL)
	GAP("state", state, 2, 0, 1, 1, NULL)
};

static void gaps_of_each_measure(void **unused)
{
	const struct gap *g;
	char text[256];
	unsigned int i;

	(void)unused;
	for (i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++) {
		g = &gaps[i];
		begin();
		g->end(S);
		g->begin(S + 10 * US);
		g->end(S + 20 * US);
		g->begin(S + 30 * US);
		mk_lose(&t, 0, 7);
		g->end(S + 40 * US);
		g->begin(S + 50 * US);
		g->end(S + 60 * US);
		g->begin(S + 70 * US);
		end();
		snprintf(text, sizeof(text), "%s --json %%s 2>/dev/null", g->measure);
		assert_int_equal(run(text), 3);
		snprintf(text, sizeof(text), "{\"type\":\"end\",\"samples\":%u,\"unpaired\":{\"no_begin\":%u,"
			 "\"no_end\":0,\"open\":%u,\"cut\":%u,\"evicted\":0},\"lost\":7,",
			 g->samples, g->no_begin, g->open, g->cut);
		has(text);
	}
}

/* Ends that were masked: not one sample is made up, and it is said what is missing. */
static void masked_events_of_each_measure(void **unused)
{
	const struct gap *g;
	char text[256];
	unsigned int i;

	(void)unused;
	for (i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++) {
		g = &gaps[i];
		if (!g->absent)
			continue;
		begin();
		g->begin(S);
		end();
		snprintf(text, sizeof(text), "%s %%s", g->measure);
		run(text);
		snprintf(text, sizeof(text), "# not in the trace: %s (masked, or it did not happen)\n", g->absent);
		has(text);
		snprintf(text, sizeof(text), "lkstla: %s: the trace has events for it, but not one pair or change "
			 "of them to measure\n", g->measure);
		if (!strstr(output, text) != (g->samples > 2))
			fail_msg("%s: what about %s in %s", g->measure, text, output);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(syscall_statistics),
		cmocka_unit_test(syscall_across_a_loss),
		cmocka_unit_test(syscallcount),
		cmocka_unit_test(lifetime),
		cmocka_unit_test(state),
		cmocka_unit_test(interrupts),
		cmocka_unit_test(timers),
		cmocka_unit_test(timers_of_24),
		cmocka_unit_test(block),
		cmocka_unit_test(block_of_24),
		cmocka_unit_test(scheduler),
		cmocka_unit_test(woken_from_afar),
		cmocka_unit_test(network),
		cmocka_unit_test(memory),
		cmocka_unit_test(locks_and_wait_queues),
		cmocka_unit_test(stages),
		cmocka_unit_test(stages_across_a_loss),
		cmocka_unit_test(a_lock_that_is_handed_over),
		cmocka_unit_test(gaps_of_each_measure),
		cmocka_unit_test(masked_events_of_each_measure),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
