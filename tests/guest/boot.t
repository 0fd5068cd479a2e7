#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# boot.t - ci/boot tells a good run from a bad one: files come out, the script's status is its own, a hang, an oops, a
# warning and a panic fail with the console shown, and what cannot be done is refused. All other guest tests trust it.

cd "$(dirname "$0")/../.." || exit 1
kernel=${KERNEL:-6.1}
. tests/host.sh

# boots STATUS NAME OPTION... <SCRIPT
boots() {
	_wanted=$1 _name=$2
	shift 2
	cat >"$T/script"
	_rc=0
	ci/boot "$kernel" --timeout 100 "$@" -- "$T/script" 'an argument' >"$T/out" 2>"$T/err" || _rc=$?
	[ $_rc = "$_wanted" ]
	ok $? "$_name: status $_wanted, and it is $_rc" "$(tail -n 20 "$T/err")"
}

# says PATTERN NAME
says() {
	grep -Eq -- "$1" "$T/err"
	ok $? "$2" "$(tail -n 20 "$T/err")"
}

echo something >"$T/in"
boots 0 'a script that does well' --out "$T/got" --add "$T/in:/t/" --console "$T/console" <<'END'
[ "$1" = 'an argument' ] || exit 9
echo 'said in the guest'
mkdir $LKST_OUT/dir
dd if=/dev/urandom of=$LKST_OUT/dir/data bs=1M count=3 2>/dev/null
md5sum <$LKST_OUT/dir/data >$LKST_OUT/sum
cat /t/in >$LKST_OUT/in
END
[ "$(cat "$T/out")" = 'said in the guest' ]
ok $? 'its output is the output'
[ "$(md5sum <"$T/got/dir/data")" = "$(cat "$T/got/sum")" ] && cmp -s "$T/in" "$T/got/in"
ok $? 'its files come out, and what was added was in'
grep -Eq '\[ +[0-9]+\.[0-9]+\]' "$T/console"
ok $? 'the console is kept where asked'

boots 7 'a script that fails' --out "$T/failed" <<'END'
echo kept >$LKST_OUT/kept
exit 7
END
[ "$(cat "$T/failed/kept")" = kept ]
ok $? 'its files come out all the same'

boots 1 'a script that says nothing any more' --stall 8 <<'END'
sleep 1000
END
says 'hang|no (byte of )?output|stall' 'that is a hang'
says '\[ +[0-9]+\.[0-9]+\]' 'and the end of the console is shown'

boots 1 'an oops on the way' --append oops=panic <<'END'
echo "<1>BUG: something that oopses says this" >/dev/kmsg
sleep 1
exit 0
END
says 'BUG: something that oopses' 'the line is shown'

boots 1 'a panic' <<'END'
echo 1 >/proc/sys/kernel/sysrq
echo c >/proc/sysrq-trigger
sleep 100
END
says 'sysrq triggered crash|Kernel panic' 'and shown'

boots 0 'a panic that was asked for' --allow-oops --out "$T/crash" <<'END'
echo before >$LKST_OUT/before
handover || exit 3
echo 1 >/proc/sys/kernel/sysrq
echo c >/proc/sysrq-trigger
sleep 100
END
[ "$(cat "$T/crash/before")" = before ]
ok $? 'what was handed over before it is there'

boots 1 'a panic that was asked for, with nothing handed over' --allow-oops --out "$T/none" <<'END'
echo 1 >/proc/sys/kernel/sysrq
echo c >/proc/sysrq-trigger
sleep 100
END
says 'the guest handed nothing over' 'for that reason'
boots 1 'a panic before the script, which asks for one' --allow-oops --append rdinit=/nothing <<'END'
exit 0
END
says 'Kernel panic' 'and shown'

boots 2 'counted instructions on two CPUs: refused' --icount --smp 2 </dev/null
says 'icount.*CPU|CPU.*icount' 'for that reason'
boots 0 'a dry run' --dry-run --smp 3 </dev/null
grep -q 'qemu-system-x86_64.* -smp .*3' "$T/out"
ok $? "prints QEMU's command line"
boots 2 'an option that is none' --smpp 2 </dev/null
boots 2 'a number that is none' --smp two </dev/null
kernel=no.such
boots 2 'a kernel that is not known' </dev/null
[ "$(wc -l <"$T/err")" = 1 ]
ok $? 'one line says so'
done_testing
