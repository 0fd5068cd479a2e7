// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_lkstla.c - drives lkstla: for every measure a trace worked out by hand, and the exact text that must come out.
 *
 * The environment variable LKSTLA says where the program is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mktrace.h"

#define S	1000000000ULL
#define US	1000ULL

static char dir[] = "/tmp/lkstla-XXXXXX";
static char output[65536];
static const char *redirect = "2>&1";	/* what becomes @output */
static struct mktrace t;

static int set_up(void **unused)
{
	(void)unused;
	return !mkdtemp(dir);
}

static int tear_down(void **unused)
{
	char command[64];

	(void)unused;
	sprintf(command, "rm -rf %s", dir);
	return system(command);
}

/* Runs lkstla with arguments, "%s" in them being the trace; returns the exit status. */
static int run(const char *arguments)
{
	char file[64], command[1024], args[512];
	const char *program = getenv("LKSTLA") ? getenv("LKSTLA") : "build/unit/lkstla";
	FILE *pipe;
	size_t n;

	sprintf(file, "%s/t", dir);
	snprintf(args, sizeof(args), arguments, file);
	snprintf(command, sizeof(command), "%s %s %s", program, args, redirect);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	n = fread(output, 1, sizeof(output) - 1, pipe);
	output[n] = 0;
	return WEXITSTATUS(pclose(pipe));
}

static void begin(void)
{
	mk_start(&t, 4096);
	mk_text(&t, LKST_PKT_TASKS, "1\t1\t0\tinit\n50\t50\t1\tsh\n51\t51\t1\tmy prog\n52\t51\t1\tthread\n");
}

static void end(void)
{
	char file[64];

	mk_end(&t);
	sprintf(file, "%s/t", dir);
	mk_save(&t, file);
	mk_free(&t);
}

/* One blank between words, none at either end of a line or after '#': widths are for people, words are the contract. */
static char *squeeze(const char *text)
{
	char *copy = malloc(strlen(text) + 1), *to = copy;

	for (; *text; text++) {
		if (*text == '\n' && to > copy && to[-1] == ' ')
			to--;
		if (*text != ' ' || (to > copy && !strchr(" #\n", to[-1])))
			*to++ = *text;
	}
	*to = 0;
	return copy;
}

static void expect(const char *text)
{
	char *got = squeeze(output), *wanted = squeeze(text);

	assert_string_equal(got, wanted);
	free(got);
	free(wanted);
}

#define UNPAIRED(b, e, o, c)	"# unpaired: " #b " ends without a beginning, " #e " beginnings without an end, " #o \
				" open at the end, " #c " cut by losses, 0 evicted\n"

static void make_syscalls(void)
{
	begin();
	mk_text(&t, LKST_PKT_SYSCALLS, "0\tread\n3\tclose\n15\trt_sigreturn\n60\texit\n");
	MK(&t, 0, S, 50, SYSCALL_EXIT, .nr = 0);			/* began before the trace */
	MK(&t, 0, S + 1 * US, 50, SYSCALL_ENTRY, .nr = 0);
	MK(&t, 1, S + 2 * US, 51, SYSCALL_ENTRY, .nr = 3);
	MK(&t, 1, S + 4 * US, 51, SYSCALL_EXIT, .nr = 3);		/* close: 2 us */
	MK(&t, 1, S + 5 * US, 50, SYSCALL_EXIT, .nr = 0);		/* read: 4 us, on another CPU */
	MK(&t, 1, S + 6 * US, 51, SYSCALL_ENTRY, .nr = 15);
	MK(&t, 1, S + 7 * US, 51, SYSCALL_EXIT, .nr = 0xffff);	/* rt_sigreturn: 1 us */
	MK(&t, 0, S + 8 * US, 50, SYSCALL_ENTRY, .nr = 0);
	MK(&t, 0, S + 18 * US, 50, SYSCALL_EXIT, .nr = 0);		/* read: 10 us */
	MK(&t, 0, S + 19 * US, 52, SYSCALL_ENTRY, .nr = 0);
	MK(&t, 0, S + 20 * US, 52, SYSCALL_EXIT, .nr = 3);		/* what came between was not seen */
	MK(&t, 0, S + 21 * US, 51, SYSCALL_ENTRY, .nr = 60);
	MK(&t, 0, S + 22 * US, 51, PROCESS_EXIT, .tgid = 51);		/* never returns */
	MK(&t, 0, S + 22 * US, 50, PROCESS_FORK, .child_pid = 70, .child_tgid = 70);
	MK(&t, 0, S + 23 * US, 70, SYSCALL_EXIT, .nr = 57);		/* the child returns from fork */
	MK(&t, 0, S + 23 * US, 50, SYSCALL_ENTRY, .nr = 3);		/* open at the end */
	end();
}

#define SYSCALL_UNPAIRED	UNPAIRED(2, 1, 1, 0)

static void syscall_statistics(void **unused)
{
	(void)unused;
	make_syscalls();
	assert_int_equal(run("syscall %s"), 0);
	expect("# lkstla syscall: processing time of system calls\n"
	       "#syscall name count total[s] min[s] mean[s] max[s] deviation[s] p50[s] p90[s] p99[s] p99.9[s]\n"
	       "0 read 2 0.000014000 0.000004000 0.000007000 0.000010000 0.000003000 0.000004015 0.000010000 "
	       "0.000010000 0.000010000\n"
	       "3 close 1 0.000002000 0.000002000 0.000002000 0.000002000 0.000000000 0.000002000 0.000002000 "
	       "0.000002000 0.000002000\n"
	       "15 rt_sigreturn 1 0.000001000 0.000001000 0.000001000 0.000001000 0.000000000 0.000001000 0.000001000 "
	       "0.000001000 0.000001000\n"
	       SYSCALL_UNPAIRED);
}

static void syscall_list_and_choice(void **unused)
{
	(void)unused;
	make_syscalls();
	assert_int_equal(run("syscall -l %s"), 0);
	expect("# lkstla syscall: processing time of system calls\n"
	       "#syscall pid time[s] value[s] cpu name task\n"
	       "0 50 1.000001000 0.000004000 0 read sh\n"
	       "3 51 1.000002000 0.000002000 1 close my_prog\n"
	       "15 51 1.000006000 0.000001000 1 rt_sigreturn my_prog\n"
	       "0 50 1.000008000 0.000010000 0 read sh\n"
	       SYSCALL_UNPAIRED);
#define HEAD	"# lkstla syscall: processing time of system calls\n#syscall pid time[s] value[s] cpu name task\n"
	assert_int_equal(run("syscall -k 3 -l %s"), 0);
	expect(HEAD "3 51 1.000002000 0.000002000 1 close my_prog\n" SYSCALL_UNPAIRED);
	assert_int_equal(run("syscall -k read -t1.000002+0.1 -l %s"), 0);
	expect(HEAD "0 50 1.000008000 0.000010000 0 read sh\n" SYSCALL_UNPAIRED);
	/* Columns 3 and 4 of a line are a window: what began within it, its own beginning included. */
	assert_int_equal(run("syscall -t1.000001000+0.000004000 -l %s"), 0);
	expect(HEAD "0 50 1.000001000 0.000004000 0 read sh\n3 51 1.000002000 0.000002000 1 close my_prog\n"
		    SYSCALL_UNPAIRED);
	assert_int_equal(run("syscall -p 51 -c1 -l %s"), 0);
	expect(HEAD "3 51 1.000002000 0.000002000 1 close my_prog\n15 51 1.000006000 0.000001000 1 rt_sigreturn "
		    "my_prog\n"
	       SYSCALL_UNPAIRED);
	assert_int_equal(run("syscall --top 2 -l %s"), 0);
	expect(HEAD "0 50 1.000008000 0.000010000 0 read sh\n0 50 1.000001000 0.000004000 0 read sh\n"
		    SYSCALL_UNPAIRED);
}

static void syscall_by_and_json(void **unused)
{
	(void)unused;
	make_syscalls();
	assert_int_equal(run("syscall --by=pid,cpu --top=1 %s"), 0);
	expect("# lkstla syscall: processing time of system calls\n"
	       "# pid task cpu count total[s] min[s] mean[s] max[s] deviation[s] p50[s] p90[s] p99[s] p99.9[s]\n"
	       "50 sh 0 2 0.000014000 0.000004000 0.000007000 0.000010000 0.000003000 0.000004015 0.000010000 "
	       "0.000010000 0.000010000\n"
	       SYSCALL_UNPAIRED);
	assert_int_equal(run("syscall --json -k close %s"), 0);
	expect("{\"schema\":\"lkstla-1\",\"type\":\"statistics\",\"measure\":\"syscall\",\"key\":\"syscall\","
	       "\"value\":\"time\",\"unit\":\"ns\"}\n"
	       "{\"type\":\"group\",\"key\":3,\"name\":\"close\",\"count\":1,\"total\":2000,\"min\":2000,"
	       "\"mean\":2000.000,\"max\":2000,"
	       "\"deviation\":0.000,\"p50\":2000,\"p90\":2000,\"p99\":2000,\"p99.9\":2000}\n"
	       "{\"type\":\"end\",\"samples\":1,\"unpaired\":{\"no_begin\":2,\"no_end\":1,\"open\":1,\"cut\":0,"
	       "\"evicted\":0},"
	       "\"lost\":0,\"missing\":0,\"damaged\":0,\"torn\":0}\n");
	assert_int_equal(run("syscall --json -l -k close %s"), 0);
	assert_non_null(strstr(output,
			       "{\"type\":\"sample\",\"key\":3,\"name\":\"close\",\"pid\":51,\"task\":\"my prog\","
			       "\"cpu\":1,"
				       "\"time_ns\":1000002000,\"value\":2000}\n"));
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
	assert_int_equal(run("syscall -l %s"), 3);
	expect(HEAD "2 50 1.000010000 0.000001000 0 syscall-2 sh\n"
	       "# incomplete: 5 records lost, 0 sub-buffers missing, 0 damaged places, 0 files not closed\n"
	       UNPAIRED(1, 0, 0, 2)
	       "lkstla: reading: 5 records were lost when recording (give the buffer more room, or record fewer "
	       "events)\n");
}

static void syscallcount(void **unused)
{
	(void)unused;
	make_syscalls();
	assert_int_equal(run("syscallcount -l -k read %s"), 0);
	expect("# lkstla syscallcount: usage of system calls: how many of each\n"
	       "#syscall pid time[s] so_far cpu name task\n"
	       "0 50 1.000001000 1 0 read sh\n"
	       "0 50 1.000008000 2 0 read sh\n"
	       "0 52 1.000019000 3 0 read thread\n"
	       UNPAIRED(0, 0, 0, 0));
	assert_int_equal(run("syscallcount -t1+1 %s"), 0);
	expect("# lkstla syscallcount: usage of system calls: how many of each\n"
	       "#syscall name count share[%] per_second\n"
	       "0 read 3 42.857 3.000\n3 close 2 28.571 2.000\n15 rt_sigreturn 1 14.286 1.000\n60 exit 1 14.286 1.000\n"
	       UNPAIRED(0, 0, 0, 0));
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
	assert_int_equal(run("lifetime -l %s"), 0);
	expect("# lkstla lifetime: life of tasks, from fork to exit\n#pid pid time[s] value[s] cpu name task\n"
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
	assert_int_equal(run("state -l %s"), 0);
	expect("# lkstla state: time that tasks spent running, runnable, sleeping...\n#key pid time[s] value[s] cpu "
	       "name task\n"
	       "0 50 1.000000000 0.000010000 0 running sh\n"
	       "0 51 1.000010000 0.000005000 0 running my_prog\n"
	       "1 50 1.000010000 0.000005000 0 runnable sh\n"
	       "0 50 1.000015000 0.000020000 0 running sh\n"
	       "2 51 1.000015000 0.000030000 0 sleeping my_prog\n"
	       "1 51 1.000045000 0.000002000 1 runnable my_prog\n"
	       UNPAIRED(0, 0, 2, 0));
	assert_int_equal(run("state -p 50 -k running %s"), 0);
	expect("# lkstla state: time that tasks spent running, runnable, sleeping...\n"
	       "# pid task key name count total[s] min[s] mean[s] max[s] deviation[s] p50[s] p90[s] p99[s] p99.9[s]\n"
	       "50 sh 0 running 2 0.000030000 0.000010000 0.000015000 0.000020000 0.000005000 0.000010047 0.000020000 "
	       "0.000020000 "
	       "0.000020000\n" UNPAIRED(0, 0, 2, 0));
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
	assert_int_equal(run("irq -l %s"), 0);
	expect("# lkstla irq: time in interrupt handlers\n#irq pid time[s] value[s] cpu name task\n"
	       "14 50 1.000000000 0.000003000 0 ata_piix sh\n14 51 1.000002000 0.000004000 1 ata_piix my_prog\n"
	       UNPAIRED(0, 0, 0, 0));
	assert_int_equal(run("softirq -l %s"), 0);
	expect("# lkstla softirq: delay of soft interrupts, from request to run\n#softirq pid time[s] value[s] cpu "
	       "name task\n"
	       "4 50 1.000001000 0.000007000 0 BLOCK sh\n4 50 1.000009000 0.000005000 0 BLOCK sh\n"
	       UNPAIRED(0, 0, 0, 0));
	assert_int_equal(run("softirqtime -l %s"), 0);
	expect("# lkstla softirqtime: time in soft interrupt handlers\n#softirq pid time[s] value[s] cpu name task\n"
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
	assert_int_equal(run("timer -l %s"), 0);
	expect("# lkstla timer: responsiveness: from the timer interrupt to the run of soft timers\n"
	       "#cpu pid time[s] value[s] cpu name task\n0 50 1.000010000 0.000006000 0 cpu-0 sh\n"
	       UNPAIRED(0, 0, 0, 0));
	assert_int_equal(run("timerlate -l %s"), 0);
	expect("# lkstla timerlate: how late high resolution timers run\n#function pid time[s] value[s] cpu name task\n"
	       "1 50 1.000011000 0.000001500 0 tick_sched_timer+0x0 sh\n" UNPAIRED(0, 0, 0, 0));
}

/* In 2.4 it is soft interrupt 0 that runs timers, and 1 is NET_TX. */
static void timers_of_24(void **unused)
{
	(void)unused;
	begin();
	strcpy(t.header.release, "2.4.37.11");
	mk_header(&t);
	MK(&t, 0, S + 10 * US, 50, INTERRUPT_TIMER_ENTRY, .vector = 0);
	MK(&t, 0, S + 11 * US, 50, SOFTIRQ_RAISE, .vec = 0);
	MK(&t, 0, S + 12 * US, 50, INTERRUPT_TIMER_EXIT, .vector = 0);
	MK(&t, 0, S + 13 * US, 50, SOFTIRQ_ENTRY, .vec = 1);
	MK(&t, 0, S + 15 * US, 50, SOFTIRQ_ENTRY, .vec = 0);
	end();
	assert_int_equal(run("timer -l %s"), 0);
	expect("# lkstla timer: responsiveness: from the timer interrupt to the run of soft timers\n"
	       "#cpu pid time[s] value[s] cpu name task\n0 50 1.000010000 0.000005000 0 cpu-0 sh\n" UNPAIRED(0, 0, 0, 0));
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
	assert_int_equal(run("biotime -l %s"), 0);
	expect("# lkstla biotime: processing time of block I/O, from issue to completion\n#dev pid time[s] value[s] "
	       "cpu name task\n"
	       "8388608 50 1.000001000 0.000005000 0 sda sh\n8388608 50 1.000002000 0.000005000 0 sda sh\n"
	       UNPAIRED(1, 0, 1, 0));
	assert_int_equal(run("bioqueue -l %s"), 0);
	expect("# lkstla bioqueue: requests of a disk in queue and driver, when one more comes\n#dev pid time[s] "
	       "length cpu name task\n"
	       "8388608 50 1.000000000 1 0 sda sh\n8388608 50 1.000002000 2 0 sda sh\n9437185 50 1.000009000 1 0 9:1 "
	       "sh\n"
	       UNPAIRED(2, 0, 1, 0));
	assert_int_equal(run("bioqueue -k 9:1 %s"), 0);
	expect("# lkstla bioqueue: requests of a disk in queue and driver, when one more comes\n"
	       "#dev name count total min mean max deviation p50 p90 p99 p99.9\n9437185 9:1 1 1 1 1.000 1 0.000 1 1 1 "
	       "1\n"
	       UNPAIRED(2, 0, 1, 0));
}

/* There a request is completed once, and tells the size of its last part only. */
static void block_of_24(void **unused)
{
	(void)unused;
	begin();
	strcpy(t.header.release, "2.4.37.11");
	mk_header(&t);
	MK(&t, 0, S + 1 * US, 50, BLOCK_ISSUE, .dev = 3 << 20, .bytes = 4096, .rq = 0x1000);
	MK(&t, 0, S + 6 * US, 0, BLOCK_COMPLETE, .dev = 3 << 20, .bytes = 1024, .rq = 0x1000);
	end();
	assert_int_equal(run("biotime -l %s"), 0);
	expect("# lkstla biotime: processing time of block I/O, from issue to completion\n#dev pid time[s] value[s] "
	       "cpu name task\n"
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
	assert_int_equal(run("wakeup -l %s"), 0);
	expect("# lkstla wakeup: delay from the wake-up of a task to its run\n#pid pid time[s] value[s] cpu name task\n"
	       "51 51 1.000000000 0.000003000 0 my_prog my_prog\n" UNPAIRED(0, 0, 0, 0));
	assert_int_equal(run("schedtime -l %s"), 0);
	expect("# lkstla schedtime: processing time of the scheduler\n#cpu pid time[s] value[s] cpu name task\n"
	       "0 0 1.000002000 0.000002000 0 cpu-0 idle\n" UNPAIRED(0, 0, 0, 0));
	assert_int_equal(run("runqueue -l %s"), 0);
	expect("# lkstla runqueue: runnable tasks of a CPU, at each change\n#cpu pid time[s] tasks cpu name task\n"
	       "1 51 1.000005000 3 0 cpu-1 my_prog\n" UNPAIRED(0, 0, 0, 0));
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
	assert_int_equal(run("nettime -l %s"), 0);
	expect("# lkstla nettime: processing time of network I/O through sockets\n#key pid time[s] value[s] cpu name "
	       "task\n"
	       "0 50 1.000000000 0.000004000 0 send sh\n1 51 1.000006000 0.000003000 1 receive my_prog\n"
	       UNPAIRED(1, 0, 0, 0));
	assert_int_equal(run("netsize -l %s"), 0);
	expect("# lkstla netsize: size of network packets\n#net pid time[s] bytes cpu name task\n"
	       "2 50 1.000001000 152 0 lo:send sh\n3 50 1.000002000 138 0 lo:receive sh\n" UNPAIRED(0, 0, 0, 0));
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
	assert_int_equal(run("memalloc -l %s"), 0);
	expect("# lkstla memalloc: processing time of memory allocation\n#key pid time[s] value[s] cpu name task\n"
	       "0 50 1.000000000 0.000006000 0 pages sh\n0 50 1.000001000 0.000001000 0 pages sh\n"
	       "1 50 1.000003000 0.000001000 0 kmalloc sh\n" UNPAIRED(0, 0, 0, 0));
	assert_int_equal(run("memfree -l %s"), 0);
	expect("# lkstla memfree: processing time of memory release\n#key pid time[s] value[s] cpu name task\n"
	       "0 0 1.000007000 0.000002000 0 pages idle\n0 0 1.000008000 0.000001000 1 pages idle\n"
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
	assert_int_equal(run("lockwait -l %s"), 0);
	expect("# lkstla lockwait: waiting time for contended locks\n#object pid time[s] value[s] cpu name task\n"
	       "1 50 1.000000000 0.000002000 0 object-1 sh\n2 51 1.000003000 0.000003000 1 big_lock+0x8 my_prog\n"
	       UNPAIRED(0, 0, 0, 0));
	assert_int_equal(run("lockhold -l %s"), 0);
	expect("# lkstla lockhold: how long locks are held\n#object pid time[s] value[s] cpu name task\n"
	       "1 50 1.000002000 0.000005000 0 object-1 sh\n" UNPAIRED(0, 0, 0, 0));
	assert_int_equal(run("waitq -l %s"), 0);
	expect("# lkstla waitq: time that tasks stay in a wait queue\n#object pid time[s] value[s] cpu name task\n"
	       "1 50 1.000010000 0.000004000 0 object-1 sh\n" UNPAIRED(0, 0, 2, 0));
	assert_int_equal(run("waitqlen -l %s"), 0);
	expect("# lkstla waitqlen: tasks in a wait queue, when one more enters\n#object pid time[s] tasks cpu name "
	       "task\n"
	       "1 50 1.000010000 1 0 object-1 sh\n1 51 1.000011000 2 0 object-1 my_prog\n1 50 1.000015000 2 0 object-1 "
	       "sh\n"
	       UNPAIRED(0, 0, 2, 0));
}

static void count_and_print(void **unused)
{
	(void)unused;
	begin();
	mk_text(&t, LKST_PKT_SYSCALLS, "0\tread\n");
	mk_text(&t, LKST_PKT_SYMBOLS, "0xffffffff81000100\t0x40\tirq_fn\n");
	MK(&t, 0, S, 50, SYSCALL_ENTRY, .nr = 0, .arg0 = -2);
	MK(&t, 1, S + 1, 51, INTERRUPT_ENTRY, .irq = 3, .handler = -0x7efffef0LL);
	MK(&t, 0, S + 2, 50, SYSCALL_EXIT, .nr = 0, .ret = -11);
	MK(&t, 0, S + 3, 50, LKST_MARK, .text0 = 0x6968, .text1 = 0);
	MK(&t, 1, S + 4, 51, SYSCALL_EXIT, .nr = 0xffff);
	MK(&t, 1, S + 5, 51, SOFTIRQ_ENTRY, .vec = 4);
	MK(&t, 1, S + 6, 51, LKST_PROBE, .probe = 1, .ip = -0x7efffefcLL, .arg0 = 0xffff888000000001ULL, .arg1 = 16);
	end();
	assert_int_equal(run("print %s"), 0);
	expect("# time[s] cpu pid task EVENT arguments\n"
	       "1.000000000 0 50 sh SYSCALL_ENTRY nr=0(read) arg0=-2\n"
	       "1.000000001 1 51 my_prog INTERRUPT_ENTRY irq=3 handler=irq_fn+0x10\n"
	       "1.000000002 0 50 sh SYSCALL_EXIT nr=0(read) ret=-11\n"
	       "1.000000003 0 50 sh LKST_MARK text0=hi\n"
	       "1.000000004 1 51 my_prog SYSCALL_EXIT nr=-1(none) ret=0\n"
	       "1.000000005 1 51 my_prog SOFTIRQ_ENTRY vec=4(BLOCK)\n"
	       "1.000000006 1 51 my_prog LKST_PROBE probe=1 ip=irq_fn+0x4 arg0=0xffff888000000001 arg1=0x10 arg2=0x0\n"
	       "");
	assert_int_equal(run("print --json -k LKST_MARK %s"), 0);
	expect("{\"schema\":\"lkstla-1\",\"type\":\"print\"}\n{\"type\":\"event\",\"time_ns\":1000000003,\"cpu\":0,"
	       "\"pid\":50,\"task\":\"sh\","
	       "\"id\":225,\"name\":\"LKST_MARK\",\"args\":{\"text0\":\"hi\"}}\n");
	assert_int_equal(run("count %s"), 0);
	expect("# lkstla count: events by name\n# event name count cpu0 cpu1\n0x020 INTERRUPT_ENTRY 1 0 1\n0x031 "
	       "SOFTIRQ_ENTRY 1 0 1\n0x050 SYSCALL_ENTRY 1 1 0\n"
	       "0x051 SYSCALL_EXIT 2 1 1\n0x0e0 LKST_PROBE 1 0 1\n0x0e1 LKST_MARK 1 1 0\n# 7 events\n");
}

/* Several keys, groups and small letters; processes with those that come from them; what registers hold. */
static void chooses_several(void **unused)
{
	(void)unused;
	begin();
	mk_text(&t, LKST_PKT_SYSCALLS, "0\tread\n3\tclose\n62\tkill\n257\topenat\n");
	mk_text(&t, LKST_PKT_TASKS, "60\t60\t50\tchild\n61\t60\t60\tthread\n62\t62\t61\tgrandchild\n70\t70\t71\tself\n71\t71\t70\tself\n");
	MK(&t, 0, S, 50, SYSCALL_ENTRY, .nr = 257, .arg0 = -100);
	MK(&t, 0, S + 1, 50, SYSCALL_EXIT, .nr = 257, .ret = 0x7ffe12345678LL);
	MK(&t, 0, S + 2, 60, SYSCALL_ENTRY, .nr = 257, .arg0 = 0xffffff9cLL);
	MK(&t, 0, S + 3, 60, SYSCALL_EXIT, .nr = 257, .ret = -2);
	MK(&t, 0, S + 4, 62, SYSCALL_ENTRY, .nr = 62, .arg0 = -100);
	MK(&t, 0, S + 5, 62, SYSCALL_EXIT, .nr = 62, .ret = 0);
	MK(&t, 0, S + 6, 70, LKST_MARK, .text0 = 0x6968, .text1 = 0);
	MK(&t, 0, S + 7, 51, SYSCALL_ENTRY, .nr = 0, .arg0 = 3);
	MK(&t, 0, S + 8, 51, SYSCALL_EXIT, .nr = 0, .ret = 1);
	end();
	assert_int_equal(run("print -p 60 --children -k syscall_exit,LKST_MARK %s"), 0);
	expect("# time[s] cpu pid task EVENT arguments\n"
	       "1.000000003 0 60 child SYSCALL_EXIT nr=257(openat) ret=-2\n"
	       "1.000000005 0 62 grandchild SYSCALL_EXIT nr=62(kill) ret=0\n");
	assert_int_equal(run("print -p 50 --children -k syscall %s"), 0);
	expect("# time[s] cpu pid task EVENT arguments\n"
	       "1.000000000 0 50 sh SYSCALL_ENTRY nr=257(openat) arg0=-100(AT_FDCWD)\n"
	       "1.000000001 0 50 sh SYSCALL_EXIT nr=257(openat) ret=0x7ffe12345678\n"
	       "1.000000002 0 60 child SYSCALL_ENTRY nr=257(openat) arg0=-100(AT_FDCWD)\n"
	       "1.000000003 0 60 child SYSCALL_EXIT nr=257(openat) ret=-2\n"
	       "1.000000004 0 62 grandchild SYSCALL_ENTRY nr=62(kill) arg0=-100\n"
	       "1.000000005 0 62 grandchild SYSCALL_EXIT nr=62(kill) ret=0\n");
	assert_int_equal(run("count -k LKST -k 0x50 %s"), 0);
	expect("# lkstla count: events by name\n# event name count cpu0\n0x050 SYSCALL_ENTRY 4 4\n0x0e1 LKST_MARK 1 1\n"
	       "# 5 events\n");
	assert_int_equal(run("print -p 60 -k SYSCALL_EXIT %s"), 0);
	expect("# time[s] cpu pid task EVENT arguments\n1.000000003 0 60 child SYSCALL_EXIT nr=257(openat) ret=-2\n");
	assert_int_equal(run("syscall -l -k read -k kill %s"), 0);
	expect(HEAD "62 62 1.000000004 0.000000001 0 kill grandchild\n0 51 1.000000007 0.000000001 0 read my_prog\n"
	       UNPAIRED(0, 0, 0, 0));
	assert_int_equal(run("syscall -l -k 0,62 %s"), 0);
	assert_int_equal(run("print --children %s"), 2);
	/* Standard input is read once, a trace twice. */
	assert_int_equal(run("count -k LKST -k 0x50 - <%s"), 0);
	expect("# lkstla count: events by name\n# event name count cpu0\n0x050 SYSCALL_ENTRY 4 4\n0x0e1 LKST_MARK 1 1\n"
	       "# 5 events\n");
	assert_int_equal(run("count - </dev/null #%s"), 1);
}

/* Names are what somebody else chose: on a terminal, in JSON and for gnuplot they are names and nothing else. */
#define EVIL	"60\t60\t1\t\033[2Jowned\n61\t61\t1\t</script>\n62\t62\t1\t\"; system(\"id\n63\t63\t1\t'`id`\\\n" \
		"64\t64\t1\t\xc3\xbc\xc2\x9b\xff\xe2\x80\xae.\n"

static void make_evil(void)
{
	unsigned int i;

	begin();
	mk_text(&t, LKST_PKT_TASKS, EVIL);
	for (i = 0; i < 5; i++) {
		MK(&t, 0, S + 10 * i * US, 60 + i, SYSCALL_ENTRY, .nr = 0);
		MK(&t, 0, S + (10 * i + 1) * US, 60 + i, SYSCALL_EXIT, .nr = 0);
	}
	MK(&t, 0, S + 60 * US, 65, PROCESS_NAME, .target_pid = 65, .name0 = 0x0a7f0d1b09316cLL);
	MK(&t, 0, S + 70 * US, 65, SYSCALL_ENTRY, .nr = 0);
	MK(&t, 0, S + 71 * US, 65, SYSCALL_EXIT, .nr = 0);
	end();
}

/* The names as they may be shown: the escape, the CSI of 8 bits, what is no UTF-8 and the turn of writing are gone. */
static void names_are_only_names(void **unused)
{
	const char *p;

	(void)unused;
	make_evil();
	assert_int_equal(run("syscall -l %s"), 0);
	expect(HEAD "0 60 1.000000000 0.000001000 0 syscall-0 ?[2Jowned\n"
	       "0 61 1.000010000 0.000001000 0 syscall-0 </script>\n"
	       "0 62 1.000020000 0.000001000 0 syscall-0 \";_system(\"id\n"
	       "0 63 1.000030000 0.000001000 0 syscall-0 '`id`\\\n"
	       "0 64 1.000040000 0.000001000 0 syscall-0 \xc3\xbc????\x3f?.\n"
	       "0 65 1.000070000 0.000001000 0 syscall-0 l1?????\n" UNPAIRED(0, 0, 0, 0));
	assert_int_equal(run("syscall --json -l %s"), 0);
	assert_non_null(strstr(output, "\"task\":\"?[2Jowned\""));
	assert_non_null(strstr(output, "\"task\":\"\\\"; system(\\\"id\""));
	assert_non_null(strstr(output, "\"task\":\"'`id`\\\\\""));
	assert_non_null(strstr(output, "\"task\":\"\xc3\xbc"));
	for (p = output; *p; p++)
		assert_true(*p == '\n' || (unsigned char)*p >= ' ');
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
			 "\"no_end\":0,"
			 "\"open\":%u,\"cut\":%u,\"evicted\":0},\"lost\":7,", g->samples, g->no_begin, g->open, g->cut);
		if (!strstr(output, text))
			fail_msg("%s: no %s in %s", g->measure, text, output);
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
		if (!strstr(output, text))
			fail_msg("%s: no %s in %s", g->measure, text, output);
		snprintf(text, sizeof(text), "lkstla: %s: the trace has events for it, but not one pair or change "
			 "of them to "
			 "measure\n", g->measure);
		if (!strstr(output, text) != (g->samples > 2))
			fail_msg("%s: what about %s in %s", g->measure, text, output);
	}
}

static void statuses(void **unused)
{
	(void)unused;
	make_syscalls();
	assert_int_equal(run("biotime %s"), 1);
	assert_non_null(strstr(output,
			       "the trace has none of the events it needs, BLOCK_ISSUE, BLOCK_COMPLETE (record with "
				       "'lkst record -m RDEFAULT'"));
	assert_int_equal(run("lockwait %s"), 1);
	assert_non_null(strstr(output, "'lkst record -m RALL'"));
	assert_int_equal(run("nonsense %s"), 2);
	assert_int_equal(run("syscall"), 2);
	assert_int_equal(run(""), 2);
	assert_int_equal(run("syscall --nonsense %s"), 2);
	assert_int_equal(run("syscall -t5 %s"), 2);
	assert_int_equal(run("syscall -t5+1.1234567890 %s"), 2);
	assert_int_equal(run("syscall --by=nobody %s"), 2);
	assert_int_equal(run("syscall --plot x.gif %s"), 2);
	assert_int_equal(run("syscall /nonexistent/file"), 1);
	assert_int_equal(run("syscall %s >/dev/full"), 1);
	assert_int_equal(run("list"), 0);
	assert_non_null(strstr(output, "\nstate            18  "));
	assert_int_equal(run("--help"), 0);
	assert_non_null(strstr(output, "EXAMPLES"));
	assert_int_equal(run("syscall --version"), 0);
}

/* @text is on standard error, and nothing else is. */
static void says(int status, const char *arguments, const char *text)
{
	char wanted[512];

	redirect = "2>&1 >/dev/null";
	assert_int_equal(run(arguments), status);
	redirect = "2>&1";
	snprintf(wanted, sizeof(wanted), "lkstla: %s\n", text);
	assert_string_equal(output, wanted);
}

/* What is chosen by a mistake gives no empty table that looks like a result; what would do nothing is refused. */
static void chooses_nothing(void **unused)
{
	(void)unused;
	make_syscalls();
	says(1, "syscall -k raed %s", "syscall: nothing in the trace has the key 'raed' (did you mean read?)");
	says(1, "syscall -k 99 %s",
	     "syscall: nothing in the trace has the key '99' (there are read, rt_sigreturn, close)");
	says(1, "syscall -l -p 999 %s", "syscall: there are 4 samples, and none of them passes -p");
	says(1, "syscall --json -k read -c 7 -t2+1 %s",
	     "syscall: there are 4 samples, and none of them passes -k -t -c");
	says(1, "count -k SYSCALL_ENTR %s",
	     "count: nothing in the trace has the key 'SYSCALL_ENTR' (did you mean SYSCALL_ENTRY, "
	     "SYSCALL_EXIT?)");
	says(1, "print -k 0x999 %s", "print: nothing in the trace has the key '0x999' (there are PROCESS_FORK, "
	     "SYSCALL_ENTRY, SYSCALL_EXIT, PROCESS_EXIT)");
	says(1, "print -c 5 %s", "print: there are 16 events, and none of them passes -c");
	says(1, "lifetime %s", "lifetime: the trace has events for it, but not one pair or change of them to measure");
	assert_int_equal(run("count -k SYSCALL_EXIT %s"), 0);
	expect("# lkstla count: events by name\n# event name count cpu0 cpu1\n0x051 SYSCALL_EXIT 7 4 3\n# 7 events\n");
	assert_int_equal(run("count -k 0x51 -c 1 %s"), 0);
	expect("# lkstla count: events by name\n# event name count cpu0 cpu1\n0x051 SYSCALL_EXIT 3 0 3\n# 3 events\n");
#define TRY	"; try 'lkstla --help'"
	says(2, "count -l %s", "'count' does not take -l" TRY);
	says(2, "print --by=key %s", "'print' does not take --by" TRY);
	says(2, "print --top 3 %s", "'print' does not take --top" TRY);
	says(2, "count --plot x.svg %s", "'count' does not take --plot" TRY);
	says(2, "syscall -l --by=pid %s", "--by is for statistics, -l has none: leave one of them out" TRY);
	says(2, "syscall --keep %s", "--keep needs --plot: it keeps what gnuplot was given" TRY);
	says(2, "list syscall", "unexpected argument 'syscall'" TRY);
	says(2, "list --json", "unknown option '--json' (there are --help, --version)" TRY);
	says(2, "sycall %s", "there is no measure 'sycall' (did you mean syscall?)" TRY);
	assert_int_equal(run("nonsense %s"), 2);
	assert_non_null(strstr(output, 
			       "there is no measure 'nonsense' (there are list, all, overlay, syscall, "
			       "syscallcount,"));
}

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
	assert_int_equal(run("budget -l %s"), 0);
#define BUDGET	"# lkstla budget: where the time of processes goes: running, runnable, waiting for disk, lock...\n"
	expect(BUDGET "#key pid time[s] value[s] cpu name task\n"
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
	       "1 51 1.000100000 0.000001000 1 runnable my_prog\n"
	       UNPAIRED(0, 0, 2, 0));
	/* The process: 51 and 52 together, 10 + 3 + 4 + 3 + 3 and 5 + 2 running. */
	assert_int_equal(run("budget --top=1 -k running %s"), 0);
	expect(BUDGET "#process task key name count total[s] min[s] mean[s] max[s] deviation[s] p50[s] p90[s] p99[s] "
	       "p99.9[s]\n"
	       "51 my_prog 0 running 7 0.000030000 0.000002000 0.000004286 0.000010000 0.000002491 0.000002991 "
	       "0.000010000 0.000010000 0.000010000\n" UNPAIRED(0, 0, 2, 0));
	assert_int_equal(run("budget --by=pid,key -p 52 --json -k lock %s"), 0);
	assert_non_null(strstr(output, "{\"type\":\"group\",\"pid\":52,\"task\":\"thread\",\"key\":3,\"name\":\"lock\","
			       "\"count\":1,\"total\":10000,"));
	assert_int_equal(run("budget --json -k lock %s"), 0);
	assert_non_null(strstr(output, "{\"type\":\"group\",\"process\":51,\"task\":\"my prog\",\"key\":3,"));
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
	assert_int_equal(run("budget -l %s"), 3);
	expect(BUDGET "#key pid time[s] value[s] cpu name task\n"
	       "5 51 1.000010000 0.000001000 0 other my_prog\n1 51 1.000011000 0.000002000 1 runnable my_prog\n"
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
	assert_int_equal(run("chain -k read %s"), 0);
#define CHAIN	"# lkstla chain: a task's waits in slow requests, and who ended them\n# time[s] duration[s] what\n"
	expect(CHAIN
	       "1.000010000 0.000090000 50 sh: request in read\n"
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
	assert_non_null(strstr(output, "\n        1.000010000     0.000010000   50 sh: running"));
	assert_non_null(strstr(output, "\n        1.000031000               -         woken by interrupt 14"));
}

static void chain_of_a_time(void **unused)
{
	(void)unused;
	make_chain();
	/* From the middle of the sleep on: how it slept was said before. */
	assert_int_equal(run("chain -p 50 -t1.000055+0.000020 %s"), 0);
	expect(CHAIN
	       "1.000055000 0.000020000 50 sh: request\n"
	       "1.000055000 0.000005000 50 sh: asleep\n"
	       "1.000060000 - woken by 51 my_prog in write, CPU 1\n"
	       "1.000055000 0.000005000 51 my_prog: running all the time before, CPU 1\n"
	       "1.000060000 0.000010000 50 sh: runnable\n"
	       "1.000070000 0.000005000 50 sh: running, CPU 0\n");
	assert_int_equal(run("chain --json -k read --top=1 -p 50 %s"), 0);
	assert_non_null(strstr(output, "{\"schema\":\"lkstla-1\",\"type\":\"chain\"}\n"
			       "{\"type\":\"step\",\"depth\":0,\"time_ns\":1000010000,\"duration\":90000,\"pid\":50,"
			       "\"task\":\"sh\",\"cpu\":0,\"what\":\"request\",\"call\":\"read\"}\n"));
	assert_non_null(strstr(output, "{\"type\":\"step\",\"depth\":2,\"time_ns\":1000060000,\"duration\":0,"
			       "\"pid\":50,"
			       "\"task\":\"sh\",\"cpu\":1,\"what\":\"woken\",\"call\":\"write\",\"by\":\"task\","
			       "\"by_pid\":51}\n"));
	assert_non_null(strstr(output, "\"by\":\"interrupt\",\"number\":14,\"name\":\"ata piix\"}\n"));
	assert_null(strstr(output, "1000200000"));
	says(2, "chain %s", "chain: give -p PID and -t START+DURATION, or -k CALL for the slowest of these calls" TRY);
	says(2, "chain -p 50 -t1+1 --top=3 %s", "chain: --top needs -k CALL" TRY);
	says(2, "chain -k read -l %s", "'chain' does not take -l" TRY);
	says(1, "chain -k raed %s", "syscall: nothing in the trace has the key 'raed' (did you mean read?)");
	says(1, "chain -p 77 -t1+1 %s", "chain: there are 14 events, and none of them passes -t -p");
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
	assert_int_equal(run("chain -k 0 %s"), 0);
	expect(CHAIN
	       "1.000010000 0.000070000 50 sh: request in syscall-0\n"
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
	assert_non_null(strstr(output, "50 sh: not known: records were lost meanwhile\n"));
	assert_null(strstr(output, "woken"));
}

/* fsync (10 us) waits for the disk (3 us), a read (1 us) does not. Two tasks runnable on CPU 0. */
static void make_overlay(void)
{
	begin();
	mk_text(&t, LKST_PKT_SYSCALLS, "0\tread\n74\tfsync\n");
	mk_text(&t, LKST_PKT_DEVICES, "block\t8388608\tsda\n");
	MK(&t, 0, S + 1 * US, 50, SYSCALL_ENTRY, .nr = 74);
	MK(&t, 0, S + 2 * US, 50, BLOCK_ISSUE, .dev = 8 << 20, .bytes = 4096, .rq = 0x1000);
	MK(&t, 0, S + 3 * US, 50, SCHED_RUNQUEUE, .nr_running = 2, .cpu = 0, .change = 1);
	MK(&t, 1, S + 5 * US, 0, BLOCK_COMPLETE, .dev = 8 << 20, .bytes = 4096, .rq = 0x1000);
	MK(&t, 1, S + 6 * US, 51, SYSCALL_ENTRY, .nr = 0);
	MK(&t, 1, S + 7 * US, 51, SYSCALL_EXIT, .nr = 0);
	MK(&t, 0, S + 11 * US, 50, SYSCALL_EXIT, .nr = 74);
	end();
}

static void overlay(void **unused)
{
	(void)unused;
	make_overlay();
	assert_int_equal(run("overlay syscall biotime runqueue -l %s"), 0);
#define OVERLAY	"#key pid time[s] value cpu name task measure\n"
	expect("# lkstla overlay: syscall, biotime, runqueue\n" OVERLAY
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
	assert_non_null(strstr(output, "\"time_ns\":1000002000,\"value\":3000,\"measure\":\"biotime\"}\n"));
	assert_null(strstr(output, "read"));
	assert_int_equal(run("overlay syscall:fsync biotime %s"), 0);
	assert_non_null(strstr(output, "# lkstla overlay: syscall fsync, biotime\n# lkstla syscall: processing time"));
	assert_non_null(strstr(output, "# lkstla biotime: processing time of block I/O"));
	/* One that has nothing is named; that is no failure while another one has something. */
	assert_int_equal(run("overlay syscall nettime %s"), 0);
	assert_non_null(strstr(output, "lkstla: nettime: the trace has none of the events it needs"));
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
	assert_non_null(strstr(output, "# lkstla syscall: "));
	assert_non_null(strstr(output, "# lkstla runqueue: "));
	assert_null(strstr(output, "# lkstla nettime: "));
	assert_non_null(strstr(output, "\n# nothing to measure: softirq, softirqtime, timer,"));
	assert_int_equal(run("biotime %s"), 0);
	assert_int_equal(run("all --json -t1+1 %s"), 0);
	assert_non_null(strstr(output, "{\"type\":\"group\",\"measure\":\"biotime\",\"key\":8388608,\"name\":\"sda\","
			       "\"count\":1,\"total\":3000,"));
	says(2, "all -l %s", "all: -l is for one measure, or for a few with 'overlay'" TRY);
	says(1, "all -t5+1 %s",
	     "all: not one measure has anything to measure in this trace, or -t, -p or -c let nothing "
	     "pass");
}

static void plot(void **unused)
{
	char args[256];
	static const char *const ends[] = { "svg", "png", "pdf" };
	unsigned int i;

	(void)unused;
	make_syscalls();
	for (i = 0; i < 3; i++) {
		snprintf(args, sizeof(args), "syscall --plot %s/g.%s %s/t", dir, ends[i], dir);
		assert_int_equal(run(args), 0);
		snprintf(args, sizeof(args), "test -s %s/g.%s && ! test -e %s/g.%s.dat", dir, ends[i], dir, ends[i]);
		assert_int_equal(system(args), 0);
	}
	snprintf(args, sizeof(args), "syscall --keep --plot %s/k.svg %s/t", dir, dir);
	assert_int_equal(run(args), 0);
	snprintf(args, sizeof(args), "grep -q read %s/k.svg && test -s %s/k.svg.dat && test -s %s/k.svg.gnuplot", dir,
		 dir, dir);
	assert_int_equal(system(args), 0);
}

/* Reads FILE.dat or FILE.gnuplot of a plot that was kept into @output. */
static void read_kept(const char *end)
{
	char file[128];
	size_t n;
	FILE *f;

	snprintf(file, sizeof(file), "%s/k.svg.%s", dir, end);
	f = fopen(file, "r");
	assert_non_null(f);
	n = fread(output, 1, sizeof(output) - 1, f);
	output[n] = 0;
	fclose(f);
}

static int draw_status;

static void draw(const char *arguments)
{
	char args[256];

	snprintf(args, sizeof(args), "%s --keep --plot %s/k.svg %s/t", arguments, dir, dir);
	redirect = "2>&1 >/dev/null";
	assert_int_equal(run(args), draw_status);
	redirect = "2>&1";
	assert_null(strstr(output, "drawing"));
}

/*
 * Times that run back, within a packet and from one to the next: moved up or put in order, counted, and no time
 * is ever the difference of a later and an earlier moment, which would be 584 years.
 */
static void times_that_run_back(void **unused)
{
	(void)unused;
	begin();
	MK(&t, 0, S + 10 * US, 50, SYSCALL_ENTRY, .nr = 0);
	MK(&t, 0, S + 4 * US, 50, SYSCALL_EXIT, .nr = 0);
	MK(&t, 0, S + 20 * US, 50, SYSCALL_ENTRY, .nr = 3);
	MK(&t, 0, S + 25 * US, 50, SYSCALL_EXIT, .nr = 3);
	end();
	assert_int_equal(run("syscall -l %s"), 3);
	expect(HEAD "0 50 1.000010000 0.000000000 0 syscall-0 sh\n3 50 1.000020000 0.000005000 0 syscall-3 sh\n"
	       "# incomplete: 0 records lost, 0 sub-buffers missing, 0 damaged places, 0 files not closed\n"
	       UNPAIRED(0, 0, 0, 0)
	       "lkstla: reading: 1 records are older than the one before them on their CPU\n");
	begin();
	MK(&t, 0, 3 * S, 50, SYSCALL_ENTRY, .nr = 0);
	mk_flush(&t, 0);
	MK(&t, 0, 2 * S, 50, SYSCALL_EXIT, .nr = 0);
	mk_flush(&t, 0);
	MK(&t, 0, 4 * S, 50, SYSCALL_ENTRY, .nr = 3);
	MK(&t, 0, 4 * S + 1 * US, 50, SYSCALL_EXIT, .nr = 3);
	end();
	assert_int_equal(run("syscall -l %s"), 3);
	assert_non_null(strstr(output, "4.000000000     0.000001000    0 syscall-3"));
	assert_null(strstr(output, "syscall-0"));
	draw_status = 3;
	draw("syscall");
	draw("syscall --kind=cumulative");
	draw_status = 0;
}

/*
 * More tasks than there are lines in a table: all are counted, the smallest together, and the table says so. Each time
 * that there are 16384 and one more comes, 6384 go: 155 times, and 10480 are left.
 */
static void a_million_processes(void **unused)
{
	unsigned int i;

	(void)unused;
	begin();
	for (i = 0; i < 1000000; i++) {
		MK(&t, 0, S + 2 * US * i, 50, PROCESS_FORK, .child_pid = 100 + i, .child_tgid = 100 + i);
		MK(&t, 0, S + 2 * US * i + 1 * US, 100 + i, PROCESS_EXIT, .tgid = 100 + i);
	}
	end();
	assert_int_equal(run("lifetime --top=2 %s"), 0);
	expect("# lkstla lifetime: life of tasks, from fork to exit\n"
	       "#pid name count total[s] min[s] mean[s] max[s] deviation[s] p50[s] p90[s] p99[s] p99.9[s]\n"
	       "100 sh 1 0.000001000 0.000001000 0.000001000 0.000001000 0.000000000 0.000001000 0.000001000 "
	       "0.000001000 0.000001000\n"
	       "101 sh 1 0.000001000 0.000001000 0.000001000 0.000001000 0.000000000 0.000001000 0.000001000 "
	       "0.000001000 0.000001000\n"
	       "0 others 989520 0.989520000 0.000001000 0.000001000 0.000001000 0.000000000 0.000001000 0.000001000 "
	       "0.000001000 "
	       "0.000001000\n"
	       "# others: the smallest of the groups, 989520, were counted together; one that is shown may lack up to "
	       "0.000155000 of its total\n" UNPAIRED(0, 0, 0, 0));
	assert_int_equal(run("lifetime --json --top=1 %s"), 0);
	assert_non_null(strstr(output, ",\"folded\":989520,\"lacking\":155000}\n"));
	draw("lifetime");
	read_kept("gnuplot");
	assert_non_null(strstr(output, "title 'others'"));
	draw("lifetime --kind=histogram");
}

/* It is not the last to come that are counted together but the smallest: 20000 short lives, then a long one. */
static void the_greatest_stays(void **unused)
{
	unsigned int i;

	(void)unused;
	begin();
	for (i = 0; i < 20001; i++) {
		MK(&t, 0, S + 20 * US * i, 50, PROCESS_FORK, .child_pid = 100 + i, .child_tgid = 100 + i);
		MK(&t, 0, S + 20 * US * i + (i == 20000 ? 9 : 1) * US, 100 + i, PROCESS_EXIT, .tgid = 100 + i);
	}
	for (i = 0; i < 20000; i++) {
		MK(&t, 0, 3 * S + 20 * US * i, 50, PROCESS_FORK, .child_pid = 30100 + i, .child_tgid = 30100 + i);
		MK(&t, 0, 3 * S + 20 * US * i + 1 * US, 30100 + i, PROCESS_EXIT, .tgid = 30100 + i);
	}
	end();
	assert_int_equal(run("lifetime --top=1 %s"), 0);
	assert_non_null(strstr(output, "\n   20100 sh                            1     0.000009000"));
	assert_non_null(strstr(output, " others "));
}

/* Runs lkstla, the checksum of its output in @sum, on one of the CPUs that this program may use or on all of them. */
static void run_on(int one, const char *arguments, char *sum, size_t size)
{
	cpu_set_t all, first;
	int cpu = 0;

	assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
	while (!CPU_ISSET(cpu, &all))
		cpu++;
	CPU_ZERO(&first);
	CPU_SET(cpu, &first);
	assert_int_equal(sched_setaffinity(0, sizeof(all), one ? &first : &all), 0);
	redirect = "2>&1 | cksum";
	run(arguments);
	redirect = "2>&1";
	assert_int_equal(sched_setaffinity(0, sizeof(all), &all), 0);
	snprintf(sum, size, "%.60s", output);
}

/*
 * With two CPUs a large trace is read and measured by two threads: to the same end. Every task has a name of its
 * own for a while, which a list must show as it was then, and records are lost in between.
 */
static void the_same_by_two_threads(void **unused)
{
	static const char *const ways[] = {
		"lifetime -l %s", "lifetime %s", "syscall -l %s", "all --by=key,pid %s", "count %s",
		"budget %s", "print %s", "overlay lifetime syscall -l %s", "state --by=process,key %s"
	};
	char one[64], two[64];
	unsigned int i;

	(void)unused;
	begin();
	for (i = 0; i < 60000; i++) {
		MK(&t, i & 1, S + 10 * US * i, 50, PROCESS_CONTEXTSWITCH, .next_pid = 100 + i % 999);
		MK(&t, i & 1, S + 10 * US * i + 1 * US, 50, SYSCALL_ENTRY, .nr = i % 7);
		if (i % 50 == 1)
			MK(&t, i & 1, S + 10 * US * i + 2 * US, 50, PROCESS_FORK, .child_pid = 100 + i % 999,
			   .child_tgid = 100 + i % 99);
		if (i % 50 == 2)
			MK(&t, i & 1, S + 10 * US * i + 2 * US, 50, PROCESS_NAME, .target_pid = 100 + (i - 1) % 999,
			   .name0 = 0x6161616161LL + i);
		if (i % 20000 == 700)
			mk_lose(&t, i & 1, 5);
		MK(&t, i & 1, S + 10 * US * i + 3 * US, 50, SYSCALL_EXIT, .nr = i % 7);
		MK(&t, i & 1, S + 10 * US * i + 4 * US, 50, LKST_MARK, .text0 = 0x6968, .text1 = 0);
		if (i % 50 == 49)
			MK(&t, i & 1, S + 10 * US * i + 5 * US, 100 + (i - 48) % 999, PROCESS_EXIT, .tgid = 50);
	}
	end();
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		run_on(1, ways[i], one, sizeof(one));
		run_on(0, ways[i], two, sizeof(two));
		assert_string_equal(one, two);
	}
}

/* What a script draws, without gnuplot: PATH is empty. The table is written, one line says what is missing. */
static void plot_without_gnuplot(void **unused)
{
	char path[4096], args[256], file[128];
	const char *old = getenv("PATH");

	(void)unused;
	snprintf(path, sizeof(path), "%s", old ? old : "");
	make_syscalls();
	setenv("PATH", "/nonexistent", 1);
	sprintf(args, "syscall --plot %s/n.svg %s/t", dir, dir);
	sprintf(file, "drawing %s/n.svg: gnuplot is not installed (install the package gnuplot-nox)", dir);
	says(4, args, file);
	assert_int_equal(run(args), 4);
	assert_non_null(strstr(output, " read                          2 "));
	sprintf(args, "syscall --keep --plot %s/n.svg %s/t", dir, dir);
	assert_int_equal(run(args), 4);
	setenv("PATH", path, 1);
	sprintf(file, "%s/n.svg.gnuplot", dir);
	assert_int_equal(access(file, R_OK), 0);
}

/*
 * read: 4 and 10 us, close: 2 us, rt_sigreturn: 1 us. Ranges by hand: 8 in an octave, [1024 * 2^n + 128
 * * 2^n * i, ...).
 */
static void plot_kinds(void **unused)
{
	(void)unused;
	make_syscalls();
	draw("syscall");
	read_kept("dat");
	expect("# lkstla syscall: syscall pid time[s] value cpu\n"
	       "0 50 1.000001000 0.000004000 0\n0 50 1.000008000 0.000010000 0\n\n\n"
	       "3 51 1.000002000 0.000002000 1\n\n\n15 51 1.000006000 0.000001000 1\n\n\n");
	draw("syscall --kind=histogram");
	read_kept("dat");
	/*
	 * 4000 is in 3840 (15 * 256) ... 4095, 10000 in 9216 (9 * 1024) ... 10239, 2000 in 1920 ...
	 * 2047, 1000 in 960 ... 1023.
	 */
	expect("# lkstla syscall: value samples\n"
	       "0.000003840 0\n0.000003840 1\n0.000004096 0\n0.000009216 0\n0.000009216 1\n0.000010240 0\n\n\n"
	       "0.000001920 0\n0.000001920 1\n0.000002048 0\n\n\n"
	       "0.000000960 0\n0.000000960 1\n0.000001024 0\n\n\n");
	draw("syscall --by=pid --kind=cumulative");
	read_kept("dat");
	/*
	 * 64 steps in an octave: 4000 is in 3968 ... 3999 + 32 - 1 = 4031, 2000 in 1984 ... 1999 + 16 =
	 * 2015: up to their ends.
	 */
	expect("# lkstla syscall: value share[%]\n"
	       "0.000004000 0\n0.000004031 50.0000\n0.000010000 100.0000\n\n\n"
	       "0.000001000 0\n0.000001007 50.0000\n0.000002000 100.0000\n\n\n");
	says(2, "syscallcount --kind=histogram --plot x.svg %s",
	     "--kind: 'syscallcount' counts, it has no values to show the distribution "
	     "of; try 'lkstla --help'");
	says(2, "syscall --kind=histogram %s", "--kind needs --plot: it says what is drawn; try 'lkstla --help'");
	says(2, "syscall --kind=pie --plot x.svg %s",
	     "--kind 'pie': give time, histogram or cumulative; try 'lkstla --help'");
}

/* Axes that differ, units with prefixes, and names of tasks with their pids, for two tasks may have one name. */
static void plot_names_and_axes(void **unused)
{
	(void)unused;
	make_syscalls();
	draw("syscall --by=pid,key");
	read_kept("gnuplot");
	assert_non_null(strstr(output, "set ylabel 'duration'\nset logscale y\nset format y '%.0s%cs'\n"));
	assert_non_null(strstr(output, "set xlabel 'began at [s], CLOCK_MONOTONIC of the traced machine'\n"));
	assert_non_null(strstr(output, " title '50 sh read'"));
	assert_non_null(strstr(output, " title '51 my prog close'"));
	begin();
	mk_text(&t, LKST_PKT_TASKS, "70\t70\t1\tsh\n");
	MK(&t, 0, S, 0, PROCESS_WAKEUP, .target_pid = 50);
	MK(&t, 0, S + 2 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 50);
	MK(&t, 0, S + 3 * US, 50, PROCESS_WAKEUP, .target_pid = 70);
	MK(&t, 0, S + 4 * US, 50, PROCESS_CONTEXTSWITCH, .next_pid = 70);
	end();
	draw("wakeup");
	read_kept("gnuplot");
	assert_non_null(strstr(output, "set ylabel 'delay'\nset logscale y\nset format y '%.2s%cs'\n"));
	assert_non_null(strstr(output, " title '50 sh'"));
	assert_non_null(strstr(output, " title '70 sh'"));
	draw("wakeup --kind=histogram");
	read_kept("gnuplot");
	assert_non_null(strstr(output, "set xlabel 'delay'\nset logscale x\n"));
	assert_non_null(strstr(output, "set ylabel 'samples, in each eighth of an octave'\n"));
	draw("wakeup --kind=cumulative");
	read_kept("gnuplot");
	assert_non_null(strstr(output, "set ylabel 'samples up to this value [%]'\n"));
}

/*
 * Lengths are drawn as steps that fall as well as rise, though only rises are samples; and where there are more of them
 * than columns, the last one of a column is kept: it is the level until the next.
 */
static void plot_steps(void **unused)
{
	unsigned int i;

	(void)unused;
	begin();
	MK(&t, 0, S + 10 * US, 50, PROCESS_ADD_WQ, .wqh = 0x10, .entry = 0x100);
	MK(&t, 0, S + 20 * US, 51, PROCESS_ADD_WQ, .wqh = 0x10, .entry = 0x200);
	MK(&t, 0, S + 30 * US, 50, PROCESS_REM_WQ, .wqh = 0x10, .entry = 0x100);
	MK(&t, 0, S + 40 * US, 51, PROCESS_REM_WQ, .wqh = 0x10, .entry = 0x200);
	MK(&t, 0, S + 50 * US, 50, BLOCK_ISSUE, .dev = 8 << 20, .bytes = 512, .rq = 1);
	MK(&t, 0, S + 60 * US, 0, BLOCK_COMPLETE, .dev = 8 << 20, .bytes = 512, .rq = 1);
	/* Three changes at once, then nothing for long: the run queue is empty then. */
	MK(&t, 0, S + 70 * US, 50, SCHED_RUNQUEUE, .nr_running = 2, .cpu = 0, .change = 1);
	MK(&t, 0, S + 70 * US + 1, 50, SCHED_RUNQUEUE, .nr_running = 5, .cpu = 0, .change = 3);
	MK(&t, 0, S + 70 * US + 2, 50, SCHED_RUNQUEUE, .nr_running = 0, .cpu = 0, .change = -5);
	MK(&t, 0, S + 70 * US + 3, 50, SCHED_RUNQUEUE, .nr_running = 1, .cpu = 0, .change = 1);
	for (i = 0; i < 200; i++)	/* packets: the end of the trace is that of the last one's beginning */
		MK(&t, 1, 2 * S + i * US, 51, SYSCALL_EXIT, .nr = 0);
	end();
	draw("waitqlen -t1+0.001");
	read_kept("dat");
	expect("# lkstla waitqlen: object pid time[s] value cpu\n1 50 1.000010000 1 0\n1 51 1.000020000 2 0\n"
	       "1 50 1.000030000 1 0\n1 51 1.000040000 0 0\n\n\n");
	draw("bioqueue -t1+0.001");
	read_kept("dat");
	expect("# lkstla bioqueue: dev pid time[s] value cpu\n8388608 50 1.000050000 1 0\n"
	       "8388608 0 1.000060000 0 0\n\n\n");
	draw("runqueue");
	read_kept("dat");
	expect("# lkstla runqueue: cpu pid time[s] value cpu\n0 50 1.000070001 5 0\n0 50 1.000070002 0 0\n"
	       "0 50 1.000070003 1 0\n\n\n");
	read_kept("gnuplot");
	assert_non_null(strstr(output, "using 3:4 with steps title 'cpu-0'"));
	assert_int_equal(run("waitqlen %s"), 0);
	assert_non_null(strstr(output, " object-1                      2 "));
}

/* Measures over each other: those of one unit share an axis, the others have the right one. */
static void plot_overlay(void **unused)
{
	(void)unused;
	make_overlay();
	draw("overlay syscall biotime runqueue");
	read_kept("dat");
	expect("# lkstla syscall: syscall pid time[s] value cpu\n"
	       "74 50 1.000001000 0.000010000 0\n\n\n0 51 1.000006000 0.000001000 1\n\n\n"
	       "# lkstla biotime: dev pid time[s] value cpu\n8388608 50 1.000002000 0.000003000 0\n\n\n"
	       "# lkstla runqueue: cpu pid time[s] value cpu\n0 50 1.000003000 2 0\n\n\n");
	read_kept("gnuplot");
	assert_non_null(strstr(output, "set title 'lkstla overlay: syscall, biotime, runqueue'\n"));
	assert_non_null(strstr(output, "set ylabel 'duration'\nset logscale y\n"));
	assert_non_null(strstr(output, "set y2label 'tasks'\nset y2range [0:*]\nset y2tics 1\n"));
	assert_non_null(strstr(output, "index 1 using 3:($4 > 0 ? $4 : 1e-9) with points pt 7 ps 0.4 "
			       "title 'syscall read'"));
	assert_non_null(strstr(output, "index 2 using 3:($4 > 0 ? $4 : 1e-9) with points pt 5 ps 0.4 "
			       "title 'biotime sda'"));
	assert_non_null(strstr(output, "index 3 using 3:4 axes x1y2 with steps title 'runqueue cpu-0'"));
}

/* Names are not commands for gnuplot either. */
static void plot_hostile_names(void **unused)
{
	char line[256];
	unsigned int i;

	(void)unused;
	begin();
	mk_text(&t, LKST_PKT_TASKS, "60\t60\t1\t`touch pwned`\n61\t61\t1\t'\n!touch pwned\n62\t62\t1\t\"\\n!touch pwn\n"
		"63\t63\t1\t</script><b>&\n64\t64\t1\t@x $(id) {/=9}\n");
	for (i = 0; i < 5; i++) {
		MK(&t, 0, S + 10 * i * US, 60 + i, SYSCALL_ENTRY, .nr = 0);
		MK(&t, 0, S + (10 * i + 1) * US, 60 + i, SYSCALL_EXIT, .nr = 0);
	}
	end();
	draw("syscall --by=pid");
	assert_int_not_equal(access("pwned", F_OK), 0);
	snprintf(line, sizeof(line), "grep -c '<script\\|</script\\|<b>' %s/k.svg >/dev/null", dir);
	assert_int_not_equal(system(line), 0);
	snprintf(line, sizeof(line),
		 "grep -q '60 `touch pwned`' %s/k.svg && grep -q '63 &lt;/script>&lt;b>&amp;' %s/k.svg", dir, dir);
	assert_int_equal(system(line), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(syscall_statistics),
		cmocka_unit_test(syscall_list_and_choice),
		cmocka_unit_test(syscall_by_and_json),
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
		cmocka_unit_test(network),
		cmocka_unit_test(memory),
		cmocka_unit_test(locks_and_wait_queues),
		cmocka_unit_test(count_and_print),
		cmocka_unit_test(chooses_several),
		cmocka_unit_test(names_are_only_names),
		cmocka_unit_test(gaps_of_each_measure),
		cmocka_unit_test(masked_events_of_each_measure),
		cmocka_unit_test(statuses),
		cmocka_unit_test(chooses_nothing),
		cmocka_unit_test(budget),
		cmocka_unit_test(budget_across_a_loss),
		cmocka_unit_test(chain),
		cmocka_unit_test(chain_of_a_time),
		cmocka_unit_test(chain_with_gaps),
		cmocka_unit_test(overlay),
		cmocka_unit_test(all_measures),
		cmocka_unit_test(plot),
		cmocka_unit_test(times_that_run_back),
		cmocka_unit_test(a_million_processes),
		cmocka_unit_test(the_greatest_stays),
		cmocka_unit_test(the_same_by_two_threads),
		cmocka_unit_test(plot_without_gnuplot),
		cmocka_unit_test(plot_kinds),
		cmocka_unit_test(plot_names_and_axes),
		cmocka_unit_test(plot_steps),
		cmocka_unit_test(plot_overlay),
		cmocka_unit_test(plot_hostile_names),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
