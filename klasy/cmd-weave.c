// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd-weave.c - klasy build and klasy weave: make a module of an aspect, and put it into the running kernel.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "generate.h"
#include "klasy.h"
#include "option.h"
#include "print.h"
#include "run.h"
#include "weave.h"

enum { DEFAULT_SITES = 1000, DEFAULT_BREAKER = 25, OPT_BUILD = LKST_OPT_FIRST, OPT_MAX_SITES, OPT_TRUSTED,
	OPT_BREAKER, OPT_SKIP_UNKNOWN, OPT_LINE };

static const char build_help[] =
"Usage: klasy build [OPTION...] -o MODULE.ko ASPECT\n"
"Makes a kernel module of an aspect, for this kernel or another one. Touches no kernel: 'klasy weave MODULE.ko' does.\n"
"\n"
"Options:\n"
"  -a, --alias=OLD=NEW    the function OLD of the aspect is NEW in this kernel; may be repeated\n"
"      --build=DIR        build directory of the kernel; default /lib/modules/$(uname -r)/build\n"
"  -d, --deny=FUNCTION    leave out the places in this function; may be repeated\n"
"      --max-sites=N      refuse more places than this (1000)\n"
"  -n, --name=NAME        name of the aspect; default its own, or that of its file\n"
"      --object=FILE      vmlinux with debug information; default: of the running kernel\n"
"  -o, --output=FILE      the module\n"
"  -q, --quiet            print nothing but errors\n"
"      --line             also where code of a line begins whose access has no known instruction\n"
"      --skip-unknown     leave out the places where a local_var or argument is not known\n"
"      --trusted          do not look whether the target can be read before a body uses it\n"
"  -w, --within=FUNCTION  only the places in this function, or inlined into it; may be repeated\n"
"  -h, --help             this text\n"
"      --version          print the version\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 the aspect has an error or selects nothing, 2 usage, 3 done, but places were left out,\n"
"  4 no debug information, build directory or kprobes for that kernel\n"
"\n"
"EXAMPLES\n"
"  klasy build -o receive.ko receive.aspect\n"
"  klasy build --object vmlinux --build linux-6.1 -o receive.ko receive.aspect    for another machine\n";

static const char weave_help[] =
"Usage: klasy weave [OPTION...] ASPECT|MODULE.ko\n"
"Puts an aspect into the running kernel: from now on its bodies run at the places it selects.\n"
"What they gather by print and STORE_DATA are records of the tracer: 'lkst record -e KLASY_DATA'.\n"
"\n"
"Options:\n"
"  -a, --alias=OLD=NEW    the function OLD of the aspect is NEW in this kernel; may be repeated\n"
"      --breaker=PERCENT  stop it when its bodies take more of a CPU's time than this (25); 0: never\n"
"      --build=DIR        build directory of the kernel; default /lib/modules/$(uname -r)/build\n"
"  -d, --deny=FUNCTION    leave out the places in this function; may be repeated\n"
"  -j, --json             say as JSON what was woven\n"
"      --max-sites=N      refuse more places than this (1000)\n"
"  -n, --name=NAME        name of the aspect; default its own, or that of its file\n"
"      --object=FILE      vmlinux with debug information; default: of the running kernel\n"
"  -q, --quiet            print nothing but errors\n"
"      --line             also where code of a line begins whose access has no known instruction\n"
"      --skip-unknown     leave out the places where a local_var or argument is not known\n"
"      --trusted          do not look whether the target can be read before a body uses it\n"
"  -w, --within=FUNCTION  only the places in this function, or inlined into it; may be repeated\n"
"  -h, --help             this text\n"
"      --version          print the version\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed: nothing is woven, 2 usage, 3 done, but places were left out, 4 not possible on this kernel\n"
"\n"
"EXAMPLES\n"
"  klasy weave receive.aspect\n"
"  klasy weave -a inode_change_ok=setattr_prepare inode.aspect\n"
"  klasy weave skb.ko                      made by 'klasy build', perhaps elsewhere\n";

static const struct option build_longs[] = {
	{ "alias", required_argument, NULL, 'a' },
	{ "build", required_argument, NULL, OPT_BUILD },
	{ "deny", required_argument, NULL, 'd' },
	{ "max-sites", required_argument, NULL, OPT_MAX_SITES },
	{ "name", required_argument, NULL, 'n' },
	{ "object", required_argument, NULL, 'O' },
	{ "output", required_argument, NULL, 'o' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "line", no_argument, NULL, OPT_LINE },
	{ "skip-unknown", no_argument, NULL, OPT_SKIP_UNKNOWN },
	{ "trusted", no_argument, NULL, OPT_TRUSTED },
	{ "within", required_argument, NULL, 'w' },
	LKST_COMMON_OPTIONS
};

static const struct option weave_longs[] = {
	{ "alias", required_argument, NULL, 'a' },
	{ "breaker", required_argument, NULL, OPT_BREAKER },
	{ "build", required_argument, NULL, OPT_BUILD },
	{ "deny", required_argument, NULL, 'd' },
	{ "json", no_argument, NULL, 'j' },
	{ "max-sites", required_argument, NULL, OPT_MAX_SITES },
	{ "name", required_argument, NULL, 'n' },
	{ "object", required_argument, NULL, 'O' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "line", no_argument, NULL, OPT_LINE },
	{ "skip-unknown", no_argument, NULL, OPT_SKIP_UNKNOWN },
	{ "trusted", no_argument, NULL, OPT_TRUSTED },
	{ "within", required_argument, NULL, 'w' },
	LKST_COMMON_OPTIONS
};

/* Options that both commands have. */
static void build_option(struct klasy_build *b, int c)
{
	switch (c) {
	case 'a':
		klasy_add_word(&b->aliases, optarg);
		break;
	case 'd':
		klasy_add_word(&b->denied, optarg);
		break;
	case 'w':
		klasy_add_word(&b->within, optarg);
		break;
	case 'n':
		b->name = optarg;
		break;
	case 'O':
		b->object = optarg;
		break;
	case 'q':
		b->quiet = true;
		break;
	case OPT_LINE:
		b->lines = true;
		break;
	case OPT_BUILD:
		b->headers = optarg;
		break;
	case OPT_MAX_SITES:
		b->max_sites = (unsigned long)lkst_parse_u64("number of places", optarg, 1, 65535);
		break;
	case OPT_SKIP_UNKNOWN:
		b->skip_unknown = true;
		break;
	case OPT_TRUSTED:
		b->trusted = true;
		break;
	}
}

int klasy_cmd_build(int argc, char **argv)
{
	struct klasy_build b = { .max_sites = DEFAULT_SITES };
	const char *module = NULL;
	int c, status;

	while ((c = lkst_option(argc, argv, ":a:d:hn:o:qw:", build_longs, build_help)) != -1) {
		if (c == 'o')
			module = optarg;
		else
			build_option(&b, c);
	}
	if (optind + 1 != argc)
		lkst_usage_error("give one file with an aspect");
	if (!module)
		lkst_usage_error("give the module's file with --output");
	b.aspect = argv[optind];
	status = klasy_build_module(&b, module);
	free(b.aliases.at);
	free(b.denied.at);
	free(b.within.at);
	return status;
}

static bool is_module(const char *path)
{
	char magic[4] = "";
	FILE *f = fopen(path, "re");
	bool elf = f && fread(magic, 1, 4, f) == 4 && !memcmp(magic, "\177ELF", 4);

	if (f)
		fclose(f);
	return elf;
}

/* Returns whether the kernel took all places. */
static bool report(const char *name, bool json, bool quiet)
{
	struct klasy_status s;
	size_t refused = 0, i;

	if (!klasy_status_read(name, &s))
		return true;
	for (i = 0; i < s.sites; i++)
		refused += s.site[i].err != 0;
	if (json) {
		printf("{\"name\":");
		lkst_json_string(stdout, name);
		printf(",\"aspect\":%u,\"sites\":%zu,\"refused\":%zu}\n", s.aspect, s.sites - refused, refused);
	} else if (!quiet) {
		printf("%s: woven at %zu places", name, s.sites - refused);
		printf(refused ? ", %zu refused by the kernel ('klasy status %s' has them)\n" : "\n", refused, name);
		if (s.handler)
			printf("%s: its events come from masksets that name its handler: 'lkstm new ... -e EVENT "
			       "-H 0x%x'\n", name, s.handler);
	}
	klasy_status_free(&s);
	return !refused;
}

int klasy_cmd_weave(int argc, char **argv)
{
	struct klasy_build b = { .max_sites = DEFAULT_SITES };
	char name[KLASY_NAME_LEN] = "", module[64] = "/tmp/klasy-XXXXXX";
	unsigned int breaker = DEFAULT_BREAKER;
	int c, fd, built = LKST_EXIT_DONE, status;
	bool json = false;

	while ((c = lkst_option(argc, argv, ":a:d:hjn:qw:", weave_longs, weave_help)) != -1) {
		if (c == 'j')
			json = true;
		else if (c == OPT_BREAKER)
			breaker = (unsigned int)lkst_parse_u64("per cent", optarg, 0, 100);
		else
			build_option(&b, c);
	}
	if (optind + 1 != argc)
		lkst_usage_error("give one file: an aspect, or a module of 'klasy build'");
	b.aspect = argv[optind];
	b.quiet |= json;
	if (is_module(b.aspect)) {
		if (b.name || b.object || b.headers || b.aliases.n || b.denied.n || b.within.n || b.trusted ||
		    b.skip_unknown || b.lines)
			lkst_usage_error("%s is built already: give --name, --alias, --deny, --within, --object, "
					 "--build, --line, --skip-unknown and --trusted to 'klasy build'", b.aspect);
		status = klasy_load(b.aspect, breaker, name);
	} else {
		fd = mkstemp(module);
		if (fd < 0)
			lkst_die(LKST_EXIT_FAILED, "making a file in /tmp: %m");
		close(fd);
		klasy_unfinished(module);
		built = klasy_build_module(&b, module);
		status = built == LKST_EXIT_LOSSES ? LKST_EXIT_DONE : built;
		if (!status)
			status = klasy_load(module, breaker, name);
		unlink(module);
		klasy_finished(module);
	}
	free(b.aliases.at);
	free(b.denied.at);
	free(b.within.at);
	if (status)
		return status;
	return report(name, json, b.quiet) ? built : LKST_EXIT_LOSSES;
}
