// SPDX-License-Identifier: GPL-2.0-only
/*
 * control.c - lkst start, stop, mark: one request each.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "device.h"
#include "lkst.h"
#include "option.h"
#include "session.h"

#define DEFAULT_BUFFER	"lkst"

#define COMMON_END \
"\n" \
"EXIT STATUS\n" \
"  0 done, 1 failed, 2 usage, 4 there is no module\n" \
"\n" \
"EXAMPLES\n"

static const char start_help[] =
"Usage: lkst start [OPTION...]\n"
"Starts recording into the selected buffer, loading the module when it must. When no\n"
"buffer is selected, a flight recorder 'lkst' of 1 MiB for each CPU is made.\n"
"Refused while a program such as 'lkst record' has a recording of its own.\n"
"\n"
"Options:\n"
"  -m, --maskset ID|NAME  select this maskset first\n"
"  -b, --buffer ID|NAME   select this buffer first\n"
"  -h, --help             this text\n"
COMMON_END
"  lkst start -m RDEFAULT\n"
"  lkst start; sleep 10; lkst snapshot -o last.lkst; lkst stop\n";

static const char stop_help[] =
"Usage: lkst stop\n"
"Stops recording. What is in the buffers stays. Refused while a program such as\n"
"'lkst record' has a recording of its own: that ends with the program.\n"
"\n"
"Options:\n"
"  -h, --help  this text\n"
COMMON_END
"  lkst stop\n";

static const char mark_help[] =
"Usage: lkst mark TEXT\n"
"Puts TEXT, at most 32 characters, into the trace as an event LKST_MARK.\n"
"\n"
"Options:\n"
"  -h, --help  this text\n"
COMMON_END
"  lkst mark 'second run begins'\n";

static const struct option start_longs[] = {
	{ "maskset", required_argument, NULL, 'm' }, { "buffer", required_argument, NULL, 'b' },
	LKST_COMMON_OPTIONS
};
static const struct option no_longs[] = { LKST_COMMON_OPTIONS };

/* "lkst start" on a fresh machine should just work. */
static void make_default_buffer(int fd)
{
	struct lkst_buffer_info b;

	memset(&b, 0, sizeof(b));
	while (lkst_next_buffer(fd, &b) && strcmp(b.name, DEFAULT_BUFFER))
		b.id++;
	if (strcmp(b.name, DEFAULT_BUFFER)) {
		memset(&b, 0, sizeof(b));
		snprintf(b.name, sizeof(b.name), DEFAULT_BUFFER);
		b.mode = LKST_OVERWRITE;
		lkst_request(fd, LKST_IOC_BUFFER_CREATE, &b, "making buffer '%s'", b.name);
	}
	lkst_request(fd, LKST_IOC_BUFFER_SELECT, &b.id, "selecting buffer '%s'", b.name);
}

int lkst_cmd_start(int argc, char **argv)
{
	const char *maskset = NULL, *buffer = NULL;
	struct lkst_buffer_info b;
	struct lkst_maskset m;
	struct lkst_info info;
	int c, fd;

	while ((c = lkst_option(argc, argv, ":hm:b:", start_longs, start_help)) != -1)
		*(c == 'm' ? &maskset : &buffer) = optarg;
	lkst_no_more(argc, argv);
	fd = lkst_open(LKST_CONTROL, 1);
	lkst_refuse_owner(fd, "starting");
	if (buffer) {
		lkst_find_buffer(fd, buffer, &b);
		lkst_request(fd, LKST_IOC_BUFFER_SELECT, &b.id, "selecting buffer '%s'", buffer);
	}
	lkst_request(fd, LKST_IOC_INFO, &info, "asking the module for its state");
	if (info.buffer == LKST_ANY_ID)
		make_default_buffer(fd);
	if (maskset) {
		lkst_find_maskset(fd, maskset, &m);
		lkst_request(fd, LKST_IOC_MASKSET_SELECT, &m.id, "selecting maskset '%s'", maskset);
	}
	lkst_request(fd, LKST_IOC_START, NULL, "starting");
	return LKST_EXIT_DONE;
}

int lkst_cmd_stop(int argc, char **argv)
{
	int fd;

	while (lkst_option(argc, argv, ":h", no_longs, stop_help) != -1)
		;
	lkst_no_more(argc, argv);
	fd = lkst_open(LKST_CONTROL, 0);
	lkst_refuse_owner(fd, "stopping");
	lkst_request(fd, LKST_IOC_STOP, NULL, "stopping");
	return LKST_EXIT_DONE;
}

int lkst_cmd_mark(int argc, char **argv)
{
	struct lkst_mark mark;
	size_t len;

	while (lkst_option(argc, argv, "+:h", no_longs, mark_help) != -1)
		;
	if (optind + 1 != argc)
		lkst_usage_error(optind < argc ? "give one text, in quotes if it has blanks" : "give a text");
	len = strlen(argv[optind]);
	if (!len || len > sizeof(mark.text))
		lkst_usage_error("text of %lu bytes: give 1 to %lu", (unsigned long)len, (unsigned long)sizeof(mark.text));
	memset(&mark, 0, sizeof(mark));
	memcpy(mark.text, argv[optind], len);
	lkst_request(lkst_open(LKST_CONTROL, 0), LKST_IOC_MARK, &mark, "marking");
	return LKST_EXIT_DONE;
}
