// SPDX-License-Identifier: GPL-2.0-only
/*
 * report.c - lkst report: every measure, graphs and a timeline of one recording, in one HTML file that needs nothing
 * else.
 *
 * The page is report.html with what there is to read put in as HTML, and the numbers as JSON for its script, which
 * sorts tables and draws the timeline. Names of the traced machine are only ever text there, or data.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "lkst.h"
#include "option.h"
#include "print.h"
#include "report.h"

static const char help[] =
"Usage: lkst report [OPTION]... FILE...\n"
"Make a report of the traces FILE... of one recording: one HTML page with all measures,\n"
"graphs, a timeline of the CPUs, and what stands out. It needs no network to be read.\n"
"\n"
"  -f, --force          write over a file that is there\n"
"  -o, --output=FILE    where to, - for standard output; default is report.html\n"
"  -q, --quiet          say nothing but errors\n"
"  -h, --help           this text\n"
"      --version        print the version\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed, 2 usage, 3 done but records were lost or a file is damaged,\n"
"  4 done without graphs: gnuplot is missing\n"
"\n"
"EXAMPLES\n"
"  lkst record -m RALL -o t.lkst -- make && lkst report t.lkst\n"
"  lkst report -o monday.html /var/log/lkst/lkstlogdata-*\n";

static const struct option longs[] = {
	{ "force", no_argument, NULL, 'f' },
	{ "output", required_argument, NULL, 'o' },
	{ "quiet", no_argument, NULL, 'q' },
	LKST_COMMON_OPTIONS
};

/* report.html as it stands in the source; the build puts it here. */
extern const char report_page[], report_page_end[];
__asm__(".section .rodata\n"
	".globl report_page, report_page_end\n"
	"report_page: .incbin \"lkstutils/lkst/report.html\"\n"
	"report_page_end: .byte 0\n"
	".previous");

#define MOST_SLICES	400000U		/* of all CPUs: 5 bytes each, a third more as text */
#define MOST_TASKS	500U		/* named in the timeline */

/* ---- what was traced ---- */

static const char *comment(const struct lkst_trace *trace, const char *key)
{
	const struct lkst_comment *c;

	for (c = trace->names.comments; c; c = c->next)
		if (!strcmp(c->key, key))
			return c->value;
	return "";
}

static const char *date_of(const struct report *r, char *date, size_t size)
{
	time_t when = (time_t)(r->trace->header.real_ns / 1000000000);
	struct tm tm;

	*date = 0;
	if (when && gmtime_r(&when, &tm))
		strftime(date, size, "%Y-%m-%d %H:%M:%S UTC", &tm);
	return date;
}

static void fact(FILE *html, const char *name, const char *text)
{
	if (!*text)
		return;
	fprintf(html, "<dt>%s</dt><dd>", name);
	report_html(html, text);
	fprintf(html, "</dd>\n");
}

static void write_facts(struct report *r, FILE *html)
{
	const struct lkst_file_header *h = &r->trace->header;
	char text[sizeof(h->release) + sizeof(h->machine) + 2];
	unsigned int i;

	fprintf(html, "<dt>Traces</dt><dd>");
	for (i = 0; i < r->files; i++) {
		fputs(i ? ", " : "", html);
		report_html(html, r->file[i]);
	}
	fprintf(html, "</dd>\n");
	fact(html, "Host", h->host);
	snprintf(text, sizeof(text), "%s %s", h->release, h->machine);
	fact(html, "Kernel", text);
	fact(html, "Command", comment(r->trace, "command"));
	fact(html, "Recorded", date_of(r, text, sizeof(text)));
	fprintf(html, "<dt>Length</dt><dd>%.6f s</dd>\n<dt>Events</dt><dd>%llu</dd>\n<dt>CPUs</dt><dd>%u</dd>\n",
		(double)report_length(r->trace) / 1e9, r->trace->report.records, r->trace->nr_cpus);
	fact(html, "Losses", lkst_trace_flawed(r->trace) ? "records or files, see below" : "none");
}

static void write_trace(struct report *r)
{
	const struct lkst_file_header *h = &r->trace->header;
	char date[64];
	unsigned int i;

	fprintf(r->json, "\"trace\":{\"files\":[");
	for (i = 0; i < r->files; i++) {
		fputs(i ? "," : "", r->json);
		report_text(r->json, r->file[i]);
	}
	fprintf(r->json, "]");
	report_field(r->json, ",", "host", h->host);
	report_field(r->json, ",", "release", h->release);
	report_field(r->json, ",", "machine", h->machine);
	report_field(r->json, ",", "command", comment(r->trace, "command"));
	report_field(r->json, ",", "date", date_of(r, date, sizeof(date)));
	fprintf(r->json, ",\"length\":%llu,\"events\":%llu,\"cpus\":%u}", report_length(r->trace),
		r->trace->report.records, r->trace->nr_cpus);
}

static void flaw(struct report *r, FILE *html, unsigned int *n, lkst_u64 count, const char *what)
{
	char text[200];

	if (!count)
		return;
	snprintf(text, sizeof(text), "%llu %s", count, what);
	fputs((*n)++ ? "," : "", r->json);
	report_text(r->json, text);
	fprintf(html, "<p class=\"flaw\">%s</p>\n", text);
}

static void write_flaws(struct report *r, FILE *html)
{
	const struct lkst_trace_report *t = &r->trace->report;
	unsigned int n = 0;

	fprintf(r->json, ",\"flaws\":[");
	flaw(r, html, &n, t->lost,
	     "records were lost when recording: give the buffer more room, or record fewer events.");
	flaw(r, html, &n, t->unwritten, "records could not be written: the disk was full or failed.");
	flaw(r, html, &n, t->missing,
	     "sub-buffers are missing: overwritten, damaged, or in a file that was not given.");
	flaw(r, html, &n, t->damages, "places in the files are damaged and were left out.");
	flaw(r, html, &n, t->torn, "files were not closed by their writer; what came last may be missing.");
	flaw(r, html, &n, t->malformed,
	     "records cannot be, and what followed them in their sub-buffer was left out.");
	flaw(r, html, &n, t->disorder,
	     "records were older than the one before them: they count as of that one's time.");
	fprintf(r->json, "]");
}

/* ---- timeline ---- */

static const struct la_timeline_task *tasks_by_time;

static int by_ran(const void *a, const void *b)
{
	lkst_u64 x = tasks_by_time[*(const unsigned int *)a].ran, y = tasks_by_time[*(const unsigned int *)b].ran;

	return (x < y) - (x > y);
}

static void write_timeline(struct report *r)
{
	const struct la_timeline *t = r->timeline;
	unsigned char *bytes;
	unsigned int *order, cpu, i;

	if (!r->trace->class[LKST_EV_PROCESS_CONTEXTSWITCH].seen)
		return;
	fprintf(r->json, ",\"timeline\":{\"from\":%llu,\"width\":%llu,\"slices\":%u,\"cpus\":[", t->from, t->width,
		t->used);
	bytes = lkst_xmalloc(5UL * t->used);
	for (cpu = 0; cpu < t->cpus; cpu++) {
		for (i = 0; i < t->used; i++) {
			const struct la_slice *s = &t->slice[(unsigned long)cpu * t->slices + i];

			bytes[5 * i] = (unsigned char)(s->task & 0xff);
			bytes[5 * i + 1] = (unsigned char)(s->task >> 8);
			bytes[5 * i + 2] = s->share;
			bytes[5 * i + 3] = s->busy;
			bytes[5 * i + 4] = s->unknown;
		}
		fprintf(r->json, "%s\"", cpu ? "," : "");
		report_base64(r->json, bytes, 5UL * t->used);
		fputc('"', r->json);
	}
	free(bytes);
	order = lkst_xmalloc(t->tasks * sizeof(*order));
	for (i = 0; i < t->tasks; i++)
		order[i] = i;
	tasks_by_time = t->task;
	qsort(order + 1, t->tasks - 1, sizeof(*order), by_ran);
	fprintf(r->json, "],\"tasks\":[");
	for (i = 1; i < t->tasks && i <= MOST_TASKS; i++) {
		const struct la_timeline_task *task = &t->task[order[i]];

		fprintf(r->json, "%s{\"number\":%u,\"pid\":%u,\"ran\":%llu,\"switches\":%llu", i > 1 ? "," : "",
			order[i], task->pid, task->ran, task->switches);
		report_field(r->json, ",", "name", lkst_task_name(&r->trace->names, task->pid));
		fputc('}', r->json);
	}
	fprintf(r->json, "]}");
	free(order);
}

/* ---- the command ---- */

static void start(struct report *r)
{
	const struct la_measure *const *m;
	unsigned int i;

	for (m = la_table; *m; m++) {
		if ((*m)->value == LA_OWN)
			continue;
		r->la[r->nr] = lkst_xmalloc(sizeof(*r->la[0]));
		r->la[r->nr++]->measure = *m;
	}
	r->la[r->nr] = lkst_xmalloc(sizeof(*r->la[0]));
	r->la[r->nr++]->measure = &la_timeline_measure;
	for (i = 0; i < r->nr; i++) {
		r->la[i]->trace = r->trace;
		r->la[i]->opt.by = r->la[i]->measure->by;
		r->la[i]->quick = r->la[i]->opt.by == LA_BY_KEY;
	}
	r->timeline = la_timeline_start(r->trace, MOST_SLICES);
}

/* What the page has at one place of report.html. */
struct part {
	const char *mark;
	FILE *file;
	char *text;
	size_t size;
};

/* In their order. */
enum { FACTS, LINKS, FLAWS, OUT, MEASURES, DATA, PARTS };

static void write_numbers(struct report *r, struct part *part)
{
	unsigned int i, n = 0;

	fprintf(r->json, "{\"schema\":\"lkst-report-1\",");
	write_facts(r, part[FACTS].file);
	write_trace(r);
	write_flaws(r, part[FLAWS].file);
	fprintf(r->json, ",\"measures\":[");
	for (i = 0; i < r->nr; i++) {
		const struct la_measure *m = r->la[i]->measure;

		if (m->end)
			m->end(r->la[i]);
		if (m->value == LA_OWN)
			continue;
		fprintf(part[LINKS].file, "<a href=\"#%s\">%s</a>\n", m->name, m->name);
		report_measure(r, r->la[i], n++ ? "," : "");
	}
	fputc(']', r->json);
	report_standouts(r, part[OUT].file);
	write_timeline(r);
	fputc('}', r->json);
}

static void write_page(struct report *r)
{
	static struct part part[PARTS] = {
		[FACTS] = { .mark = "@FACTS@" }, [FLAWS] = { .mark = "@FLAWS@" }, [OUT] = { .mark = "@OUT@" },
		[LINKS] = { .mark = "@LINKS@" }, [MEASURES] = { .mark = "@MEASURES@" }, [DATA] = { .mark = "@DATA@" },
	};
	const char *at = report_page, *mark;
	unsigned int i;

	for (i = 0; i < PARTS; i++) {
		part[i].file = open_memstream(&part[i].text, &part[i].size);
		if (!part[i].file)
			lkst_die(LKST_EXIT_FAILED, "writing the report: there is no more memory");
	}
	r->html = part[MEASURES].file;
	r->json = part[DATA].file;
	write_numbers(r, part);
	for (i = 0; i < PARTS; i++) {
		if (fclose(part[i].file))
			lkst_die(LKST_EXIT_FAILED, "writing the report: there is no more memory");
		mark = strstr(at, part[i].mark);
		fwrite(at, 1, (size_t)(mark - at), r->out);
		fwrite(part[i].text, 1, part[i].size, r->out);
		free(part[i].text);
		at = mark + strlen(part[i].mark);
	}
	fwrite(at, 1, (size_t)(report_page_end - at), r->out);
}

static void finish(struct report *r)
{
	unsigned int i;

	for (i = 0; i < r->nr; i++) {
		la_give_back(r->la[i]);
		free(r->la[i]);
	}
	la_timeline_free();
	lkst_trace_close(r->trace);
}

/* ---- files on the way ---- */

static char scratch[PATH_MAX];		/* folder of what gnuplot reads and writes; "" when there is none */

/* At the end, whichever it is; only calls that a signal handler may make. */
static void remove_scratch(void)
{
	static const char *const name[] = { "", "/graph.svg" LA_PLOT_NOT_KEPT ".dat",
					    "/graph.svg" LA_PLOT_NOT_KEPT ".gnuplot", "/graph.svg" };
	static char path[PATH_MAX + 32];
	unsigned int i;

	for (i = 4; *scratch && i--; ) {
		strcpy(path, scratch);
		strcat(path, name[i]);
		if (i)
			unlink(path);
		else
			rmdir(path);
	}
	*scratch = 0;
}

static void on_signal(int number)
{
	lkst_remove_unfinished();
	remove_scratch();
	signal(number, SIG_DFL);
	raise(number);
}

/* The folder's name goes into gnuplot's script: nothing in it comes from the user's -o, and no quotes from TMPDIR. */
static void make_scratch(struct report *r)
{
	static const int number[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	const char *tmp = getenv("TMPDIR");
	unsigned int i;

	if (!tmp || *tmp != '/' || strpbrk(tmp, "'\\\n") || strlen(tmp) > 1000)
		tmp = "/tmp";
	snprintf(scratch, sizeof(scratch), "%s/lkst-report.XXXXXX", tmp);
	if (!mkdtemp(scratch)) {
		*scratch = 0;
		lkst_die(LKST_EXIT_FAILED, "making a folder in %s: %s (set TMPDIR to one that may be written)", tmp,
			 strerror(errno));
	}
	atexit(remove_scratch);
	for (i = 0; i < sizeof(number) / sizeof(number[0]); i++)
		signal(number[i], on_signal);
	snprintf(r->graph, sizeof(r->graph), "%s/graph.svg", scratch);
}

/* Nobody may read the page who may not read the traces; another group is other people. */
static void keep_from_others(const struct report *r)
{
	unsigned int i;
	struct stat st, page;
	mode_t mode;

	if (fstat(fileno(r->out), &page) || !S_ISREG(page.st_mode))
		return;
	mode = page.st_mode & 07777;
	for (i = 0; i < r->trace->nr_files; i++)
		mode &= fstat(r->trace->file[i].fd, &st) ? 0 :
			st.st_gid == page.st_gid ? st.st_mode : st.st_mode & ~(mode_t)S_IRWXG;
	if (fchmod(fileno(r->out), mode))
		lkst_die(LKST_EXIT_FAILED, "writing %s: %s", r->path, strerror(errno));
}

static int make(struct report *r, int quiet)
{
	make_scratch(r);
	r->out = strcmp(r->path, "-") ? lkst_begin_output(r->path) : stdout;
	if (!r->out)
		lkst_die(LKST_EXIT_FAILED, "writing %s: %s", r->path, strerror(errno));
	if (r->out != stdout)
		keep_from_others(r);
	start(r);
	la_want(r->la[0]->trace, r->la, r->nr);
	la_run(r->la, r->nr);
	write_page(r);
	lkst_end_output(r->out, r->path);
	la_complain(r->trace);
	if (!quiet && r->out != stdout)
		printf("%s: %u measures of %llu events\n", r->path, r->nr - 1, r->trace->report.records);
	if (r->no_graph)
		return LKST_EXIT_FAILED;
	return r->no_gnuplot ? LKST_EXIT_UNAVAILABLE : lkst_trace_flawed(r->trace) ? LKST_EXIT_LOSSES : LKST_EXIT_DONE;
}

int lkst_cmd_report(int argc, char **argv)
{
	static struct report report;
	struct report *r = &report;
	int force = 0, quiet = 0, c, status;
	char error[512];

	r->path = "report.html";
	while ((c = lkst_option(argc, argv, ":hfo:q", longs, help)) != -1)
		switch (c) {
		case 'f':
			force = 1;
			break;
		case 'o':
			r->path = optarg;
			break;
		case 'q':
			quiet = 1;
			break;
		}
	if (optind == argc)
		lkst_usage_error("no trace given");
	if (!force && strcmp(r->path, "-") && !access(r->path, F_OK))
		lkst_die(LKST_EXIT_FAILED, "writing %s: it is there already (-f writes over it, -o names another)",
			 r->path);
	r->file = (const char *const *)argv + optind;
	r->files = (unsigned int)(argc - optind);
	r->trace = lkst_trace_open(r->file, r->files, error);
	if (!r->trace)
		lkst_die(LKST_EXIT_FAILED, "%s", error);
	status = make(r, quiet);
	finish(r);
	return status;
}
