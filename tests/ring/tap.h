/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tap.h - as much of cmocka's interface as the ring's tests use, for the 32-bit build: distributions have no 32-bit cmocka
 * beside the 64-bit one.
 */
#ifndef RING_TAP_H
#define RING_TAP_H

#include <stdio.h>

struct CMUnitTest {
	const char *name;
	void (*test)(void **state);
	int (*teardown)(void **state);
};

#define cmocka_unit_test(f)	{ #f, f, NULL }
#define cmocka_unit_test_teardown(f, t)	{ #f, f, t }
#define print_message(...)	printf("# " __VA_ARGS__)
void tap_fail(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4), noreturn));
int tap_run(const struct CMUnitTest *test, int count);

#define fail_msg(...)		tap_fail(__FILE__, __LINE__, __VA_ARGS__)
#define assert_true(x)		((x) ? (void)0 : tap_fail(__FILE__, __LINE__, "%s", #x))
#define assert_int_equal(a, b)	tap_equal(__FILE__, __LINE__, (u64)(a), (u64)(b))
#define cmocka_run_group_tests(tests, setup, teardown) \
	tap_run(tests, (int)(sizeof(tests) / sizeof((tests)[0])))

static inline void tap_equal(const char *file, int line, u64 a, u64 b)
{
	if (a != b)
		tap_fail(file, line, "%#llx != %#llx", a, b);
}

#endif
