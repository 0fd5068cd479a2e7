#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# up.t - the whole series on 2.6.9, UP: built, booted, recorded, and read on the host.
# shellcheck source=tests/legacy/lib.sh
. "${0%/*}/lib.sh"

built up
boot up record.sh
seen up PROCESS_FORK 23
seen up PROCESS_EXIT 23 "code=1792"
seen up PROCESS_CONTEXTSWITCH 46
seen up PROCESS_SIGSEND 23 "sig=10"
seen up SIGNAL_DELIVER 23 "sig=10"
seen up SYSCALL_ENTRY 23 "nr=64"
seen up SYSCALL_EXIT 23 "nr=64"
seen up SYSCALL_SYSENTER 23 "nr=37"
seen up SYSCALL_SYSEXIT 23 "nr=37"
seen up EXCEPTION_ENTRY 23 "trap=0"
seen up PAGEFAULT_USER 23
seen up IPC_SEMOP 23 "nsops=1"
seen up IPC_MSGSND 23 "size=100"
seen up IPC_MSGRCV 23 "size=100"
seen up IPC_SHMAT 23
seen up IPC_SHMDT 23
seen up IPC_GET 3
seen up INTERRUPT_TIMER_ENTRY 1
seen up SOFTIRQ_ENTRY 1
seen up MEM_GETPAGES_ENTRY 23
echo "1..$tests"
