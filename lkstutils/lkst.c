// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkst.c - the command that controls recording. Its subcommands are in lkstutils/lkst/.
 */
#include <stddef.h>

#include "cli.h"
#include "lkst/lkst.h"
#include "option.h"

static const char help[] =
"Usage: lkst COMMAND [OPTION...] [ARGUMENT...]\n"
"Records what the kernel does.\n"
"\n"
"Commands:\n"
"  record    record while a command runs, into a file\n"
"  live      print records as they come\n"
"  snapshot  write what the selected buffer holds into a file\n"
"  recover   write what buffers held when a kernel died, from an image of its memory\n"
"  start     start recording into the selected buffer\n"
"  stop      stop recording\n"
"  status    say what is being recorded, and the accounts\n"
"  events    list the events\n"
"  probe     add and remove events at any kernel function\n"
"  mark      put a text of your own into the trace\n"
"  report    make an HTML page of a trace: all measures, graphs, a timeline\n"
"\n"
"Options:\n"
"  -h, --help     this text; 'lkst COMMAND --help' tells about one command\n"
"      --version  print the version\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed, 2 usage, 3 done but records were lost, 4 not available here (no module)\n"
"\n"
"EXAMPLES\n"
"  lkst record -- make -j4            record the default events while make runs\n"
"  lkst record -e SYSCALL -- ls       record system calls\n"
"  lkst live -n 20 PROCESS            print the next 20 process events\n"
"  lkst status                        what is going on\n";

static const struct lkst_subcommand commands[] = {
	{ "record", lkst_cmd_record },
	{ "live", lkst_cmd_live },
	{ "snapshot", lkst_cmd_snapshot },
	{ "recover", lkst_cmd_recover },
	{ "start", lkst_cmd_start },
	{ "stop", lkst_cmd_stop },
	{ "status", lkst_cmd_status },
	{ "events", lkst_cmd_events },
	{ "probe", lkst_cmd_probe },
	{ "mark", lkst_cmd_mark },
	{ "report", lkst_cmd_report },
	{ NULL, NULL }
};

int main(int argc, char **argv)
{
	lkst_program = "lkst";
	return lkst_run_subcommand(argc, argv, commands, help);
}
