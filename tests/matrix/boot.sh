#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# boot.sh - guest, for ci/matrix: the module comes, records everything while files, pipes and processes are used, and
# goes.
set -eu
insmod /lkst.*o breaker=0
# shellcheck disable=SC2016
lkst record -q -f -m RALL --buffer-size 4M -o "$LKST_OUT/trace.lkst" -- sh -c '
	i=0
	while [ $i -lt 20 ]; do
		ls -l / | cat >/tmp/list
		cp /tmp/list /tmp/again
		i=$((i + 1))
	done'
rmmod lkst
[ ! -e /dev/lkst ] || ! lkst status >/dev/null 2>&1
