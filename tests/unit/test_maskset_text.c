// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_maskset_text.c - masksets as text: the printed form of 2005, and a parser that lets nothing wrong pass.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lkst/event.h>

#include "maskset_text.h"

static struct lkst_maskset m;

/* The messages are right to come, but not here. */
static unsigned int parse(const char *text)
{
	FILE *in = fmemopen((void *)text, strlen(text), "r");
	unsigned int errors;
	int saved = dup(2);

	assert_non_null(in);
	assert_non_null(freopen("/dev/null", "w", stderr));
	errors = lkst_maskset_parse(in, "text", &m);
	fflush(stderr);
	dup2(saved, 2);
	close(saved);
	fclose(in);
	return errors;
}

static void reads_the_form_of_2005(void **state)
{
	(void)state;
	assert_int_equal(parse("# ID=2\n"
			       "# maskset name=RDEFAULT\n"
			       "# length=4096\n"
			       "# event_type   event_name   event_handler_ID\n"
			       "  0x001 PROCESS_CONTEXTSWITCH   0x01\n"
			       "  0x002 PROCESS_WAKEUP 0x01\n"), 0);
	assert_string_equal(m.name, "RDEFAULT");
	assert_int_equal(m.handler[1], LKST_HANDLER_RECORD);
	assert_int_equal(m.handler[2], LKST_HANDLER_RECORD);
	assert_int_equal(m.handler[3], LKST_HANDLER_NONE);
	assert_int_equal(m.handler[0], LKST_HANDLER_NONE);
}

static void prints_the_form_of_2005(void **state)
{
	static const char head[] =
		"# ID=2\n"
		"# maskset name=RDEFAULT\n"
		"# length=4096\n"
		"# event_type   event_name   event_handler_ID\n"
		"  0x001 PROCESS_CONTEXTSWITCH   0x01\n";
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	memset(&m, 0, sizeof(m));
	memset(m.handler, LKST_HANDLER_NONE, sizeof(m.handler));
	m.id = 2;
	strcpy(m.name, "RDEFAULT");
	m.handler[1] = LKST_HANDLER_RECORD;
	lkst_maskset_print(out, &m);
	fclose(out);
	assert_ptr_equal(strstr(text, head), text);
	assert_non_null(strstr(text, "\n  0x050 SYSCALL_ENTRY           0xff\n"));
	free(text);
}

static void comes_back_as_it_was(void **state)
{
	struct lkst_maskset before;
	unsigned int i;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(parse("0x001 PROCESS_CONTEXTSWITCH 6\n0x0e1 LKST_MARK 0x10\n# maskset name=X.y-1\n"), 0);
	before = m;
	lkst_maskset_print(out, &m);
	fclose(out);
	assert_int_equal(parse(text), 0);
	assert_string_equal(m.name, "X.y-1");
	for (i = 0; i < LKST_NR_EVENTS; i++)
		assert_int_equal(m.handler[i], before.handler[i]);
	free(text);
}

static void takes_nothing_wrong(void **state)
{
	static const char *const wrong[] = {
		"0x001 PROCESS_CONTEXTSWITCH\n",
		"0x001 PROCESS_CONTEXTSWITCH 0x01 more\n",
		"0x001 PROCESS_WAKEUP 0x01\n",
		"0x001 process_contextswitch 0x01\n",
		"0xffe NOBODY 0x01\n",
		"0x1000 PROCESS_CONTEXTSWITCH 0x01\n",
		"1x PROCESS_CONTEXTSWITCH 0x01\n",
		"-1 PROCESS_CONTEXTSWITCH 0x01\n",
		"0x001 PROCESS_CONTEXTSWITCH 0x00\n",
		"0x001 PROCESS_CONTEXTSWITCH 0x100\n",
		"0x001 PROCESS_CONTEXTSWITCH record\n",
		"0x001 PROCESS_CONTEXTSWITCH 0x01\n0x001 PROCESS_CONTEXTSWITCH 0xff\n",
		"",
		"# maskset name=NOTHING\n",
		"# maskset name=\n",
		"# maskset name=a-name-that-is-longer-than-31-characters\n",
	};
	unsigned int i;
	char line[700];

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(parse(wrong[i]), 1);
	memset(line, ' ', sizeof(line));
	strcpy(line + 600, "\n0x002 PROCESS_WAKEUP 0x01\n");
	assert_int_equal(parse(line), 1);
	assert_int_equal(m.handler[2], LKST_HANDLER_RECORD);
	assert_int_equal(parse("a\n\n# b\nc d\n"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_form_of_2005),
		cmocka_unit_test(prints_the_form_of_2005),
		cmocka_unit_test(comes_back_as_it_was),
		cmocka_unit_test(takes_nothing_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
