// SPDX-License-Identifier: GPL-2.0-only
/*
 * klasy.c - the command that weaves aspects into the running kernel. Its subcommands are in klasy/cmd-*.c.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli.h"
#include "klasy.h"
#include "option.h"

static const char help[] =
"Usage: klasy COMMAND [OPTION...] [ARGUMENT...]\n"
"Runs C code wherever the running kernel accesses a member of a struct, instruction by instruction.\n"
"\n"
"Commands:\n"
"  index    read a kernel's debug information and keep what was found\n"
"  match    list the instructions that an aspect selects\n"
"  build    make a kernel module of an aspect, for this kernel or another one\n"
"  weave    put an aspect, or a module made by build, into the running kernel\n"
"  list     the aspects that are woven\n"
"  status   what a woven aspect did, place by place\n"
"  unweave  take aspects out of the running kernel\n"
"\n"
"Options:\n"
"  -h, --help     this text; 'klasy COMMAND --help' tells about one command\n"
"      --version  print the version\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed, 2 usage, 3 done but some places cannot be woven, 4 not available here\n"
"\n"
"EXAMPLES\n"
"  klasy index                          the kernel that runs here\n"
"  klasy match skb.aspect               where would this aspect run?\n"
"  klasy match -o vmlinux skb.aspect    in another kernel\n"
"  klasy weave receive.aspect           let it run there\n"
"  lkst record -e KLASY_DATA -o t.lkst -- ping -c 3 localhost\n"
"  klasy unweave receive                no more\n";

static const struct lkst_subcommand commands[] = {
	{ "index", klasy_cmd_index },
	{ "match", klasy_cmd_match },
	{ "build", klasy_cmd_build },
	{ "weave", klasy_cmd_weave },
	{ "list", klasy_cmd_list },
	{ "status", klasy_cmd_status },
	{ "unweave", klasy_cmd_unweave },
	{ NULL, NULL }
};

const char *klasy_find_object(const char *given)
{
	static const char *const places[] = {
		"/usr/lib/debug/boot/vmlinux-%s", "/usr/lib/debug/lib/modules/%s/vmlinux",
		"/lib/modules/%s/build/vmlinux",
	};
	static char path[512];
	struct utsname kernel;
	size_t i;

	if (given)
		return given;
	uname(&kernel);
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), places[i], kernel.release);
		if (!access(path, R_OK))
			return path;
	}
	lkst_die(LKST_EXIT_UNAVAILABLE, "looking for the debug information of kernel %s: install the package "
		 "linux-image-%s-dbg, or name a vmlinux with --object", kernel.release, kernel.release);
}

const char *klasy_find_headers(const char *given)
{
	static char path[512];
	struct utsname kernel;
	char makefile[600];

	uname(&kernel);
	snprintf(path, sizeof(path), "%s", given ? given : "");
	if (!given)
		snprintf(path, sizeof(path), "/lib/modules/%s/build", kernel.release);
	snprintf(makefile, sizeof(makefile), "%s/Makefile", path);
	if (!access(makefile, R_OK))
		return path;
	if (given)
		lkst_warn("looking for the kernel's headers: %s is no kernel build directory", given);
	else
		lkst_warn("looking for the kernel's headers: install linux-headers-%s, or name a build directory "
			  "with --build",
			  kernel.release);
	return NULL;
}

int main(int argc, char **argv)
{
	lkst_program = "klasy";
	return lkst_run_subcommand(argc, argv, commands, help);
}
