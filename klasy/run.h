/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run.h - other programs, and a folder for their files.
 */
#ifndef KLASY_RUN_H
#define KLASY_RUN_H

#include <stdbool.h>

/**
 * klasy_run - run a program to its end
 * @dir: folder that it runs in, NULL: this one
 * @log: file for all its words
 * @argv: its arguments, ended with NULL; the first is its name, looked up in PATH
 *
 * Returns its exit status, 127 when it could not be started, -1 when a signal ended it.
 */
int klasy_run(const char *dir, const char *log, char *const *argv);

/**
 * klasy_make_folder - a folder of our own beneath $TMPDIR or /tmp
 * @dir: filled in with its path
 * @size: room there
 *
 * Returns false with a message.
 */
bool klasy_make_folder(char *dir, size_t size);

/**
 * klasy_remove_folder - remove it with all its files, unless KLASY_KEEP is in the environment
 * @dir: from klasy_make_folder()
 *
 * A program that ends with exit(3) before does it, too.
 */
void klasy_remove_folder(const char *dir);

/**
 * klasy_unfinished - remove a file should this program end before klasy_finished()
 * @path: what is written there is of no use yet; must stay as it is until then
 */
void klasy_unfinished(const char *path);
void klasy_finished(const char *path);

#endif
