#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# probe.t - events chosen at run time; the counts against ftrace's.
exec tests/guest/run probe.sh --smp 2
