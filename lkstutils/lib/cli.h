/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cli.h - what every command says and how it ends: errors, exit status, options common to all.
 */
#ifndef LKST_CLI_H
#define LKST_CLI_H

/* Exit status of every command of the project. */
enum lkst_exit {
	LKST_EXIT_DONE		= 0,
	LKST_EXIT_FAILED	= 1,
	LKST_EXIT_USAGE		= 2,
	LKST_EXIT_LOSSES	= 3,	/* done, but records were lost or the file is damaged */
	LKST_EXIT_UNAVAILABLE	= 4	/* skipped, or not available here */
};

/* Set by main() first of all; starts every message. */
extern const char *lkst_program;

/**
 * lkst_warn - print "program: message" on stderr
 * @fmt: printf format, without a newline: what was being done, what is wrong, what to do
 */
void lkst_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * lkst_die - print "program: message" on stderr and exit
 * @status: enum lkst_exit
 * @fmt: as for lkst_warn()
 */
void lkst_die(int status, const char *fmt, ...) __attribute__((format(printf, 2, 3), noreturn));

/**
 * lkst_usage_error - print the message and where help is, exit with LKST_EXIT_USAGE
 * @fmt: as for lkst_warn()
 */
void lkst_usage_error(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

/**
 * lkst_parse_u64 - read a whole argument as a number, decimal or 0x hexadecimal
 * @what: named in the message when it is not one: "CPU"
 * @text: the argument
 * @min: least value allowed
 * @max: greatest value allowed
 *
 * Ends the program with LKST_EXIT_USAGE when @text is anything else.
 */
unsigned long long lkst_parse_u64(const char *what, const char *text, unsigned long long min, unsigned long long max);

/**
 * lkst_parse_size - the same for sizes in bytes, with an optional K, M or G
 * @what: named in the message
 * @text: the argument
 * @min: least value allowed, bytes
 * @max: greatest value allowed, bytes
 */
unsigned long long lkst_parse_size(const char *what, const char *text, unsigned long long min, unsigned long long max);

/**
 * lkst_xmalloc - zeroed memory, or the end of the program with a message
 * @size: bytes
 */
void *lkst_xmalloc(unsigned long size);

/**
 * lkst_xrealloc - larger memory, the new part not cleared, or the end of the program with a message
 * @old: from lkst_xmalloc(), or NULL
 * @size: bytes
 */
void *lkst_xrealloc(void *old, unsigned long size);

#endif
