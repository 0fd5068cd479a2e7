#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-smp.t - the whole series on 2.4.37.11, SMP with the hooks in locks: built, booted, recorded, unloaded under
# load, and read on the host. What is recorded is for 24-events.t and 24-measures.t.
version=2.4.37.11
# shellcheck source=tests/legacy/lib.sh
. "${0%/*}/lib.sh"

built 24-smp
boot smp record.sh --smp 2
seen smp PROCESS_FORK 46
seen smp SYSCALL_ENTRY 23 "nr=64"
seen smp SYSCALL_EXIT 23 "nr=64"
echo "1..$tests"
