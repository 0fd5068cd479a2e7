// SPDX-License-Identifier: GPL-2.0-only
/*
 * kutrace.c - switches KUtrace on and off for the guest bench, and counts what its buffer holds. It speaks the
 * interface of KUtrace's module: one system call with a command and an argument. x86-64 only, as KUtrace's patch is.
 *
 *	kutrace start		the buffer is emptied, all that KUtrace has is recorded
 *	kutrace stop		prints: EVENTS SWITCHES BYTES FULL
 *
 * EVENTS are those of getppid(2), a call and its return being two, whether they lie in one entry or in two; SWITCHES
 * are changes of task; BYTES are all that was written. FULL is 1 where the buffer had no room left.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CONTROL		1023	/* the system call's number */

enum { OFF = 0, ON = 1, FLUSH = 2, RESET = 3, WORDS = 5, STATE = 10, SET_PLACE = 12, COPY_PAGE = 13 };

/* A buffer is made of blocks of words; a block's first words are its own, two for the time and four for a task. */
#define BLOCK_WORDS	8192
#define PAGE_WORDS	512
#define HEAD_WORDS	6
#define FIRST_HEAD_WORDS 12

/* An entry's first word, from the top: time 20 bits, event 12, time to the return 8, return value 8, argument 16. */
#define EVENT(word)	((unsigned int)(word >> 32 & 0xfff))
#define HAS_RETURN(word) ((word >> 24 & 0xff) != 0)
#define EVENT_SWITCH	0x200
#define EVENT_CALL	0x800
#define EVENT_RETURN	0xa00

static long ask(long command, long argument)
{
	return syscall(CONTROL, command, argument);
}

static void fail(const char *what)
{
	fprintf(stderr, "kutrace: %s: is its module loaded?\n", what);
	exit(1);
}

/* Events with names are longer: how long, their number says. */
static unsigned int length(uint64_t word)
{
	unsigned int event = EVENT(word);

	return event >= 0x010 && event < 0x200 && (event >> 4 & 0xf) ? event >> 4 & 0xf : 1;
}

static struct {
	unsigned long events, switches, words;
} seen;

static void count(const uint64_t *block, unsigned int first)
{
	unsigned int i;

	for (i = first; i < BLOCK_WORDS; i += length(block[i])) {
		if (!block[i])
			continue;
		seen.words += length(block[i]);
		if (EVENT(block[i]) == EVENT_SWITCH)
			seen.switches++;
		else if (EVENT(block[i]) == EVENT_CALL + SYS_getppid)
			seen.events += HAS_RETURN(block[i]) ? 2 : 1;
		else if (EVENT(block[i]) == EVENT_RETURN + SYS_getppid)
			seen.events++;
	}
	seen.words += first;
}

static int stop(void)
{
	static uint64_t block[BLOCK_WORDS];
	long on = ask(STATE, 0), words, at;
	unsigned int i;

	if (on < 0 || ask(OFF, 0) < 0 || ask(FLUSH, 0) < 0)
		fail("stopping");
	words = ask(WORDS, 0);
	if (words < 0)
		fail("asking how much there is");
	for (at = 0; at < words; at += BLOCK_WORDS) {
		for (i = 0; i < BLOCK_WORDS; i += PAGE_WORDS)
			if (ask(SET_PLACE, at + i) || ask(COPY_PAGE, (long)(block + i)))
				fail("reading the buffer");
		count(block, at ? HEAD_WORDS : FIRST_HEAD_WORDS);
	}
	/* It stops by itself when the buffer is full. */
	printf("%lu %lu %lu %d\n", seen.events, seen.switches, 8 * seen.words, !on);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "start")) {
		if (ask(RESET, 0) || ask(ON, 0) != 1)
			fail("starting");
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "stop"))
		return stop();
	fprintf(stderr, "kutrace: reading the arguments: start, or stop\n");
	return 2;
}
