// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-test.c - what the tests of lkstla have in common.
 */
#include "la-test.h"

#include <sys/wait.h>

char dir[] = "/tmp/lkstla-XXXXXX";
char output[65536];
const char *redirect = "2>&1";
struct mktrace t;
int draw_status;
static char called[512];	/* the arguments of the last run */

int set_up(void **unused)
{
	(void)unused;
	return !mkdtemp(dir);
}

int tear_down(void **unused)
{
	char command[64];

	(void)unused;
	sprintf(command, "rm -rf %s", dir);
	return system(command);
}

int run(const char *arguments)
{
	char file[64], command[1024];
	const char *program = getenv("LKSTLA") ? getenv("LKSTLA") : "build/unit/lkstla";
	FILE *pipe;
	size_t n;

	sprintf(file, "%s/t", dir);
	snprintf(called, sizeof(called), arguments, file);
	snprintf(command, sizeof(command), "%s %s %s", program, called, redirect);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	n = fread(output, 1, sizeof(output) - 1, pipe);
	output[n] = 0;
	return WEXITSTATUS(pclose(pipe));
}

void begin(void)
{
	mk_start(&t, 4096);
	mk_text(&t, LKST_PKT_TASKS, "1\t1\t0\tinit\n50\t50\t1\tsh\n51\t51\t1\tmy prog\n52\t51\t1\tthread\n");
}

void end(void)
{
	char file[64];

	mk_end(&t);
	sprintf(file, "%s/t", dir);
	mk_save(&t, file);
	mk_free(&t);
}

/* One blank between words, none at either end of a line or after '#'. */
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

void expect(const char *text)
{
	char *got = squeeze(output), *wanted = squeeze(text);

	if (strcmp(got, wanted))
		print_error("lkstla %s:\n", called);
	assert_string_equal(got, wanted);
	free(got);
	free(wanted);
}

void has(const char *text)
{
	if (!strstr(output, text))
		fail_msg("lkstla %s: no %s in %s", called, text, output);
}

void lacks(const char *text)
{
	if (strstr(output, text))
		fail_msg("lkstla %s: %s in %s", called, text, output);
}

void gives(int status, const char *arguments, const char *text)
{
	int ended = run(arguments);

	if (ended != status)
		fail_msg("lkstla %s: status %d instead of %d: %s", called, ended, status, output);
	expect(text);
}

void lists(const char *measure, const char *what, const char *key, const char *value, const char *text)
{
	char arguments[64], wanted[4096];

	snprintf(arguments, sizeof(arguments), "%s -l %%s", measure);
	snprintf(wanted, sizeof(wanted), "# lkstla %s: %s\n#%s pid time[s] %s cpu name task\n%s", measure, what, key,
		 value, text);
	gives(0, arguments, wanted);
}

void says(int status, const char *arguments, const char *text)
{
	char wanted[512];

	redirect = "2>&1 >/dev/null";
	assert_int_equal(run(arguments), status);
	redirect = "2>&1";
	snprintf(wanted, sizeof(wanted), "lkstla: %s\n", text);
	assert_string_equal(output, wanted);
}

void draw(const char *arguments)
{
	char args[256];

	snprintf(args, sizeof(args), "%s --keep --plot %s/k.svg %s/t", arguments, dir, dir);
	redirect = "2>&1 >/dev/null";
	assert_int_equal(run(args), draw_status);
	redirect = "2>&1";
	lacks("drawing");
}

void read_kept(const char *end)
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

void make_syscalls(void)
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

void begin_named(const char *names)
{
	unsigned int i;

	begin();
	mk_text(&t, LKST_PKT_TASKS, names);
	for (i = 0; i < 5; i++) {
		MK(&t, 0, S + 10 * i * US, 60 + i, SYSCALL_ENTRY, .nr = 0);
		MK(&t, 0, S + (10 * i + 1) * US, 60 + i, SYSCALL_EXIT, .nr = 0);
	}
}

void make_overlay(void)
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
