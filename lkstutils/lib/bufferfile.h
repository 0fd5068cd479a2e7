/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * bufferfile.h - what a buffer holds now, into a trace file: lkst snapshot and lkstbuf read.
 */
#ifndef LKST_BUFFERFILE_H
#define LKST_BUFFERFILE_H

/**
 * lkst_buffer_to_file - read a buffer empty, write a trace, print a summary on stderr
 * @buffer: its id or name, NULL: the selected one
 * @path: of the trace
 * @only_cpu: -1: all
 * @flags: enum lkst_writer_flags
 * @quiet: no summary, warnings only
 *
 * Recording goes on. When the disk is full, what was not read yet stays in the buffer. Ends the program on errors.
 *
 * Return: LKST_EXIT_DONE or LKST_EXIT_LOSSES.
 */
int lkst_buffer_to_file(const char *buffer, const char *path, int only_cpu, int flags, int quiet);

#endif
