// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe.c - lkst probe: events at places chosen at run time.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "device.h"
#include "lkst.h"
#include "option.h"

static const char help[] =
"Usage: lkst probe add FUNCTION[+OFFSET]\n"
"       lkst probe del ID\n"
"       lkst probe list\n"
"Makes an event LKST_PROBE of any place in the kernel: each time it is reached, the probe's\n"
"id, the address and three argument registers are recorded. OFFSET is in bytes, at an\n"
"instruction's start. 'add' prints the id.\n"
"\n"
"Options:\n"
"  -h, --help  this text\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed, 2 usage, 4 there is no module\n"
"\n"
"EXAMPLES\n"
"  lkst probe add vfs_read\n"
"  lkst probe add tcp_sendmsg+0x10\n"
"  lkst probe list\n"
"  lkst probe del 1\n";

static const struct option longs[] = { LKST_COMMON_OPTIONS };

static const char *why(int error)
{
	switch (error) {
	case ENOENT:
		return "the kernel has no such function";
	case EILSEQ:
		return "no instruction begins there";
	case ERANGE:
		return "the function ends before";
	case EOPNOTSUPP:
		return "the kernel does not allow a probe there";
	default:
		return lkst_explain(error);
	}
}

static int add(const char *place)
{
	struct lkst_probe_info p;
	const char *plus = strchr(place, '+');
	size_t len = plus ? (size_t)(plus - place) : strlen(place);

	memset(&p, 0, sizeof(p));
	if (!len || len >= sizeof(p.symbol))
		lkst_usage_error("'%s': give a function's name", place);
	memcpy(p.symbol, place, len);
	if (plus)
		p.offset = lkst_parse_u64("offset", plus + 1, 0, 1 << 24);
	if (lkst_ioctl(lkst_open(LKST_CONTROL, 0), LKST_IOC_PROBE_ADD, &p))
		lkst_die(LKST_EXIT_FAILED, "adding a probe at '%s': %s", place, why(errno));
	printf("%u\n", p.id);
	return LKST_EXIT_DONE;
}

static int del(const char *text)
{
	lkst_u32 id = (lkst_u32)lkst_parse_u64("probe", text, 0, LKST_ANY_ID - 1);

	if (lkst_ioctl(lkst_open(LKST_CONTROL, 0), LKST_IOC_PROBE_DEL, &id))
		lkst_die(LKST_EXIT_FAILED, "removing probe %u: %s", id,
			 errno == ENOENT ? "there is none ('lkst probe list' shows them)" : lkst_explain(errno));
	return LKST_EXIT_DONE;
}

static int list(void)
{
	int fd = lkst_open(LKST_READ, 0);
	struct lkst_probe_info p;

	memset(&p, 0, sizeof(p));
	printf("probe_id         hits       missed  place\n");
	for (; !lkst_ioctl(fd, LKST_IOC_PROBE_NEXT, &p); p.id++)
		printf("%8u %12llu %12llu  %.*s+0x%llx\n", p.id, p.hits, p.missed, LKST_SYMBOL_LEN, p.symbol, p.offset);
	return LKST_EXIT_DONE;
}

int lkst_cmd_probe(int argc, char **argv)
{
	const char *word;
	int rest;

	while (lkst_option(argc, argv, "+:h", longs, help) != -1)
		;
	word = optind < argc ? argv[optind] : "";
	rest = argc - optind - 1;
	if (!strcmp(word, "list") && !rest)
		return list();
	if (!strcmp(word, "add") && rest == 1)
		return add(argv[optind + 1]);
	if (!strcmp(word, "del") && rest == 1)
		return del(argv[optind + 1]);
	lkst_usage_error("say 'add FUNCTION[+OFFSET]', 'del ID' or 'list'");
}
