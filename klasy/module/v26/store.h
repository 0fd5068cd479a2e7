/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * store.h - STORE_DATA and DO_RDTSC, for 2.6.9 and its compilers. A part of advice.h.
 */
#ifndef KLASY_STORE_H
#define KLASY_STORE_H

#pragma GCC system_header

#define KLASY_IS(v, type)	__builtin_types_compatible_p(typeof(v), type)
#define KLASY_SIGNED(v)	(KLASY_IS(v, signed char) || KLASY_IS(v, short) || KLASY_IS(v, int) ||		\
			 KLASY_IS(v, long) || KLASY_IS(v, long long))

/* A scalar, a pointer or a struct of one word; behind a comma bit-fields are values, too. */
#define STORE_DATA(x) do {									\
	typeof((0, (x))) klasy_v = (x);								\
	typedef char print_and_STORE_DATA_take_scalars_pointers_and_structs_of_one_word		\
		[sizeof(klasy_v) <= 8 ? 1 : -1] __attribute__((unused));			\
	KLASY_GATHER(klasy_v);									\
} while (0)

#define DO_RDTSC(var)	((var) = (typeof(var))klasy_now())

#endif
