// SPDX-License-Identifier: GPL-2.0-only
/*
 * record.c - lkst record: a buffer and a maskset of its own, a command, a file, a summary; then everything as it was.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
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
#define FLUSH_MS	250
#define SHOW_MS		1000
#define GRACE_MS	10000	/* for a command that was told to end */

static const char help[] =
"Usage: lkst record [OPTION...] [--] [COMMAND [ARGUMENT...]]\n"
"Records while COMMAND runs, or without one until ^C or the end of process PID, and writes\n"
"a trace file. ^C ends COMMAND too; a second one waits neither for that nor for who reads a\n"
"pipe. Loads the module when it must. A recording that was running goes on afterwards.\n"
"\n"
"Options:\n"
"  -m, --maskset ID|NAME   what to record: a maskset (RDEFAULT)\n"
"  -e, --event LIST        record these events and groups, beside those of -m;\n"
"                          without -m nothing else (see 'lkst events')\n"
"  -p, --pid PID           only what the process PID does, not its children: for those\n"
"                          record all and choose with 'lkstla -p PID --children'\n"
"  -c, --cpu CPU           only what happens on this CPU\n"
"  -o, --output FILE       the trace (trace.lkst); '-' is standard output\n"
"                          a trace that is there becomes FILE.old\n"
"  -f, --force             replace FILE, whatever it is, and keep nothing of it\n"
"  -t, --time SECONDS      record so long at most; 0.5 will do\n"
"      --buffer-size SIZE  buffer for each CPU (1M)\n"
"      --overwrite         keep only the newest records, as many as the buffer\n"
"                          holds, and write them at the end\n"
"  -q, --quiet             no summary, warnings only\n"
"  -h, --help              this text\n"
"\n"
"EXIT STATUS\n"
"  0 done; 1 failed, or COMMAND did (its status is told on stderr); 2 usage;\n"
"  3 done, but records were lost, or something else ended the recording; 4 there is\n"
"  no module\n"
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
	lkst_u64 time_ms;
	pid_t child;
	int exec_result;		/* pipe: an error number, or its end when COMMAND runs */
	int child_status, ended_by_us;
	lkst_u64 begun_ms, show_ms, flush_ms;
	int shown;			/* a progress line stands on the terminal */
	int early;			/* something else stopped the recording */
	int full;			/* said already that nothing can be written */
};

static void parse(struct record *x, int argc, char **argv)
{
	int c;

	while ((c = lkst_option(argc, argv, "+:hm:e:p:c:o:ft:q", longs, help)) != -1) {
		switch (c) {
		case 'm': x->s.maskset = optarg; break;
		case 'e': lkst_list_add(&x->s.events, optarg); break;
		case 'p': x->s.pid = (unsigned int)lkst_parse_u64("process", optarg, 1, (1U << LKST_PID_BITS) - 1); break;
		case 'c': x->cpu = (int)lkst_parse_u64("CPU", optarg, 0, LKST_MAX_CPUS - 1); break;
		case 'o': x->file = optarg; break;
		case 'f': x->force = 1; break;
		case 't': x->time_ms = lkst_parse_ms("time", optarg, 1000000000); break;
		case 's': x->s.size = lkst_parse_size("buffer size", optarg, 8192, 1ULL << 32); break;
		case 'w': x->s.mode = LKST_OVERWRITE; break;
		case 'q': x->quiet = x->s.quiet = 1; break;
		}
	}
	if (!strcmp(x->file, "-") && isatty(STDOUT_FILENO))
		lkst_usage_error("a trace is not for a terminal: give --output FILE");
}

/* The child waits until its parent closes @gate, so that its first system call after exec is recorded. */
static void start_child(struct record *x, char **argv, int gate[2])
{
	int result[2], error;
	char byte;

	if (pipe(gate) || pipe(result))
		lkst_die(LKST_EXIT_FAILED, "making a pipe: %s", strerror(errno));
	x->child = fork();
	if (x->child < 0)
		lkst_die(LKST_EXIT_FAILED, "making a process: %s", strerror(errno));
	if (x->child) {
		close(gate[0]);
		close(result[1]);
		x->exec_result = result[0];
		lkst_dump_command(&x->r.w, (unsigned int)x->child, argv[0]);
		return;
	}
	close(gate[1]);
	close(result[0]);
	fcntl(result[1], F_SETFD, FD_CLOEXEC);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	/* Nothing comes when the parent died before it could let us go. */
	if (read(gate[0], &byte, 1) != 1)
		_exit(LKST_EXIT_FAILED);
	close(gate[0]);
	/* What COMMAND says must not stand in the midst of the trace. */
	if (!strcmp(x->file, "-"))
		dup2(STDERR_FILENO, STDOUT_FILENO);
	execvp(argv[0], argv);
	error = errno;
	_exit(write(result[1], &error, sizeof(error)) == sizeof(error) ? LKST_EXIT_FAILED : 127);
}

/* The first ^C ends the recording, and what reads us may be slow; the second says that nobody will wait for it. */
static int asked_twice(void)
{
	return lkst_end_asked > 1;
}

/* An older trace makes room only when there is something to record. */
static void commit(struct record *x, const char *name)
{
	int error = 0;
	ssize_t n = 0;

	while (name && (n = read(x->exec_result, &error, sizeof(error))) < 0 && errno == EINTR && !lkst_end_asked)
		;
	if (n == sizeof(error))
		lkst_die(LKST_EXIT_FAILED, "running '%s': %s", name, strerror(error));
	if (!lkst_writer_commit(&x->r.w))
		return;
	error = errno;
	if (name)
		kill(x->child, SIGTERM);
	lkst_recording_die(x->file, error);
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

/* Sub-buffers that fill slowly are taken all the same: tasks are to be met while they live, and files to have what there is. */
static void flush(struct record *x)
{
	lkst_u64 now = lkst_now_ms();

	if (now < x->flush_ms)
		return;
	x->flush_ms = now + FLUSH_MS;
	lkst_ioctl(x->s.ctl, LKST_IOC_BUFFER_FLUSH, &x->s.buffer.id);
}

/* One turn: in overwrite mode the module keeps the newest by itself; they are read at the end. */
static void turn(struct record *x)
{
	if (x->s.mode == LKST_OVERWRITE) {
		poll(NULL, 0, POLL_MS);
		return;
	}
	flush(x);
	if (lkst_drain_once(&x->d, lkst_recording_packet, &x->r))
		return;
	lkst_drain_wait(&x->d, POLL_MS);
	lkst_drain_more_cpus(&x->d);
}

/* Not while a command has the terminal to itself, as an editor does, nor in the background. */
static int may_show(const struct record *x)
{
	struct termios t;

	return !x->quiet && isatty(STDERR_FILENO) && tcgetpgrp(STDERR_FILENO) == getpgrp() && !tcgetattr(STDERR_FILENO, &t) &&
	       (t.c_lflag & (ICANON | ECHO)) == (ICANON | ECHO);
}

static void wipe(struct record *x)
{
	if (x->shown)
		fputs("\r\033[K", stderr);
	x->shown = 0;
}

static void show(struct record *x)
{
	struct lkst_cpu_stats stats;
	lkst_u64 now = lkst_now_ms(), stored = 0, lost = 0;

	if (x->r.w.error && !x->full) {
		wipe(x);
		lkst_warn(LKST_RECORDING_FULL, x->file, strerror(x->r.w.error));
	}
	x->full = !!x->r.w.error;
	if (now < x->show_ms)
		return;
	x->show_ms = now + SHOW_MS;
	if (!may_show(x))
		return;
	memset(&stats, 0, sizeof(stats));
	stats.buffer = x->s.buffer.id;
	for (; !lkst_ioctl(x->s.ctl, LKST_IOC_CPU_STATS, &stats); stats.cpu++) {
		stored += stats.stored;
		lost += stats.lost;
	}
	fprintf(stderr, "\r%llu s, %llu records, %.1f MB written, %llu lost\033[K", (now - x->begun_ms) / 1000, stored,
		(double)x->r.w.size / 1e6, lost + x->r.w.dropped_records);
	x->shown = 1;
}

static void run(struct record *x, int has_child)
{
	lkst_u64 end = x->time_ms ? lkst_now_ms() + x->time_ms : ~0ULL;
	int asked;

	x->begun_ms = lkst_now_ms();
	x->show_ms = x->begun_ms + SHOW_MS;
	x->flush_ms = x->begun_ms + FLUSH_MS;
	/* EPIPE: who read our standard output has gone. */
	while (!lkst_end_asked && lkst_now_ms() < end && x->r.w.error != EPIPE &&
	       !(has_child ? child_ended(x) : lkst_session_process_ended(&x->s))) {
		turn(x);
		show(x);
	}
	/* The command goes with us, and its end is recorded too, but nobody waits for it for ever. */
	asked = lkst_end_asked;
	x->ended_by_us = x->child && !kill(x->child, SIGTERM);
	end = lkst_now_ms() + GRACE_MS;
	while (x->child && !child_ended(x) && lkst_end_asked == asked && lkst_now_ms() < end)
		turn(x);
	wipe(x);
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
	if (x->child)
		lkst_warn("'%s' does not end when told to: it goes on as process %d, not recorded any more", name, (int)x->child);
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

static int ended_early(const struct record *x)
{
	struct lkst_info info;

	if (lkst_ioctl(x->s.ctl, LKST_IOC_INFO, &info) || info.state == LKST_RUNNING)
		return 0;
	lkst_warn("recording ended early: %s%s%.*s", lkst_state_name(info.state), *info.reason ? ", " : "", LKST_REASON_LEN,
		  info.reason);
	return 1;
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
	return incomplete || x->early ? LKST_EXIT_LOSSES : status;
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
	if (lkst_recording_begin(&x.r, x.s.ctl, x.s.buffer.id, x.file, LKST_WRITER_LATE | (x.force ? LKST_WRITER_FORCE : 0))) {
		gate[0] = errno;
		lkst_drain_close(&x.d);
		lkst_recording_die(x.file, gate[0]);
	}
	x.r.w.may_give_up = asked_twice;
	comments(&x, command);
	lkst_catch_end();
	catch_child();
	if (*command)
		start_child(&x, command, gate);
	else if (!x.quiet)
		fprintf(stderr, "%s: recording%s; end it with ^C\n", lkst_program, x.s.pid ? " until the process ends" : "");
	lkst_request(x.s.ctl, LKST_IOC_START, NULL, "starting");
	if (*command && write(gate[1], "", 1) != 1)
		lkst_die(LKST_EXIT_FAILED, "starting '%s': %s", *command, strerror(errno));
	commit(&x, *command);
	run(&x, !!*command);
	x.early = ended_early(&x);
	lkst_request(x.s.ctl, LKST_IOC_STOP, NULL, "stopping");
	return finish(&x, *command);
}
