// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_together.c - what puts several kinds of events together: budget, chain, overlay and all.
 */
#include "la-test.h"

/*
 * 51 and 52 are threads of one process. Every reason once: 52 waits for a lock, 51 for a packet in recvfrom, for
 * another one in a call that is of any kind, for a disk in an interrupt, in fsync, and for what nobody knows.
 */
static void make_budget(void)
{
	begin();
	mk_text(&t, LKST_PKT_SYSCALLS, "0\tread\n7\tpoll\n45\trecvfrom\n74\tfsync\n");
	MK(&t, 0, S, 0, PROCESS_CONTEXTSWITCH, .next_pid = 51);
	MK(&t, 0, S + 1 * US, 51, SYSCALL_ENTRY, .nr = 45);
	MK(&t, 0, S + 10 * US, 51, PROCESS_CONTEXTSWITCH, .next_pid = 52, .prev_state = 1);	/* ran 10 */
	MK(&t, 0, S + 11 * US, 52, LOCK_WAIT_BEGIN, .lock = 0x10, .flags = 32);
	MK(&t, 1, S + 12 * US, 50, PROCESS_WAKEUP, .target_pid = 51);	/* recvfrom: network 2 */
	MK(&t, 0, S + 15 * US, 52, PROCESS_CONTEXTSWITCH, .next_pid = 51, .prev_state = 2);	/* 52 ran 5 */
	MK(&t, 0, S + 16 * US, 51, SYSCALL_EXIT, .nr = 45);
	MK(&t, 0, S + 17 * US, 51, SYSCALL_ENTRY, .nr = 7);
	MK(&t, 0, S + 18 * US, 51, PROCESS_CONTEXTSWITCH, .next_pid = 0, .prev_state = 1);	/* ran 3 */
	MK(&t, 1, S + 19 * US, 0, SOFTIRQ_ENTRY, .vec = 3);			/* NET_RX */
	MK(&t, 1, S + 20 * US, 0, PROCESS_WAKEUP, .target_pid = 51);	/* network 2 */
	MK(&t, 1, S + 21 * US, 0, INTERRUPT_TIMER_ENTRY, .vector = 236);
	MK(&t, 1, S + 25 * US, 0, PROCESS_WAKEUP, .target_pid = 52);	/* a timer's, but of a lock waiter: lock 10 */
	MK(&t, 1, S + 26 * US, 0, INTERRUPT_TIMER_EXIT, .vector = 236);
	MK(&t, 1, S + 27 * US, 0, SOFTIRQ_EXIT, .vec = 3);
	MK(&t, 0, S + 30 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 52);	/* runnable 5 */
	MK(&t, 0, S + 31 * US, 52, LOCK_WAIT_END, .lock = 0x10);
	MK(&t, 0, S + 32 * US, 52, PROCESS_CONTEXTSWITCH, .next_pid = 51);	/* ran 2; preempted; 51 runnable 12 */
	MK(&t, 0, S + 33 * US, 51, SYSCALL_EXIT, .nr = 7);
	MK(&t, 0, S + 34 * US, 51, SYSCALL_ENTRY, .nr = 0);
	MK(&t, 0, S + 36 * US, 51, PROCESS_CONTEXTSWITCH, .next_pid = 0, .prev_state = 2);	/* ran 4 */
	MK(&t, 1, S + 40 * US, 0, INTERRUPT_ENTRY, .irq = 14);
	MK(&t, 1, S + 41 * US, 0, BLOCK_COMPLETE, .dev = 8 << 20, .bytes = 4096, .rq = 1);
	MK(&t, 1, S + 42 * US, 0, PROCESS_WAKEUP, .target_pid = 51);	/* disk 6 */
	MK(&t, 1, S + 43 * US, 0, INTERRUPT_EXIT, .irq = 14, .result = 1);
	MK(&t, 0, S + 43 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 51);	/* runnable 1 */
	MK(&t, 0, S + 44 * US, 51, SYSCALL_EXIT, .nr = 0);
	MK(&t, 0, S + 45 * US, 51, SYSCALL_ENTRY, .nr = 74);
	MK(&t, 0, S + 46 * US, 51, PROCESS_CONTEXTSWITCH, .next_pid = 0, .prev_state = 2);	/* ran 3 */
	MK(&t, 1, S + 66 * US, 50, PROCESS_WAKEUP, .target_pid = 51);	/* fsync, by another task: disk 20 */
	MK(&t, 0, S + 67 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 51);	/* runnable 1 */
	MK(&t, 0, S + 68 * US, 51, SYSCALL_EXIT, .nr = 74);
	MK(&t, 0, S + 69 * US, 51, SYSCALL_ENTRY, .nr = 0);
	MK(&t, 0, S + 70 * US, 51, PROCESS_CONTEXTSWITCH, .next_pid = 0, .prev_state = 1);	/* ran 3 */
	MK(&t, 1, S + 100 * US, 50, PROCESS_WAKEUP, .target_pid = 51);	/* a pipe's other end: other 30 */
	MK(&t, 0, S + 101 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 51);	/* runnable 1 */
	end();
}

static void budget(void **unused)
{
	(void)unused;
	make_budget();
#define BUDGET	"# lkstla budget: where the time of processes goes: running, runnable, waiting for disk, lock...\n"
	gives(0, "budget -l %s",
	      BUDGET "#key pid time[s] value[s] cpu name task\n"
	      "0 51 1.000000000 0.000010000 0 running my_prog\n"
	      "4 51 1.000010000 0.000002000 0 network my_prog\n"
	      "0 52 1.000010000 0.000005000 0 running thread\n"
	      "1 51 1.000012000 0.000003000 1 runnable my_prog\n"
	      "0 51 1.000015000 0.000003000 0 running my_prog\n"
	      "3 52 1.000015000 0.000010000 0 lock thread\n"
	      "4 51 1.000018000 0.000002000 0 network my_prog\n"
	      "1 51 1.000020000 0.000012000 1 runnable my_prog\n"
	      "1 52 1.000025000 0.000005000 1 runnable thread\n"
	      "0 52 1.000030000 0.000002000 0 running thread\n"
	      "0 51 1.000032000 0.000004000 0 running my_prog\n"
	      "2 51 1.000036000 0.000006000 0 disk my_prog\n"
	      "1 51 1.000042000 0.000001000 1 runnable my_prog\n"
	      "0 51 1.000043000 0.000003000 0 running my_prog\n"
	      "2 51 1.000046000 0.000020000 0 disk my_prog\n"
	      "1 51 1.000066000 0.000001000 1 runnable my_prog\n"
	      "0 51 1.000067000 0.000003000 0 running my_prog\n"
	      "5 51 1.000070000 0.000030000 0 other my_prog\n"
	      "1 51 1.000100000 0.000001000 1 runnable my_prog\n" UNPAIRED(0, 0, 2, 0));
	/* The process: 51 and 52 together, 10 + 3 + 4 + 3 + 3 and 5 + 2 running. */
	gives(0, "budget --top=1 -k running %s",
	      BUDGET
	      "#process task key name count total[s] min[s] mean[s] max[s] deviation[s] p50[s] p90[s] p99[s] "
	      "p99.9[s]\n"
	      "51 my_prog 0 running 7 0.000030000 0.000002000 0.000004286 0.000010000 0.000002491 0.000002991 "
	      "0.000010000 0.000010000 0.000010000\n" UNPAIRED(0, 0, 2, 0));
	assert_int_equal(run("budget --by=pid,key -p 52 --json -k lock %s"), 0);
	has("{\"type\":\"group\",\"pid\":52,\"task\":\"thread\",\"key\":3,\"name\":\"lock\",\"count\":1,"
	    "\"total\":10000,");
	assert_int_equal(run("budget --json -k lock %s"), 0);
	has("{\"type\":\"group\",\"process\":51,\"task\":\"my prog\",\"key\":3,");
	says(2, "budget --by=pid,process %s",
	     "--by 'pid,process': give pid or process, a thread has only one process; try 'lkstla --help'");
}

/* Nothing known before is used after a loss: the end of fsync, the interrupt with a completed request. */
static void budget_across_a_loss(void **unused)
{
	(void)unused;
	begin();
	mk_text(&t, LKST_PKT_SYSCALLS, "74\tfsync\n");
	MK(&t, 0, S, 0, PROCESS_CONTEXTSWITCH, .next_pid = 51);
	MK(&t, 0, S + 1 * US, 51, SYSCALL_ENTRY, .nr = 74);
	MK(&t, 1, S + 2 * US, 0, INTERRUPT_ENTRY, .irq = 14);
	MK(&t, 1, S + 3 * US, 0, BLOCK_COMPLETE, .dev = 8 << 20, .bytes = 4096, .rq = 1);
	mk_lose(&t, 1, 5);
	MK(&t, 1, S + 5 * US, 0, SYSCALL_EXIT, .nr = 0);
	MK(&t, 0, S + 10 * US, 51, PROCESS_CONTEXTSWITCH, .next_pid = 0, .prev_state = 2);
	MK(&t, 1, S + 11 * US, 0, PROCESS_WAKEUP, .target_pid = 51);
	MK(&t, 0, S + 13 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 51);
	end();
	gives(3, "budget -l %s",
	      BUDGET "#key pid time[s] value[s] cpu name task\n"
	      "5 51 1.000010000 0.000001000 0 other my_prog\n"
	      "1 51 1.000011000 0.000002000 1 runnable my_prog\n"
	      "# incomplete: 5 records lost, 0 sub-buffers missing, 0 damaged places, 0 files not closed\n"
	      UNPAIRED(0, 0, 1, 1)
	      "lkstla: reading: 5 records were lost when recording (give the buffer more room, or record fewer "
	      "events)\n");
}

/*
 * A read of 50 that waits twice: for 51, which an interrupt had woken and 52 held up; then for a timer. A second,
 * quicker read waits for one that ran all the time.
 */
static void make_chain(void)
{
	begin();
	mk_text(&t, LKST_PKT_SYSCALLS, "0\tread\n1\twrite\n");
	mk_text(&t, LKST_PKT_IRQS, "14\tata piix\n");
	MK(&t, 0, S + 10 * US, 50, SYSCALL_ENTRY, .nr = 0);
	MK(&t, 0, S + 20 * US, 50, PROCESS_CONTEXTSWITCH, .next_pid = 0, .prev_state = 1);
	MK(&t, 1, S + 30 * US, 0, INTERRUPT_ENTRY, .irq = 14);
	MK(&t, 1, S + 31 * US, 0, PROCESS_WAKEUP, .target_pid = 51);
	MK(&t, 1, S + 32 * US, 0, INTERRUPT_EXIT, .irq = 14, .result = 1);
	MK(&t, 1, S + 35 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 51);
	MK(&t, 1, S + 40 * US, 51, SYSCALL_ENTRY, .nr = 1);
	MK(&t, 1, S + 45 * US, 51, PROCESS_CONTEXTSWITCH, .next_pid = 52);		/* preempted */
	MK(&t, 1, S + 50 * US, 52, PROCESS_CONTEXTSWITCH, .next_pid = 51, .prev_state = 1);
	MK(&t, 1, S + 60 * US, 51, PROCESS_WAKEUP, .target_pid = 50);
	MK(&t, 1, S + 61 * US, 51, PROCESS_WAKEUP, .target_pid = 50);		/* it is awake: nothing */
	MK(&t, 0, S + 70 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 50);
	MK(&t, 0, S + 75 * US, 50, PROCESS_CONTEXTSWITCH, .next_pid = 0, .prev_state = 2);
	MK(&t, 0, S + 79 * US, 0, INTERRUPT_TIMER_ENTRY, .vector = 236);
	MK(&t, 0, S + 80 * US, 0, PROCESS_WAKEUP, .target_pid = 50);
	MK(&t, 0, S + 81 * US, 0, INTERRUPT_TIMER_EXIT, .vector = 236);
	MK(&t, 0, S + 85 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 50);
	MK(&t, 0, S + 100 * US, 50, SYSCALL_EXIT, .nr = 0);
	MK(&t, 0, S + 200 * US, 50, SYSCALL_ENTRY, .nr = 0);
	MK(&t, 0, S + 210 * US, 50, PROCESS_CONTEXTSWITCH, .next_pid = 0, .prev_state = 1);
	MK(&t, 1, S + 220 * US, 51, PROCESS_WAKEUP, .target_pid = 50);
	MK(&t, 0, S + 230 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 50);
	MK(&t, 0, S + 240 * US, 50, SYSCALL_EXIT, .nr = 0);
	end();
}

static void chain(void **unused)
{
	(void)unused;
	make_chain();
#define CHAIN	"# lkstla chain: a task's waits in slow requests, and who ended them\n# time[s] duration[s] what\n"
	gives(0, "chain -k read %s",
	      CHAIN "1.000010000 0.000090000 50 sh: request in read\n"
	      "1.000010000 0.000010000 50 sh: running in read, CPU 0\n"
	      "1.000020000 0.000040000 50 sh: sleeping in read\n"
	      "1.000060000 - woken by 51 my_prog in write, CPU 1\n"
	      "1.000050000 0.000010000 51 my_prog: running, CPU 1\n"
	      "1.000045000 0.000005000 51 my_prog: runnable\n"
	      "1.000035000 0.000010000 51 my_prog: running, CPU 1\n"
	      "1.000031000 0.000004000 51 my_prog: runnable\n"
	      "1.000031000 - woken by interrupt 14 (ata_piix), CPU 1\n"
	      "1.000060000 0.000010000 50 sh: runnable in read\n"
	      "1.000070000 0.000005000 50 sh: running in read, CPU 0\n"
	      "1.000075000 0.000005000 50 sh: uninterruptible in read\n"
	      "1.000080000 - woken by the timer interrupt, CPU 0\n"
	      "1.000080000 0.000005000 50 sh: runnable in read\n"
	      "1.000085000 0.000015000 50 sh: running in read, CPU 0\n"
	      "1.000200000 0.000040000 50 sh: request in read\n"
	      "1.000200000 0.000010000 50 sh: running in read, CPU 0\n"
	      "1.000210000 0.000010000 50 sh: sleeping in read\n"
	      "1.000220000 - woken by 51 my_prog in write, CPU 1\n"
	      "1.000210000 0.000010000 51 my_prog: running all the time before, CPU 1\n"
	      "1.000220000 0.000010000 50 sh: runnable in read\n"
	      "1.000230000 0.000010000 50 sh: running in read, CPU 0\n");
	/* How deep: the wait of the second one is at the left, the interrupt two links to the right. */
	has("\n"
	    "        1.000010000     0.000010000   50 sh: running");
	has("\n"
	    "        1.000031000               -         woken by interrupt 14");
}

static void chain_of_a_time(void **unused)
{
	(void)unused;
	make_chain();
	/* From the middle of the sleep on: how it slept was said before. */
	gives(0, "chain -p 50 -t1.000055+0.000020 %s",
	      CHAIN "1.000055000 0.000020000 50 sh: request\n"
	      "1.000055000 0.000005000 50 sh: asleep\n"
	      "1.000060000 - woken by 51 my_prog in write, CPU 1\n"
	      "1.000055000 0.000005000 51 my_prog: running all the time before, CPU 1\n"
	      "1.000060000 0.000010000 50 sh: runnable\n"
	      "1.000070000 0.000005000 50 sh: running, CPU 0\n");
	assert_int_equal(run("chain --json -k read --top=1 -p 50 %s"), 0);
	has("{\"schema\":\"lkstla-1\",\"type\":\"chain\"}\n"
	    "{\"type\":\"step\",\"depth\":0,\"time_ns\":1000010000,\"duration\":90000,\"pid\":50,\"task\":\"sh\","
	    "\"cpu\":0,\"what\":\"request\",\"call\":\"read\"}\n");
	has("{\"type\":\"step\",\"depth\":2,\"time_ns\":1000060000,\"duration\":0,\"pid\":50,\"task\":\"sh\","
	    "\"cpu\":1,\"what\":\"woken\",\"call\":\"write\",\"by\":\"task\",\"by_pid\":51}\n");
	has("\"by\":\"interrupt\",\"number\":14,\"name\":\"ata piix\"}\n");
	lacks("1000200000");
	says(2, "chain %s", "chain: give -p PID and -t START+DURATION, or -k CALL for the slowest of these calls" TRY);
	says(2, "chain -p 50 -t1+1 --top=3 %s", "chain: --top needs -k CALL" TRY);
	says(2, "chain -k read -l %s", "'chain' does not take -l" TRY);
	says(0, "wakeup -k sh,init %s", "wakeup: nothing in the trace has the key 'init' (there are sh, my_prog)");
	says(2, "wakeup -k my_prog,nobody %s",
	     "wakeup: nothing in the trace has the key 'nobody' (there are sh, my_prog)");
	says(2, "chain -k raed %s", "chain: nothing in the trace has the key 'raed' (did you mean read?)");
	says(1, "chain -p 77 -t1+1 %s", "chain: there are 14 events, and none of them passes -t -p");
}

/* A task on an idle CPU is woken from another one: only PROCESS_WAKING knows by whom, or for what. */
static void asked_from_afar(void **unused)
{
	(void)unused;
	begin();
	mk_text(&t, LKST_PKT_SYSCALLS, "0\tread\n");
	mk_text(&t, LKST_PKT_IRQS, "14\tata piix\n");
	MK(&t, 0, S + 10 * US, 50, SYSCALL_ENTRY, .nr = 0);
	MK(&t, 0, S + 20 * US, 50, PROCESS_CONTEXTSWITCH, .next_pid = 0, .prev_state = 2);
	MK(&t, 1, S + 30 * US, 51, INTERRUPT_ENTRY, .irq = 14);
	MK(&t, 1, S + 31 * US, 51, BLOCK_COMPLETE, .dev = 8 << 20, .bytes = 4096, .rq = 1);
	MK(&t, 1, S + 32 * US, 51, PROCESS_WAKING, .target_pid = 50);
	MK(&t, 1, S + 33 * US, 51, INTERRUPT_EXIT, .irq = 14, .result = 1);
	MK(&t, 0, S + 35 * US, 0, PROCESS_WAKEUP, .target_pid = 50);
	MK(&t, 0, S + 36 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 50);
	MK(&t, 0, S + 40 * US, 50, PROCESS_CONTEXTSWITCH, .next_pid = 0, .prev_state = 1);
	MK(&t, 1, S + 50 * US, 51, PROCESS_WAKING, .target_pid = 50);
	MK(&t, 0, S + 55 * US, 0, INTERRUPT_IPI_ENTRY, .vector = 253);
	MK(&t, 0, S + 56 * US, 0, PROCESS_WAKEUP, .target_pid = 50);
	MK(&t, 0, S + 57 * US, 0, INTERRUPT_IPI_EXIT, .vector = 253);
	MK(&t, 0, S + 58 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 50);
	MK(&t, 0, S + 60 * US, 50, SYSCALL_EXIT, .nr = 0);
	end();
	gives(0, "chain -k read %s",
	      CHAIN
	      "1.000010000 0.000050000 50 sh: request in read\n"
	      "1.000010000 0.000010000 50 sh: running in read, CPU 0\n"
	      "1.000020000 0.000012000 50 sh: uninterruptible in read\n"
	      "1.000032000 - woken by interrupt 14 (ata_piix), CPU 1\n"
	      "1.000032000 0.000004000 50 sh: runnable in read\n"
	      "1.000036000 0.000004000 50 sh: running in read, CPU 0\n"
	      "1.000040000 0.000010000 50 sh: sleeping in read\n"
	      "1.000050000 - woken by 51 my_prog, CPU 1\n"
	      "1.000040000 0.000010000 51 my_prog: running all the time before, CPU 1\n"
	      "1.000050000 0.000008000 50 sh: runnable in read\n"
	      "1.000058000 0.000002000 50 sh: running in read, CPU 0\n");
	gives(0, "budget -l -k disk,other %s",
	      BUDGET "#key pid time[s] value[s] cpu name task\n"
	      "2 50 1.000020000 0.000012000 0 disk sh\n"
	      "5 50 1.000040000 0.000010000 0 other sh\n" UNPAIRED(0, 0, 2, 0));
}

/* What a loss took away is not made up; a wake-up that was masked is missed, not guessed. */
static void chain_with_gaps(void **unused)
{
	(void)unused;
	begin();
	MK(&t, 0, S + 10 * US, 50, SYSCALL_ENTRY, .nr = 0);
	MK(&t, 0, S + 20 * US, 50, PROCESS_CONTEXTSWITCH, .next_pid = 0, .prev_state = 1);
	MK(&t, 0, S + 70 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 50);
	MK(&t, 0, S + 80 * US, 50, SYSCALL_EXIT, .nr = 0);
	MK(&t, 1, S + 90 * US, 51, PROCESS_WAKEUP, .target_pid = 52);
	end();
	gives(0, "chain -k 0 %s",
	      CHAIN "1.000010000 0.000070000 50 sh: request in syscall-0\n"
	      "1.000010000 0.000010000 50 sh: running in syscall-0, CPU 0\n"
	      "1.000020000 0.000050000 50 sh: sleeping in syscall-0\n"
	      "1.000070000 0.000000000 50 sh: its wake-up is not in the trace\n"
	      "1.000070000 0.000010000 50 sh: running in syscall-0, CPU 0\n");
	begin();
	MK(&t, 0, S + 10 * US, 50, PROCESS_CONTEXTSWITCH, .next_pid = 0, .prev_state = 1);
	MK(&t, 1, S + 15 * US, 51, PROCESS_WAKEUP, .target_pid = 52);
	mk_lose(&t, 1, 3);
	MK(&t, 1, S + 20 * US, 51, PROCESS_WAKEUP, .target_pid = 50);
	end();
	assert_int_equal(run("chain -p 50 -t1+1 %s 2>/dev/null"), 3);
	has("50 sh: not known: records were lost meanwhile\n");
	lacks("woken");
}

static void overlay(void **unused)
{
	(void)unused;
	make_overlay();
#define OVERLAY	"#key pid time[s] value cpu name task measure\n"
	gives(0, "overlay syscall biotime runqueue -l %s",
	      "# lkstla overlay: syscall, biotime, runqueue\n" OVERLAY
	      "74 50 1.000001000 0.000010000 0 fsync sh syscall\n"
	      "8388608 50 1.000002000 0.000003000 0 sda sh biotime\n"
	      "0 50 1.000003000 2 0 cpu-0 sh runqueue\n"
	      "0 51 1.000006000 0.000001000 1 read my_prog syscall\n"
	      "# syscall: unpaired: 0 ends without a beginning, 0 beginnings without an end, 0 open at the end, "
	      "0 cut by losses, 0 evicted\n"
	      "# biotime: unpaired: 0 ends without a beginning, 0 beginnings without an end, 0 open at the end, "
	      "0 cut by losses, 0 evicted\n"
	      "# runqueue: unpaired: 0 ends without a beginning, 0 beginnings without an end, 0 open at the end, "
	      "0 cut by losses, 0 evicted\n");
	assert_int_equal(run("overlay -l syscall:74 biotime:8:0 --json -t 1+1 %s"), 0);
	has("\"time_ns\":1000002000,\"value\":3000,\"measure\":\"biotime\"}\n");
	lacks("read");
	assert_int_equal(run("overlay syscall:fsync biotime %s"), 0);
	has("# lkstla overlay: syscall fsync, biotime\n"
	    "# lkstla syscall: processing time");
	has("# lkstla biotime: processing time of block I/O");
	/* One that has nothing is named; that is no failure while another one has something. */
	assert_int_equal(run("overlay syscall nettime %s"), 0);
	has("lkstla: nettime: the trace has none of the events it needs");
	assert_int_equal(run("overlay nettime:send netsize %s"), 1);
	says(2, "overlay syscall %s",
	     "overlay: give two measures or more, then the trace: overlay syscall:read biotime FILE"
	     TRY);
	says(2, "overlay syscall biotim %s", "there is no measure 'biotim' (did you mean biotime?)" TRY);
	says(2, "overlay syscall count %s", "overlay: 'count' has no samples to put on an axis" TRY);
	says(2, "overlay syscall biotime -k 3 %s",
	     "-k is for one measure ('overlay' takes a key behind each: syscall:3)" TRY);
	says(2, "overlay syscall biotime -l --top=3 %s",
	     "overlay: --top is for tables, values of several measures have no common order" TRY);
	says(2, "overlay syscall biotime --plot x.svg --kind=histogram %s", "overlay: --kind=time is all there is" TRY);
	says(2, "overlay syscall runqueue netsize --plot x.svg %s",
	     "overlay: --plot: s, number and bytes are three units, a graph has two axes" TRY);
	says(2, "overlay syscall biotime", "no trace given" TRY);
}

static void all_measures(void **unused)
{
	(void)unused;
	make_overlay();
	assert_int_equal(run("all %s"), 0);
	has("# lkstla syscall: ");
	has("# lkstla runqueue: ");
	lacks("# lkstla nettime: ");
	has("\n"
	    "# nothing to measure: softirq, softirqtime, timer,");
	assert_int_equal(run("biotime %s"), 0);
	assert_int_equal(run("all --json -t1+1 %s"), 0);
	has("{\"type\":\"group\",\"measure\":\"biotime\",\"key\":8388608,\"name\":\"sda\",\"count\":1,"
	    "\"total\":3000,");
	says(2, "all -l %s", "all: -l is for one measure, or for a few with 'overlay'" TRY);
	says(1, "all -t5+1 %s",
	     "all: not one measure has anything to measure in this trace, or -t, -p or -c let nothing "
	     "pass");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(budget),
		cmocka_unit_test(budget_across_a_loss),
		cmocka_unit_test(chain),
		cmocka_unit_test(asked_from_afar),
		cmocka_unit_test(chain_of_a_time),
		cmocka_unit_test(chain_with_gaps),
		cmocka_unit_test(overlay),
		cmocka_unit_test(all_measures),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
