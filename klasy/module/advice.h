/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * advice.h - the helpers of an advice: print, STORE_DATA, DO_RDTSC. Comes behind all imports, for the names are
 * common ones.
 */
#ifndef KLASY_ADVICE_H
#define KLASY_ADVICE_H

#include "runtime.h"

/* What is wrong in the use of a helper is told where it is used, not here. */
#pragma GCC system_header

/* A name bound by local_var or argument: the first bytes of a word. */
#define KLASY_BOUND(type, word) ({								\
	type klasy_b;										\
	__builtin_memcpy(&klasy_b, &(word), sizeof(klasy_b));					\
	klasy_b;										\
})

/* A value of the body's: in 64 bits, with its sign. */
#define KLASY_GATHER(v) do {									\
	u64 klasy_u = 0;									\
	__builtin_memcpy(&klasy_u, &(v), sizeof(v));						\
	if (KLASY_SIGNED(v))									\
		klasy_u = (u64)((s64)(klasy_u << (64 - 8 * sizeof(v))) >> (64 - 8 * sizeof(v)));	\
	if (klasy_run->values < KLASY_MAX_VALUES)						\
		klasy_run->value[klasy_run->values] = klasy_u;					\
	klasy_run->values++;									\
} while (0)

#include "store.h"

#define KLASY_PRINT_1(x)	STORE_DATA(x)
#define KLASY_PRINT_2(x, ...)	STORE_DATA(x); KLASY_PRINT_1(__VA_ARGS__)
#define KLASY_PRINT_3(x, ...)	STORE_DATA(x); KLASY_PRINT_2(__VA_ARGS__)
#define KLASY_PRINT_4(x, ...)	STORE_DATA(x); KLASY_PRINT_3(__VA_ARGS__)
#define KLASY_PRINT_5(x, ...)	STORE_DATA(x); KLASY_PRINT_4(__VA_ARGS__)
#define KLASY_PRINT_6(x, ...)	STORE_DATA(x); KLASY_PRINT_5(__VA_ARGS__)
#define KLASY_PRINT_7(x, ...)	STORE_DATA(x); KLASY_PRINT_6(__VA_ARGS__)
#define KLASY_PRINT_8(x, ...)	STORE_DATA(x); KLASY_PRINT_7(__VA_ARGS__)
#define KLASY_PRINT_MORE(...)	char print_takes_at_most_8_values[-1]
/* Of 9 to 24 values it is said that they are too many. */
#define KLASY_MORE_4	KLASY_PRINT_MORE, KLASY_PRINT_MORE, KLASY_PRINT_MORE, KLASY_PRINT_MORE
#define KLASY_PICK(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17,	\
		   _18, _19, _20, _21, _22, _23, _24, name, ...)	name
#define KLASY_PICK_OF(...)	KLASY_PICK(__VA_ARGS__)
#define print(...) do {										\
	KLASY_PICK_OF(__VA_ARGS__, KLASY_MORE_4, KLASY_MORE_4, KLASY_MORE_4, KLASY_MORE_4,	\
		      KLASY_PRINT_8, KLASY_PRINT_7, KLASY_PRINT_6, KLASY_PRINT_5, KLASY_PRINT_4,	\
		      KLASY_PRINT_3, KLASY_PRINT_2, KLASY_PRINT_1, )(__VA_ARGS__);			\
} while (0)

#endif
