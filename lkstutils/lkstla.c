// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkstla.c - measures out of traces. What is measured is in analyse/, a file a measure; here are the options,
 * the loop over the events, and the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyse/la.h"
#include "cli.h"
#include "option.h"

static const char help[] =
"Usage: lkstla MEASURE [OPTION]... FILE...\n"
"       lkstla overlay MEASURE[:KEY] MEASURE[:KEY]... [OPTION]... FILE...\n"
"       lkstla all [OPTION]... FILE...\n"
"       lkstla list\n"
"Measure how long things took, or how many there were, in the traces FILE... of one\n"
"recording (rotated files in any order; '-' is standard input, kept in $TMPDIR or\n"
"/var/tmp while it is read). 'lkstla list' shows the measures, overlay\n"
"puts up to four of them on one time axis, all prints the tables of every measure.\n"
"\n"
"Without -l: statistics by key. Quantiles are within 0.8 % (histograms of 64 steps an\n"
"octave), everything else is exact.\n"
"\n"
"  -l, --list           one line a sample: key, pid, time it began, value, CPU, names;\n"
"                       column 3 is the time, column 4 the value, in seconds\n"
"  -k, --key=KEY        only this key: its number or its name, or several with commas;\n"
"                       for print and count an event or a group of them, PROCESS or process\n"
"  -t, --time=START+DURATION\n"
"                       only what began in this window, in seconds: -t1108.676+0.0146\n"
"  -p, --pid=PID        only this thread, or the threads of this process\n"
"      --children       with -p: those of its children too, and of theirs\n"
"  -c, --cpu=CPU        only what began on this CPU\n"
"      --by=LIST        statistics by key, pid, process (its threads together), cpu, object (of\n"
"                       stages), or several: --by=pid,key\n"
"      --top=N          the N greatest only: totals, or with -l samples\n"
"      --json           JSON, one object a line, times in ns\n"
"      --plot=FILE      draw the samples to FILE, a name ending with .svg, .png or .pdf\n"
"                       (gnuplot), a series for each line of the table\n"
"      --kind=KIND      what is drawn: time (samples over time), histogram (how often each\n"
"                       value was there) or cumulative (share of samples up to each value)\n"
"      --keep           keep gnuplot's script and data, FILE.gnuplot and FILE.dat\n"
"  -h, --help           this text\n"
"      --version        print the version\n"
"\n"
"Times are those of the traced machine's CLOCK_MONOTONIC.\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed or nothing to measure (it is said why), 2 usage, 3 done but records were\n"
"  lost or a file is damaged, 4 no graph: gnuplot is missing (tables are written)\n"
"\n"
"EXAMPLES\n"
"  lkstla syscall lkstlogdata-*             which system calls take how long\n"
"  lkstla syscall -k read -l trace.lkst     each read(2): when, how long, who\n"
"  lkstla biotime -t1108.676061557+0.014634865 -l trace.lkst\n"
"                                           block I/O that began during one of them\n"
"  lkstla state --by=pid,key -p 1234 trace.lkst\n"
"                                           where the time of a process went\n"
"  lkstla chain -k fsync --top=3 trace.lkst whom the slowest of them waited for\n"
"  lkstla stages --by=object,key trace.lkst where the time of each packet went (klasy(1))\n"
"  lkstla overlay syscall:fsync biotime -l trace.lkst\n"
"                                           calls and I/O in one list by time\n"
"  lkstla wakeup --plot wakeup.svg trace.lkst\n"
"  lkstla print trace.lkst | less           every event\n";

enum { OPT_BY = LKST_OPT_FIRST, OPT_CHILDREN, OPT_TOP, OPT_JSON, OPT_PLOT, OPT_KIND, OPT_KEEP };

static const struct option longs[] = {
	{ "list", no_argument, NULL, 'l' },
	{ "key", required_argument, NULL, 'k' },
	{ "time", required_argument, NULL, 't' },
	{ "pid", required_argument, NULL, 'p' },
	{ "children", no_argument, NULL, OPT_CHILDREN },
	{ "cpu", required_argument, NULL, 'c' },
	{ "by", required_argument, NULL, OPT_BY },
	{ "top", required_argument, NULL, OPT_TOP },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "plot", required_argument, NULL, OPT_PLOT },
	{ "kind", required_argument, NULL, OPT_KIND },
	{ "keep", no_argument, NULL, OPT_KEEP },
	LKST_COMMON_OPTIONS
};

/* Seconds with up to 9 decimals at *@text, which is moved behind them. Returns -1 when there are none. */
static int seconds(const char **text, lkst_u64 *ns)
{
	const char *p = *text;
	lkst_u64 whole = 0, part = 0, unit = 100000000;

	if (*p < '0' || *p > '9')
		return -1;
	for (; *p >= '0' && *p <= '9'; p++) {
		whole = 10 * whole + (lkst_u64)(*p - '0');
		if (whole > 18000000000ULL)
			return -1;
	}
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++, unit /= 10) {
			if (!unit)
				return -1;
			part += unit * (lkst_u64)(*p - '0');
		}
	*ns = whole * 1000000000 + part;
	*text = p;
	return 0;
}

static void parse_window(struct la_options *opt, const char *arg)
{
	const char *p = arg;

	if (seconds(&p, &opt->from) || *p++ != '+' || seconds(&p, &opt->duration) || *p)
		lkst_usage_error("-t '%s': give START+DURATION, both seconds with up to 9 decimals", arg);
	opt->has_window = 1;
}

static void parse_kind(struct la_options *opt, const char *arg)
{
	static const char *const names[] = { "time", "histogram", "cumulative" };
	unsigned int i;

	for (i = 0; i < 3 && strcmp(names[i], arg); i++)
		;
	if (i == 3)
		lkst_usage_error("--kind '%s': give time, histogram or cumulative", arg);
	opt->kind = (enum la_kind)i;
	opt->has_kind = 1;
}

static void parse_by(struct la_options *opt, const char *arg)
{
	static const char *const names[] = { "key", "pid", "cpu", "process", "object" };
	enum { NAMES = sizeof(names) / sizeof(names[0]) };
	const char *p = arg;
	unsigned int i;
	size_t n;

	opt->by = 0;
	opt->has_by = 1;
	do {
		n = strcspn(p, ",");
		for (i = 0; i < NAMES && (strlen(names[i]) != n || strncmp(names[i], p, n)); i++)
			;
		if (i == NAMES)
			lkst_usage_error("--by '%s': give key, pid, process, cpu, object or several of them with "
					 "commas", arg);
		opt->by |= 1U << i;
		p += n;
	} while (*p++);
	if (opt->by & LA_BY_PID && opt->by & LA_BY_PROCESS)
		lkst_usage_error("--by '%s': give pid or process, a thread has only one process", arg);
}

static void add_key(struct la_options *opt, const char *arg)
{
	lkst_list_add(&opt->key, arg);
	opt->has_key = 1;
}

/* What would do nothing is refused. */
static void check_options(const struct la_options *opt, const struct la_measure *measure)
{
	const char *in_vain = opt->list ? "-l" : opt->has_by ? "--by" :
			      opt->top && !measure->takes_top ? "--top" : opt->plot ? "--plot" : NULL;

	if (measure->value == LA_OWN && in_vain)
		lkst_usage_error("'%s' does not take %s", measure->name, in_vain);
	if (opt->list && opt->has_by)
		lkst_usage_error("--by is for statistics, -l has none: leave one of them out");
	if (opt->by & LA_BY_OBJECT && !measure->objects)
		lkst_usage_error("--by object: '%s' follows no objects, 'stages' does", measure->name);
	if (opt->has_kind && !opt->plot)
		lkst_usage_error("--kind needs --plot: it says what is drawn");
	if (opt->children && !opt->has_pid)
		lkst_usage_error("--children needs -p: it says whose children");
	if (opt->keep && !opt->plot)
		lkst_usage_error("--keep needs --plot: it keeps what gnuplot was given");
}

/* @measure: NULL for an overlay. */
static void parse_options(struct la_options *opt, const struct la_measure *measure, int argc, char **argv)
{
	int c;

	while ((c = lkst_option(argc, argv, ":hlk:t:p:c:", longs, help)) != -1)
		switch (c) {
		case 'l':
			opt->list = 1;
			break;
		case 'k':
			if (!measure)
				lkst_usage_error("-k is for one measure "
						 "('overlay' takes a key behind each: syscall:%s)",
						 optarg);
			add_key(opt, optarg);
			break;
		case 't':
			parse_window(opt, optarg);
			break;
		case 'p':
			opt->pid = (lkst_u32)lkst_parse_u64("-p", optarg, 0, (1U << LKST_PID_BITS) - 1);
			opt->has_pid = 1;
			break;
		case 'c':
			opt->cpu = (lkst_u32)lkst_parse_u64("-c", optarg, 0, LKST_MAX_CPUS - 1);
			opt->has_cpu = 1;
			break;
		case OPT_CHILDREN:
			opt->children = 1;
			break;
		case OPT_BY:
			parse_by(opt, optarg);
			break;
		case OPT_TOP:
			opt->top = (unsigned int)lkst_parse_u64("--top", optarg, 1, 1000000);
			break;
		case OPT_JSON:
			opt->json = 1;
			break;
		case OPT_PLOT:
			opt->plot = optarg;
			break;
		case OPT_KIND:
			parse_kind(opt, optarg);
			break;
		case OPT_KEEP:
			opt->keep = 1;
			break;
		}
}

static void set_options(struct la *la, const struct la_options *opt)
{
	la->opt = *opt;
	if (!opt->has_by)
		la->opt.by = la->measure->by;
	check_options(&la->opt, la->measure);
}

static void print_events(const lkst_u16 *id)
{
	const char *comma = "";

	for (; *id; id++, comma = ", ")
		printf("%s%s", comma, lkst_event_by_id(*id)->name);
}

static int list(void)
{
	const struct la_measure *const *m;

	printf("# measure        no  what; key; events needed (events that make it more exact)\n");
	for (m = la_table; *m; m++) {
		printf("%-15s", (*m)->name);
		if ((*m)->number)
			printf(" %3u", (*m)->number);
		else
			printf("   -");
		printf("  %s; by %s; needs ", (*m)->what, (*m)->key_what);
		if ((*m)->needs[0])
			print_events((*m)->needs);
		else
			printf("no certain events");
		if ((*m)->also[0]) {
			printf(" (");
			print_events((*m)->also);
			printf(")");
		}
		putchar('\n');
	}
	return LKST_EXIT_DONE;
}

/* ---- the end ---- */

static void print_heads(struct la *const *la, unsigned int nr)
{
	unsigned int i;

	if (nr > LA_MAX_OVERLAY && !la[0]->opt.json)
		return;
	if (nr == 1 || la[0]->opt.json) {
		for (i = 0; i < nr; i++)
			if (la[i]->measure->value != LA_OWN)
				la_print_head(la[i]);
		return;
	}
	printf("# lkstla overlay:");
	for (i = 0; i < nr; i++)
		printf("%s %s%s%s", i ? "," : "", la[i]->measure->name, la[i]->opt.has_key ? " " : "",
		       la[i]->opt.has_key ? la[i]->opt.key : "");
	putchar('\n');
	if (la[0]->opt.list)
		la_print_columns("key", "value", " measure");
}

static void print_result(struct la *const *la, unsigned int nr)
{
	unsigned int i, left_out = 0;

	if (la[0]->opt.list)
		la_list_end(la[0]);
	for (i = 0; i < nr; i++) {
		if (la[i]->measure->value == LA_OWN || (nr > LA_MAX_OVERLAY && !la[i]->samples))
			continue;
		if (nr > 1 && !la[0]->opt.list && !la[0]->opt.json)
			la_print_head(la[i]);
		if (!la[0]->opt.list)
			la_print_stats(la[i]);
		la_print_end(la[i]);
	}
	for (i = 0; i < nr && nr > LA_MAX_OVERLAY && !la[0]->opt.json; i++)
		if (!la[i]->samples)
			printf("%s %s", left_out++ ? "," : "# nothing to measure:", la[i]->measure->name);
	if (left_out)
		putchar('\n');
}

static int finish(struct la *const *la, unsigned int nr)
{
	struct lkst_trace *trace = la[0]->trace;
	int status = lkst_trace_flawed(trace) ? LKST_EXIT_LOSSES : LKST_EXIT_DONE, drawn;
	enum lkst_exit chosen;
	unsigned int i, without = 0, misnamed = 0;

	for (i = 0; i < nr; i++)
		if (la[i]->measure->end)
			la[i]->measure->end(la[i]);
	print_result(la, nr);
	if (la[0]->opt.plot && (drawn = la_plot_several(la, nr)) != LKST_EXIT_DONE)
		status = drawn;
	la_complain(trace);
	/* Of all of them it is usual that some have nothing. */
	for (i = 0; i < nr; i++) {
		if (nr > LA_MAX_OVERLAY || la_nothing_there(la[i])) {
			without += !la[i]->samples;
			continue;
		}
		chosen = la_chosen(la[i]);
		without += chosen == LKST_EXIT_FAILED;
		misnamed += chosen == LKST_EXIT_USAGE;
	}
	if (nr > LA_MAX_OVERLAY && without == nr)
		lkst_warn("all: not one measure has anything to measure in this trace, or -t, -p or -c let nothing "
			  "pass");
	if (without == nr)
		status = LKST_EXIT_FAILED;
	if (misnamed)
		status = LKST_EXIT_USAGE;
	/* Nothing is given back, piece by piece, what the end of the program gives back at once. */
	return status;
}

static int measure(struct la *const *la, unsigned int nr, int files, char **file)
{
	struct lkst_trace *trace;
	char error[512];
	unsigned int i;

	if (!files)
		lkst_usage_error("no trace given");
	lkst_trace_helper = la_helper();
	trace = lkst_trace_open((const char *const *)file, (unsigned int)files, error);
	if (!trace)
		lkst_die(LKST_EXIT_FAILED, "%s", error);
	for (i = 0; i < nr; i++) {
		la[i]->trace = trace;
		if (la[i]->opt.plot)
			la_plot_start(la[i]);
		la[i]->quick = !la[i]->opt.list && !la[i]->opt.plot && !la[i]->opt.has_key && !la[i]->opt.has_pid &&
			       !la[i]->opt.has_cpu && !la[i]->opt.has_window && la[i]->opt.by == LA_BY_KEY;
	}
	la_want(trace, la, nr);
	print_heads(la, nr);
	la_run(la, nr);
	return finish(la, nr);
}

/* @word: of @length; NULL when there is no such measure. */
static const struct la_measure *find_measure(const char *word, size_t length)
{
	const struct la_measure *const *m;

	for (m = la_table; *m; m++)
		if (strlen((*m)->name) == length && !strncmp((*m)->name, word, length))
			return *m;
	return NULL;
}

/* Those that are near, else all. */
static void no_measure(const char *word)
{
	char near[128] = "", all[512] = "list, all, overlay";
	const struct la_measure *const *m;

	for (m = la_table; *m; m++) {
		lkst_add_word(all, sizeof(all), (*m)->name);
		lkst_add_near(near, sizeof(near), word, (*m)->name);
	}
	if (*near)
		lkst_usage_error("there is no measure '%s' (did you mean %s?)", word, near);
	lkst_usage_error("there is no measure '%s' (there are %s)", word, all);
}

/* ---- overlay ---- */

static void check_overlay(struct la *const *la, unsigned int nr, const struct la_options *opt)
{
	const char *second = NULL;
	unsigned int i;

	if (nr < 2)
		lkst_usage_error("overlay: give two measures or more, then the trace: overlay syscall:read biotime "
				 "FILE");
	if (opt->list && opt->top)
		lkst_usage_error("overlay: --top is for tables, values of several measures have no common order");
	if (opt->kind != LA_OVER_TIME)
		lkst_usage_error("overlay: --kind=time is all there is");
	for (i = 1; i < nr && opt->plot; i++) {
		if (!strcmp(la_unit(la[i]), la_unit(la[0])))
			continue;
		if (second && strcmp(la_unit(la[i]), second))
			lkst_usage_error("overlay: --plot: %s, %s and %s are three units, a graph has two axes",
					 la_unit(la[0]), second, la_unit(la[i]));
		second = la_unit(la[i]);
	}
}

/* Words that are measures, with keys or without, come before the files. */
static int overlay(int argc, char **argv)
{
	static struct la all[LA_MAX_OVERLAY];
	struct la *la[LA_MAX_OVERLAY];
	struct la_options opt = { 0 };
	const struct la_measure *m;
	unsigned int nr = 0;

	parse_options(&opt, NULL, argc, argv);
	for (; optind < argc; optind++, nr++) {
		m = find_measure(argv[optind], strcspn(argv[optind], ":"));
		if (!m)
			break;
		if (m->value == LA_OWN)
			lkst_usage_error("overlay: '%s' has no samples to put on an axis", m->name);
		if (nr == LA_MAX_OVERLAY)
			lkst_usage_error("overlay: %u measures are the most", LA_MAX_OVERLAY);
		la[nr] = &all[nr];
		la[nr]->measure = m;
		la[nr]->overlay = la[0];
		set_options(la[nr], &opt);
		if (argv[optind][strlen(m->name)])
			add_key(&la[nr]->opt, argv[optind] + strlen(m->name) + 1);
	}
	if (nr < 2 && optind < argc && access(argv[optind], F_OK) && !strpbrk(argv[optind], "/."))
		no_measure(argv[optind]);
	check_overlay(la, nr, &opt);
	return measure(la, nr, argc - optind, argv + optind);
}

/* ---- all ---- */

static int all(int argc, char **argv)
{
	static struct la each[LA_MAX_RUN];
	struct la *la[LA_MAX_RUN];
	struct la_options opt = { 0 };
	const struct la_measure *const *m;
	unsigned int nr = 0;

	parse_options(&opt, NULL, argc, argv);
	if (opt.list || opt.plot)
		lkst_usage_error("all: %s is for one measure, or for a few with 'overlay'", opt.list ? "-l" : "--plot");
	for (m = la_table; *m && nr < LA_MAX_RUN; m++) {
		if ((*m)->value == LA_OWN)
			continue;
		la[nr] = &each[nr];
		la[nr]->measure = *m;
		la[nr]->overlay = la[0];
		set_options(la[nr++], &opt);
	}
	return measure(la, nr, argc - optind, argv + optind);
}

int main(int argc, char **argv)
{
	static const struct option commons[] = { LKST_COMMON_OPTIONS };
	struct la_options opt = { 0 };
	static char out[1 << 16];
	static struct la la;
	struct la *one = &la;

	lkst_program = "lkstla";
	la_threads = 1;
	setvbuf(stdout, out, _IOFBF, sizeof(out));	/* musl has 1 KiB: millions of lines are millions of calls */
	if (argc > 1 && !strcmp(argv[1], "list")) {
		while (lkst_option(argc - 1, argv + 1, ":h", commons, help) != -1)
			;
		lkst_no_more(argc - 1, argv + 1);
		return lkst_finish(list());
	}
	if (argc > 1 && !strcmp(argv[1], "overlay"))
		return lkst_finish(overlay(argc - 1, argv + 1));
	if (argc > 1 && !strcmp(argv[1], "all"))
		return lkst_finish(all(argc - 1, argv + 1));
	if (argc < 2 || argv[1][0] == '-') {
		while (argc > 1 && lkst_option(argc, argv, "+:hlk:t:p:c:", longs, help) != -1)
			;
		lkst_usage_error("give the measure first ('lkstla list' shows them)");
	}
	la.measure = find_measure(argv[1], strlen(argv[1]));
	if (!la.measure)
		no_measure(argv[1]);
	parse_options(&opt, la.measure, argc - 1, argv + 1);
	set_options(&la, &opt);
	return lkst_finish(measure(&one, 1, argc - 1 - optind, argv + 1 + optind));
}
