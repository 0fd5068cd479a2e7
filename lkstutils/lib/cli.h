/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cli.h - what every command says and how it ends: errors, exit status, options common to all.
 */
#ifndef LKST_CLI_H
#define LKST_CLI_H

#include <stdio.h>

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
 * lkst_usage_error - print the message and where help is, in one line, and exit with LKST_EXIT_USAGE
 * @fmt: as for lkst_warn()
 */
void lkst_usage_error(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

/**
 * lkst_is_trace - by its first bytes
 * @fd: a file that can be read; where it stands does not change
 */
int lkst_is_trace(int fd);

/**
 * lkst_begin_output - open a file for writing; what was there stays until lkst_end_output()
 * @name: file; a device or a pipe is written to as it is, a trace is not: that ends the program
 *
 * Until then it has another name beside its place, and is removed when the program ends by exit(3) before.
 *
 * Return: the stream, or NULL with errno.
 */
FILE *lkst_begin_output(const char *name);

/* Removes what lkst_begin_output() opened and nobody ended. Every exit(3) does; signal handlers may. */
void lkst_remove_unfinished(void);

/**
 * lkst_end_output - be sure that all that was printed is written, close it unless it is standard output
 * @f: stream
 * @name: file or "standard output", for the message
 *
 * What cannot be written must not look like success ("lkst events > /dev/full"): ends the program with
 * LKST_EXIT_FAILED.
 */
void lkst_end_output(FILE *f, const char *name);

/**
 * lkst_finish - the end of every command: standard output is written, or the end of the program with LKST_EXIT_FAILED
 * @status: enum lkst_exit
 *
 * Return: @status.
 */
int lkst_finish(int status);

/**
 * lkst_add_word - one more word into a list with commas, once; it ends with "..." when there is no room for all
 * @list: text so far
 * @size: its room, the same at each call
 * @word: what is added
 */
void lkst_add_word(char *list, size_t size, const char *word);

/**
 * lkst_add_near - add a word to such a list if somebody who wrote another may have meant it; the nearest stand first
 * @list: made by this function only
 * @size: its room, the same at each call, at most 256
 * @word: what was written
 * @name: what there is: near when it begins with @word, or few letters make one of the other, in upper or lower case
 */
void lkst_add_near(char *list, size_t size, const char *word, const char *name);

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
 * lkst_parse_ms - the same for seconds with up to three decimals
 * @what: named in the message
 * @text: the argument
 * @max: greatest value allowed, seconds
 *
 * Return: ms, at least 1.
 */
unsigned long long lkst_parse_ms(const char *what, const char *text, unsigned long long max);

/**
 * lkst_parse_size - the same for sizes in bytes, with an optional K, M or G
 * @what: named in the message
 * @text: the argument
 * @min: least value allowed, bytes
 * @max: greatest value allowed, bytes
 */
unsigned long long lkst_parse_size(const char *what, const char *text, unsigned long long min, unsigned long long max);

/**
 * lkst_tell_rounded - warn of a buffer that is larger than it was asked to be
 * @wanted: bytes for each CPU that the user gave
 * @size: bytes it has
 * @least: bytes that one must have
 *
 * Says nothing when both are the same.
 */
void lkst_tell_rounded(unsigned long long wanted, unsigned long long size, unsigned long long least);

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
