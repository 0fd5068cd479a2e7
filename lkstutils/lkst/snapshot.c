// SPDX-License-Identifier: GPL-2.0-only
/*
 * snapshot.c - lkst snapshot: the flight recorder's past into a file, recording goes on.
 */
#include "bufferfile.h"
#include "cli.h"
#include "lkst.h"
#include "option.h"
#include "writer.h"

#define DEFAULT_FILE	"trace.lkst"

static const char help[] =
"Usage: lkst snapshot [OPTION...]\n"
"Writes what a buffer holds into a trace file and empties it. Recording goes on.\n"
"Needs to be root or a member of the group 'lkst'.\n"
"\n"
"Options:\n"
"  -o, --output FILE     the trace (trace.lkst); '-' is standard output\n"
"  -b, --buffer ID|NAME  the buffer (the selected one)\n"
"  -c, --cpu CPU         only the part of this CPU\n"
"                        a trace that is there becomes FILE.old\n"
"  -f, --force           replace FILE, whatever it is, and keep nothing of it\n"
"  -q, --quiet           no summary, warnings only\n"
"  -h, --help            this text\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed, 2 usage, 3 done but records were lost, 4 there is no module\n"
"\n"
"EXAMPLES\n"
"  lkst snapshot -o before-the-hang.lkst\n";

static const struct option longs[] = {
	{ "output", required_argument, NULL, 'o' }, { "buffer", required_argument, NULL, 'b' },
	{ "cpu", required_argument, NULL, 'c' }, { "force", no_argument, NULL, 'f' },
	{ "quiet", no_argument, NULL, 'q' },
	LKST_COMMON_OPTIONS
};

int lkst_cmd_snapshot(int argc, char **argv)
{
	const char *file = DEFAULT_FILE, *buffer = NULL;
	int c, cpu = -1, flags = 0, quiet = 0;

	while ((c = lkst_option(argc, argv, ":ho:b:c:fq", longs, help)) != -1) {
		switch (c) {
		case 'o': file = optarg; break;
		case 'b': buffer = optarg; break;
		case 'c': cpu = (int)lkst_parse_u64("CPU", optarg, 0, LKST_MAX_CPUS - 1); break;
		case 'f': flags = LKST_WRITER_FORCE; break;
		case 'q': quiet = 1; break;
		}
	}
	lkst_no_more(argc, argv);
	return lkst_buffer_to_file(buffer, file, cpu, flags, quiet);
}
