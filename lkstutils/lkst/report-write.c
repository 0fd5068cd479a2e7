// SPDX-License-Identifier: GPL-2.0-only
/*
 * report-write.c - names and bytes of a trace as they may stand in the report's page and its data.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "print.h"
#include "report.h"

/* In a page, "</script>" in a name would end the data. */
void report_text(FILE *out, const char *text)
{
	char *json = NULL, *c;
	size_t size;
	FILE *f = open_memstream(&json, &size);

	if (!f)
		lkst_die(LKST_EXIT_FAILED, "writing the report: there is no more memory");
	lkst_json_string(f, text);
	fclose(f);
	for (c = json; *c; c++) {
		if (*c == '<')
			fputs("\\u003c", out);
		else
			fputc(*c, out);
	}
	free(json);
}

void report_field(FILE *out, const char *comma, const char *name, const char *text)
{
	fprintf(out, "%s\"%s\":", comma, name);
	report_text(out, text);
}

void report_base64(FILE *out, const unsigned char *data, size_t size)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t i;

	for (i = 0; i < size; i += 3) {
		unsigned int bits = (unsigned int)data[i] << 16 | (i + 1 < size ? (unsigned int)data[i + 1] << 8 : 0) |
				    (i + 2 < size ? data[i + 2] : 0);

		fputc(digit[bits >> 18], out);
		fputc(digit[bits >> 12 & 63], out);
		fputc(i + 1 < size ? digit[bits >> 6 & 63] : '=', out);
		fputc(i + 2 < size ? digit[bits & 63] : '=', out);
	}
}

void report_html(FILE *out, const char *text)
{
	static const char marks[] = "<>&\"";
	static const char *const escaped[] = { "&lt;", "&gt;", "&amp;", "&quot;" };
	const char *mark;

	for (; *text; text++) {
		mark = strchr(marks, *text);
		if (mark)
			fputs(escaped[mark - marks], out);
		else
			fputc(*text, out);
	}
}
