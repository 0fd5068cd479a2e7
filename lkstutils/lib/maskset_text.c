// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * maskset_text.c - masksets as text.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "cli.h"
#include "maskset_text.h"

#define NAME_LINE	"# maskset name="

void lkst_maskset_print(FILE *out, const struct lkst_maskset *m)
{
	const struct lkst_event_desc *e;
	unsigned int i;

	fprintf(out, "# ID=%u\n" NAME_LINE "%.*s\n# length=%d\n", m->id, LKST_NAME_LEN, m->name, LKST_NR_EVENTS);
	fprintf(out, "# event_type   event_name   event_handler_ID\n");
	for (i = 0; i < LKST_NR_EVENTS; i++) {
		e = lkst_event_by_id(i);
		if (e)
			fprintf(out, "  0x%03x %-23s 0x%02x\n", i, e->name, m->handler[i]);
	}
}

/* A whole word as a number, decimal or 0x hexadecimal; -1 when it is none below @limit. */
static long number(const char *word, unsigned long limit)
{
	unsigned long value;
	char *end;

	if (*word < '0' || *word > '9')
		return -1;
	errno = 0;
	value = strtoul(word, &end, word[1] == 'x' || word[1] == 'X' ? 16 : 10);
	return *end || errno || value >= limit ? -1 : (long)value;
}

/* What is wrong with a line; NULL: nothing. */
static const char *parse_line(char *line, struct lkst_maskset *m, unsigned char *seen)
{
	static const char blanks[] = " \t\r\n";
	char *id_word = strtok(line, blanks), *name = strtok(NULL, blanks), *handler_word = strtok(NULL, blanks);
	const struct lkst_event_desc *e;
	long id, handler;

	if (!handler_word || strtok(NULL, blanks))
		return "want EVENT-ID EVENT-NAME HANDLER-ID";
	id = number(id_word, LKST_NR_EVENTS);
	e = id < 0 ? NULL : lkst_event_by_id((unsigned int)id);
	if (!e)
		return "no event has this id (see 'lkst events')";
	if (strcmp(e->name, name))
		return "the event with this id has another name (see 'lkst events')";
	handler = number(handler_word, 0x100);
	if (handler < 1)
		return "the handler is a number from 0x01 to 0xff (see 'lksteh list')";
	if (seen[id])
		return "this event was named already";
	seen[id] = 1;
	m->handler[id] = (lkst_u8)handler;
	return NULL;
}

/* "# maskset name=FOO"; other comments say nothing. */
static const char *parse_comment(const char *line, struct lkst_maskset *m)
{
	const char *name = line + strlen(NAME_LINE);
	size_t len;

	if (strncmp(line, NAME_LINE, strlen(NAME_LINE)))
		return NULL;
	len = strcspn(name, " \t\r\n");
	if (!len || len >= LKST_NAME_LEN)
		return "a name has 1 to 31 characters";
	memset(m->name, 0, sizeof(m->name));
	memcpy(m->name, name, len);
	return NULL;
}

unsigned int lkst_maskset_parse(FILE *in, const char *file, struct lkst_maskset *m)
{
	unsigned char seen[LKST_NR_EVENTS];
	unsigned int errors = 0, number = 0, events = 0;
	const char *wrong;
	char line[512], *first;
	int c;

	memset(seen, 0, sizeof(seen));
	memset(m, 0, sizeof(*m));
	memset(m->handler, LKST_HANDLER_NONE, sizeof(m->handler));
	while (fgets(line, sizeof(line), in)) {
		number++;
		wrong = NULL;
		first = line + strspn(line, " \t\r\n");
		if (strlen(line) == sizeof(line) - 1 && line[sizeof(line) - 2] != '\n') {
			wrong = "the line is too long";
			while ((c = fgetc(in)) != EOF && c != '\n')
				;
		} else if (*first == '#') {
			wrong = parse_comment(first, m);
		} else if (*first) {
			wrong = parse_line(first, m, seen);
			events++;
		}
		if (wrong)
			lkst_warn("%s:%u: %s", file, number, wrong);
		errors += !!wrong;
	}
	if (ferror(in)) {
		lkst_warn("reading %s: %s", file, strerror(errno));
		errors++;
	} else if (!events && !errors) {
		/*
		 * Nothing at all is a mistake ("lkstm write </dev/null"); a maskset of nothing says
		 * 0xff of its events.
		 */
		lkst_warn("reading %s: no line names an event (the form is that of 'lkstm read')", file);
		errors++;
	}
	return errors;
}
