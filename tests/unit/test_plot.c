// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_plot.c - what lkstla draws: the data and the commands that gnuplot was given, and the graph.
 */
#include "la-test.h"

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

/* A name that gnuplot would run is refused. A full disk is an error. What --keep left stays. */
static void plot_files(void **unused)
{
	char args[500], text[300];

	(void)unused;
	snprintf(args, sizeof(args), "syscall --plot '|touch %s/hit; true .svg' %s/t", dir, dir);
	assert_int_equal(run(args), 2);
	snprintf(args, sizeof(args), "ln -s /dev/full %s/full.svg", dir);
	assert_int_equal(system(args), 0);
	snprintf(args, sizeof(args), "syscall --plot %s/full.svg %s/t", dir, dir);
	snprintf(text, sizeof(text), "drawing %s/full.svg: not all of it could be written (is the disk full?)", dir);
	says(1, args, text);

	/* A trace with the name of a graph stays. */
	snprintf(args, sizeof(args), "cp %s/t %s/trace.svg", dir, dir);
	assert_int_equal(system(args), 0);
	snprintf(args, sizeof(args), "syscall --plot %s/trace.svg %s/trace.svg", dir, dir);
	snprintf(text, sizeof(text), "writing '%s/trace.svg': it is a trace, which would be lost; give another name",
		 dir);
	says(2, args, text);
	snprintf(args, sizeof(args), "cmp %s/t %s/trace.svg", dir, dir);
	assert_int_equal(system(args), 0);

	snprintf(args, sizeof(args), "syscall --keep --plot %s/again.svg %s/t", dir, dir);
	assert_int_equal(run(args), 0);
	snprintf(args, sizeof(args), "syscall --plot %s/again.svg %s/t", dir, dir);
	assert_int_equal(run(args), 0);
	snprintf(args, sizeof(args), "cd %s && test -s again.svg.dat && test -s again.svg.gnuplot && ! ls hit again.svg.new*",
		 dir);
	assert_int_equal(system(args), 0);
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
	has(" read                          2 ");
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
	       "0 50 1.000001000 0.000004000 0\n"
	       "0 50 1.000008000 0.000010000 0\n"
	       "\n"
	       "\n"
	       "3 51 1.000002000 0.000002000 1\n"
	       "\n"
	       "\n"
	       "15 51 1.000006000 0.000001000 1\n"
	       "\n"
	       "\n");
	draw("syscall --kind=histogram");
	read_kept("dat");
	/*
	 * 4000 is in 3840 (15 * 256) ... 4095, 10000 in 9216 (9 * 1024) ... 10239, 2000 in 1920 ...
	 * 2047, 1000 in 960 ... 1023.
	 */
	expect("# lkstla syscall: value samples\n"
	       "0.000003840 0\n"
	       "0.000003840 1\n"
	       "0.000004096 0\n"
	       "0.000009216 0\n"
	       "0.000009216 1\n"
	       "0.000010240 0\n"
	       "\n"
	       "\n"
	       "0.000001920 0\n"
	       "0.000001920 1\n"
	       "0.000002048 0\n"
	       "\n"
	       "\n"
	       "0.000000960 0\n"
	       "0.000000960 1\n"
	       "0.000001024 0\n"
	       "\n"
	       "\n");
	draw("syscall --by=pid --kind=cumulative");
	read_kept("dat");
	/*
	 * 64 steps in an octave: 4000 is in 3968 ... 3999 + 32 - 1 = 4031, 2000 in 1984 ... 1999 + 16 =
	 * 2015: up to their ends.
	 */
	expect("# lkstla syscall: value share[%]\n"
	       "0.000004000 0\n"
	       "0.000004031 50.0000\n"
	       "0.000010000 100.0000\n"
	       "\n"
	       "\n"
	       "0.000001000 0\n"
	       "0.000001007 50.0000\n"
	       "0.000002000 100.0000\n"
	       "\n"
	       "\n");
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
	has("set ylabel 'duration'\n"
	    "set logscale y\n"
	    "set format y '%.0s%cs'\n");
	has("set xlabel 'began at [s], CLOCK_MONOTONIC of the traced machine'\n");
	has(" title '50 sh read'");
	has(" title '51 my prog close'");
	begin();
	mk_text(&t, LKST_PKT_TASKS, "70\t70\t1\tsh\n");
	MK(&t, 0, S, 0, PROCESS_WAKEUP, .target_pid = 50);
	MK(&t, 0, S + 2 * US, 0, PROCESS_CONTEXTSWITCH, .next_pid = 50);
	MK(&t, 0, S + 3 * US, 50, PROCESS_WAKEUP, .target_pid = 70);
	MK(&t, 0, S + 4 * US, 50, PROCESS_CONTEXTSWITCH, .next_pid = 70);
	end();
	draw("wakeup");
	read_kept("gnuplot");
	has("set ylabel 'delay'\n"
	    "set logscale y\n"
	    "set format y '%.2s%cs'\n");
	has(" title '50 sh'");
	has(" title '70 sh'");
	draw("wakeup --kind=histogram");
	read_kept("gnuplot");
	has("set xlabel 'delay'\n"
	    "set logscale x\n");
	has("set ylabel 'samples, in each eighth of an octave'\n");
	draw("wakeup --kind=cumulative");
	read_kept("gnuplot");
	has("set ylabel 'samples up to this value [%]'\n");
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
	expect("# lkstla waitqlen: object pid time[s] value cpu\n"
	       "1 50 1.000010000 1 0\n"
	       "1 51 1.000020000 2 0\n"
	       "1 50 1.000030000 1 0\n"
	       "1 51 1.000040000 0 0\n"
	       "\n"
	       "\n");
	draw("bioqueue -t1+0.001");
	read_kept("dat");
	expect("# lkstla bioqueue: dev pid time[s] value cpu\n"
	       "8388608 50 1.000050000 1 0\n"
	       "8388608 0 1.000060000 0 0\n"
	       "\n"
	       "\n");
	draw("runqueue");
	read_kept("dat");
	expect("# lkstla runqueue: cpu pid time[s] value cpu\n"
	       "0 50 1.000070001 5 0\n"
	       "0 50 1.000070002 0 0\n"
	       "0 50 1.000070003 1 0\n"
	       "\n"
	       "\n");
	read_kept("gnuplot");
	has("using 3:4 with steps title 'cpu-0'");
	assert_int_equal(run("waitqlen %s"), 0);
	has(" object-1                      2 ");
}

/* Measures over each other: those of one unit share an axis, the others have the right one. */
static void plot_overlay(void **unused)
{
	(void)unused;
	make_overlay();
	draw("overlay syscall biotime runqueue");
	read_kept("dat");
	expect("# lkstla syscall: syscall pid time[s] value cpu\n"
	       "74 50 1.000001000 0.000010000 0\n"
	       "\n"
	       "\n"
	       "0 51 1.000006000 0.000001000 1\n"
	       "\n"
	       "\n"
	       "# lkstla biotime: dev pid time[s] value cpu\n"
	       "8388608 50 1.000002000 0.000003000 0\n"
	       "\n"
	       "\n"
	       "# lkstla runqueue: cpu pid time[s] value cpu\n"
	       "0 50 1.000003000 2 0\n"
	       "\n"
	       "\n");
	read_kept("gnuplot");
	has("set title 'lkstla overlay: syscall, biotime, runqueue'\n");
	has("set ylabel 'duration'\n"
	    "set logscale y\n");
	has("set y2label 'tasks'\n"
	    "set y2range [0:*]\n"
	    "set y2tics 1\n");
	has("index 1 using 3:($4 > 0 ? $4 : 1e-9) with points pt 7 ps 0.4 title 'syscall read'");
	has("index 2 using 3:($4 > 0 ? $4 : 1e-9) with points pt 5 ps 0.4 title 'biotime sda'");
	has("index 3 using 3:4 axes x1y2 with steps title 'runqueue cpu-0'");
}

/* Names are not commands for gnuplot either. */
static void plot_hostile_names(void **unused)
{
	char line[256];

	(void)unused;
	begin_named("60\t60\t1\t`touch pwned`\n61\t61\t1\t'\n!touch pwned\n62\t62\t1\t\"\\n!touch pwn\n"
		    "63\t63\t1\t</script><b>&\n64\t64\t1\t@x $(id) {/=9}\n");
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
		cmocka_unit_test(plot),
		cmocka_unit_test(plot_files),
		cmocka_unit_test(plot_without_gnuplot),
		cmocka_unit_test(plot_kinds),
		cmocka_unit_test(plot_names_and_axes),
		cmocka_unit_test(plot_steps),
		cmocka_unit_test(plot_overlay),
		cmocka_unit_test(plot_hostile_names),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
