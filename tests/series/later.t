#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# later.t - lkst-series status on a real later kernel, 2.6.11: at least 80 % of the hooks have a place, and those that have
# none are the ones that doc/porting.md names. Skipped where that tree is not.
#
# To see it red: let deactivate_task() pass p in patches/2.6/hook-the-scheduler.patch: 107 hooks have a place then.

# shellcheck source=tests/series/lib.sh
. "${0%/*}/lib.sh"
LKST_REQUIRE_TREES='' tests/legacy/need-tree 2.6.11 2>/dev/null || { echo "1..0 # SKIP no tree of 2.6.11 here"; exit 0; }
LKST_LIBEXEC=$(cd "${B:-build}" && pwd -P)/x86_64
export LKST_LIBEXEC LC_ALL=C

patches/lkst-series status --json 2.6.11 >"$T/status" 2>"$T/out"
[ $? = 3 ]
result $? "status ends with 3: some hooks have no place"
jq -r '[.hooks, .conflict, 100 * (.hooks - .conflict) / .hooks | floor] | @tsv' "$T/status" >"$T/out"
read -r hooks conflict share <"$T/out"
[ "$share" -ge 80 ]
result $? "at least 80 % of the hooks have a place: $((hooks - conflict)) of $hooks"
cat >"$T/wanted" <<'END'
      1 BLOCK_INSERT drivers/block/elevator.c __elv_add_request
      2 ITIMER_EXPIRE kernel/timer.c do_it
      6 LOCK_ACQUIRE kernel/spinlock.c
      3 LOCK_RELEASE kernel/spinlock.c
      5 LOCK_WAIT_BEGIN kernel/spinlock.c
      5 LOCK_WAIT_END kernel/spinlock.c
      1 PROCESS_EXIT kernel/exit.c do_exit
      1 PROCESS_MIGRATE kernel/sched.c try_to_wake_up
      1 PROCESS_SCHED_ENTER kernel/sched.c schedule
      1 PROCESS_SCHED_EXIT kernel/sched.c schedule
END
jq -r '.patches[].hooks[] | select(.is_event and .verdict == "conflict") | .hook + " " + .file + " " + .function' \
	"$T/status" | sed 's/\(do_it\)_[a-z]*/\1/; s/ $//' | sort | uniq -c >"$T/left"
diff "$T/wanted" "$T/left" >"$T/out"
result $? "those that have none are the ones that doc/porting.md names"
echo "1..$tests"
