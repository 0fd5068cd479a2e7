/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * types.h - the integer types of every LKST ABI.
 *
 * The headers of this directory are shared by kernels from 2.4 on and by user space built with any libc, 32 and 64 bit,
 * so they bring their own names: 64 bits are "long long" everywhere, which keeps one printf format everywhere.
 */
#ifndef LKST_TYPES_H
#define LKST_TYPES_H

typedef unsigned char lkst_u8;
typedef unsigned short lkst_u16;
typedef unsigned int lkst_u32;
typedef unsigned long long lkst_u64;
typedef signed int lkst_s32;
typedef signed long long lkst_s64;

/* A check at compile time that C89 accepts: the array size is negative when @cond is false. */
#define LKST_ASSERT(name, cond)	typedef char lkst_assert_##name[(cond) ? 1 : -1]

#endif
