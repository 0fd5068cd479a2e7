/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * store.h - STORE_DATA and DO_RDTSC, for today's kernels and their compilers. A part of advice.h.
 */
#ifndef KLASY_STORE_H
#define KLASY_STORE_H

#pragma GCC system_header

#define KLASY_SIGNED(v)	_Generic((v), signed char: 1, short: 1, int: 1, long: 1, long long: 1, default: 0)

/* A scalar, a pointer or a struct of one word; behind a comma bit-fields and arrays are values, too. */
#define STORE_DATA(x) do {									\
	__auto_type klasy_v = (0, (x));								\
	_Static_assert(sizeof(klasy_v) <= 8,							\
		       "print and STORE_DATA take scalars, pointers and structs of one word");	\
	KLASY_GATHER(klasy_v);									\
} while (0)

#define DO_RDTSC(var)	((var) = (typeof(var))rdtsc())

#endif
