// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkstlogd.c - the daemon that saves a buffer to files: each complete in itself, rotated by size, time and SIGHUP.
 *
 * What it must stand: a full disk (packets are dropped, counted, and it goes on when there is room), kill -9 (whole packets
 * stay readable), SIGTERM (the file is closed in order). It uses neither threads nor timers: one poll() with a time-out.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "device.h"
#include "drain.h"
#include "dump.h"
#include "option.h"
#include "recording.h"
#include "session.h"

#define DEFAULT_DIR	"/var/log/lkst"
#define PREFIX		"lkstlogdata-"
#define POLL_MS		250
#define RETRY_MS	1000

static const char help[] =
"Usage: lkstlogd [OPTION...]\n"
"Saves what a buffer gets into files DIR/lkstlogdata-YYYYmmdd-HHMMSS, in the background.\n"
"Without -b it drains the selected buffer while it records; when nothing records, or -m is\n"
"given, it makes its own, records into it, and removes it at its end.\n"
"\n"
"Options:\n"
"  -b, --buffer ID|NAME    drain this buffer\n"
"  -m, --maskset ID|NAME   record these events into a buffer of its own\n"
"      --buffer-size SIZE  its own buffer for each CPU (1M)\n"
"  -d, --directory DIR     where the files go (/var/log/lkst); made when it is not there\n"
"      --size SIZE         begin a new file when one has this size (64M)\n"
"      --time SECONDS      begin a new file after this time\n"
"      --keep N            keep the N newest files, remove older ones\n"
"      --pidfile FILE      write the process id there; refuse to run twice\n"
"  -f, --foreground        stay in the foreground, messages on stderr instead of syslog\n"
"  -h, --help              this text\n"
"      --version           print the version\n"
"\n"
"SIGHUP begins a new file; SIGTERM and SIGINT end in order.\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed, 2 usage, 3 done but records were lost, 4 there is no module\n"
"\n"
"EXAMPLES\n"
"  lkstlogd -m RDEFAULT --size 100M --keep 10\n"
"  lkstlogd -f -d /tmp/traces --time 60\n"
"  lkstla syscall /var/log/lkst/lkstlogdata-*\n";

enum { OPT_SIZE = LKST_OPT_FIRST, OPT_TIME, OPT_KEEP, OPT_PIDFILE, OPT_BUFFER_SIZE };

static const struct option longs[] = {
	{ "buffer", required_argument, NULL, 'b' }, { "maskset", required_argument, NULL, 'm' },
	{ "buffer-size", required_argument, NULL, OPT_BUFFER_SIZE }, { "directory", required_argument, NULL, 'd' },
	{ "size", required_argument, NULL, OPT_SIZE }, { "time", required_argument, NULL, OPT_TIME },
	{ "keep", required_argument, NULL, OPT_KEEP }, { "pidfile", required_argument, NULL, OPT_PIDFILE },
	{ "foreground", no_argument, NULL, 'f' },
	LKST_COMMON_OPTIONS
};

static struct logd {
	struct lkst_session s;
	struct lkst_drain d;
	struct lkst_recording r;
	const char *buffer, *dir, *pidfile;
	lkst_u64 size, seconds, keep;
	int own, foreground;
	int ctl;
	lkst_u32 id;
	char path[4096];
	int open;			/* there is a file */
	lkst_u64 begun_ms, retry_ms;
	int why;			/* errno of the last file that could not be made */
	int full;			/* said already that nothing can be written */
	lkst_u64 missed;		/* records dropped since then */
	lkst_u64 missed_total, lost_total;
} l = { .dir = DEFAULT_DIR, .size = 64 << 20 };

static volatile sig_atomic_t rotate_asked;

static void tell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void tell(const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (l.foreground)
		lkst_warn("%s", text);
	else
		syslog(LOG_WARNING, "%s", text);
}

static void parse(int argc, char **argv)
{
	int c;

	while ((c = lkst_option(argc, argv, ":hb:m:d:f", longs, help)) != -1) {
		switch (c) {
		case 'b': l.buffer = optarg; break;
		case 'm': l.s.maskset = optarg; break;
		case 'd': l.dir = optarg; break;
		case 'f': l.foreground = 1; break;
		case OPT_SIZE: l.size = lkst_parse_size("size", optarg, 1 << 16, 1ULL << 40); break;
		case OPT_TIME: l.seconds = lkst_parse_u64("time", optarg, 1, 1000000000); break;
		case OPT_KEEP: l.keep = lkst_parse_u64("keep", optarg, 1, 1000000); break;
		case OPT_PIDFILE: l.pidfile = optarg; break;
		case OPT_BUFFER_SIZE: l.s.size = lkst_parse_size("buffer size", optarg, 8192, 1ULL << 32); break;
		}
	}
	lkst_no_more(argc, argv);
	if (l.buffer && l.s.maskset)
		lkst_usage_error("give a buffer of others or a maskset for one of its own, not both");
}

/* ---- files ---- */

/* "lkstlogdata-YYYYmmdd-HHMMSS" or with "-N" behind. Returns N, 0 without one, -1 when it is another file's name. */
static long own_name(const char *name)
{
	static const char form[] = PREFIX "dddddddd-dddddd";
	const char *f;
	char *end;
	long n;

	for (f = form; f < form + sizeof(form) - 1; f++, name++)
		if (f >= form + sizeof(PREFIX) - 1 && *f == 'd' ? *name < '0' || *name > '9' : *name != *f)
			return -1;
	if (!*name)
		return 0;
	n = strtol(name + 1, &end, 10);
	return *name == '-' && name[1] >= '0' && name[1] <= '9' && !*end ? n : -1;
}

static int by_age(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	int order = strncmp(x, y, sizeof(PREFIX "YYYYmmdd-HHMMSS") - 1);

	return order ? order : own_name(x) < own_name(y) ? -1 : own_name(x) > own_name(y);
}

/* Room for the file that is about to be made: afterwards there are at most --keep. */
static void remove_old(void)
{
	char **names = NULL, path[4608];
	struct dirent *e;
	size_t n = 0, i;
	DIR *dir = l.keep ? opendir(l.dir) : NULL;

	while (dir && (e = readdir(dir))) {
		if (own_name(e->d_name) < 0)
			continue;
		names = lkst_xrealloc(names, (n + 1) * sizeof(*names));
		names[n++] = strdup(e->d_name);
	}
	if (dir)
		closedir(dir);
	if (n)
		qsort(names, n, sizeof(*names), by_age);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", l.dir, names[i]);
		if (i + l.keep <= n && unlink(path))
			tell("removing '%s': %s", path, strerror(errno));
		free(names[i]);
	}
	free(names);
}

static void next_path(void)
{
	time_t now = time(NULL);
	struct tm tm;
	char stamp[32];
	struct stat st;
	unsigned int n;

	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", localtime_r(&now, &tm));
	snprintf(l.path, sizeof(l.path), "%s/" PREFIX "%s", l.dir, stamp);
	for (n = 1; !lstat(l.path, &st); n++)
		snprintf(l.path, sizeof(l.path), "%s/" PREFIX "%s-%u", l.dir, stamp, n);
}

static void say_full(int error)
{
	if (!l.full)
		tell(LKST_RECORDING_FULL, l.path, strerror(error));
	l.full = 1;
}

static int begin_file(void)
{
	l.begun_ms = lkst_now_ms();
	remove_old();
	next_path();
	if (lkst_recording_begin(&l.r, l.ctl, l.id, l.path, 0)) {
		l.why = errno;
		l.retry_ms = lkst_now_ms() + RETRY_MS;
		say_full(l.why);
		errno = l.why;
		return -1;
	}
	l.open = 1;
	return 0;
}

static void end_file(void)
{
	if (!l.open)
		return;
	if (lkst_recording_end(&l.r))
		say_full(errno);
	l.lost_total += l.r.total.lost;
	l.open = 0;
}

static void take(void *data, struct lkst_packet *packet)
{
	lkst_u64 written;

	(void)data;
	if (!l.open && lkst_now_ms() >= l.retry_ms)
		begin_file();
	written = l.r.w.packets;
	if (l.open)
		lkst_recording_packet(&l.r, packet);
	if (l.open && l.r.w.packets != written) {
		if (l.full)
			tell("writing '%s' again: %llu records were dropped", l.path, l.missed);
		l.full = 0;
		l.missed = 0;
		/* Not at the end: dumping the state for one more file may itself fill the next. */
		if (l.r.w.size >= l.size && !lkst_end_asked) {
			end_file();
			begin_file();
		}
		return;
	}
	if (!l.open)
		lkst_recording_drop(&l.r, packet, l.why);
	l.missed += packet->records;
	l.missed_total += packet->records;
	if (l.open)
		say_full(l.r.w.error);
}

/* By time and by signal; by size is in take(). */
static void rotate(void)
{
	int late = l.seconds && lkst_now_ms() - l.begun_ms >= l.seconds * 1000;

	if (!late && !rotate_asked)
		return;
	if (rotate_asked)	/* the old file gets everything up to the signal */
		lkst_drain_all(&l.d, take, NULL);
	rotate_asked = 0;
	end_file();
	begin_file();
}

/* ---- being a daemon ---- */

static void on_hup(int sig)
{
	(void)sig;
	rotate_asked = 1;
}

static void catch_signals(void)
{
	struct sigaction sa;

	lkst_catch_end();
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_hup;
	sigaction(SIGHUP, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void prepare_dir(void)
{
	char *full;

	if (mkdir(l.dir, 0700) && errno != EEXIST)
		lkst_die(LKST_EXIT_FAILED, "making the directory '%s': %s", l.dir, strerror(errno));
	full = realpath(l.dir, NULL);
	if (!full || access(full, W_OK | X_OK))
		lkst_die(LKST_EXIT_FAILED, "writing into the directory '%s': %s", l.dir, strerror(errno));
	l.dir = full;	/* the daemon changes to / */
}

/* The lock, not the number, says whether it runs: a number left by kill -9 hinders nobody. */
static void write_pidfile(void)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char text[16];
	int fd, len;

	if (!l.pidfile)
		return;
	fd = open(l.pidfile, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		lkst_die(LKST_EXIT_FAILED, "writing '%s': %s", l.pidfile, strerror(errno));
	if (fcntl(fd, F_SETLK, &lock))
		lkst_die(LKST_EXIT_FAILED, "locking '%s': another lkstlogd runs", l.pidfile);
	len = snprintf(text, sizeof(text), "%d\n", (int)getpid());
	if (ftruncate(fd, 0) || write(fd, text, (size_t)len) != len)
		lkst_die(LKST_EXIT_FAILED, "writing '%s': %s", l.pidfile, strerror(errno));
	/* Stays open, for the lock. */
}

/* The parent stays until the child is at work or has said on stderr why not; its exit status tells which. */
static int daemonize(void)
{
	unsigned char status;
	int ready[2], code;
	pid_t pid;

	if (l.foreground)
		return -1;
	if (pipe(ready))
		lkst_die(LKST_EXIT_FAILED, "making a pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		lkst_die(LKST_EXIT_FAILED, "making a process: %s", strerror(errno));
	if (!pid) {
		close(ready[0]);
		fcntl(ready[1], F_SETFD, FD_CLOEXEC);
		setsid();
		return ready[1];
	}
	close(ready[1]);
	if (read(ready[0], &status, 1) == 1)
		_exit(LKST_EXIT_DONE);
	if (waitpid(pid, &code, 0) == pid && WIFEXITED(code))
		_exit(WEXITSTATUS(code));
	_exit(LKST_EXIT_FAILED);
}

static void tell_ready(int fd)
{
	int null;

	if (fd < 0)
		return;
	openlog("lkstlogd", LOG_PID, LOG_DAEMON);
	if (chdir("/"))
		lkst_die(LKST_EXIT_FAILED, "changing to /: %s", strerror(errno));
	if (write(fd, "", 1) != 1)
		lkst_die(LKST_EXIT_FAILED, "telling that it is ready: %s", strerror(errno));
	close(fd);
	null = open("/dev/null", O_RDWR);
	if (null < 0)
		return;
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	if (null > 2)
		close(null);
}

static void choose_buffer(void)
{
	struct lkst_buffer_info b;
	struct lkst_info info;

	if (!l.buffer && !l.s.maskset) {
		l.ctl = lkst_open(LKST_READ, 1);
		lkst_request(l.ctl, LKST_IOC_INFO, &info, "asking the module for its state");
		/* A module that was just loaded has a buffer selected, and nothing comes into it. */
		l.own = info.buffer == LKST_ANY_ID || info.state != LKST_RUNNING;
		close(l.ctl);
	}
	l.own |= !!l.s.maskset;
	if (l.own) {
		l.s.mode = LKST_DISCARD;
		lkst_session_begin(&l.s);
		l.ctl = l.s.ctl;
		l.id = l.s.buffer.id;
		return;
	}
	l.ctl = lkst_open(LKST_READ, 1);
	lkst_find_buffer(l.ctl, l.buffer, &b);
	l.id = b.id;
}

static void run(void)
{
	lkst_u64 look_ms = 0;

	while (!lkst_end_asked) {
		if (!lkst_drain_once(&l.d, take, NULL))
			lkst_drain_wait(&l.d, POLL_MS);
		rotate();
		if (lkst_now_ms() < look_ms)
			continue;
		look_ms = lkst_now_ms() + RETRY_MS;
		lkst_drain_more_cpus(&l.d);
		if (!l.open)
			begin_file();
	}
}

/* Nothing is made where nothing can be recorded. */
static void check_input(void)
{
	struct lkst_buffer_info b;
	struct lkst_maskset m;
	struct stat st;
	int fd;

	/* Of a file access() would say that there is no permission: it may not be run. */
	if (!stat(l.dir, &st) && !S_ISDIR(st.st_mode))
		lkst_die(LKST_EXIT_FAILED,
			 "writing into '%s': it is no directory (-d names one, which is made if need be)", l.dir);
	fd = lkst_open(LKST_READ, 1);
	if (l.s.maskset)
		lkst_find_maskset(fd, l.s.maskset, &m);
	if (l.buffer)
		lkst_find_buffer(fd, l.buffer, &b);
	close(fd);
}

int main(int argc, char **argv)
{
	int ready;

	lkst_program = "lkstlogd";
	parse(argc, argv);
	check_input();
	prepare_dir();
	ready = daemonize();
	write_pidfile();
	catch_signals();
	choose_buffer();
	lkst_drain_open(&l.d, l.ctl, l.id, -1);
	l.r.only_cpu = -1;
	if (begin_file())
		lkst_recording_die(l.path, errno);
	if (l.own)
		lkst_request(l.ctl, LKST_IOC_START, NULL, "starting");
	tell_ready(ready);
	run();
	if (l.own)
		lkst_ioctl(l.ctl, LKST_IOC_STOP, NULL);
	lkst_drain_all(&l.d, take, NULL);
	end_file();
	lkst_drain_close(&l.d);
	if (l.own)
		lkst_session_end(&l.s);
	if (l.pidfile)
		unlink(l.pidfile);
	if (l.lost_total + l.missed_total)
		tell("%llu records lost, %llu not written", l.lost_total, l.missed_total);
	return l.lost_total + l.missed_total ? LKST_EXIT_LOSSES : LKST_EXIT_DONE;
}
