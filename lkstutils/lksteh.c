// SPDX-License-Identifier: GPL-2.0-only
/*
 * lksteh.c - event handlers: what is done when an event comes.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "device.h"
#include "option.h"
#include "session.h"

static const char help[] =
"Usage: lksteh list\n"
"       lksteh set -h HANDLER -v VALUE\n"
"Shows the event handlers that a maskset can name, how often they were called and failed,\n"
"and sets their parameters.\n"
"\n"
"  0x01 record, 0x02 count, 0x03 record and stop, 0x04 record and select the buffer VALUE,\n"
"  0x05 record and select the maskset VALUE, 0x06 record what the process VALUE does;\n"
"  0x10 to 0xfe are from modules; 0xff: the event is not looked at\n"
"\n"
"Options:\n"
"  -h, --handler ID|NAME      the handler\n"
"  -v, --value NUMBER|NAME    its parameter: a number, for 0x04 a buffer's name too, for\n"
"                             0x05 a maskset's; -1: none\n"
"      --help                 this text\n"
"      --version              print the version\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed, 2 usage, 4 there is no module\n"
"\n"
"EXAMPLES\n"
"  lksteh list\n"
"  lksteh set -h 0x05 -v DETAIL   events with handler 0x05 select the maskset DETAIL\n";

static const struct option longs[] = {
	{ "handler", required_argument, NULL, 'h' }, { "value", required_argument, NULL, 'v' },
	LKST_COMMON_OPTIONS
};

static int list(int argc, char **argv)
{
	struct lkst_handler_info h;
	char param[24];
	int fd;

	while (lkst_option(argc, argv, ":h", longs, help) != -1)
		lkst_usage_error("'list' takes no options");
	lkst_no_more(argc, argv);
	fd = lkst_open(LKST_READ, 0);
	printf("handler_id        calls       errors  parameter  name\n");
	memset(&h, 0, sizeof(h));
	for (; !lkst_ioctl(fd, LKST_IOC_HANDLER_NEXT, &h); h.id++) {
		snprintf(param, sizeof(param), h.param == -1 ? "-" : "%lld", h.param);
		printf("      0x%02x %12llu %12llu %10s  %.*s\n", h.id, h.calls, h.errors, param, LKST_NAME_LEN,
		       h.name);
	}
	return LKST_EXIT_DONE;
}

static void find(int fd, const char *text, struct lkst_handler_info *h)
{
	lkst_u32 id = LKST_ANY_ID;

	memset(h, 0, sizeof(*h));
	if (*text >= '0' && *text <= '9')
		id = (lkst_u32)lkst_parse_u64("handler", text, 0, LKST_HANDLER_NONE);
	for (; !lkst_ioctl(fd, LKST_IOC_HANDLER_NEXT, h); h->id++)
		if (h->id == id || !strcmp(h->name, text))
			return;
	lkst_die(LKST_EXIT_USAGE, "looking for handler '%s': there is none ('lksteh list' shows them)", text);
}

static lkst_s64 parse_value(int fd, unsigned int handler, const char *text)
{
	struct lkst_buffer_info b;
	struct lkst_maskset m;

	if (!strcmp(text, "-1"))
		return -1;
	if (handler == LKST_HANDLER_SWITCH) {
		lkst_find_buffer(fd, text, &b);
		return b.id;
	}
	if (handler == LKST_HANDLER_MASKSET) {
		lkst_find_maskset(fd, text, &m);
		return m.id;
	}
	return (lkst_s64)lkst_parse_u64("value", text, 0, ~0ULL >> 1);
}

static int set(int argc, char **argv)
{
	const char *handler = NULL, *value = NULL;
	struct lkst_handler_info h;
	int c, fd;

	/* "-h" is the handler here, as in 2005; only "--help" is help. */
	if (argc == 2 && !strcmp(argv[1], "-h"))
		lkst_usage_error("-h takes a handler here: -h ID|NAME -v NUMBER|NAME");
	while ((c = lkst_option(argc, argv, ":h:v:", longs, help)) != -1)
		*(c == 'h' ? &handler : &value) = optarg;
	lkst_no_more(argc, argv);
	if (!handler || !value)
		lkst_usage_error("give a handler and a value: -h ID|NAME -v NUMBER|NAME");
	fd = lkst_open(LKST_CONTROL, 0);
	find(fd, handler, &h);
	h.param = parse_value(fd, h.id, value);
	lkst_refuse_owner(fd, "setting the parameter of handler '%s'", handler);
	if (h.id < LKST_HANDLER_SWITCH || h.id == LKST_HANDLER_NONE)
		lkst_die(LKST_EXIT_FAILED, "setting the parameter of handler '%s': it has none ('lksteh --help' tells which do)",
			 handler);
	lkst_request(fd, LKST_IOC_HANDLER_SET, &h, "setting the parameter of handler '%s' to %lld", handler, h.param);
	return LKST_EXIT_DONE;
}

static const struct lkst_subcommand commands[] = {
	{ "list", list }, { "set", set }, { NULL, NULL }
};

int main(int argc, char **argv)
{
	lkst_program = "lksteh";
	return lkst_run_subcommand(argc, argv, commands, help);
}
