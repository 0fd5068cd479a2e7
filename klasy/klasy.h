/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * klasy.h - the subcommands of klasy, and what they share.
 */
#ifndef KLASY_H
#define KLASY_H

int klasy_cmd_index(int argc, char **argv);
int klasy_cmd_match(int argc, char **argv);
int klasy_cmd_build(int argc, char **argv);
int klasy_cmd_weave(int argc, char **argv);
int klasy_cmd_list(int argc, char **argv);
int klasy_cmd_status(int argc, char **argv);
int klasy_cmd_unweave(int argc, char **argv);

/**
 * klasy_find_object - the vmlinux with debug information of the running kernel
 * @given: what the user named, returned when not NULL
 *
 * Returns a path to be kept; ends the program with LKST_EXIT_UNAVAILABLE and what to install when there is none.
 */
const char *klasy_find_object(const char *given);

/**
 * klasy_find_headers - the build directory of the running kernel
 * @given: what the user named, NULL: nothing
 *
 * Returns a path to be kept; NULL with a message when it is no build directory, or there is none.
 */
const char *klasy_find_headers(const char *given);

#endif
