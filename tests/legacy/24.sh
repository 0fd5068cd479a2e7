# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# 24.sh - what is the same in the tests of 2.4.37.11, UP and SMP: each event that its hooks bring is seen on the
# host, in the traces of boots NAME (record.sh) and NAME-loads (loads24.sh), at least as often as the load did it.
# Sourced after lib.sh.

seen24() {
	seen "$1" PROCESS_FORK 46
	seen "$1" PROCESS_LTHREADGEN 23
	seen "$1" PROCESS_EXIT 23 "code=1792"
	seen "$1" PROCESS_FREE 46
	seen "$1" PROCESS_WAKEUP 46
	seen "$1" PROCESS_WAKEUP_NEW 46
	seen "$1" PROCESS_WAIT 46
	seen "$1" PROCESS_CONTEXTSWITCH 46
	seen "$1" PROCESS_SCHED_ENTER 46
	seen "$1" PROCESS_SCHED_EXIT 46
	seen "$1" SCHED_RUNQUEUE 46 "change=1"
	seen "$1" SCHED_RUNQUEUE 46 "change=-1"
	seen "$1" PROCESS_INIT_WQH 23
	seen "$1" PROCESS_ADD_WQ 23
	seen "$1" PROCESS_REM_WQ 23
	seen "$1" PROCESS_SIGSEND 23 "sig=10.*result=0"
	seen "$1" SIGNAL_DELIVER 23 "sig=10"
	seen "$1" SYSCALL_ENTRY 23 "nr=64"
	seen "$1" SYSCALL_EXIT 23 "nr=64"
	seen "$1" EXCEPTION_ENTRY 23 "trap=0"
	seen "$1" PAGEFAULT_USER 23
	seen "$1" PAGEFAULT_EXIT 23 "result=0x1"
	seen "$1" IPC_SEMOP 23 "nsops=1"
	seen "$1" IPC_MSGSND 23 "size=100"
	seen "$1" IPC_MSGRCV 23 "size=100"
	seen "$1" IPC_SHMAT 23
	seen "$1" IPC_SHMDT 23
	seen "$1" IPC_GET 3
	seen "$1" INTERRUPT_TIMER_ENTRY 1
	seen "$1" INTERRUPT_TIMER_EXIT 1
	seen "$1" SOFTIRQ_RAISE 1
	seen "$1" SOFTIRQ_ENTRY 1
	seen "$1" SOFTIRQ_EXIT 1
	seen "$1" MEM_GETPAGES_ENTRY 23
	seen "$1" MEM_GETPAGES_EXIT 23
	seen "$1" MEM_FREEPAGES_ENTRY 23
	seen "$1" MEM_FREEPAGES_EXIT 23
	seen "$1" MEM_KMALLOC_ENTRY 23
	seen "$1" MEM_KMALLOC_EXIT 23
	seen "$1" MEM_KFREE_ENTRY 23
	seen "$1" MEM_KFREE_EXIT 23
	seen "$1" MEM_CACHE_ALLOC 23 "size=[1-9]"
	seen "$1" MEM_CACHE_FREE 23
	seen "$1-loads" PROCESS_EXEC 23 . exec
	seen "$1-loads" PROCESS_NAME 23 . exec
	seen "$1-loads" EXCEPTION_ENTRY 23 "trap=13" traps
	seen "$1-loads" PAGEFAULT_KERNEL 1 . fault
	seen "$1-loads" INTERRUPT_ENTRY 23 "irq=14" blockread
	seen "$1-loads" INTERRUPT_EXIT 23 "irq=14" blockread
	seen "$1-loads" WORK_QUEUE 23 . blockread
	seen "$1-loads" WORK_START 23 . blockread
	seen "$1-loads" WORK_END 23 . blockread
	seen "$1-loads" BLOCK_QUEUE 92 "write=0" blockread
	seen "$1-loads" BLOCK_QUEUE 92 "write=1" blockwrite
	seen "$1-loads" BLOCK_INSERT 23 . blockread
	seen "$1-loads" BLOCK_MERGE 69 . blockread
	seen "$1-loads" BLOCK_ISSUE 23 "bytes=4096.*write=0" blockread
	seen "$1-loads" BLOCK_ISSUE 23 "bytes=4096.*write=1" blockwrite
	seen "$1-loads" BLOCK_COMPLETE 23 . blockread
	seen "$1-loads" BLOCK_PLUG 23 . blockread
	seen "$1-loads" BLOCK_UNPLUG 23 . blockread
	seen "$1-loads" TIMER_ADD 23 . itimer
	seen "$1-loads" TIMER_ENTRY 23 . itimer
	seen "$1-loads" TIMER_EXIT 23 . itimer
	seen "$1-loads" TIMER_DEL 1 . itimer
	seen "$1-loads" ITIMER_EXPIRE 23 "which=0" itimer
	seen "$1-loads" NET_SEND 46 . tcp
	seen "$1-loads" NET_XMIT 46 "result=0" tcp
	seen "$1-loads" NET_RX 46 . tcp
	seen "$1-loads" NET_RECEIVE 46 . tcp
	seen "$1-loads" NET_POLL 23 . tcp
	seen "$1-loads" NET_COPY 46 . tcp
	seen "$1-loads" NET_CONSUME 46 . tcp
	seen "$1-loads" SOCK_SEND_ENTRY 46 . tcp
	seen "$1-loads" SOCK_SEND_EXIT 46 . tcp
	seen "$1-loads" SOCK_RECV_ENTRY 46 . tcp
	seen "$1-loads" SOCK_RECV_EXIT 46 . tcp
	seen "$1-loads" SOCK_STATE 23 "newstate=1" connect
}

# measured NAME MEASURE [FILE]: it has something to say of that trace
measured() {
	"$b/x86_64/lkstla" "$2" "$tmp/$1/${3:-trace}" >"$tmp/said" 2>"$tmp/log"
	ok $? "$1: lkstla $2 measures it"
}

measured24() {
	for _m in syscall syscallcount softirq timer memalloc memfree runqueue waitqlen waitq schedtime lifetime \
		state; do
		measured "$1" $_m
	done
	measured "$1-loads" biotime blockread
	measured "$1-loads" bioqueue blockread
	measured "$1-loads" nettime tcp
	measured "$1-loads" netsize tcp
}
