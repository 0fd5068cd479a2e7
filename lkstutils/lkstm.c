// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkstm.c - masksets: which events are recorded, and by which handler. The forms printed are those of 2005.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "device.h"
#include "maskset_text.h"
#include "option.h"
#include "session.h"

static const char help[] =
"Usage: lkstm list\n"
"       lkstm read -m MASKSET [-o FILE]\n"
"       lkstm write [-n NAME] [-f FILE]\n"
"       lkstm new -n NAME [-m MASKSET] [-e EVENT,...] [-x EVENT,...] [-H HANDLER]\n"
"       lkstm select -m MASKSET\n"
"       lkstm delete -m MASKSET\n"
"Shows and changes masksets: for each event the id of its handler (see 'lksteh list'), 0xff\n"
"when the event is not looked at. RNOTHING, RALL and RDEFAULT are always there.\n"
"\n"
"  list     all of them; '*' marks the selected one\n"
"  read     one as text\n"
"  write    one from text, of the form that 'read' prints. A new NAME makes a new maskset,\n"
"           a known one replaces what it had, at once and as a whole. After an error in\n"
"           the text nothing is changed.\n"
"  new      a copy of MASKSET (RNOTHING) with events put in and taken out\n"
"  select   record by this one from now on; 'set' is the same\n"
"  delete   remove one\n"
"\n"
"Options:\n"
"  -m, --maskset ID|NAME  the maskset\n"
"  -n, --name NAME        its name; 'write' takes it from the text when it is not given\n"
"  -f, --file FILE        text to read (standard input)\n"
"  -o, --output FILE      text to write (standard output)\n"
"  -e, --event LIST       'new': these events and groups too\n"
"  -x, --except LIST      'new': these not\n"
"  -H, --handler ID       'new': handler of the events of -e (0x01)\n"
"  -h, --help             this text\n"
"      --version          print the version\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed, 2 usage, 4 there is no module\n"
"\n"
"EXAMPLES\n"
"  lkstm list\n"
"  lkstm read -m RDEFAULT -o mask.txt; vi mask.txt\n"
"  lkstm write -n MINE -f mask.txt; lkstm select -m MINE\n"
"  lkstm new -n IO -e BLOCK,SYSCALL\n";

static const struct option longs[] = {
	{ "maskset", required_argument, NULL, 'm' }, { "name", required_argument, NULL, 'n' },
	{ "file", required_argument, NULL, 'f' }, { "output", required_argument, NULL, 'o' },
	{ "event", required_argument, NULL, 'e' }, { "except", required_argument, NULL, 'x' },
	{ "handler", required_argument, NULL, 'H' },
	LKST_COMMON_OPTIONS
};

static struct options {
	const char *maskset, *name, *file, *output, *event, *except;
	unsigned int handler;
} opt = { .handler = LKST_HANDLER_RECORD };

/* @takes: the letters that this subcommand takes; the others are an error. */
static void parse(int argc, char **argv, const char *takes)
{
	int c;

	while ((c = lkst_option(argc, argv, ":hm:n:f:o:e:x:H:", longs, help)) != -1) {
		if (!strchr(takes, c))
			lkst_usage_error("'%s' does not take the option '-%c'", lkst_program, c);
		switch (c) {
		case 'm': opt.maskset = optarg; break;
		case 'n': opt.name = optarg; break;
		case 'f': opt.file = optarg; break;
		case 'o': opt.output = optarg; break;
		case 'e': lkst_list_add(&opt.event, optarg); break;
		case 'x': lkst_list_add(&opt.except, optarg); break;
		case 'H': opt.handler = (unsigned int)lkst_parse_u64("handler", optarg, 1, LKST_HANDLER_NONE); break;
		}
	}
	if (strchr(takes, 'm') && !opt.maskset && optind < argc)
		opt.maskset = argv[optind++];	/* "lkstm select RALL" is clear enough */
	lkst_no_more(argc, argv);
	if (opt.name)
		lkst_check_name("maskset", opt.name);
}

/* For what is done to one maskset. Returns the open device. */
static int find(int argc, char **argv, const char *takes, enum lkst_access access, struct lkst_maskset *m)
{
	int fd;

	parse(argc, argv, takes);
	if (!opt.maskset)
		lkst_usage_error("give a maskset: -m ID|NAME");
	fd = lkst_open(access, 0);
	lkst_find_maskset(fd, opt.maskset, m);
	return fd;
}

static int list(int argc, char **argv)
{
	struct lkst_maskset m;
	int fd;

	parse(argc, argv, "");
	fd = lkst_open(LKST_READ, 0);
	printf("maskset_id     length     name\n");
	memset(&m, 0, sizeof(m));
	for (; lkst_next_maskset(fd, &m); m.id++)
		printf("%3u%c(0x%02x) %d %.*s\n", m.id, m.flags & LKST_MASKSET_SELECTED ? '*' : ' ', m.id,
		       LKST_NR_EVENTS,
		       LKST_NAME_LEN, m.name);
	return LKST_EXIT_DONE;
}

static int read_out(int argc, char **argv)
{
	struct lkst_maskset m;
	FILE *out = stdout;

	find(argc, argv, "mo", LKST_READ, &m);
	if (opt.output)
		out = lkst_begin_output(opt.output);
	if (!out)
		lkst_die(LKST_EXIT_FAILED, "writing '%s': %s", opt.output, strerror(errno));
	lkst_maskset_print(out, &m);
	lkst_end_output(out, opt.output ? opt.output : "standard output");
	return LKST_EXIT_DONE;
}

/* The first handler that a maskset names and nobody has; LKST_HANDLER_NONE: all are there. */
static unsigned int missing_handler(int fd, const struct lkst_maskset *m)
{
	struct lkst_handler_info h;
	unsigned int i;

	for (i = 0; i < LKST_NR_EVENTS; i++) {
		memset(&h, 0, sizeof(h));
		h.id = m->handler[i];
		if (h.id != LKST_HANDLER_NONE && (lkst_ioctl(fd, LKST_IOC_HANDLER_NEXT, &h) || h.id != m->handler[i]))
			return m->handler[i];
	}
	return LKST_HANDLER_NONE;
}

/* Into the kernel; prints the id. */
static int put(int fd, struct lkst_maskset *m)
{
	int error;

	if (!lkst_ioctl(fd, LKST_IOC_MASKSET_WRITE, m)) {
		printf("%u\n", m->id);
		return LKST_EXIT_DONE;
	}
	error = errno;
	if (error == EBUSY)
		lkst_die(LKST_EXIT_FAILED, "writing maskset '%s': it is built in (choose another name with -n)",
			 m->name);
	if (error == EINVAL && missing_handler(fd, m) != LKST_HANDLER_NONE)
		lkst_die(LKST_EXIT_FAILED,
			 "writing maskset '%s': there is no handler 0x%02x ('lksteh list' shows them)", m->name,
			 missing_handler(fd, m));
	lkst_die(LKST_EXIT_FAILED, "writing maskset '%s': %s", m->name, lkst_explain(error));
}

static int write_in(int argc, char **argv)
{
	struct lkst_maskset m, old;
	const char *file;
	unsigned int errors;
	FILE *in = stdin;
	int fd;

	parse(argc, argv, "nf");
	file = opt.file && strcmp(opt.file, "-") ? opt.file : "standard input";
	if (opt.file && strcmp(opt.file, "-"))
		in = fopen(opt.file, "re");
	if (!in)
		lkst_die(LKST_EXIT_FAILED, "reading '%s': %s", file, strerror(errno));
	errors = lkst_maskset_parse(in, file, &m);
	if (errors)
		lkst_die(LKST_EXIT_FAILED, "writing a maskset: nothing was changed, the text has %u error%s", errors,
			 errors == 1 ? "" : "s");
	if (opt.name)
		snprintf(m.name, sizeof(m.name), "%s", opt.name);
	if (!*m.name)
		lkst_usage_error("neither the text nor -n gives a name");
	lkst_check_name("maskset", m.name);
	fd = lkst_open(LKST_CONTROL, 0);
	/* A name that is there already means that maskset; else a new one. */
	memset(&old, 0, sizeof(old));
	m.id = LKST_ANY_ID;
	for (; lkst_next_maskset(fd, &old); old.id++)
		if (!strcmp(old.name, m.name))
			m.id = old.id;
	/* A new one disturbs nobody; one that is there may be what somebody records by. */
	if (m.id != LKST_ANY_ID)
		lkst_refuse_owner(fd, "writing maskset '%s'", m.name);
	return put(fd, &m);
}

static int new(int argc, char **argv)
{
	struct lkst_maskset m;
	int fd;

	parse(argc, argv, "nmexH");
	if (!opt.name)
		lkst_usage_error("give a name: -n NAME");
	fd = lkst_open(LKST_CONTROL, 0);
	lkst_find_maskset(fd, opt.maskset ? opt.maskset : "RNOTHING", &m);
	if (opt.event)
		lkst_mask_events(&m, opt.event, opt.handler);
	if (opt.except)
		lkst_mask_events(&m, opt.except, LKST_HANDLER_NONE);
	memset(m.name, 0, sizeof(m.name));
	strcpy(m.name, opt.name);
	m.id = LKST_ANY_ID;
	return put(fd, &m);
}

static int select_one(int argc, char **argv)
{
	struct lkst_maskset m;
	int fd = find(argc, argv, "m", LKST_CONTROL, &m);

	lkst_refuse_owner(fd, "selecting maskset '%s'", opt.maskset);
	lkst_request(fd, LKST_IOC_MASKSET_SELECT, &m.id, "selecting maskset '%s'", opt.maskset);
	return LKST_EXIT_DONE;
}

static int delete(int argc, char **argv)
{
	struct lkst_maskset m;
	int fd = find(argc, argv, "m", LKST_CONTROL, &m);

	if (m.flags & LKST_MASKSET_BUILTIN)
		lkst_die(LKST_EXIT_FAILED, "deleting maskset '%s': it is built in", opt.maskset);
	if (m.flags & LKST_MASKSET_SELECTED)
		lkst_die(LKST_EXIT_FAILED, "deleting maskset '%s': it is selected (select another one first)",
			 opt.maskset);
	lkst_request(fd, LKST_IOC_MASKSET_DELETE, &m.id, "deleting maskset '%s'", opt.maskset);
	return LKST_EXIT_DONE;
}

static const struct lkst_subcommand commands[] = {
	{ "list", list }, { "read", read_out }, { "write", write_in }, { "new", new }, { "select", select_one },
	{ "set", select_one }, { "delete", delete }, { NULL, NULL }
};

int main(int argc, char **argv)
{
	lkst_program = "lkstm";
	return lkst_run_subcommand(argc, argv, commands, help);
}
