#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 24-up.t - the whole series on 2.4.37.11, UP: built, booted, recorded, unloaded under load, and read on the host: each
# event that its hooks bring is there, at least as often as the load did it (24-events.t, on SMP, counts exactly).
version=2.4.37.11
# shellcheck source=tests/legacy/lib.sh
. "${0%/*}/lib.sh"

# measured NAME MEASURE [FILE]: it has something to say of that trace
measured() {
	"$b/x86_64/lkstla" "$2" "$tmp/$1/${3:-trace}" >"$tmp/said" 2>"$tmp/log"
	ok $? "$1: lkstla $2 measures it"
}

kernel up
boot up record.sh
boot up-loads loads24.sh --disk 16
seen up PROCESS_FORK 46
seen up PROCESS_LTHREADGEN 23
seen up PROCESS_EXIT 23 "code=1792"
seen up PROCESS_FREE 46
seen up PROCESS_WAKEUP 46
seen up PROCESS_WAKEUP_NEW 46
seen up PROCESS_WAIT 46
seen up PROCESS_CONTEXTSWITCH 46
seen up PROCESS_SCHED_ENTER 46
seen up PROCESS_SCHED_EXIT 46
seen up SCHED_RUNQUEUE 46 "change=1"
seen up SCHED_RUNQUEUE 46 "change=-1"
seen up PROCESS_INIT_WQH 23
seen up PROCESS_ADD_WQ 23
seen up PROCESS_REM_WQ 23
seen up PROCESS_SIGSEND 23 "sig=10.*result=0"
seen up SIGNAL_DELIVER 23 "sig=10"
seen up SYSCALL_ENTRY 23 "nr=64"
seen up SYSCALL_EXIT 23 "nr=64"
seen up EXCEPTION_ENTRY 23 "trap=0"
seen up PAGEFAULT_USER 23
seen up PAGEFAULT_EXIT 23 "result=0x1"
seen up IPC_SEMOP 23 "nsops=1"
seen up IPC_MSGSND 23 "size=100"
seen up IPC_MSGRCV 23 "size=100"
seen up IPC_SHMAT 23
seen up IPC_SHMDT 23
seen up IPC_GET 3
seen up INTERRUPT_TIMER_ENTRY 1
seen up INTERRUPT_TIMER_EXIT 1
seen up SOFTIRQ_RAISE 1
seen up SOFTIRQ_ENTRY 1
seen up SOFTIRQ_EXIT 1
seen up MEM_GETPAGES_ENTRY 23
seen up MEM_GETPAGES_EXIT 23
seen up MEM_FREEPAGES_ENTRY 23
seen up MEM_FREEPAGES_EXIT 23
seen up MEM_KMALLOC_ENTRY 23
seen up MEM_KMALLOC_EXIT 23
seen up MEM_KFREE_ENTRY 23
seen up MEM_KFREE_EXIT 23
seen up MEM_CACHE_ALLOC 23 "size=[1-9]"
seen up MEM_CACHE_FREE 23
seen up-loads PROCESS_EXEC 23 . exec
seen up-loads PROCESS_NAME 23 . exec
seen up-loads EXCEPTION_ENTRY 23 "trap=13" traps
seen up-loads PAGEFAULT_KERNEL 1 . fault
seen up-loads INTERRUPT_ENTRY 23 "irq=14" blockread
seen up-loads INTERRUPT_EXIT 23 "irq=14" blockread
seen up-loads WORK_QUEUE 23 . blockread
seen up-loads WORK_START 23 . blockread
seen up-loads WORK_END 23 . blockread
seen up-loads BLOCK_QUEUE 92 "write=0" blockread
seen up-loads BLOCK_QUEUE 92 "write=1" blockwrite
seen up-loads BLOCK_INSERT 23 . blockread
seen up-loads BLOCK_MERGE 69 . blockread
seen up-loads BLOCK_ISSUE 23 "bytes=4096.*write=0" blockread
seen up-loads BLOCK_ISSUE 23 "bytes=4096.*write=1" blockwrite
seen up-loads BLOCK_COMPLETE 23 . blockread
seen up-loads BLOCK_PLUG 23 . blockread
seen up-loads BLOCK_UNPLUG 23 . blockread
seen up-loads TIMER_ADD 23 . itimer
seen up-loads TIMER_ENTRY 23 . itimer
seen up-loads TIMER_EXIT 23 . itimer
seen up-loads TIMER_DEL 1 . itimer
seen up-loads ITIMER_EXPIRE 23 "which=0" itimer
seen up-loads NET_SEND 46 . tcp
seen up-loads NET_XMIT 46 "result=0" tcp
seen up-loads NET_RX 46 . tcp
seen up-loads NET_RECEIVE 46 . tcp
seen up-loads NET_POLL 23 . tcp
seen up-loads NET_COPY 46 . tcp
seen up-loads NET_CONSUME 46 . tcp
seen up-loads SOCK_SEND_ENTRY 46 . tcp
seen up-loads SOCK_SEND_EXIT 46 . tcp
seen up-loads SOCK_RECV_ENTRY 46 . tcp
seen up-loads SOCK_RECV_EXIT 46 . tcp
seen up-loads SOCK_STATE 23 "newstate=1" connect
for m in syscall syscallcount softirq timer memalloc memfree runqueue waitqlen waitq schedtime lifetime \
	state; do
	measured up $m
done
measured up-loads biotime blockread
measured up-loads bioqueue blockread
measured up-loads nettime tcp
measured up-loads netsize tcp
echo "1..$tests"
