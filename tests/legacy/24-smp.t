#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-smp.t - the whole series on 2.4.37.11, SMP with the hooks in locks: built, booted, recorded, unloaded under
# load, and read on the host.
version=2.4.37.11
# shellcheck source=tests/legacy/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/legacy/24.sh
. "${0%/*}/24.sh"

kernel smp --smp --set CONFIG_LKST_LOCKS=y
boot smp record.sh --smp 2
boot smp-loads loads24.sh --smp 2 --disk 16
seen24 smp
seen smp INTERRUPT_IPI_ENTRY 1
seen smp INTERRUPT_IPI_EXIT 1
seen smp LOCK_ACQUIRE 23
seen smp LOCK_RELEASE 23
echo "1..$tests"
