/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * embed.h - files of the source as a part of this program. The makefile says which objects depend on them.
 */
#ifndef KLASY_EMBED_H
#define KLASY_EMBED_H

/* @path: from the root of the tree. */
#define EMBED(name, path)						\
	asm(".section .rodata\n" #name ":\n.incbin \"" path "\"\n.byte 0\n.previous\n");	\
	extern const char name[]

#endif
