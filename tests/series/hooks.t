#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# hooks.t - patches/check-hooks is content with every series there is, and goes red for each thing it is there for: a copy
# of the series is changed in one place, and the words that name it must come.
#
# To see one by hand: delete the line of LKST_HOOK1(PANIC, buf) in patches/2.6/hook-oops-and-panic.patch and run
# 'patches/check-hooks --quiet 2.6'.

# shellcheck source=tests/series/lib.sh
. "${0%/*}/lib.sh"
S=$T/2.6

fresh() {
	rm -rf "$S"
	cp -r patches/2.6 "$S"
	cp include/lkst/events.def "$T/events.def"
}

check() {
	patches/check-hooks --quiet --catalogue "$T/events.def" "$S" >"$T/out" 2>&1
}

# change FILE SED-SCRIPT: it must make a difference
change() {
	sed "$2" "$1" >"$T/new"
	if cmp -s "$1" "$T/new"; then
		echo "changing ${1##*/}: '$2' changes nothing" >"$T/out"
		return 1
	fi
	cp "$T/new" "$1"
}

# red NAME WORDS: the check fails, and says so
red() {
	if check; then
		echo "it was not refused" >>"$T/out"
		result 1 "$1"
	else
		grep -qF "$2" "$T/out"
		result $? "$1"
	fi
	fresh
}

# broken NAME WORDS FILE SED-SCRIPT
broken() {
	if change "$3" "$4"; then red "$1" "$2"; else result 1 "$1"; fi
}

for family in 2.4 2.6; do
	[ -f patches/$family/series ] || continue
	patches/check-hooks --quiet $family >"$T/out" 2>&1
	result $? "the series for $family has the hooks of the catalogue"
done
fresh
check
result $? "so has a copy"

broken "a hook is taken out" "PANIC: has no hook" \
	"$S/hook-oops-and-panic.patch" '/LKST_HOOK1(PANIC/d'
all=$(patches/check-hooks --count 2.6)
sed -i '/LKST_HOOK1(PANIC/d' "$S/hook-oops-and-panic.patch"
[ "${all:-0}" -gt 1 ] && [ "$(patches/check-hooks --count "$S" 2>"$T/out")" = $((all - 1)) ] && grep -q 'PANIC' "$T/out"
result $? "... and is no longer among the $all that --count has"
echo 'left PANIC kernel/panic.c' >"$S/carried"
check
result $? "... unless it was left out when the series was carried over"
cp patches/2.6/hook-oops-and-panic.patch "$S"
red "a hook that was left out, and is placed by hand" 'PANIC: has its hook again, and a line in "carried"'
broken "the second of two hooks in one macro is another" "PAGEFAULT_KERNEL: has no hook" \
	"$S/hook-exceptions.patch" 's/(PAGEFAULT_USER, PAGEFAULT_KERNEL,/(PAGEFAULT_USER, PAGEFAULT_USER,/'
broken "a hook of entry.S is taken out" "SYSCALL_EXIT: has no hook" \
	"$S/hook-system-calls.patch" '/LKST_ID_SYSCALL_EXIT/d'
broken "a hook is a comment only" "PANIC: has no hook" \
	"$S/hook-oops-and-panic.patch" 's/^+	LKST_HOOK1(PANIC/ 	LKST_HOOK1(PANIC/'
broken "a NORMAL hook stands at two places" "PROCESS_EXIT: is NORMAL and stands at 2 places" \
	"$S/hook-the-life-of-processes.patch" '/LKST_HOOK2(PROCESS_EXIT/p'
broken "a hook without event" "a hook in kernel/panic.c has no event" \
	"$S/hook-oops-and-panic.patch" '/LKST_HOOK1(PANIC/{p;s/PANIC/DISMAY/;}'
broken "a hook has another id than its event" "LKST_ID_PANIC is 0x0f2" \
	"$S/add-lkst-hook-points.patch" '/LKST_ID_PANIC/s/0x0f1/0x0f2/'
broken "an id without event" "LKST_ID_DISMAY: is no event" \
	"$S/add-lkst-hook-points.patch" '/LKST_ID_PANIC/{p;s/PANIC/DISMAY/;}'
broken "a hook stands in another file" "PANIC: its hook is in kernel/printk.c" \
	"$S/hook-oops-and-panic.patch" 's,kernel/panic\.c,kernel/printk.c,'
broken "one of two files has no hook" "NET_XMIT: the catalogue says net/sched/sch_generic.c" \
	"$S/hook-the-network.patch" '/LKST_HOOK2(NET_XMIT/d'
broken "the catalogue says that there is no hook" "PANIC: has a hook, the catalogue says that there is none" \
	"$T/events.def" '/^LKST_EVENT(0x0f1/,/^LKST_EVENT(0x0e0/s/LKST_HOOK(NORMAL, "kernel/LKST_HOOK(NONE, "kernel/'
broken "the catalogue has a new event" "DISMAY: has no hook" \
	"$T/events.def" '/^LKST_EVENT(0x0f1/{h;s/0x0f1, PANIC/0x0f2, DISMAY/;G;s/\n.*//;p;s/.*/	"", LKST_SRC(none, ""), LKST_HOOK(NORMAL, "kernel\/panic.c:panic"), LKST_HOOK(NONE, "")/;p;g;}'
broken "a patch without sign-off" "hook-signals.patch: is no letter" \
	"$S/hook-signals.patch" '/^Signed-off-by/d'
broken "a patch that does not say why" "hook-signals.patch: is no letter" \
	"$S/hook-signals.patch" '4,/^Signed-off-by/{/^Signed-off-by/!d;}'
broken "a patch that is not named by its subject" "hook-signals.patch: is not named by its subject" \
	"$S/hook-signals.patch" 's/^Subject: .*/Subject: hook signals and more/'
broken "a patch that is in no series" "hook-signals.patch: is in the directory and in no series" \
	"$S/series" '/^hook-signals/d'
rm "$S/hook-signals.patch"
red "a patch that is not there" "hook-signals.patch is in the series and not in the directory"
patches/check-hooks --no-such-thing 2.6 >"$T/out" 2>&1
[ $? = 2 ]
result $? "an unknown option is refused"

echo "1..$tests"
