// SPDX-License-Identifier: GPL-2.0-only
/*
 * generate.c - makes a kernel module of an aspect and the places it selects: tables of sites, the bodies as functions
 * with typed targets, and the runtime, which is a part of this program. The kernel's own makefiles compile it.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lkst/event.h>

#include "cli.h"
#include "generate.h"
#include "klasy.h"
#include "match.h"
#include "weave.h"

/* The files of klasy/module/, as they are. */
#define EMBED(name, path)						\
	asm(".section .rodata\n" #name ":\n.incbin \"" path "\"\n.byte 0\n.previous\n");	\
	extern const char name[]
EMBED(klasy_runtime_c, "klasy/module/runtime.c");
EMBED(klasy_runtime_h, "klasy/module/runtime.h");
EMBED(klasy_advice_h, "klasy/module/advice.h");
EMBED(klasy_compat_h, "klasy/module/compat.h");

/* record() in runtime.c lays it out by hand. */
_Static_assert(LKST_UNITS_KLASY_DATA == 6, "KLASY_DATA has the size that the runtime writes");

/* What the runtime itself calls: a probe there would be met inside of each hit. */
static const char *const never[] = {
	"copy_from_kernel_nofault", "copy_from_kernel_nofault_allowed", "ktime_get_real_fast_ns",
};

struct gen {
	const struct klasy_build *b;
	struct klasy_aspect aspect;
	char name[KLASY_NAME_LEN];
	struct klasy_object *object;
	sqlite3 *db;
	struct klasy_matches *matches;	/* by advice */
	char dir[256];
	unsigned long sites, init, denied, outside;
};

void klasy_add_word(struct klasy_words *words, char *word)
{
	words->at = lkst_xrealloc(words->at, (words->n + 1) * sizeof(*words->at));
	words->at[words->n++] = word;
}

static void rename_functions(struct klasy_pointcut *p, const char *old, size_t n, const char *name)
{
	if ((p->word == KLASY_EXECUTION || p->word == KLASY_WITHIN_FUNCTION) && strlen(p->name) == n &&
	    !memcmp(p->name, old, n)) {
		free(p->name);
		p->name = strdup(name);
		if (!p->name)
			lkst_die(LKST_EXIT_FAILED, "renaming functions: there is no more memory");
	}
	if (p->left)
		rename_functions(p->left, old, n, name);
	if (p->right)
		rename_functions(p->right, old, n, name);
}

void klasy_alias(struct klasy_aspect *aspect, const struct klasy_words *aliases)
{
	size_t i, k;

	for (k = 0; k < aliases->n; k++) {
		const char *old = aliases->at[k], *equals = strchr(old, '=');

		if (!equals || equals == old || !equals[1])
			lkst_usage_error("'%s' is no alias: give OLD=NEW, the function's name in the aspect and in "
					 "the kernel", old);
		for (i = 0; i < aspect->advices; i++)
			rename_functions(aspect->advice[i].pointcut, old, (size_t)(equals - old), equals + 1);
	}
}

/* ---- names ---- */

static bool choose_name(struct gen *g)
{
	const char *from = g->b->name ? g->b->name : g->aspect.name, *end;
	size_t i, n;

	if (!from) {
		from = strrchr(g->b->aspect, '/');
		from = from ? from + 1 : g->b->aspect;
	}
	end = strchrnul(from, '.');
	n = (size_t)(end - from);
	if (g->b->name && *end) {
		lkst_warn("naming the aspect '%s': letters, digits and '_' only", from);
		return false;
	}
	if (!n || n >= sizeof(g->name)) {
		lkst_warn("naming the aspect '%s': give a --name of 1 to %zu characters", from, sizeof(g->name) - 1);
		return false;
	}
	for (i = 0; i < n; i++) {
		if (!isalnum((unsigned char)from[i]) && from[i] != '_' && g->b->name) {
			lkst_warn("naming the aspect '%s': letters, digits and '_' only", from);
			return false;
		}
		g->name[i] = isalnum((unsigned char)from[i]) ? from[i] : '_';
	}
	return true;
}

/* ---- what an advice binds ---- */

static const struct klasy_pointcut *find_word(const struct klasy_pointcut *p, enum klasy_word word)
{
	const struct klasy_pointcut *found;

	if (p->word == word)
		return p;
	found = p->left ? find_word(p->left, word) : NULL;
	return found || !p->right ? found : find_word(p->right, word);
}

static bool refuse(const struct gen *g, struct klasy_place place, const char *what)
{
	fprintf(stderr, "%s:%u:%u: %s\n", g->b->aspect, place.line, place.column, what);
	return false;
}

static bool check_advice(const struct gen *g, const struct klasy_advice *a, const struct klasy_matches *m)
{
	const struct klasy_pointcut *p;
	size_t i;

	p = find_word(a->pointcut, KLASY_LOCAL_VAR);
	if (p)
		return refuse(g, p->place, "local_var cannot be woven yet: use what target leads to");
	p = find_word(a->pointcut, KLASY_ARGUMENT);
	if (p)
		return refuse(g, p->place, "argument cannot be woven yet: use access with target");
	p = find_word(a->pointcut, KLASY_EVENT);
	if (p)
		return refuse(g, p->place, "event cannot be woven yet: 'lkst record -e' records it");
	p = find_word(a->pointcut, KLASY_TARGET);
	for (i = 0; i < m->n; i++) {
		if (m->at[i].class != KLASY_ENTRY)
			continue;
		if (p)
			return refuse(g, p->place, "target has no meaning for execution: there is no access");
		if (a->after.text)
			return refuse(g, a->after.place, "after an execution cannot be woven: only <before>");
	}
	return true;
}

/* All sites of an advice have one struct, or the target is a void *. Size: of the largest struct that bears the
 * name. */
static const char *target_type(const struct gen *g, const struct klasy_matches *m, unsigned long *size, bool *is_union)
{
	const char *name = NULL;
	bool same = true;
	size_t i;

	*size = 0;
	*is_union = false;
	for (i = 0; i < m->n; i++) {
		sqlite3_stmt *q;

		if (!m->at[i].structure || (name && !strcmp(name, m->at[i].structure)))
			continue;
		same &= !name;
		name = m->at[i].structure;
		q = klasy_store_query(g->db, "SELECT max(size), max(is_union) FROM struct WHERE name = ?", name, NULL);
		if (klasy_store_next(q)) {
			unsigned long bytes = (unsigned long)sqlite3_column_int64(q, 0);

			*size = bytes > *size ? bytes : *size;
			*is_union = sqlite3_column_int(q, 1);
		}
		sqlite3_finalize(q);
	}
	return same ? name : NULL;
}

/* ---- the text of the module ---- */

static FILE *create(const struct gen *g, const char *name)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", g->dir, name);
	f = fopen(path, "w");
	if (!f)
		lkst_die(LKST_EXIT_FAILED, "writing %s: %s", path, strerror(errno));
	return f;
}

static void copy_text(const struct gen *g, const char *name, const char *text)
{
	FILE *f = create(g, name);

	fputs(text, f);
	lkst_end_output(f, name);
}

/* A string of C. */
static void quoted(FILE *f, const char *text)
{
	fputc('"', f);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', f);
		fputc(isprint((unsigned char)*text) ? *text : '?', f);
	}
	fputc('"', f);
}

/* The text at its own line and column, so that the compiler's words lead there. */
static void at_place(FILE *f, const struct gen *g, struct klasy_place place)
{
	fprintf(f, "#line %u ", place.line);
	quoted(f, g->b->aspect);
	fprintf(f, "\n%*s", (int)place.column - 1, "");
}

static void write_body(FILE *f, const struct gen *g, size_t number, const char *when, const struct klasy_body *body,
		       const char *type, bool is_union)
{
	const struct klasy_pointcut *target = find_word(g->aspect.advice[number].pointcut, KLASY_TARGET);
	char pointer[160] = "void *";

	if (!body->text)
		return;
	if (type)
		snprintf(pointer, sizeof(pointer), "%s %s *", is_union ? "union" : "struct", type);
	fprintf(f, "static void klasy_%s_%zu(struct klasy_run *klasy_run, unsigned long $pc$%s%s%s)\n{\n", when, number,
		target ? ", " : "", target ? pointer : "", target ? target->name : "");
	at_place(f, g, body->place);
	fprintf(f, "%s\n;}\n#line 1 \"advice.c\"\n", body->text);
	fprintf(f, "static void klasy_run_%s_%zu(struct klasy_run *run)\n{\n\tklasy_%s_%zu(run, run->pc%s);\n}\n",
		when, number, when, number, target ? ", run->target" : "");
}

static void write_advice(const struct gen *g)
{
	FILE *f = create(g, "advice.c");
	const char *type;
	unsigned long size;
	bool is_union;
	size_t i;

	fputs("#include \"compat.h\"\n", f);
	for (i = 0; i < g->aspect.imports; i++) {
		struct klasy_place line = { g->aspect.import[i].place.line, 1 };

		at_place(f, g, line);
		fprintf(f, "#include <%s>\n", g->aspect.import[i].text);
	}
	fputs("#line 1 \"advice.c\"\n#include \"advice.h\"\n", f);
	for (i = 0; i < g->aspect.advices; i++) {
		type = target_type(g, &g->matches[i], &size, &is_union);
		write_body(f, g, i, "before", &g->aspect.advice[i].before, type, is_union);
		write_body(f, g, i, "after", &g->aspect.advice[i].after, type, is_union);
	}
	fputs("const struct klasy_advice klasy_advices[] = {\n", f);
	for (i = 0; i < g->aspect.advices; i++) {
		const struct klasy_advice *a = &g->aspect.advice[i];

		target_type(g, &g->matches[i], &size, &is_union);
		fputs("\t{ ", f);
		if (a->before.text)
			fprintf(f, ".before = klasy_run_before_%zu, ", i);
		if (a->after.text)
			fprintf(f, ".after = klasy_run_after_%zu, ", i);
		fprintf(f, ".target_size = %lu },\n", find_word(a->pointcut, KLASY_TARGET) ? size : 0);
	}
	fputs("};\n", f);
	lkst_end_output(f, "advice.c");
}

/* Addresses of the kernel that stand in an operand move with the kernel: its image is linked into the last 2 GB. */
static bool moves(const struct klasy_match *m)
{
	if (m->class == KLASY_ENTRY || m->gs)
		return false;
	return (m->base == KLASY_NO_REG && m->index == KLASY_NO_REG) ||
	       (m->target < -0x40000000LL && m->target >= -0x80000000LL);
}

static bool listed(const char *name, char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!strcmp(name, list[i]))
			return true;
	}
	return false;
}

/* Is the place in one of the functions, or in one inlined there? "a in b in c" is the chain. */
static bool inside(const struct klasy_match *m, const struct klasy_words *functions)
{
	char chain[1024], *word, *state = NULL;

	if (listed(m->function, functions->at, functions->n))
		return true;
	snprintf(chain, sizeof(chain), "%s", m->inlined ? m->inlined : "");
	for (word = strtok_r(chain, " ", &state); word; word = strtok_r(NULL, " ", &state)) {
		if (listed(word, functions->at, functions->n))
			return true;
	}
	return false;
}

/* Is this a place where probes can be? Counts those that are not. */
static bool wanted(struct gen *g, const struct klasy_match *m)
{
	const char *section = klasy_object_section(g->object, m->pc);

	if (g->b->within.n && !inside(m, &g->b->within)) {
		g->outside++;
		return false;
	}
	if (!section || !strncmp(section, ".init", 5) || !strncmp(section, ".exit", 5)) {
		g->init++;
		return false;
	}
	if (inside(m, &g->b->denied) ||
	    listed(m->function, (char *const *)never, sizeof(never) / sizeof(never[0]))) {
		g->denied++;
		return false;
	}
	return true;
}

static void write_site(FILE *f, const struct klasy_match *m, size_t advice)
{
	char what[1024];
	int n = 0, i;

	if (m->member)
		n = snprintf(what, sizeof(what), "%s %s.%.300s", klasy_class_name(m->class), m->structure, m->member);
	else
		n = snprintf(what, sizeof(what), "%s", klasy_class_name(m->class));
	if (m->file)
		snprintf(what + n, sizeof(what) - (size_t)n, " %s:%u", m->file, m->line);
	fprintf(f, "\t{ .pc = 0x%" PRIx64 ", .add = %" PRId64 "LL, .advice = %zu, .base = %u, .index = %u, .scale = "
		"%u, .gs = %d,"
		" .moves = %d,\n\t  .length = %u, .code = {", m->pc, m->target, advice, m->base, m->index, m->scale,
		m->gs, moves(m), m->length);
	for (i = 0; i < m->length; i++)
		fprintf(f, "%s0x%02x", i ? ", " : " ", m->code[i]);
	fputs(" }, .what = ", f);
	quoted(f, what);
	fputs(" },\n", f);
}

static bool write_sites(struct gen *g)
{
	FILE *f = create(g, "sites.c");
	sqlite3_stmt *q;
	const uint8_t *note;
	uint64_t note_at;
	size_t size, i, k;

	fputs("#include \"runtime.h\"\n#include <linux/module.h>\n", f);
	fputs("const struct klasy_site klasy_sites[] = {\n", f);
	for (i = 0; i < g->aspect.advices; i++) {
		for (k = 0; k < g->matches[i].n; k++) {
			if (!wanted(g, &g->matches[i].at[k]))
				continue;
			write_site(f, &g->matches[i].at[k], i);
			g->sites++;
		}
	}
	fprintf(f, "};\nconst unsigned int klasy_nr_sites = %lu;\n", g->sites);
	fprintf(f, "const char klasy_name[] = \"%s\";\nconst char klasy_source[] = ", g->name);
	quoted(f, g->b->aspect);
	fprintf(f, ";\nconst char klasy_build_id[] = \"%s\";\n", klasy_object_build_id(g->object));
	q = klasy_store_query(g->db, "SELECT entry FROM function WHERE name = 'register_kprobe'", NULL);
	if (!klasy_store_next(q)) {
		lkst_warn("looking for register_kprobe: this kernel has no kprobes, nothing can be woven into it");
		sqlite3_finalize(q);
		fclose(f);
		return false;
	}
	fprintf(f, "const u64 klasy_anchor = 0x%" PRIx64 ";\n", (uint64_t)sqlite3_column_int64(q, 0));
	sqlite3_finalize(q);
	note = klasy_object_build_id_bytes(g->object, &note_at, &size);
	fprintf(f, "const u64 klasy_note = 0x%" PRIx64 ";\nconst unsigned int klasy_note_size = %zu;\nconst u8 "
		"klasy_note_bytes[] = {", note_at, size);
	for (i = 0; i < size; i++)
		fprintf(f, " %u,", note[i]);
	fprintf(f, " };\nconst bool klasy_trusted = %d;\nconst unsigned int klasy_aspect = %u;\n", g->b->trusted,
		klasy_number(g->name));
	fprintf(f, "const unsigned int klasy_event = %u;\n", LKST_EV_KLASY_DATA);
	fprintf(f, "MODULE_INFO(klasy_build_id, \"%s\");\nMODULE_INFO(klasy_name, \"%s\");\n",
		klasy_object_build_id(g->object), g->name);
	lkst_end_output(f, "sites.c");
	return true;
}

static void write_makefile(const struct gen *g)
{
	FILE *f = create(g, "Kbuild");

	/*
	 * The runtime and the bodies must not be traced themselves. An advice declares where it likes, as its authors
	 * did, and a body that leaves a name alone is none of the compiler's business.
	 */
	fprintf(f, "obj-m := klasy_%s.o\nklasy_%s-y := runtime.o sites.o advice.o\nccflags-remove-y += "
		"$(CC_FLAGS_FTRACE)\n"
		"CFLAGS_advice.o := -Wno-declaration-after-statement -Wno-unused -Wno-error -fno-stack-protector\n"
		"CFLAGS_runtime.o := -fno-stack-protector\n", g->name, g->name);
	lkst_end_output(f, "Kbuild");
}

/* ---- the compiler ---- */

/* The lines of make's log that speak of the aspect, or all when the failure is not the aspect's. */
static void show_log(const struct gen *g, bool failed)
{
	char path[512], line[4096];
	size_t n = strlen(g->b->aspect);
	bool any = false;
	int pass;
	FILE *f;

	snprintf(path, sizeof(path), "%s/log", g->dir);
	f = fopen(path, "r");
	if (!f)
		return;
	for (pass = 0; pass < 2; pass++) {
		rewind(f);
		while (fgets(line, sizeof(line), f)) {
			if (!strncmp(line, g->b->aspect, n) && line[n] == ':' && isdigit((unsigned char)line[n + 1])) {
				any = true;
				fputs(line, stderr);
			} else if (pass) {
				fputs(line, stderr);
			}
		}
		if (any || !failed)
			break;
	}
	fclose(f);
}

/* Runs a program, its words into g->dir/log. Returns its status. */
static int run(const struct gen *g, char *const *argv)
{
	char log[512];
	int status, fd;
	pid_t pid;

	snprintf(log, sizeof(log), "%s/log", g->dir);
	pid = fork();
	if (pid < 0)
		lkst_die(LKST_EXIT_FAILED, "starting %s: %s", argv[0], strerror(errno));
	if (!pid) {
		fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		if (fd >= 0) {
			dup2(fd, 1);
			dup2(fd, 2);
		}
		/* A make around this one is not to be the kernel's. */
		unsetenv("MAKEFLAGS");
		unsetenv("MAKELEVEL");
		setenv("LC_ALL", "C", 1);
		execvp(argv[0], argv);
		fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void remove_dir(const struct gen *g)
{
	char *const argv[] = { "rm", "-rf", "--", (char *)g->dir, NULL };
	pid_t pid = fork();

	if (!pid) {
		execvp(argv[0], argv);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

static bool copy_file(const char *from, const char *to)
{
	char buffer[1 << 16];
	FILE *in = fopen(from, "r"), *out;
	size_t n;

	if (!in) {
		lkst_warn("reading %s: %s", from, strerror(errno));
		return false;
	}
	out = fopen(to, "w");
	if (!out) {
		lkst_warn("writing %s: %s", to, strerror(errno));
		fclose(in);
		return false;
	}
	while ((n = fread(buffer, 1, sizeof(buffer), in)))
		fwrite(buffer, 1, n, out);
	fclose(in);
	lkst_end_output(out, to);
	return true;
}

static const char *find_headers(const char *given)
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
		lkst_warn("building the module: %s is no kernel build directory", given);
	else
		lkst_warn("building the module: install linux-headers-%s, or name a build directory with --build",
			  kernel.release);
	return NULL;
}

static int compile(const struct gen *g, const char *module)
{
	char in[600], m[300];
	const char *headers = find_headers(g->b->headers);
	char *argv[] = { "make", "-s", "-C", NULL, NULL, "modules", NULL };
	int status;

	if (!headers)
		return LKST_EXIT_UNAVAILABLE;
	snprintf(m, sizeof(m), "M=%s", g->dir);
	argv[3] = (char *)headers;
	argv[4] = m;
	status = run(g, argv);
	show_log(g, status);
	if (status) {
		lkst_warn("building %s: the compiler refused it (its words are above)", g->b->aspect);
		return LKST_EXIT_FAILED;
	}
	snprintf(in, sizeof(in), "%s/klasy_%s.ko", g->dir, g->name);
	return copy_file(in, module) ? LKST_EXIT_DONE : LKST_EXIT_FAILED;
}

/* ---- all together ---- */

static int find_places(struct gen *g)
{
	unsigned long n = 0;
	size_t i;

	g->matches = lkst_xmalloc(g->aspect.advices * sizeof(*g->matches));
	for (i = 0; i < g->aspect.advices; i++) {
		if (klasy_match(g->db, &g->aspect, &g->aspect.advice[i], &g->matches[i]) ||
		    !check_advice(g, &g->aspect.advice[i], &g->matches[i]))
			return LKST_EXIT_FAILED;
		n += g->matches[i].n;
	}
	if (!n) {
		lkst_warn("weaving %s: it selects no instruction", g->b->aspect);
		return LKST_EXIT_FAILED;
	}
	return LKST_EXIT_DONE;
}

static int check_count(const struct gen *g)
{
	if (!g->sites) {
		lkst_warn("weaving %s: no place is left: %lu run at boot only, %lu are denied, %lu not within",
			  g->b->aspect, g->init, g->denied, g->outside);
		return LKST_EXIT_FAILED;
	}
	if (g->sites > g->b->max_sites) {
		lkst_warn("weaving %s: it selects %lu instructions, the limit is %lu: give --within or --max-sites",
			  g->b->aspect, g->sites, g->b->max_sites);
		return LKST_EXIT_FAILED;
	}
	return LKST_EXIT_DONE;
}

static int make_module(struct gen *g, const char *module)
{
	const char *tmp = getenv("TMPDIR");
	int status;

	snprintf(g->dir, sizeof(g->dir), "%s/klasy.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(g->dir)) {
		lkst_warn("making a folder in %s: %s", tmp && *tmp ? tmp : "/tmp", strerror(errno));
		return LKST_EXIT_FAILED;
	}
	copy_text(g, "runtime.c", klasy_runtime_c);
	copy_text(g, "runtime.h", klasy_runtime_h);
	copy_text(g, "advice.h", klasy_advice_h);
	copy_text(g, "compat.h", klasy_compat_h);
	write_advice(g);
	write_makefile(g);
	status = write_sites(g) ? check_count(g) : LKST_EXIT_UNAVAILABLE;
	if (!status)
		status = compile(g, module);
	if (!getenv("KLASY_KEEP"))
		remove_dir(g);
	return status;
}

int klasy_build_module(const struct klasy_build *b, const char *module)
{
	struct gen g = { .b = b };
	const char *object;
	size_t i;
	int status;

	if (klasy_aspect_read(b->aspect, &g.aspect))
		return LKST_EXIT_FAILED;
	if (!choose_name(&g))
		return LKST_EXIT_USAGE;
	klasy_alias(&g.aspect, &b->aliases);
	object = klasy_find_object(b->object);
	g.db = klasy_store_open(object, false, b->quiet);
	g.object = g.db ? klasy_object_open(object) : NULL;
	if (!g.object)
		return LKST_EXIT_FAILED;
	status = find_places(&g);
	if (!status)
		status = make_module(&g, module);
	if (!status && !b->quiet)
		fprintf(stderr, "%s: %lu places; left out: %lu that run at boot only, %lu denied\n", g.name, g.sites,
			g.init, g.denied);
	for (i = 0; g.matches && i < g.aspect.advices; i++) {
		if (g.matches[i].p)
			klasy_matches_free(&g.matches[i]);
	}
	free(g.matches);
	klasy_object_close(g.object);
	sqlite3_close(g.db);
	klasy_aspect_free(&g.aspect);
	return status ? status : g.init || g.denied ? LKST_EXIT_LOSSES : LKST_EXIT_DONE;
}
