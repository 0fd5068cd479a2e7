// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkstbuf.c - buffers: where records are kept until somebody reads them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bufferfile.h"
#include "cli.h"
#include "device.h"
#include "option.h"
#include "session.h"
#include "writer.h"

static const char help[] =
"Usage: lkstbuf list\n"
"       lkstbuf create -n NAME [-s SIZE] [--subbuf SIZE] [--mode overwrite|discard]\n"
"       lkstbuf select -b BUFFER\n"
"       lkstbuf delete -b BUFFER\n"
"       lkstbuf flush [-b BUFFER]\n"
"       lkstbuf stat [-b BUFFER]\n"
"       lkstbuf read [-b BUFFER] -o FILE [-c CPU] [-f]\n"
"Shows and changes buffers. Each CPU has its own part of a buffer, made of sub-buffers.\n"
"\n"
"  list     all of them; '*' marks the selected one\n"
"  create   make one; prints its id\n"
"  select   record into this one from now on; the one before keeps what it has\n"
"  delete   remove one that is neither selected nor being read\n"
"  flush    close the sub-buffers in work, so that they can be read\n"
"  stat     the accounts of each CPU, of all buffers or one\n"
"  read     what it holds, into a trace file; it is empty afterwards\n"
"\n"
"Options:\n"
"  -b, --buffer ID|NAME  the buffer; 'flush' and 'read' take the selected one without it\n"
"  -n, --name NAME       'create': its name\n"
"  -s, --size SIZE       'create': bytes for each CPU, rounded up to a power of 2 (1M)\n"
"      --subbuf SIZE     'create': bytes of a sub-buffer, 4K to 1M, a power of 2 (16K)\n"
"      --mode MODE       'create': overwrite keeps the newest records, discard the\n"
"                        oldest (overwrite)\n"
"  -o, --output FILE     'read': the trace; '-' is standard output\n"
"  -c, --cpu CPU         'read': only the part of this CPU\n"
"                        a trace that is there becomes FILE.old\n"
"  -f, --force           'read': replace FILE, whatever it is, and keep nothing of it\n"
"  -h, --help            this text\n"
"      --version         print the version\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed, 2 usage, 3 done but records were lost, 4 there is no module\n"
"\n"
"EXAMPLES\n"
"  lkstbuf create -n night -s 8M --mode overwrite\n"
"  lkstbuf select -b night; lkst start\n"
"  lkstbuf read -b night -o night.lkst\n";

enum { OPT_SUBBUF = LKST_OPT_FIRST, OPT_MODE };

static const struct option longs[] = {
	{ "buffer", required_argument, NULL, 'b' }, { "name", required_argument, NULL, 'n' },
	{ "size", required_argument, NULL, 's' }, { "subbuf", required_argument, NULL, OPT_SUBBUF },
	{ "mode", required_argument, NULL, OPT_MODE }, { "output", required_argument, NULL, 'o' },
	{ "cpu", required_argument, NULL, 'c' }, { "force", no_argument, NULL, 'f' },
	LKST_COMMON_OPTIONS
};

#define DEFAULT_SIZE	(1ULL << 20)
#define DEFAULT_SUBBUF	(1ULL << 14)

static struct options {
	const char *buffer, *name, *output;
	lkst_u64 size, subbuf;
	unsigned int mode;
	int cpu, flags;
} opt = { .size = DEFAULT_SIZE, .subbuf = DEFAULT_SUBBUF, .mode = LKST_OVERWRITE, .cpu = -1 };

static unsigned int parse_mode(const char *text)
{
	if (!strcmp(text, "overwrite"))
		return LKST_OVERWRITE;
	if (strcmp(text, "discard"))
		lkst_usage_error("mode '%s': give overwrite or discard", text);
	return LKST_DISCARD;
}

static void parse_one(int c)
{
	switch (c) {
	case 'b': opt.buffer = optarg; break;
	case 'n': opt.name = optarg; break;
	case 's': opt.size = lkst_parse_size("size", optarg, 8192, 1ULL << 32); break;
	case 'o': opt.output = optarg; break;
	case 'c': opt.cpu = (int)lkst_parse_u64("CPU", optarg, 0, LKST_MAX_CPUS - 1); break;
	case 'f': opt.flags = LKST_WRITER_FORCE; break;
	case OPT_SUBBUF: opt.subbuf = lkst_parse_size("sub-buffer size", optarg, 4096, 1 << 20); break;
	case OPT_MODE: opt.mode = parse_mode(optarg); break;
	}
}

/* @takes: letters of this subcommand; 's' stands for --subbuf and --mode too. */
static void parse(int argc, char **argv, const char *takes)
{
	int c;

	while ((c = lkst_option(argc, argv, ":hb:n:s:o:c:f", longs, help)) != -1) {
		if (!strchr(takes, c == OPT_SUBBUF || c == OPT_MODE ? 's' : c))
			lkst_usage_error("'%s' does not take the option '%s'", lkst_program, argv[optind - 1]);
		parse_one(c);
	}
	if (strchr(takes, 'b') && !opt.buffer && optind < argc)
		opt.buffer = argv[optind++];
	lkst_no_more(argc, argv);
}

static int list(int argc, char **argv)
{
	struct lkst_buffer_info b;
	int fd;

	parse(argc, argv, "");
	fd = lkst_open(LKST_READ, 0);
	printf("buffer_id     size_per_cpu   subbuf   cpus  readers  mode       name\n");
	memset(&b, 0, sizeof(b));
	for (; lkst_next_buffer(fd, &b); b.id++)
		printf("%3u%c(0x%02x) %14llu %8u %6u %8u  %-9s  %.*s\n", b.id,
		       b.flags & LKST_BUFFER_SELECTED ? '*' : ' ', b.id,
		       (lkst_u64)b.nr_subbufs * b.subbuf_size, b.subbuf_size, b.nr_cpus, b.readers,
		       lkst_mode_name(b.mode),
		       LKST_NAME_LEN, b.name);
	return LKST_EXIT_DONE;
}

/* Of two sub-buffers at least. Up, as 'lkst record' does. */
static void round_size(void)
{
	unsigned long long size = 2 * opt.subbuf;

	if (opt.subbuf & (opt.subbuf - 1))
		lkst_usage_error("sub-buffer size %llu: give a power of 2", opt.subbuf);
	while (size < opt.size)
		size *= 2;
	if (size / opt.subbuf > 4096)
		lkst_usage_error("size %llu: more than 4096 sub-buffers of %llu (give a larger --subbuf)", opt.size,
				 opt.subbuf);
	lkst_tell_rounded(opt.size, size, 2 * opt.subbuf);
	opt.size = size;
}

static int create(int argc, char **argv)
{
	struct lkst_buffer_info b;

	parse(argc, argv, "ns");
	if (!opt.name)
		lkst_usage_error("give a name: -n NAME");
	lkst_check_name("buffer", opt.name);
	round_size();
	memset(&b, 0, sizeof(b));
	strcpy(b.name, opt.name);
	b.mode = opt.mode;
	b.subbuf_size = (lkst_u32)opt.subbuf;
	b.nr_subbufs = (lkst_u32)(opt.size / opt.subbuf);
	lkst_request(lkst_open(LKST_CONTROL, 0), LKST_IOC_BUFFER_CREATE, &b,
		     "making buffer '%s' of %llu bytes for each CPU",
		     opt.name, opt.size);
	printf("%u\n", b.id);
	return LKST_EXIT_DONE;
}

/* For what changes one buffer. Returns the open device. */
static int find(int argc, char **argv, struct lkst_buffer_info *b)
{
	int fd;

	parse(argc, argv, "b");
	fd = lkst_open(LKST_CONTROL, 0);
	if (!opt.buffer)
		lkst_usage_error("give a buffer: -b ID|NAME");
	lkst_find_buffer(fd, opt.buffer, b);
	return fd;
}

static int select_one(int argc, char **argv)
{
	struct lkst_buffer_info b;
	int fd = find(argc, argv, &b);

	lkst_refuse_owner(fd, "selecting buffer '%s'", opt.buffer);
	lkst_request(fd, LKST_IOC_BUFFER_SELECT, &b.id, "selecting buffer '%s'", opt.buffer);
	return LKST_EXIT_DONE;
}

static int delete(int argc, char **argv)
{
	struct lkst_buffer_info b;
	int fd = find(argc, argv, &b);

	if (!lkst_ioctl(fd, LKST_IOC_BUFFER_DELETE, &b.id))
		return LKST_EXIT_DONE;
	if (errno == EBUSY)
		lkst_die(LKST_EXIT_FAILED, "deleting buffer '%s': it is %s", opt.buffer,
			 b.flags & LKST_BUFFER_SELECTED ? "selected (select another one first)" :
			 "in use by a reader or a handler");
	lkst_die(LKST_EXIT_FAILED, "deleting buffer '%s': %s", opt.buffer, lkst_explain(errno));
}

static int flush(int argc, char **argv)
{
	struct lkst_buffer_info b;
	int fd;

	parse(argc, argv, "b");
	fd = lkst_open(LKST_READ, 0);
	lkst_find_buffer(fd, opt.buffer, &b);
	lkst_request(fd, LKST_IOC_BUFFER_FLUSH, &b.id, "flushing buffer '%s'", b.name);
	return LKST_EXIT_DONE;
}

static void print_stats(int fd, const struct lkst_buffer_info *b)
{
	struct lkst_cpu_stats s;

	memset(&s, 0, sizeof(s));
	s.buffer = b->id;
	for (; !lkst_ioctl(fd, LKST_IOC_CPU_STATS, &s); s.cpu++)
		printf("%9u %4u %12llu %12llu %12llu %12llu %12llu %10llu\n", b->id, s.cpu, s.stored, s.lost,
		       s.overwritten, s.read,
		       s.unread, s.switches);
}

static int stat_all(int argc, char **argv)
{
	struct lkst_buffer_info b;
	int fd;

	parse(argc, argv, "b");
	fd = lkst_open(LKST_READ, 0);
	printf("buffer_id  cpu       stored         lost  overwritten         read       unread   switches\n");
	if (opt.buffer) {
		lkst_find_buffer(fd, opt.buffer, &b);
		print_stats(fd, &b);
		return LKST_EXIT_DONE;
	}
	memset(&b, 0, sizeof(b));
	for (; lkst_next_buffer(fd, &b); b.id++)
		print_stats(fd, &b);
	return LKST_EXIT_DONE;
}

static int read_out(int argc, char **argv)
{
	parse(argc, argv, "bocf");
	if (!opt.output)
		lkst_usage_error("give a file: -o FILE");
	return lkst_buffer_to_file(opt.buffer, opt.output, opt.cpu, opt.flags, 0);
}

static const struct lkst_subcommand commands[] = {
	{ "list", list }, { "create", create }, { "select", select_one }, { "set", select_one }, { "delete", delete },
	{ "flush", flush }, { "stat", stat_all }, { "read", read_out }, { NULL, NULL }
};

int main(int argc, char **argv)
{
	lkst_program = "lkstbuf";
	return lkst_run_subcommand(argc, argv, commands, help);
}
