// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_nest.c - an interruption at every step of the ring's code, and interruptions of the interruption.
 *
 * A run is an operation on a ring in a known state, and a plan: at step k1 of the operation do a1; at step k2 of a1 do a2; at
 * step k3 of a2 do a3. All k and all a are tried. What writers do at a step of a writer stands for an interrupt or NMI; what
 * the reader does there, and what writers do at a step of the reader, stands for two CPUs. After each run all accounts must
 * agree (model.h). The last test adds walks of random interruptions on a larger ring.
 */
#include <stdio.h>
#include <string.h>

#include "model.h"

#define S		256UL
#define ROOM		(S - LKST_RING_HEADER)
#define SLOTS		2
#define JUMP		(1ULL << LKST_TIME_BITS)
#define NR_STEPS	19	/* LKST_STEP() numbers are below this */

enum action {
	WRITE0, WRITE2, WRITE7,		/* a record of 8, 24, 64 bytes */
	LATER,				/* one whose time needs writing in full */
	FILL,				/* a sub-buffer's worth of records */
	LAP,				/* more than the whole ring's worth */
	FLUSH, GET, PUT, DRAIN,
	NR_ACTIONS
};

static const char *const action_name[NR_ACTIONS] = {
	"write0", "write2", "write7", "later", "fill", "lap", "flush", "get", "put", "drain"
};

/* The state a run begins in, and the operation that is interrupted. */
struct scene {
	unsigned int mode;
	unsigned int unread;		/* 0 a fresh ring, 1 all others are full, 2 they are and the reader has one, 3 were read */
	unsigned int used;		/* bytes used by records in the sub-buffer in work */
	unsigned int jumpy;		/* whether the clock takes long steps */
	enum action op;
};

static struct scene scene;
static struct {
	unsigned int step;
	enum action action;
} plan[3];
static unsigned int planned;		/* entries of @plan in force */
static unsigned int count[4];		/* steps seen by depth */
static unsigned int fired[3];
static unsigned int in_reader;
static unsigned long runs, nested, flushed, seen_step[NR_STEPS];

static void act(enum action action)
{
	unsigned int i;

	switch (action) {
	case WRITE0:
		model_write(0);
		break;
	case WRITE2:
		model_write(2);
		break;
	case LATER:
		m.now += JUMP;
		/* fall through */
	case WRITE7:
		model_write(7);
		break;
	case FILL:
		for (i = 0; i < ROOM / 64; i++)
			model_write(7);
		break;
	case LAP:
		for (i = 0; i <= SLOTS * ROOM / 64; i++)
			model_write(7);
		break;
	case FLUSH:
		flushed++;
		model_flush();
		break;
	default:
		/* One reader: it does not interrupt itself. */
		if (in_reader)
			break;
		in_reader = 1;
		if (action == GET)
			model_get();
		else if (action == PUT)
			model_put();
		else
			model_drain();
		in_reader = 0;
	}
}

static void interrupt(unsigned int n, enum action action)
{
	m.depth++;
	count[m.depth] = 0;
	if (action < FLUSH) {
		seen_step[n]++;
		nested++;
	}
	act(action);
	m.depth--;
}

static void planned_step(unsigned int n)
{
	unsigned int depth = m.depth;

	if (depth >= planned || fired[depth] || (depth && !fired[depth - 1]) || ++count[depth] != plan[depth].step)
		return;
	fired[depth] = 1;
	interrupt(n, plan[depth].action);
}

static void set_scene(void)
{
	unsigned int i;

	model_step = NULL;
	in_reader = 0;
	model_init(S, SLOTS, scene.mode, scene.unread == 3 ? 1 : 0);
	m.tick = scene.jumpy ? JUMP / 2 + 1 : 1;
	if (scene.unread)
		for (i = 1; i < SLOTS; i++)
			model_write(ROOM / 8 - 1);
	if (scene.unread == 2)
		model_get();
	if (scene.unread == 3)
		model_drain();
	if (scene.used)
		model_write(scene.used / 8 - 1);
}

static void run(void)
{
	set_scene();
	memset(count, 0, sizeof(count));
	memset(fired, 0, sizeof(fired));
	model_step = planned_step;
	act(scene.op);
	model_step = NULL;
	m.tick = 1;
	runs++;
	model_settle();
}

/* All plans of up to @depth interruptions; @actions is a set of them. */
static void explore(unsigned int level, unsigned int depth, unsigned int actions)
{
	unsigned int action;

	for (plan[level].step = 1;; plan[level].step++) {
		for (action = 0; action < NR_ACTIONS; action++) {
			if (!(actions & 1U << action))
				continue;
			plan[level].action = action;
			planned = level + 1;
			run();
			if (!fired[level])
				return;
			if (level + 1 < depth)
				explore(level + 1, depth, actions);
		}
	}
}

static int say_where(void **state)
{
	unsigned int i;

	(void)state;
	if (!planned)
		return 0;
	print_message("%s mode, unread %u, used %u, %s clock, %s", scene.mode ? "overwrite" : "discard", scene.unread, scene.used,
		      scene.jumpy ? "jumpy" : "slow", action_name[scene.op]);
	for (i = 0; i < planned; i++)
		printf("; at step %u: %s", plan[i].step, action_name[plan[i].action]);
	printf("\n");
	planned = 0;
	return 0;
}

static void explore_scenes(unsigned int depth, unsigned int first_used, unsigned int ops, unsigned int actions)
{
	unsigned int op;

	for (scene.mode = 0; scene.mode < 2; scene.mode++)
		for (scene.unread = 0; scene.unread < 4; scene.unread++)
			for (scene.jumpy = 0; scene.jumpy < 2; scene.jumpy++)
				for (scene.used = first_used; scene.used <= ROOM; scene.used += 8)
					for (op = 0; op < NR_ACTIONS; op++) {
						scene.op = op;
						if (ops & 1U << op)
							explore(0, depth, actions);
					}
	planned = 0;
}

#define ALL	((1U << NR_ACTIONS) - 1)
#define SET2(a, b)	(1U << (a) | 1U << (b))

/* One interruption: every operation, every place in a sub-buffer, every step, every action. */
static void test_one(void **state)
{
	(void)state;
	explore_scenes(1, 0, ALL, ALL);
}

/* Two: every action in every action. */
static void test_two(void **state)
{
	(void)state;
	explore_scenes(2, 64, ALL & ~SET2(FILL, LAP), ALL);
}

/* Three: a record that enters a sub-buffer, and what disturbs it most. */
static void test_three(void **state)
{
	(void)state;
	explore_scenes(3, 168, SET2(WRITE2, DRAIN), SET2(WRITE2, LAP) | SET2(FLUSH, DRAIN));
}

static unsigned int seed;

static unsigned int dice(unsigned int n)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % n;
}

static unsigned int odds;

static void random_step(unsigned int n)
{
	if (m.depth < 3 && !dice(odds))
		interrupt(n, dice(NR_ACTIONS));
}

/* Long walks: states that no scene above begins in. */
static void test_walks(void **state)
{
	unsigned int walk, i;

	(void)state;
	for (walk = 0; walk < 20000; walk++) {
		seed = walk;
		odds = 4 + dice(30);
		model_step = NULL;
		in_reader = 0;
		model_init(S << dice(2), 2U << dice(3), dice(2), dice(3));
		m.tick = dice(3) ? 1 + dice(5) : JUMP / 3;
		model_step = random_step;
		for (i = 0; i < 30 && m.produced < MODEL_RECORDS / 2; i++)
			act(dice(NR_ACTIONS));
		model_step = NULL;
		runs++;
		model_settle();
	}
}

/* A run in which nothing was nested proves nothing. */
static void test_was_nested(void **state)
{
	unsigned int n;

	(void)state;
	print_message("%lu runs, %lu times writers came between, %lu flushes\n", runs, nested, flushed);
	for (n = 1; n < NR_STEPS; n++)
		if (seen_step[n] < 1000)
			fail_msg("step %u: only %lu times", n, seen_step[n]);
	assert_true(nested >= 1000000);
	assert_true(flushed >= 100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_one, say_where),
		cmocka_unit_test_teardown(test_two, say_where),
		cmocka_unit_test_teardown(test_three, say_where),
		cmocka_unit_test(test_walks),
		cmocka_unit_test(test_was_nested),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
