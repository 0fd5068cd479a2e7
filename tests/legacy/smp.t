#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# smp.t - the whole series on 2.6.9, SMP: built, booted, recorded, and read on the host.
# shellcheck source=tests/legacy/lib.sh
. "${0%/*}/lib.sh"

built smp
boot smp record.sh --smp 2
seen smp PROCESS_FORK 23
seen smp PROCESS_EXIT 23 "code=1792"
seen smp PROCESS_CONTEXTSWITCH 46
seen smp PROCESS_SIGSEND 23 "sig=10"
seen smp SIGNAL_DELIVER 23 "sig=10"
seen smp SYSCALL_ENTRY 23 "nr=64"
seen smp SYSCALL_EXIT 23 "nr=64"
seen smp SYSCALL_SYSENTER 23 "nr=37"
seen smp SYSCALL_SYSEXIT 23 "nr=37"
seen smp EXCEPTION_ENTRY 23 "trap=0"
seen smp PAGEFAULT_USER 23
seen smp IPC_SEMOP 23 "nsops=1"
seen smp IPC_MSGSND 23 "size=100"
seen smp IPC_MSGRCV 23 "size=100"
seen smp IPC_SHMAT 23
seen smp IPC_SHMDT 23
seen smp IPC_GET 3
seen smp INTERRUPT_TIMER_ENTRY 1
seen smp SOFTIRQ_ENTRY 1
seen smp MEM_GETPAGES_ENTRY 23
echo "1..$tests"
