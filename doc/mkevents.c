// SPDX-License-Identifier: GPL-2.0-only
/*
 * mkevents.c - prints the manual page lkst-events(5): the catalogue, and the units as event.h describes them.
 *
 * Usage: mkevents EVENT.H DATE
 *
 * Run by 'make docs'. It knows nothing of single events: all of it comes from include/lkst.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lkst/event.h>

struct arg {
	const char *name, *type, *unit, *meaning;
};

struct event {
	unsigned int id, group, units;
	const char *name, *group_name, *set, *meaning;
	const char *stock, *stock_place, *hook26, *hook26_place, *hook24, *hook24_place;
	const struct arg *arg;
};

#define LKST_ARG(name, type, unit, meaning)	{ #name, #type, #unit, meaning },
#define LKST_EVENT(id, NAME, group, set, args, stock, hook26, hook24, meaning) \
	static const struct arg args_##NAME[] = { args { NULL, NULL, NULL, NULL } };
#include <lkst/events.def>
#undef LKST_EVENT

#define LKST_SRC(kind, place)	#kind, place
#define LKST_HOOK(kind, place)	#kind, place
#define LKST_EVENT(id, NAME, group, set, args, stock, hook26, hook24, meaning) \
	{ id, LKST_GRP_##group, LKST_UNITS_##NAME, #NAME, #group, #set, meaning, stock, hook26, hook24, args_##NAME },
static const struct event events[] = {
#include <lkst/events.def>
};
#define NR_EVENTS	(sizeof(events) / sizeof(events[0]))

/* A line of text: what roff would take for a request or an escape is none. */
static void text(const char *s)
{
	if (*s == '.' || *s == '\'')
		fputs("\\&", stdout);
	for (; *s; s++)
		if (*s == '\\')
			fputs("\\e", stdout);
		else
			putchar(*s);
	putchar('\n');
}

/* " * @LKST_UNIT_pid:	 a thread's id" */
static void print_units(const char *header)
{
	static const char mark[] = "@LKST_UNIT_";
	char line[512], *name, *colon;
	unsigned int n = 0;
	FILE *f = fopen(header, "r");

	if (!f) {
		fprintf(stderr, "mkevents: opening %s: it cannot be read\n", header);
		exit(1);
	}
	printf(".Bl -tag -width ifindexX -compact\n");
	while (fgets(line, sizeof(line), f)) {
		name = strstr(line, mark);
		colon = name ? strchr(name, ':') : NULL;
		if (!colon)
			continue;
		*colon = 0;
		printf(".It %s\n", name + sizeof(mark) - 1);
		colon += 1 + strspn(colon + 1, " \t");
		colon[strcspn(colon, "\n")] = 0;
		text(colon);
		n++;
	}
	fclose(f);
	printf(".El\n");
	if (n != LKST_UNIT_aspect + 1) {
		fprintf(stderr, "mkevents: %s describes %u units of %u\n", header, n, LKST_UNIT_aspect + 1);
		exit(1);
	}
}

static void print_source(const char *family, const char *kind, const char *place)
{
	char line[512];
	int none = !strcmp(kind, "none") || !strcmp(kind, "NONE");

	snprintf(line, sizeof(line), "%s: %s%s%s.", family, none ? "none; " : kind, none ? "" : ", ", place);
	printf(".br\n");
	text(line);
}

static void print_event(const struct event *e)
{
	const struct arg *a;
	char line[512];

	printf(".It 0x%03x %s\n", e->id, e->name);
	snprintf(line, sizeof(line), "%c%s; %u bytes%s.", e->meaning[0] >= 'a' &&
		 e->meaning[0] <= 'z' ? e->meaning[0] - 32 :
		 e->meaning[0], e->meaning + 1, 8 + 8 * e->units, strcmp(e->set, "RDEFAULT") ? "" : "; in RDEFAULT");
	text(line);
	for (a = e->arg; a->name; a++) {
		snprintf(line, sizeof(line), "%s (%s%s%s): %s.", a->name, a->type, strcmp(a->unit, "none") ? ", " : "",
			 strcmp(a->unit, "none") ? a->unit : "", a->meaning);
		printf(".br\n");
		text(line);
	}
	print_source("Stock kernels", e->stock, e->stock_place);
	print_source("2.6", e->hook26, e->hook26_place);
	print_source("2.4", e->hook24, e->hook24_place);
}

static void print_group(unsigned int group)
{
	unsigned int i, n = 0;

	for (i = 0; i < NR_EVENTS; i++) {
		if (events[i].group != group)
			continue;
		if (!n++)
			printf(".Ss %s\n.Bl -tag -width indent\n", events[i].group_name);
		print_event(&events[i]);
	}
	if (n)
		printf(".El\n");
}

static void print_head(const char *date)
{
	printf(".\\\" SPDX-License-Identifier: GPL-2.0-only\n"
	       ".\\\" Generated from include/lkst/events.def by 'make docs'. Do not edit.\n"
	       ".Dd %s\n.Dt LKST-EVENTS 5\n.Os\n.Sh NAME\n.Nm lkst-events\n.Nd the events of LKST\n.Sh DESCRIPTION\n"
	       "There are %u events.\nEach has an id of 12 bits, which is never used for another, a name, a group, and "
	       "arguments.\n"
	       "Where\n.Xr lkst 1\nor\n.Xr lkstm 1\ntakes a list of events, a group's name stands for all its events.\n"
	       ".Pp\n"
	       "A record has 8 bytes with the event, the time and the thread that the CPU was running, whatever the "
	       "event is about,\n"
	       "and then the arguments; the bytes given are those of both.\nTypes are u (unsigned), s (signed) and the "
	       "number of "
	       "bits, and str8, eight characters.\nValues of 48 bits lose nothing of an address with 4-level page "
	       "tables.\n.Pp\n"
	       "For each event it is said what it comes from: on stock kernels (5.10 and newer) a tracepoint, a kprobe "
	       "at the entry\n"
	       "of a function, a kretprobe at its return, a notifier chain, or the tracer's own core; on 2.6.9 and "
	       "2.4.37 the place\n"
	       "in the kernel's source where the hook stands: NORMAL at one place, INLINE at several or in an inline "
	       "function.\n"
	       "The caller of memory events is the real one also while a kretprobe watches the same function, as RALL has it;\n"
	       "on stock kernels before 5.18 it is the kretprobe's trampoline then.\nWhat of it the running kernel has is "
	       "said by\n"
	       ".Ql lkst events --source .\n", date, (unsigned int)NR_EVENTS);
}

static void print_end(void)
{
	printf(".Sh EXIT STATUS\n.Ql lkst events\nends with 0, or with 1 when no event has the name that was given.\n"
	       ".Sh EXAMPLES\nThe events of one group, and where they come from here:\n.Pp\n.Dl lkst events --source "
	       "BLOCK\n.Pp\n"
	       "The size of each record:\n.Pp\n.Dl lkst events --sizes\n"
	       ".Sh SEE ALSO\n.Xr lkst 1 ,\n.Xr lkstla 1 ,\n.Xr lkstm 1 ,\n.Xr lkst 4 ,\n.Xr lkst-trace 5\n"
	       ".Sh HISTORY\nIds 0x001 to 0x00a and the names SYSCALL_ENTRY, SYSCALL_EXIT, SYSCALL_SYSENTER and "
	       "SYSCALL_SYSEXIT are "
	       "those of\nLKST 2.x; all others are of this version.\n");
}

int main(int argc, char **argv)
{
	unsigned int group;

	if (argc != 3) {
		fprintf(stderr, "Usage: mkevents EVENT.H DATE\n");
		return 2;
	}
	print_head(argv[2]);
	printf(".Ss Units of arguments\n");
	print_units(argv[1]);
	printf(".Sh EVENTS\n");
	for (group = 0; group < LKST_NR_GROUPS; group++)
		print_group(group);
	print_end();
	return fflush(stdout) || ferror(stdout);
}
