#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# measures.sh - guest, old kernels: record everything over a load of every kind; measures.t reads it on the host. Wants
# a disk and 2 CPUs.
set -eu
PATH=/t:$PATH
insmod /t/lkst.*o breaker=0
insmod /t/lkst_test.*o
# shellcheck disable=SC2016
lkst record -f -m RALL --buffer-size 16M -o "$LKST_OUT/trace.lkst" -- sh -c '
	for l in getppid pingpong fork exec tcp udp blockread writeback timer softirq waitq kmalloc pages spinlock; do
		load $l >"$LKST_OUT/$l" || exit 1
	done'
rmmod lkst_test
rmmod lkst
