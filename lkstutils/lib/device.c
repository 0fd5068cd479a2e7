// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * device.c - /dev/lkst for the commands.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "device.h"

#define MISC_MAJOR	10	/* Documentation/admin-guide/devices.txt */

int lkst_ioctl(int fd, unsigned long request, void *arg)
{
	int ret;

	do
		ret = ioctl(fd, request, arg);
	while (ret < 0 && errno == EINTR);
	return ret;
}

/* Old kernels and bare initramfs have nobody who makes device nodes; /proc/misc says which number it would have. */
static void make_node(void)
{
	char line[64], name[32];
	unsigned int minor;
	FILE *f = fopen("/proc/misc", "re");

	if (!f)
		return;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%u %31s", &minor, name) == 2 && !strcmp(name, "lkst"))
			(void)!mknod(LKST_DEVICE, S_IFCHR | 0600, makedev(MISC_MAJOR, minor));
	fclose(f);
}

int lkst_try_open(enum lkst_access access)
{
	int flags = (access == LKST_CONTROL ? O_RDWR : O_RDONLY) | O_CLOEXEC;
	struct lkst_info info;
	int fd = open(LKST_DEVICE, flags);

	if (fd < 0 && errno == ENOENT && !geteuid()) {
		make_node();
		fd = open(LKST_DEVICE, flags);
	}
	if (fd < 0)
		return -1;
	/* Kernels before 2.6.23 ignore O_CLOEXEC. */
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (lkst_ioctl(fd, LKST_IOC_INFO, &info) || info.abi != LKST_ABI_VERSION) {
		close(fd);
		errno = EPROTO;
		return -1;
	}
	return fd;
}

static int no_module(int error)
{
	return error == ENOENT || error == ENODEV || error == ENXIO;
}

static void load_module(void)
{
	static const char *const places[] = { "/sbin/modprobe", "/usr/sbin/modprobe", "/bin/modprobe" };
	unsigned int i;
	pid_t pid = fork();
	int status;

	if (!pid) {
		for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
			execl(places[i], "modprobe", "-q", "lkst", (char *)NULL);
		_exit(127);
	}
	if (pid > 0)
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
}

/* The ABI is in the first word of struct lkst_info in every version of it. */
static void die_wrong_abi(void)
{
	struct lkst_info info;
	int fd = open(LKST_DEVICE, O_RDONLY);

	memset(&info, 0, sizeof(info));
	if (fd >= 0 && !lkst_ioctl(fd, LKST_IOC_INFO, &info))
		lkst_die(LKST_EXIT_UNAVAILABLE,
			 "opening %s: the module speaks ABI version %u, this program (%s) version %u; "
			 "install module and utilities of one release",
			 LKST_DEVICE, info.abi, LKST_VERSION, LKST_ABI_VERSION);
	lkst_die(LKST_EXIT_UNAVAILABLE,
		 "opening %s: the module does not answer as ABI version %u of this program (%s) does; "
		 "install module and utilities of one release", LKST_DEVICE, LKST_ABI_VERSION, LKST_VERSION);
}

int lkst_open(enum lkst_access access, int load)
{
	int fd = lkst_try_open(access);

	if (fd < 0 && no_module(errno) && load && !geteuid()) {
		load_module();
		fd = lkst_try_open(access);
	}
	if (fd >= 0)
		return fd;
	if (no_module(errno))
		lkst_die(LKST_EXIT_UNAVAILABLE,
			 "opening %s: the kernel module is not loaded (load it with 'insmod lkst.ko', or 'modprobe "
			 "lkst' where it is installed)",
			 LKST_DEVICE);
	if (errno == EPROTO)
		die_wrong_abi();
	if (errno == EACCES || errno == EPERM)
		lkst_die(LKST_EXIT_FAILED, "opening %s: permission denied (%s)", LKST_DEVICE,
			 access == LKST_CONTROL ? "this needs root" : "be root or a member of the group 'lkst'");
	lkst_die(LKST_EXIT_FAILED, "opening %s: %s", LKST_DEVICE, strerror(errno));
}

const char *lkst_explain(int error)
{
	switch (error) {
	case EPERM:
	case EBADF:
		return "not permitted (this needs root)";
	case ENOMEM:
		return "that much memory cannot be had (choose a smaller size)";
	case EEXIST:
		return "that name is taken";
	case ENOENT:
		return "there is no such thing";
	case EBUSY:
		return "it is in use";
	case ENOSPC:
		return "there are as many as there can be (delete one)";
	default:
		return strerror(error);
	}
}

void lkst_request(int fd, unsigned long request, void *arg, const char *fmt, ...)
{
	char doing[160];
	va_list ap;
	int error;

	if (lkst_ioctl(fd, request, arg) >= 0)
		return;
	error = errno;
	va_start(ap, fmt);
	vsnprintf(doing, sizeof(doing), fmt, ap);
	va_end(ap);
	lkst_die(LKST_EXIT_FAILED, "%s: %s", doing, lkst_explain(error));
}

int lkst_next_maskset(int fd, struct lkst_maskset *m)
{
	if (!lkst_ioctl(fd, LKST_IOC_MASKSET_NEXT, m))
		return 1;
	if (errno != ENOENT)
		lkst_die(LKST_EXIT_FAILED, "listing masksets: %s", lkst_explain(errno));
	return 0;
}

int lkst_next_buffer(int fd, struct lkst_buffer_info *b)
{
	if (!lkst_ioctl(fd, LKST_IOC_BUFFER_NEXT, b))
		return 1;
	if (errno != ENOENT)
		lkst_die(LKST_EXIT_FAILED, "listing buffers: %s", lkst_explain(errno));
	return 0;
}

/* "3" and "0x03" are ids; names begin with anything else or go on after the digits. */
static int as_id(const char *text, lkst_u32 *id)
{
	unsigned long value;
	char *end;

	if (*text < '0' || *text > '9')
		return 0;
	errno = 0;
	value = strtoul(text, &end, text[1] == 'x' || text[1] == 'X' ? 16 : 10);
	*id = (lkst_u32)value;
	return !*end && !errno && value < LKST_ANY_ID;
}

static void no_such(const char *what, const char *text, const char *near, const char *see)
{
	if (*near)
		lkst_die(LKST_EXIT_USAGE, "looking for %s '%s': there is none (did you mean %s?)", what, text, near);
	lkst_die(LKST_EXIT_USAGE, "looking for %s '%s': there is none (see '%s')", what, text, see);
}

void lkst_find_maskset(int fd, const char *text, struct lkst_maskset *m)
{
	char near[128] = "";

	memset(m, 0, sizeof(*m));
	if (!as_id(text, &m->id)) {
		for (; lkst_next_maskset(fd, m) && strcmp(m->name, text); m->id++)
			lkst_add_near(near, sizeof(near), text, m->name);
		if (strcmp(m->name, text))
			no_such("maskset", text, near, "lkstm list");
	}
	if (!lkst_ioctl(fd, LKST_IOC_MASKSET_READ, m))
		return;
	if (errno == ENOENT)
		no_such("maskset", text, near, "lkstm list");
	lkst_die(LKST_EXIT_FAILED, "reading maskset '%s': %s", text, lkst_explain(errno));
}

void lkst_find_buffer(int fd, const char *text, struct lkst_buffer_info *b)
{
	char near[128] = "";
	lkst_u32 id = 0;
	int by_id = text && as_id(text, &id);

	memset(b, 0, sizeof(*b));
	for (; lkst_next_buffer(fd, b); b->id++) {
		if (text ? (by_id ? b->id == id : !strcmp(b->name, text)) : (b->flags & LKST_BUFFER_SELECTED))
			return;
		if (text)
			lkst_add_near(near, sizeof(near), text, b->name);
	}
	if (text)
		no_such("buffer", text, near, "lkstbuf list");
	lkst_die(LKST_EXIT_FAILED, "looking for the selected buffer: none is selected (make one with 'lkstbuf create', "
		 "select it with 'lkstbuf select')");
}

void lkst_check_name(const char *what, const char *name)
{
	if (!*name || strlen(name) >= LKST_NAME_LEN || name[strspn(name, LKST_NAME_CHARS)] ||
	    isdigit((unsigned char)*name))
		lkst_usage_error("%s name '%s': give 1 to %d letters, digits, '_', '-' and '.', not beginning with a "
				 "digit",
				 what, name, LKST_NAME_LEN - 1);
}

const char *lkst_state_name(unsigned int state)
{
	static const char *const names[] = { "stopped", "running", "frozen", "tripped" };

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : "unknown";
}

const char *lkst_mode_name(unsigned int mode)
{
	return mode == LKST_OVERWRITE ? "overwrite" : "discard";
}

lkst_u64 lkst_now_ms(void)
{
	struct timespec ts;

	/* 2.4 kernels have no clock_gettime; the C library then answers with the time of day, or not at all. */
	if (clock_gettime(CLOCK_MONOTONIC, &ts) && clock_gettime(CLOCK_REALTIME, &ts))
		return (lkst_u64)time(NULL) * 1000;
	return (lkst_u64)ts.tv_sec * 1000 + (lkst_u64)ts.tv_nsec / 1000000;
}
