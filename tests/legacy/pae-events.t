#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# pae-events.t - every event of 2.6.9 is seen with the right arguments (see events.t) on a kernel with preemption,
# arguments in registers, stacks of 4 KB and PAE, and memory beyond 4 GB.
OWN=tests/legacy/pae.list exec tests/legacy/run pae events.sh --smp 2 --mem 4608 --disk 16 --timeout 300
