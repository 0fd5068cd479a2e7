// SPDX-License-Identifier: GPL-2.0-only
/*
 * record.c - lkst record: a buffer and a maskset of its own, a command, a file, a summary; then everything as it was.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "device.h"
#include "drain.h"
#include "dump.h"
#include "lkst.h"
#include "option.h"
#include "recording.h"
#include "session.h"

#define DEFAULT_FILE	"trace.lkst"
#define POLL_MS		100

static const char help[] =
"Usage: lkst record [OPTION...] [--] [COMMAND [ARGUMENT...]]\n"
"Records while COMMAND runs, or without one until ^C, and writes a trace file.\n"
"Loads the module when it must. A recording that was running goes on afterwards.\n"
"\n"
"Options:\n"
"  -m, --maskset ID|NAME   what to record: a maskset (RDEFAULT)\n"
"  -e, --event LIST        record these events and groups, beside those of -m;\n"
"                          without -m nothing else (see 'lkst events')\n"
"  -p, --pid PID           only what the process PID does\n"
"  -c, --cpu CPU           only what happens on this CPU\n"
"  -o, --output FILE       the trace (trace.lkst); '-' is standard output\n"
"  -f, --force             replace FILE even if it is not a trace\n"
"  -t, --time SECONDS      record so long at most\n"
"      --buffer-size SIZE  buffer for each CPU (1M)\n"
"      --overwrite         keep only the newest records, as many as the buffer\n"
"                          holds, and write them at the end\n"
"  -q, --quiet             no summary, warnings only\n"
"  -h, --help              this text\n"
"\n"
"EXIT STATUS\n"
"  0 done; 1 failed, or COMMAND did (its status is told on stderr); 2 usage;\n"
"  3 done, but records were lost; 4 there is no module\n"
"\n"
"EXAMPLES\n"
"  lkst record -- make -j4\n"
"  lkst record -e SYSCALL,PROCESS -o ls.lkst -- ls -l\n"
"  lkst record -m RALL --buffer-size 8M -- dd if=/dev/sda of=/dev/null count=1000\n"
"  lkst record -p 1234 -t 10\n";

static const struct option longs[] = {
	{ "maskset", required_argument, NULL, 'm' }, { "event", required_argument, NULL, 'e' },
	{ "pid", required_argument, NULL, 'p' }, { "cpu", required_argument, NULL, 'c' },
	{ "output", required_argument, NULL, 'o' }, { "force", no_argument, NULL, 'f' },
	{ "time", required_argument, NULL, 't' }, { "buffer-size", required_argument, NULL, 's' },
	{ "overwrite", no_argument, NULL, 'w' }, { "quiet", no_argument, NULL, 'q' },
	LKST_COMMON_OPTIONS
};

struct record {
	struct lkst_session s;
	struct lkst_drain d;
	struct lkst_recording r;
	const char *file;
	int force, quiet, cpu;
	lkst_u64 seconds;
	pid_t child;
	int child_status, ended_by_us;
};

static void parse(struct record *x, int argc, char **argv)
{
	int c;

	while ((c = lkst_option(argc, argv, "+:hm:e:p:c:o:ft:q", longs, help)) != -1) {
		switch (c) {
		case 'm': x->s.maskset = optarg; break;
		case 'e': x->s.events = optarg; break;
		case 'p': x->s.pid = (unsigned int)lkst_parse_u64("process", optarg, 1, (1U << LKST_PID_BITS) - 1); break;
		case 'c': x->cpu = (int)lkst_parse_u64("CPU", optarg, 0, LKST_MAX_CPUS - 1); break;
		case 'o': x->file = optarg; break;
		case 'f': x->force = 1; break;
		case 't': x->seconds = lkst_parse_u64("time", optarg, 1, 1000000000); break;
		case 's': x->s.size = lkst_parse_size("buffer size", optarg, 8192, 1ULL << 32); break;
		case 'w': x->s.mode = LKST_OVERWRITE; break;
		case 'q': x->quiet = 1; break;
		}
	}
	if (!strcmp(x->file, "-") && isatty(STDOUT_FILENO))
		lkst_usage_error("a trace is not for a terminal: give --output FILE");
}

/* The child waits until its parent closes @gate, so that its first system call after exec is recorded. */
static void start_child(struct record *x, char **argv, int gate[2])
{
	char byte;

	if (pipe(gate))
		lkst_die(LKST_EXIT_FAILED, "making a pipe: %s", strerror(errno));
	x->child = fork();
	if (x->child < 0)
		lkst_die(LKST_EXIT_FAILED, "making a process: %s", strerror(errno));
	if (x->child)
		return;
	close(gate[1]);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	/* Nothing comes when the parent died before it could let us go. */
	if (read(gate[0], &byte, 1) != 1)
		_exit(LKST_EXIT_FAILED);
	close(gate[0]);
	execvp(argv[0], argv);
	fprintf(stderr, "%s: running '%s': %s\n", lkst_program, argv[0], strerror(errno));
	_exit(127);
}

static int child_ended(struct record *x)
{
	if (!x->child || waitpid(x->child, &x->child_status, WNOHANG) != x->child)
		return 0;
	x->child = 0;
	return 1;
}

static void wake(int sig)
{
	(void)sig;
}

/* A handler without SA_RESTART, so that the end of the child ends poll(). */
static void catch_child(void)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = wake;
	sigaction(SIGCHLD, &sa, NULL);
}

/* One turn: in overwrite mode the module keeps the newest by itself; they are read at the end. */
static void turn(struct record *x)
{
	if (x->s.mode == LKST_OVERWRITE) {
		poll(NULL, 0, POLL_MS);
		return;
	}
	if (lkst_drain_once(&x->d, lkst_recording_packet, &x->r))
		return;
	lkst_drain_wait(&x->d, POLL_MS);
	lkst_drain_more_cpus(&x->d);
}

static void run(struct record *x, int has_child)
{
	lkst_u64 end = x->seconds ? lkst_now_ms() + 1000 * x->seconds : ~0ULL;

	/* EPIPE: who read our standard output has gone. */
	while (!lkst_end_asked && lkst_now_ms() < end && x->r.w.error != EPIPE && !(has_child && child_ended(x)))
		turn(x);
	/* The command goes with us, and its end is recorded too. */
	x->ended_by_us = x->child && !kill(x->child, SIGTERM);
	while (x->child && !child_ended(x))
		turn(x);
}

static void comments(struct record *x, char **argv)
{
	char line[512];
	size_t used = 0;

	for (line[0] = 0; *argv && used < sizeof(line) - 1; argv++)
		used += (size_t)snprintf(line + used, sizeof(line) - used, "%s%s", used ? " " : "", *argv);
	lkst_dump_comment(&x->r.w, "command", line);
	lkst_dump_comment(&x->r.w, "maskset", x->s.maskset_name);
	if (x->s.events)
		lkst_dump_comment(&x->r.w, "events", x->s.events);
}

static int tell_child(const struct record *x, const char *name)
{
	if (x->ended_by_us)
		return LKST_EXIT_DONE;
	if (WIFSIGNALED(x->child_status))
		lkst_warn("'%s' was ended by signal %d", name, WTERMSIG(x->child_status));
	else if (WEXITSTATUS(x->child_status))
		lkst_warn("'%s' ended with status %d", name, WEXITSTATUS(x->child_status));
	else
		return LKST_EXIT_DONE;
	return LKST_EXIT_FAILED;
}

static void tell_state(const struct record *x)
{
	struct lkst_info info;

	if (!lkst_ioctl(x->s.ctl, LKST_IOC_INFO, &info) && info.state != LKST_RUNNING)
		lkst_warn("recording ended early: %s%s%.*s", lkst_state_name(info.state), *info.reason ? ", " : "",
			  LKST_REASON_LEN, info.reason);
}

static int finish(struct record *x, const char *name)
{
	int status, child = name ? tell_child(x, name) : LKST_EXIT_DONE, incomplete;

	lkst_drain_all(&x->d, lkst_recording_packet, &x->r);
	incomplete = lkst_recording_end(&x->r) ? errno : 0;
	lkst_drain_close(&x->d);
	lkst_session_end(&x->s);
	if (incomplete)
		lkst_warn("writing '%s': %s: the end of the trace is missing", x->file, strerror(incomplete));
	status = lkst_recording_summary(&x->r, x->file, x->s.mode == LKST_OVERWRITE, x->quiet);
	lkst_recording_free(&x->r);
	if (child || (incomplete && !x->r.w.dropped_records))
		return LKST_EXIT_FAILED;
	return incomplete ? LKST_EXIT_LOSSES : status;
}

int lkst_cmd_record(int argc, char **argv)
{
	static struct record x;
	int gate[2] = { -1, -1 };
	char **command;

	x.file = DEFAULT_FILE;
	x.cpu = -1;
	x.s.mode = LKST_DISCARD;
	parse(&x, argc, argv);
	x.r.only_cpu = x.cpu;
	command = argv + optind;
	lkst_session_begin(&x.s);
	lkst_drain_open(&x.d, x.s.ctl, x.s.buffer.id, x.cpu);
	if (lkst_recording_begin(&x.r, x.s.ctl, x.s.buffer.id, x.file, x.force ? LKST_WRITER_FORCE : 0)) {
		gate[0] = errno;
		lkst_drain_close(&x.d);
		lkst_recording_die(x.file, gate[0]);
	}
	comments(&x, command);
	lkst_catch_end();
	catch_child();
	if (*command)
		start_child(&x, command, gate);
	else if (!x.quiet)
		fprintf(stderr, "%s: recording; end it with ^C\n", lkst_program);
	lkst_request(x.s.ctl, LKST_IOC_START, NULL, "starting");
	if (*command && write(gate[1], "", 1) != 1)
		lkst_die(LKST_EXIT_FAILED, "starting '%s': %s", *command, strerror(errno));
	run(&x, !!*command);
	tell_state(&x);
	lkst_request(x.s.ctl, LKST_IOC_STOP, NULL, "stopping");
	return finish(&x, *command);
}
