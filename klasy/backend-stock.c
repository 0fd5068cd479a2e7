// SPDX-License-Identifier: GPL-2.0-only
/*
 * backend-stock.c - stock kernels for x86-64: kprobes that become jumps where they can, a kernel that moves, modules as
 * targets.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "backend.h"
#include "cli.h"
#include "embed.h"
#include "klasy.h"
#include "source.h"

EMBED(klasy_runtime_c, "klasy/module/runtime.c");
EMBED(klasy_hit_h, "klasy/module/hit.h");
EMBED(klasy_store_h, "klasy/module/store.h");
EMBED(klasy_runtime_h, "klasy/module/runtime.h");
EMBED(klasy_compat_h, "klasy/module/compat.h");

static const struct klasy_file files[] = {
	{ "runtime.c", klasy_runtime_c }, { "hit.h", klasy_hit_h }, { "store.h", klasy_store_h },
	{ "runtime.h", klasy_runtime_h }, { "compat.h", klasy_compat_h },
};

/* What the runtime itself calls: a probe there would be met inside of each hit. */
static const char *const never[] = {
	"copy_from_kernel_nofault", "copy_from_kernel_nofault_allowed", "ktime_get_real_fast_ns", NULL
};
static const char *const never_begin[] = { NULL };

static bool serves(const struct klasy_object *o)
{
	return klasy_object_machine(o) == &klasy_x86_64;
}

/* The handlers of one advice: what hit.h has, with the advice as a constant. */
static void write_advice(FILE *f, const struct klasy_source *g, size_t i, unsigned long target_size)
{
	const struct klasy_advice *a = &g->aspect.advice[i];

	fprintf(f, "static const struct klasy_advice klasy_advice_%zu;\nKLASY_ON_BEFORE(%zu)\n", i, i);
	if (a->before.text)
		fprintf(f, "KLASY_ON_EVENT(%zu)\n", i);
	if (a->after.text)
		fprintf(f, "KLASY_ON_AFTER(%zu)\n", i);
	fprintf(f, "static const struct klasy_advice klasy_advice_%zu = {\n\t.on_before = klasy_on_before_%zu,\n", i,
		i);
	if (a->before.text)
		fprintf(f, "\t.before = klasy_run_before_%zu, .on_event = klasy_on_event_%zu,\n", i, i);
	if (a->after.text)
		fprintf(f, "\t.after = klasy_run_after_%zu, .on_after = klasy_on_after_%zu,\n"
			"\t.on_behind = klasy_on_behind_%zu,\n", i, i, i);
	fprintf(f, "\t.target_size = %lu, .bound = %d\n};\n", target_size, g->bound[i].n > 0);
}

/*
 * Addresses of the kernel that stand in an operand move with the kernel: its image is linked into the last 2 GB. In a
 * module the loader writes them.
 */
static bool moves(const struct klasy_source *g, const struct klasy_match *m)
{
	uint64_t begin;

	if (m->class == KLASY_ENTRY || m->gs)
		return false;
	if (klasy_object_module(g->object))
		return klasy_object_loose(g->object, m->pc, m->length) &&
		       klasy_object_place(g->object, (uint64_t)m->target, &begin);
	return (m->base == KLASY_NO_REG && m->index == KLASY_NO_REG) ||
	       (m->target < -0x40000000LL && m->target >= -0x80000000LL);
}

static void write_site(FILE *f, const struct klasy_source *g, const struct klasy_planned *p)
{
	const struct klasy_match *m = p->match;
	const uint8_t *skipped = p->back ? klasy_object_code(g->object, m->pc - p->back, m->pc) : NULL;
	int i;

	fprintf(f, " .gs = %d, .moves = %d, .length = %u, .code = {", m->gs, moves(g, m), m->length);
	for (i = 0; i < m->length; i++)
		fprintf(f, "%s0x%02x", i ? ", " : " ", m->code[i]);
	fprintf(f, " }, .loose = 0x%x,\n\t  .behind = %" PRIu64 ", .back = %u, .skipped_loose = 0x%x, .skipped = {",
		klasy_object_loose(g->object, m->pc, m->length), p->behind ? p->behind - m->pc : 0, p->back,
		klasy_object_loose(g->object, m->pc - p->back, p->back));
	for (i = 0; skipped && i < p->back; i++)
		fprintf(f, "%s0x%02x", i ? ", " : " ", skipped[i]);
	fprintf(f, " }, .obstacle = \"%s\"", klasy_obstacle_name(p->obstacle));
}

/* The sections of a module whose addresses are wanted: not those that are there while it starts only. */
static void write_sections(FILE *f, const struct klasy_source *g)
{
	const char *name, *comma = "";
	uint64_t begin, end;
	unsigned int n = 0;
	size_t i;

	fputs("const struct klasy_section klasy_sections[] = {\n", f);
	for (i = 0; klasy_object_place_next(g->object, i, &begin, &end); i++, n++)
		fprintf(f, "\t{ 0x%" PRIx64 ", 0x%" PRIx64 " },\n", begin, end);
	fprintf(f, "};\nconst unsigned int klasy_nr_sections = %u;\nconst u64 klasy_anchor = 0;\n"
		"MODULE_INFO(klasy_module, \"%s\");\nMODULE_INFO(klasy_sections, \"", n,
		klasy_object_module(g->object));
	for (i = 0; (name = klasy_object_place_next(g->object, i, &begin, &end)); i++, comma = ",")
		fprintf(f, "%s%s", comma, name);
	fputs("\");\n", f);
}

/* What tells how far things moved from where they were linked. */
static bool write_kernel(FILE *f, const struct klasy_source *g)
{
	sqlite3_stmt *q;
	bool found;

	if (klasy_object_module(g->object)) {
		write_sections(f, g);
		return true;
	}
	q = klasy_store_query(g->db, "SELECT entry FROM function WHERE name = 'register_kprobe'", NULL);
	found = klasy_store_next(q);
	if (found)
		fprintf(f, "const struct klasy_section klasy_sections[1];\nconst unsigned int klasy_nr_sections = 0;\n"
			"const u64 klasy_anchor = 0x%" PRIx64 ";\n", (uint64_t)sqlite3_column_int64(q, 0));
	else
		lkst_warn("looking for register_kprobe: this kernel has no kprobes, nothing can be woven into it");
	sqlite3_finalize(q);
	return found;
}

static void write_makefile(FILE *f, const struct klasy_source *g)
{
	/*
	 * The runtime and the bodies must not be traced themselves. An advice declares where it likes, as its authors
	 * did, and a body that leaves a name alone is none of the compiler's business.
	 */
	fprintf(f, "obj-m := klasy_%s.o\nklasy_%s-y := runtime.o sites.o advice.o\nccflags-remove-y += "
		"$(CC_FLAGS_FTRACE)\n"
		"ccflags-y := -I$(src)\n"
		"CFLAGS_sites.o := -Wno-unused -fno-stack-protector\n"
		"CFLAGS_advice.o := -Wno-declaration-after-statement -Wno-unused -Wno-error -fno-stack-protector "
		"-fno-partial-inlining\n"
		"CFLAGS_runtime.o := -fno-stack-protector\n", g->name, g->name);
}

static bool find_make(const char *headers, struct klasy_make *make)
{
	const char *folder = klasy_find_headers(headers);

	snprintf(make->program, sizeof(make->program), "make");
	snprintf(make->folder, sizeof(make->folder), "%s", folder ? folder : "");
	return folder;
}

const struct klasy_backend klasy_backend_stock = {
	.kernels = "stock kernels for x86-64", .serves = serves, .chooses_place = true,
	.never = never, .never_begin = never_begin,
	.file = files, .files = sizeof(files) / sizeof(files[0]), .makefile_name = "Kbuild",
	.write_makefile = write_makefile, .write_advice = write_advice, .write_site = write_site,
	.write_kernel = write_kernel, .find_make = find_make,
};
