// SPDX-License-Identifier: GPL-2.0-only
/*
 * backend-26.c - 2.6.9 for i386: kprobes by breakpoint, which ask nothing, and a compiler whose debug information says
 * too little of variables. The kernel runs where it was linked.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../kmod/attach-hook-forbidden.h"
#include "backend.h"
#include "cli.h"
#include "embed.h"
#include "source.h"

EMBED(klasy_26_runtime_c, "klasy/module/v26/runtime.c");
EMBED(klasy_26_hit_h, "klasy/module/v26/hit.h");
EMBED(klasy_26_store_h, "klasy/module/v26/store.h");
EMBED(klasy_26_runtime_h, "klasy/module/v26/runtime.h");
EMBED(klasy_26_compat_h, "klasy/module/v26/compat.h");
EMBED(klasy_26_hold_h, "kmod/attach-hook-hold.h");
EMBED(klasy_26_insn_c, "kmod/attach-hook-insn.c");
EMBED(klasy_26_insn_h, "kmod/attach-hook-insn.h");

static const struct klasy_file files[] = {
	{ "runtime.c", klasy_26_runtime_c }, { "hit.h", klasy_26_hit_h }, { "store.h", klasy_26_store_h },
	{ "runtime.h", klasy_26_runtime_h }, { "compat.h", klasy_26_compat_h },
	{ "attach-hook-hold.h", klasy_26_hold_h },
	{ "attach-hook-insn.c", klasy_26_insn_c }, { "attach-hook-insn.h", klasy_26_insn_h },
};

/* What is reached from a body takes its probe off for good: what runs when the runtime tries an address, and clocks. */
static const char *const never[] = {
	LKST_FORBIDDEN, "__copy_from_user_ll", "fixup_exception", "search_exception_tables", "search_extable",
	"search_module_extables", "monotonic_clock", "do_gettimeofday", NULL
};
static const char *const never_begin[] = { LKST_FORBIDDEN_BEGINNINGS, NULL };

static bool serves(const struct klasy_object *o)
{
	return klasy_object_machine(o) == &klasy_i386 &&
	       !strncmp(klasy_object_banner(o, NULL), "Linux version 2.6.", 18);
}

static void write_advice(FILE *f, const struct klasy_source *g, size_t i, unsigned long target_size)
{
	fprintf(f, "static const struct klasy_advice klasy_advice_%zu;\nKLASY_ON_BEFORE(%zu)\n", i, i);
	fprintf(f, "static const struct klasy_advice klasy_advice_%zu = {\n\t.on_before = klasy_on_before_%zu, "
		".before = klasy_run_before_%zu,\n\t.target_size = %lu, .bound = %d\n};\n", i, i, i, target_size,
		g->bound[i].n > 0);
}

static void write_site(FILE *f, const struct klasy_source *g, const struct klasy_planned *p)
{
	const struct klasy_match *m = p->match;
	uint8_t code[16], length = klasy_match_code(g->object, m->pc, code);
	int i;

	fprintf(f, " .entry = 0x%" PRIx64 ", .place = \"%s+0x%" PRIx64 "\", .length = %u, .code = {", m->entry,
		m->function, m->pc - m->entry, length);
	for (i = 0; i < length; i++)
		fprintf(f, "%s0x%02x", i ? ", " : " ", code[i]);
	fputs(" }", f);
}

static bool write_kernel(FILE *f, const struct klasy_source *g)
{
	sqlite3_stmt *q = klasy_store_query(g->db, "SELECT 1 FROM function WHERE name = 'register_kprobe'", NULL);
	bool found = klasy_store_next(q);

	sqlite3_finalize(q);
	if (found)
		fprintf(f, "struct klasy_point klasy_points[%zu];\n", g->site.n);
	else
		lkst_warn("looking for register_kprobe: this kernel is built without kprobes (CONFIG_KPROBES), nothing "
			  "can be woven into it");
	return found;
}

static void write_makefile(FILE *f, const struct klasy_source *g)
{
	/* A probe at the entry of a function of ours would be reached within each hit; no tracer of 2.6.9 sets one. */
	fprintf(f, "obj-m := klasy_%s.o\nklasy_%s-objs := runtime.o sites.o advice.o attach-hook-insn.o\n"
		"EXTRA_CFLAGS := -I$(src)\nCFLAGS_sites.o := -Wno-unused\n"
		"CFLAGS_advice.o := -Wno-declaration-after-statement -Wno-unused\n", g->name, g->name);
}

/* What ci/legacy-kernel left has make with the compiler of that kernel; a tree gets what GNUMAKEFLAGS says. */
static bool find_make(const char *headers, struct klasy_make *make)
{
	char path[600];

	memset(make, 0, sizeof(*make));
	if (!headers) {
		lkst_warn("looking for the kernel's tree: say with --build where this kernel was built");
		return false;
	}
	snprintf(make->program, sizeof(make->program), "%s/make", headers);
	if (!access(make->program, X_OK))
		return true;
	snprintf(path, sizeof(path), "%s/Makefile", headers);
	if (access(path, R_OK)) {
		lkst_warn("looking for the kernel's tree: %s is none, nor what ci/legacy-kernel left", headers);
		return false;
	}
	snprintf(make->program, sizeof(make->program), "make");
	snprintf(make->folder, sizeof(make->folder), "%s", headers);
	return true;
}

const struct klasy_backend klasy_backend_26 = {
	.kernels = "2.6.9", .serves = serves,
	.cannot = {
		[KLASY_ASK_AFTER] = "its kprobes take a fault in a body behind the access for one of the access",
		[KLASY_ASK_LOCAL_VAR] = "its compiler does not tell where variables are at each instruction",
		[KLASY_ASK_EVENT] = "its bodies run under the lock of kprobes, which events do not take",
		[KLASY_ASK_SOURCE] = "its compiler's output cannot be read",
	},
	.never = never, .never_begin = never_begin,
	.file = files, .files = sizeof(files) / sizeof(files[0]), .makefile_name = "Makefile",
	.write_makefile = write_makefile, .write_advice = write_advice, .write_site = write_site,
	.write_kernel = write_kernel, .find_make = find_make,
};
