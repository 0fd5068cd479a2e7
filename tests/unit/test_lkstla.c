// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_lkstla.c - drives lkstla: options, what is printed and how, statuses, hostile names. What the measures
 * find is in test_measures.c, large traces are in test_large.c.
 */
#include "la-test.h"

static void syscall_list_and_choice(void **unused)
{
	(void)unused;
	make_syscalls();
	lists("syscall", "processing time of system calls", "syscall", "value[s]",
	      "0 50 1.000001000 0.000004000 0 read sh\n"
	      "3 51 1.000002000 0.000002000 1 close my_prog\n"
	      "15 51 1.000006000 0.000001000 1 rt_sigreturn my_prog\n"
	      "0 50 1.000008000 0.000010000 0 read sh\n" SYSCALL_UNPAIRED);
	gives(0, "syscall -k 3 -l %s",
	      HEAD "3 51 1.000002000 0.000002000 1 close my_prog\n" SYSCALL_UNPAIRED);
	gives(0, "syscall -k read -t1.000002+0.1 -l %s",
	      HEAD "0 50 1.000008000 0.000010000 0 read sh\n" SYSCALL_UNPAIRED);
	/* Columns 3 and 4 of a line are a window: what began within it, its own beginning included. */
	gives(0, "syscall -t1.000001000+0.000004000 -l %s",
	      HEAD "0 50 1.000001000 0.000004000 0 read sh\n"
	      "3 51 1.000002000 0.000002000 1 close my_prog\n" SYSCALL_UNPAIRED);
	gives(0, "syscall -p 51 -c1 -l %s",
	      HEAD "3 51 1.000002000 0.000002000 1 close my_prog\n"
	      "15 51 1.000006000 0.000001000 1 rt_sigreturn my_prog\n" SYSCALL_UNPAIRED);
	gives(0, "syscall --top 2 -l %s",
	      HEAD "0 50 1.000008000 0.000010000 0 read sh\n"
	      "0 50 1.000001000 0.000004000 0 read sh\n" SYSCALL_UNPAIRED);
}

static void syscall_by_and_json(void **unused)
{
	(void)unused;
	make_syscalls();
	gives(0, "syscall --by=pid,cpu --top=1 %s",
	      "# lkstla syscall: processing time of system calls\n"
	      "# pid task cpu count total[s] min[s] mean[s] max[s] deviation[s] p50[s] p90[s] p99[s] p99.9[s]\n"
	      "50 sh 0 2 0.000014000 0.000004000 0.000007000 0.000010000 0.000003000 0.000004015 0.000010000 "
	      "0.000010000 0.000010000\n" SYSCALL_UNPAIRED);
	gives(0, "syscall --json -k close %s",
	      "{\"schema\":\"lkstla-1\",\"type\":\"statistics\",\"measure\":\"syscall\",\"key\":\"syscall\","
	      "\"value\":\"time\",\"unit\":\"ns\"}\n"
	      "{\"type\":\"group\",\"key\":3,\"name\":\"close\",\"count\":1,\"total\":2000,\"min\":2000,"
	      "\"mean\":2000.000,\"max\":2000,\"deviation\":0.000,\"p50\":2000,\"p90\":2000,\"p99\":2000,"
	      "\"p99.9\":2000}\n"
	      "{\"type\":\"end\",\"samples\":1,\"unpaired\":{\"no_begin\":2,\"no_end\":1,\"open\":1,\"cut\":0,"
	      "\"evicted\":0},\"lost\":0,\"missing\":0,\"damaged\":0,\"torn\":0}\n");
	assert_int_equal(run("syscall --json -l -k close %s"), 0);
	has("{\"type\":\"sample\",\"key\":3,\"name\":\"close\",\"pid\":51,\"task\":\"my prog\",\"cpu\":1,"
	    "\"time_ns\":1000002000,\"value\":2000}\n");
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
	gives(0, "print %s",
	      "# time[s] cpu pid task EVENT arguments\n"
	      "1.000000000 0 50 sh SYSCALL_ENTRY nr=0(read) arg0=-2\n"
	      "1.000000001 1 51 my_prog INTERRUPT_ENTRY irq=3 handler=irq_fn+0x10\n"
	      "1.000000002 0 50 sh SYSCALL_EXIT nr=0(read) ret=-11\n"
	      "1.000000003 0 50 sh LKST_MARK text0=hi\n"
	      "1.000000004 1 51 my_prog SYSCALL_EXIT nr=-1(none) ret=0\n"
	      "1.000000005 1 51 my_prog SOFTIRQ_ENTRY vec=4(BLOCK)\n"
	      "1.000000006 1 51 my_prog LKST_PROBE probe=1 ip=irq_fn+0x4 arg0=0xffff888000000001 arg1=0x10 "
	      "arg2=0x0\n");
	gives(0, "print --json -k LKST_MARK %s",
	      "{\"schema\":\"lkstla-1\",\"type\":\"print\"}\n"
	      "{\"type\":\"event\",\"time_ns\":1000000003,\"cpu\":0,\"pid\":50,\"task\":\"sh\",\"id\":225,"
	      "\"name\":\"LKST_MARK\",\"args\":{\"text0\":\"hi\"}}\n");
	gives(0, "count %s",
	      "# lkstla count: events by name\n"
	      "# event name count cpu0 cpu1\n"
	      "0x020 INTERRUPT_ENTRY 1 0 1\n"
	      "0x031 SOFTIRQ_ENTRY 1 0 1\n"
	      "0x050 SYSCALL_ENTRY 1 1 0\n"
	      "0x051 SYSCALL_EXIT 2 1 1\n"
	      "0x0e0 LKST_PROBE 1 0 1\n"
	      "0x0e1 LKST_MARK 1 1 0\n"
	      "# 7 events\n");
}

/* Several keys, groups and small letters; processes with those that come from them; what registers hold. */
static void chooses_several(void **unused)
{
	(void)unused;
	begin();
	mk_text(&t, LKST_PKT_SYSCALLS, "0\tread\n3\tclose\n62\tkill\n257\topenat\n");
	mk_text(&t, LKST_PKT_TASKS,
		"60\t60\t50\tchild\n61\t60\t60\tthread\n62\t62\t61\tgrandchild\n70\t70\t71\tself\n71\t71\t70\tself\n");
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
	gives(0, "print -p 60 --children -k syscall_exit,LKST_MARK %s",
	      "# time[s] cpu pid task EVENT arguments\n"
	      "1.000000003 0 60 child SYSCALL_EXIT nr=257(openat) ret=-2\n"
	      "1.000000005 0 62 grandchild SYSCALL_EXIT nr=62(kill) ret=0\n");
	gives(0, "print -p 50 --children -k syscall %s",
	      "# time[s] cpu pid task EVENT arguments\n"
	      "1.000000000 0 50 sh SYSCALL_ENTRY nr=257(openat) arg0=-100(AT_FDCWD)\n"
	      "1.000000001 0 50 sh SYSCALL_EXIT nr=257(openat) ret=0x7ffe12345678\n"
	      "1.000000002 0 60 child SYSCALL_ENTRY nr=257(openat) arg0=-100(AT_FDCWD)\n"
	      "1.000000003 0 60 child SYSCALL_EXIT nr=257(openat) ret=-2\n"
	      "1.000000004 0 62 grandchild SYSCALL_ENTRY nr=62(kill) arg0=-100\n"
	      "1.000000005 0 62 grandchild SYSCALL_EXIT nr=62(kill) ret=0\n");
	gives(0, "count -k LKST -k 0x50 %s",
	      "# lkstla count: events by name\n"
	      "# event name count cpu0\n"
	      "0x050 SYSCALL_ENTRY 4 4\n"
	      "0x0e1 LKST_MARK 1 1\n"
	      "# 5 events\n");
	gives(0, "print -p 60 -k SYSCALL_EXIT %s",
	      "# time[s] cpu pid task EVENT arguments\n"
	      "1.000000003 0 60 child SYSCALL_EXIT nr=257(openat) ret=-2\n");
	gives(0, "syscall -l -k read -k kill %s",
	      HEAD "62 62 1.000000004 0.000000001 0 kill grandchild\n"
	      "0 51 1.000000007 0.000000001 0 read my_prog\n" UNPAIRED(0, 0, 0, 0));
	assert_int_equal(run("syscall -l -k 0,62 %s"), 0);
	assert_int_equal(run("print --children %s"), 2);
	/* Standard input is read once, a trace twice. */
	gives(0, "count -k LKST -k 0x50 - <%s",
	      "# lkstla count: events by name\n"
	      "# event name count cpu0\n"
	      "0x050 SYSCALL_ENTRY 4 4\n"
	      "0x0e1 LKST_MARK 1 1\n"
	      "# 5 events\n");
	assert_int_equal(run("count - </dev/null #%s"), 1);
}

/* Names are what somebody else chose: on a terminal, in JSON and for gnuplot they are names and nothing else. */
#define EVIL	"60\t60\t1\t\033[2Jowned\n61\t61\t1\t</script>\n62\t62\t1\t\"; system(\"id\n63\t63\t1\t'`id`\\\n" \
		"64\t64\t1\t\xc3\xbc\xc2\x9b\xff\xe2\x80\xae.\n"

static void make_evil(void)
{
	begin_named(EVIL);
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
	gives(0, "syscall -l %s",
	      HEAD "0 60 1.000000000 0.000001000 0 syscall-0 ?[2Jowned\n"
	      "0 61 1.000010000 0.000001000 0 syscall-0 </script>\n"
	      "0 62 1.000020000 0.000001000 0 syscall-0 \";_system(\"id\n"
	      "0 63 1.000030000 0.000001000 0 syscall-0 '`id`\\\n"
	      "0 64 1.000040000 0.000001000 0 syscall-0 \xc3\xbc????\x3f?.\n"
	      "0 65 1.000070000 0.000001000 0 syscall-0 l1?????\n" UNPAIRED(0, 0, 0, 0));
	assert_int_equal(run("syscall --json -l %s"), 0);
	has("\"task\":\"?[2Jowned\"");
	has("\"task\":\"\\\"; system(\\\"id\"");
	has("\"task\":\"'`id`\\\\\"");
	has("\"task\":\"\xc3\xbc");
	for (p = output; *p; p++)
		assert_true(*p == '\n' || (unsigned char)*p >= ' ');
}

static void statuses(void **unused)
{
	(void)unused;
	make_syscalls();
	assert_int_equal(run("biotime %s"), 1);
	has("the trace has none of the events it needs, BLOCK_ISSUE, BLOCK_COMPLETE (record with 'lkst record -m "
	    "RDEFAULT'");
	assert_int_equal(run("lockwait %s"), 1);
	has("'lkst record -m RALL'");
	assert_int_equal(run("stages %s"), 1);
	has("KLASY_DATA (weave an aspect");
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
	has("\n"
	    "state            18  ");
	assert_int_equal(run("--help"), 0);
	has("EXAMPLES");
	assert_int_equal(run("syscall --version"), 0);
	begin();
	mk_text(&t, LKST_PKT_COMMENT, "maskset\tRALL\n");
	MK(&t, 0, S, 50, SYSCALL_EXIT, .nr = 0);
	end();
	assert_int_equal(run("lockwait %s"), 1);
	has("and all events were to be recorded");
}

/* What is chosen by a mistake gives no empty table that looks like a result; what would do nothing is refused. */
static void chooses_nothing(void **unused)
{
	(void)unused;
	make_syscalls();
	says(2, "syscall -k raed %s", "syscall: nothing in the trace has the key 'raed' (did you mean read?)");
	says(1, "syscall -k 99 %s",
	     "syscall: nothing in the trace has the key '99' (there are read, rt_sigreturn, close)");
	/* Of several each is looked at: a name that is none is bad usage, one that nothing had is only said. */
	says(2, "syscall -k read,nosuch %s",
	     "syscall: nothing in the trace has the key 'nosuch' (there are read, rt_sigreturn, close)");
	says(2, "syscall -k raed -k clos,99 %s",
	     "syscall: nothing in the trace has the key 'raed, clos, 99' (did you mean read, close?)");
	says(0, "syscall -k read,exit,99 %s",
	     "syscall: nothing in the trace has the key 'exit, 99' (there are read, rt_sigreturn, close)");
	says(1, "syscall -k exit %s",
	     "syscall: nothing in the trace has the key 'exit' (there are read, rt_sigreturn, close)");
	says(0, "print -k syscall_exit,LOCK %s", "print: nothing in the trace has the key 'LOCK' (there are "
	     "PROCESS_FORK, SYSCALL_ENTRY, SYSCALL_EXIT, PROCESS_EXIT)");
	says(2, "print -k syscall_exit,LOKC %s", "print: nothing in the trace has the key 'LOKC' (there are "
	     "PROCESS_FORK, SYSCALL_ENTRY, SYSCALL_EXIT, PROCESS_EXIT)");
	says(2, "overlay syscall:read,nosuch syscallcount:close -l %s",
	     "syscall: nothing in the trace has the key 'nosuch' (there are read, rt_sigreturn, close)");
	says(1, "syscall -l -p 999 %s", "syscall: there are 4 samples, and none of them passes -p");
	says(1, "syscall --json -k read -c 7 -t2+1 %s",
	     "syscall: there are 4 samples, and none of them passes -k -t -c");
	says(2, "count -k SYSCALL_ENTR %s",
	     "count: nothing in the trace has the key 'SYSCALL_ENTR' (did you mean SYSCALL_ENTRY, "
	     "SYSCALL_EXIT?)");
	says(1, "print -k 0x999 %s", "print: nothing in the trace has the key '0x999' (there are PROCESS_FORK, "
	     "SYSCALL_ENTRY, SYSCALL_EXIT, PROCESS_EXIT)");
	says(1, "print -c 5 %s", "print: there are 16 events, and none of them passes -c");
	says(1, "lifetime %s", "lifetime: the trace has events for it, but not one pair or change of them to measure");
	gives(0, "count -k SYSCALL_EXIT %s",
	      "# lkstla count: events by name\n"
	      "# event name count cpu0 cpu1\n"
	      "0x051 SYSCALL_EXIT 7 4 3\n"
	      "# 7 events\n");
	gives(0, "count -k 0x51 -c 1 %s",
	      "# lkstla count: events by name\n"
	      "# event name count cpu0 cpu1\n"
	      "0x051 SYSCALL_EXIT 3 0 3\n"
	      "# 3 events\n");
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
	has("there is no measure 'nonsense' (there are list, all, overlay, syscall, syscallcount,");
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
	gives(3, "syscall -l %s",
	      HEAD "0 50 1.000010000 0.000000000 0 syscall-0 sh\n"
	      "3 50 1.000020000 0.000005000 0 syscall-3 sh\n"
	      "# incomplete: 0 records lost, 0 sub-buffers missing, 0 damaged places, 0 files not closed\n"
	      UNPAIRED(0, 0, 0, 0) "lkstla: reading: 1 records are older than the one before them on their CPU\n");
	begin();
	MK(&t, 0, 3 * S, 50, SYSCALL_ENTRY, .nr = 0);
	mk_flush(&t, 0);
	MK(&t, 0, 2 * S, 50, SYSCALL_EXIT, .nr = 0);
	mk_flush(&t, 0);
	MK(&t, 0, 4 * S, 50, SYSCALL_ENTRY, .nr = 3);
	MK(&t, 0, 4 * S + 1 * US, 50, SYSCALL_EXIT, .nr = 3);
	end();
	assert_int_equal(run("syscall -l %s"), 3);
	has("4.000000000     0.000001000    0 syscall-3");
	lacks("syscall-0");
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
	gives(0, "lifetime --top=2 %s",
	      "# lkstla lifetime: life of tasks, from fork to exit\n"
	      "#pid name count total[s] min[s] mean[s] max[s] deviation[s] p50[s] p90[s] p99[s] p99.9[s]\n"
	      "100 sh 1 0.000001000 0.000001000 0.000001000 0.000001000 0.000000000 0.000001000 0.000001000 "
	      "0.000001000 0.000001000\n"
	      "101 sh 1 0.000001000 0.000001000 0.000001000 0.000001000 0.000000000 0.000001000 0.000001000 "
	      "0.000001000 0.000001000\n"
	      "0 others 989520 0.989520000 0.000001000 0.000001000 0.000001000 0.000000000 0.000001000 "
	      "0.000001000 0.000001000 0.000001000\n"
	      "# others: the smallest of the groups, 989520, were counted together; one that is shown may lack "
	      "up to 0.000155000 of its total\n" UNPAIRED(0, 0, 0, 0));
	assert_int_equal(run("lifetime --json --top=1 %s"), 0);
	has(",\"folded\":989520,\"lacking\":155000}\n");
	draw("lifetime");
	read_kept("gnuplot");
	has("title 'others'");
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
	has("\n"
	    "   20100 sh                            1     0.000009000");
	has(" others ");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(syscall_list_and_choice),
		cmocka_unit_test(syscall_by_and_json),
		cmocka_unit_test(count_and_print),
		cmocka_unit_test(chooses_several),
		cmocka_unit_test(names_are_only_names),
		cmocka_unit_test(statuses),
		cmocka_unit_test(chooses_nothing),
		cmocka_unit_test(times_that_run_back),
		cmocka_unit_test(a_million_processes),
		cmocka_unit_test(the_greatest_stays),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
