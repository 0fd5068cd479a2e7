/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lkst.h - the subcommands of lkst. Each takes what main() takes and returns an exit status.
 */
#ifndef LKST_COMMANDS_H
#define LKST_COMMANDS_H

int lkst_cmd_record(int argc, char **argv);
int lkst_cmd_start(int argc, char **argv);
int lkst_cmd_stop(int argc, char **argv);
int lkst_cmd_status(int argc, char **argv);
int lkst_cmd_events(int argc, char **argv);
int lkst_cmd_probe(int argc, char **argv);
int lkst_cmd_snapshot(int argc, char **argv);
int lkst_cmd_recover(int argc, char **argv);
int lkst_cmd_live(int argc, char **argv);
int lkst_cmd_mark(int argc, char **argv);
int lkst_cmd_report(int argc, char **argv);

#endif
