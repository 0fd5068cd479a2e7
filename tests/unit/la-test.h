/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * la-test.h - for the tests of lkstla: a trace made by hand is written to a file, lkstla runs on it, and what it
 * prints is compared. The environment variable LKSTLA says where the program is.
 */
#ifndef LKST_LA_TEST_H
#define LKST_LA_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mktrace.h"

#define S	1000000000ULL
#define US	1000ULL

extern char dir[];		/* the trace is "t" in it */
extern char output[65536];	/* of the last run */
extern const char *redirect;	/* what becomes @output */
extern struct mktrace t;

/* For cmocka_run_group_tests(). */
int set_up(void **unused);
int tear_down(void **unused);

/* A new trace, with the tasks init, sh (50), my prog (51) and its thread (52); end() writes it. */
void begin(void);
void end(void);

/* Runs lkstla with arguments, "%s" in them being the trace; returns the exit status. */
int run(const char *arguments);

/* @output is @text. One blank between words is enough: widths are for people, words are the contract. */
void expect(const char *text);

/* @text is somewhere in @output, blanks and all; it is not. */
void has(const char *text);
void lacks(const char *text);

/* It ends with @status and prints @text. */
void gives(int status, const char *arguments, const char *text);

/* The list of a measure: "lkstla MEASURE: WHAT", columns for KEY and VALUE, and @text. */
void lists(const char *measure, const char *what, const char *key, const char *value, const char *text);

/* It ends with @status, "lkstla: TEXT" is on standard error, and nothing else is. */
void says(int status, const char *arguments, const char *text);

/* Draws a graph and keeps what gnuplot was given; it must end with @draw_status. */
void draw(const char *arguments);
extern int draw_status;

/* Reads FILE.dat or FILE.gnuplot of a plot that was kept into @output. */
void read_kept(const char *end);

#define UNPAIRED(b, e, o, c)	"# unpaired: " #b " ends without a beginning, " #e " beginnings without an end, " #o \
				" open at the end, " #c " cut by losses, 0 evicted\n"
#define HEAD	"# lkstla syscall: processing time of system calls\n#syscall pid time[s] value[s] cpu name task\n"
#define TRY	"; try 'lkstla --help'"

/* System calls of every kind: whole ones, with half of them missing, open at the end. */
void make_syscalls(void);
#define SYSCALL_UNPAIRED	UNPAIRED(2, 1, 1, 0)

/* A call of 1 us every 10 us by each of the five tasks from 60 on, named by LKST_PKT_TASKS @names. Without end(). */
void begin_named(const char *names);

/* fsync (10 us) waits for the disk (3 us), a read (1 us) does not. Two tasks runnable on CPU 0. */
void make_overlay(void);

#endif
