/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * maskset_text.h - masksets as text, in the form that lkstm has had since 2005.
 */
#ifndef LKST_MASKSET_TEXT_H
#define LKST_MASKSET_TEXT_H

#include <stdio.h>
#include <lkst/ioctl.h>

/**
 * lkst_maskset_print - write a maskset as text
 * @out: where
 * @m: maskset
 */
void lkst_maskset_print(FILE *out, const struct lkst_maskset *m);

/**
 * lkst_maskset_parse - read a maskset from text
 * @in: text
 * @file: its name, for messages
 * @m: handlers are filled in; events that the text does not name are not looked at. The name is that of the text's
 *     "# maskset name=" line, or empty.
 *
 * Strict: every line is empty, a comment, or "EVENT-ID EVENT-NAME HANDLER-ID" where id and name are of one
 * event. Each error is printed with its line number.
 *
 * Return: how many errors there were.
 */
unsigned int lkst_maskset_parse(FILE *in, const char *file, struct lkst_maskset *m);

#endif
