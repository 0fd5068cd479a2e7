// SPDX-License-Identifier: GPL-2.0-only
/*
 * truth-ko.c - the accesses of truth.c in a kernel module that does each a known number of times.
 *
 * A line "hits: FUNCTION STRUCT.MEMBER MODE N" says: when the parameter run is written, in FUNCTION MEMBER is accessed
 * so N times. The objects are those of the parameter objects, and their parts.
 */
#undef noinline
#define _start	truth_start
#include "truth.c"
#define noinline	__attribute__((__noinline__))

#include <linux/compiler.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>

static struct inner second = { .a = 21, .b = 22 };
static struct inner inner = { .a = 11, .b = 12, .next = &second };
static struct outer outer = { .first = 31, .in = { .b = 32 }, .number = 33, .link = &inner };
static struct decoy decoy = { .number = 41 };
static struct named named;
static volatile long sum;

/* So that calls are neither left out nor joined. */
#define DO(n, call) do {			\
	int times;				\
						\
	for (times = 0; times < (n); times++) {	\
		barrier();			\
		call;				\
	}					\
} while (0)

/* The task that runs, which only the kernel has: looked for, not hit. */
static noinline long of_current(void)
{
	return xchg(&current->personality, current->personality);
}

static int run(const char *value, const struct kernel_param *param)
{
	struct outer *handle = &outer;

	/* hits: read_member outer.first r 3 */
	DO(3, sum += read_member(&outer));
	/* hits: write_member outer.first w 4 */
	DO(4, write_member(&outer, 7));
	/* hits: add_member outer.first rw 5 */
	DO(5, add_member(&outer));
	/* hits: embedded inner.b r 6 */
	/* hits: embedded outer.in r 6 */
	DO(6, sum += embedded(&outer));
	/* hits: through_two inner.a r 7 */
	/* hits: through_two outer.link r 7 */
	DO(7, sum += through_two(&outer));
	/* hits: through_three inner.a r 8 */
	/* hits: through_three inner.next r 8 */
	/* hits: through_three outer.link r 8 */
	DO(8, sum += through_three(&outer));
	/* A union: number and half lie in the same bytes. */
	/* hits: both_halves outer.number r 9 */
	/* hits: both_halves outer.half r 9 */
	DO(9, sum += both_halves(&outer));
	/* hits: other_struct decoy.number r 10 */
	/* hits: other_struct outer.number r 0 */
	DO(10, sum += other_struct(&decoy));
	/* hits: cast outer.number w 11 */
	DO(11, cast(&outer));
	/* hits: no_struct outer.first r 0 */
	/* hits: no_struct inner.a r 0 */
	DO(12, sum += no_struct((long *)&outer));
	/* hits: returned inner.b r 13 */
	DO(13, sum += returned(&outer));
	/* hits: over_calls outer.number w 42 */
	DO(14, over_calls(&outer));
	/* Inlined twice. */
	/* hits: twice outer.number r 30 */
	DO(15, sum += twice(&outer, &global));
	/* Two objects, one behind the other. */
	/* hits: loop inner.b r 32 */
	/* hits: loop inner.next r 32 */
	DO(16, sum += loop(&inner));
	/* hits: element outer.in r 0 */
	/* hits: element inner.a r 0 */
	DO(17, sum += element(&outer, 3));
	/* hits: other_array named.name r 0 */
	DO(18, sum += other_array(&named, 3));
	/* hits: letter outer.name r 19 */
	DO(19, sum += letter(&outer, 3));
	/* A bit-field. */
	/* hits: set_flag outer.flag r 20 */
	DO(20, sum += set_flag(&outer));
	/* hits: of_global outer.number w 21 */
	DO(21, of_global());
	/* hits: from_member inner.b r 22 */
	/* hits: from_member outer.first r 22 */
	/* hits: from_member outer.in r 22 */
	DO(22, sum += from_member(&outer.in));
	/* hits: two_ways outer.number r 23 */
	DO(23, sum += two_ways(&outer, 1));
	/* hits: two_ways decoy.number w 24 */
	DO(24, sum += two_ways(&decoy, 0));
	/* hits: by_handle outer.number r 25 */
	DO(25, sum += by_handle(&handle));
	/* hits: or_null outer.link r 26 */
	/* hits: or_null inner.b r 26 */
	DO(26, sum += or_null(&outer, 1));
	DO(3, sum += or_null(&outer, 0));
	/* hits: aligned outer.number w 54 */
	DO(27, aligned(&outer));
	outer.number = 1;
	/* hits: in_pieces outer.number r 28 */
	/* hits: in_pieces inner.b w 28 */
	DO(28, sum += in_pieces(&outer));
	/* hits: of_elsewhere outer.number w 29 */
	DO(29, of_elsewhere());
	/* hits: by_elsewhere inner.b r 30 */
	DO(30, sum += by_elsewhere());
	/* hits: exchanged outer.first rw 31 */
	DO(31, sum += exchanged(&outer, 7));
	/* Done or not. */
	/* hits: compared outer.first rw 32 */
	DO(16, sum += compared(&outer, 7, 7));
	DO(16, sum += compared(&outer, 8, 9));
	/* hits: added outer.first rw 33 */
	DO(33, sum += added(&outer, 1));
	/* hits: bits_set inner.a rw 34 */
	/* hits: bits_set outer.link r 34 */
	DO(34, bits_set(&outer));
	sum += of_current();
	return 0;
}

static const struct kernel_param_ops run_ops = { .set = run };
module_param_cb(run, &run_ops, NULL, 0200);

/* STRUCT ADDRESS, one a line. */
static int objects(char *text, const struct kernel_param *param)
{
	return sprintf(text, "outer 0x%lx\nouter 0x%lx\nouter 0x%lx\ninner 0x%lx\ninner 0x%lx\ninner 0x%lx\n"
		       "inner 0x%lx\ndecoy 0x%lx\nnamed 0x%lx\n", (long)&outer, (long)&global, (long)&elsewhere,
		       (long)&outer.in, (long)&inner, (long)&second, (long)&elsewhere.in, (long)&decoy, (long)&named);
}

static const struct kernel_param_ops objects_ops = { .get = objects };
module_param_cb(objects, &objects_ops, NULL, 0400);

static int __init truth_init(void)
{
	return 0;
}

static void __exit truth_exit(void)
{
}

module_init(truth_init);
module_exit(truth_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("known accesses, for tests of klasy");
