#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# build.t - klasy build makes modules of aspects, from where 'make install' put it, and answers what it cannot with one
# line and where that stands.

set -u
# shellcheck source=tests/klasy/lib.sh
. "${0%/*}/lib.sh"
debug_kernel
unset MAKEFLAGS MFLAGS MAKELEVEL

# installed: what 'make install' and 'make uninstall' left of klasy
installed() {
	(cd "$T/root" && find . -name 'klasy*' | sort | tr '\n' ' ')
}

make install B="${B:-build}" DESTDIR="$T/root" >"$T/log" 2>&1 &&
	[ "$(installed)" = "./usr/bin/klasy ./usr/share/bash-completion/completions/klasy ./usr/share/man/man1/klasy.1 \
./usr/share/man/man5/klasy.5 " ]
ok $? "'make install' brings the command, its manual pages and completion" "$(cat "$T/log"; installed)"
klasy=$T/root/usr/bin/klasy

# build STATUS [OPTION...]: the aspect on standard input; its words are in $T/err
build() {
	want=$1
	shift
	cat >"$T/a.aspect"
	rm -f "$T/a.ko"
	(cd "$T" && "$klasy" build --object "$object" --build "$headers" "$@" -o a.ko a.aspect) >"$T/err" 2>&1
	rc=$?
	[ $rc = "$want" ] || { echo "# status $rc, wanted $want:"; sed 's/^/# /' "$T/err"; return 1; }
}

# says NAME TEXT: what build said has it; the status before this call counts, too
says() {
	rc=$?
	[ $rc != 0 ] || grep -qF -- "$2" "$T/err" || { sed 's/^/# /' "$T/err"; rc=1; }
	ok $rc "$1"
}

# aspect BODY: one advice on the owner of an inode
aspect() {
	cat <<-END
		<aspect><advice>
		  <pointcut> access(inode.i_uid) AND within_function(setattr_prepare) AND target(i) </pointcut>
		  <before> $1 </before>
		</advice></aspect>
	END
}

# shellcheck disable=SC2016
aspect 'print(i->i_uid, i->i_count, i->i_mode, i->i_sb, i->i_opflags, (s8)-1, "text"); STORE_DATA($pc$);' | build 0
says 'structs of one word, pointers, scalars, strings' 'a: 4 places'
[ "$(modinfo -F klasy_name "$T/a.ko")" = a ]
ok $? 'the module has the name of the file'
echo '<aspect><advice><pointcut>get(sk_buff.cloned) AND within_function(skb_clone) AND target(s)</pointcut>
<before>print(s->cloned, s->pkt_type);</before></advice></aspect>' | build 0 --name other
says 'bit-fields' 'other: '
aspect 'print(i->i_lock_of_nothing);' | build 1
says "the compiler's error stands at the aspect's own line and column" 'a.aspect:3:'
grep -q "a.aspect:3:19: error:.*i_lock_of_nothing" "$T/err"
says '... that of the member' 'i_lock_of_nothing'
[ "$(wc -l <"$T/err")" = 2 ]
ok $? '... and nothing of the machinery around it' "$(cat "$T/err")"
aspect 'print(1, 2, 3, 4, 5, 6, 7, 8, 9);' | build 1
says 'nine values' 'a.aspect:3:12: error: size of array'
aspect 'print(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24);' | build 1
says '... and 24' 'a.aspect:3:12: error: size of array'
aspect '
#include "/dev/zero"
' | build 1
says 'a file without end' 'out of memory'
aspect 'STORE_DATA(i->i_mtime);' | build 1
says 'a struct of two words is refused in words' 'print and STORE_DATA take scalars, pointers and structs of one word'
printf '<aspect>\n<import>linux/no_such.h</import>\n%s' "$(aspect 'print(1);' | sed 1s/.aspect.//)" | build 1
says 'a header that is not there, at its line' 'a.aspect:2:'
aspect 'print(1);' | build 1 --max-sites 3
says 'too many places' 'it selects 4 instructions, the limit is 3'
aspect 'print(1);' | build 1 --deny setattr_prepare
says 'all of them denied' 'no place is left: 0 run at boot only, 4 are denied'
aspect 'print(1);' | build 0 --within chown_ok
says 'within an inlined function' 'a: 1 places'
aspect 'print(1);' | build 2 --alias setattr_prepare
says 'an alias without =' "'setattr_prepare' is no alias"
aspect 'print(1);' | build 2 --name 'a b'
says 'a name that is none' "letters, digits and '_' only"
aspect 'print(1);' | build 4 --build "$T"
says 'no build directory' 'is no kernel build directory'
aspect 'print(1);' | sed 's/target(i)/local_var(x)/' | build 1
says 'a local variable that is not there, with its place' \
	"a.aspect:2:75: at none of the 4 places there is a variable 'x'"
echo '<aspect><advice><pointcut>execution(ip_rcv)</pointcut><before>print(1);</before></advice></aspect>' | build 0
says 'the entry of a function' 'a: 1 places'
echo '<aspect><advice><pointcut>execution(ip_rcv)</pointcut><after>print(1);</after></advice></aspect>' | build 1
says 'after it cannot be' 'a.aspect:1:62: after an execution cannot be woven'
echo '<aspect><advice><pointcut>get(sk_buff.head) AND within_file(net/core/skbuff.c)</pointcut>
<before>print(1);</before> <after>print(2);</after></advice></aspect>' | build 0 && strings "$T/a.ko" | grep -qx stepped
says 'an access that the kernel steps through is known beforehand' 'places'
echo '<aspect><advice><pointcut>access(boot_params.%)</pointcut><before>print(1);</before></advice></aspect>' | build 3
says 'places that run at boot only are left out' 'left out: 74 that run at boot only'
echo '<aspect><advice><pointcut>access(sk_buff.%)</pointcut><before>print(1);</before></advice></aspect>' |
	build 0 --max-sites 65535
[ "$(strings "$T/a.ko" | grep -c ' sk_buff\.')" -gt 1000 ]
ok $? 'the published pointcut over the whole kernel'
# bound STATUS TEXT POINTCUT [OPTION...]: an advice that binds names; what is said has TEXT
bound() {
	status=$1 text=$2
	echo "<aspect><advice><pointcut>$3</pointcut><before>print(1);</before></advice></aspect>" >"$T/bound"
	shift 3
	build "$status" "$@" <"$T/bound"
	says "names: $text" "$text"
}

core='access(sk_buff.%) AND within_function(ip_rcv_core) AND'
bound 0 '1 places' 'execution(ip_rcv) AND argument(3, orig_dev)'
bound 1 'at none of the 1 places there is an argument 4' 'execution(ip_rcv) AND argument(4, more)'
bound 1 "there is an argument 'orig_dew'; near it: orig_dev" 'execution(ip_rcv) AND argument(orig_dew)'
bound 1 "at none of the 26 places there is a variable 'ihp'; near it: iph" "$core local_var(ihp)"
bound 1 "at none of the 26 places there is a variable 'ihp'" "$core local_var(ihp)" --skip-unknown
"$klasy" match -q -o "$object" "$T/bound" >"$T/out" 2>"$T/err"
[ $? = 1 ] && [ ! -s "$T/out" ] &&
	grep -q ":1:[0-9]*: at none of the 26 places there is a variable 'ihp'; near it" "$T/err"
ok $? 'match says so, too' "$(cat "$T/out" "$T/err")"
bound 1 'local_var(iph) is not known at' \
	'access(sk_buff.%) AND (within_function(ip_rcv_core) OR within_function(tcp_v4_do_rcv)) AND local_var(iph)'

# A kernel without kprobes: a program that has no register_kprobe(), either.
gcc -O2 -g -fno-pie -no-pie -nostdlib -static -Wl,--build-id -o "$T/without" tests/klasy/truth.c || exit 1
echo '<aspect><advice><pointcut>access(outer.first)</pointcut><before>print(1);</before></advice></aspect>' \
	>"$T/a.aspect"
"$klasy" build -q --object "$T/without" --build "$headers" -o "$T/a.ko" "$T/a.aspect" >"$T/err" 2>&1
[ $? = 4 ] && [ "$(wc -l <"$T/err")" = 1 ] && grep -q 'this kernel has no kprobes' "$T/err"
ok $? 'a kernel without kprobes' "$(cat "$T/err")"

# A disk without room: files may have 64 KiB, but for the kernel's makefiles.
mkdir "$T/bin" "$T/tmp" "$T/small"
cat >"$T/bin/make" <<-END
	#!/bin/sh
	ulimit -S -f unlimited
	exec $(command -v make) "\$@"
END
chmod +x "$T/bin/make"
# full COMMAND...: it fails with one line
full() {
	# shellcheck disable=SC3045 # dash has -S
	(cd "$T" && trap '' XFSZ && ulimit -S -f 128 && PATH=$T/bin:$PATH TMPDIR=$T/tmp && export TMPDIR && "$@") \
		>"$T/out" 2>"$T/err"
	[ $? = 1 ] && [ "$(cat "$T/out" "$T/err" | wc -l)" = 1 ]
}
aspect 'print(1);' >"$T/a.aspect"
echo old >"$T/full.ko"
full "$klasy" build -q --object "$object" --build "$headers" -o full.ko a.aspect &&
	grep -q 'writing full.ko: ' "$T/err" && [ "$(cat "$T"/full.ko*)" = old ] && [ -z "$(ls "$T/tmp")" ]
ok $? 'a module that finds no room: one line, the old file stays' "$(cat "$T/err"; ls "$T"/full* "$T/tmp")"
KLASY_CACHE=$T/small "$klasy" index -q -o "$module" && cp "$T"/small/*.index "$T/before" &&
	full env KLASY_CACHE="$T/small" "$klasy" index -f -q -o "$module" && grep -q 'writing the index: ' "$T/err" &&
	cmp -s "$T"/small/*.index "$T/before" && [ "$(find "$T/small" -type f | wc -l)" = 1 ]
ok $? 'an index that finds no room: one line, the old index stays' "$(cat "$T/err"; ls -l "$T/small")"
bound 1 'local_var(len) is not known at 26 of 26 places: at 26, as ip_rcv_core+0xc, the compiler keeps it nowhere' \
	"$core local_var(len)"
bound 1 'at 26 a name is not known' "$core local_var(len)" --skip-unknown
bound 3 'where a name is not known' "$core local_var(iph)" --skip-unknown
bound 1 'argument(0) is of type unsigned int at one place and struct sk_buff * at another' \
	'(execution(ip_rcv) OR execution(msleep)) AND argument(0, x)'
bound 1 "the tracer has no event 'LKST_MARX'" 'event(LKST_MARX)'
bound 1 'the event LKST_MARK has no argument nr' 'event(LKST_MARK) AND argument(nr)'
bound 1 'local_var has no meaning for event' 'event(LKST_MARK) AND local_var(nr)'
bound 1 'target has no meaning for event' 'event(LKST_MARK) AND target(nr)'
bound 1 'no body can run at it' 'event(KLASY_DATA)'

make uninstall B="${B:-build}" DESTDIR="$T/root" >"$T/log" 2>&1 && [ -z "$(installed)" ]
ok $? "'make uninstall' takes all of it away" "$(cat "$T/log"; installed)"
make install INSTALL_KLASY=no B="${B:-build}" DESTDIR="$T/root" >"$T/log" 2>&1 && [ -z "$(installed)" ] &&
	[ -x "$T/root/usr/bin/lkst" ]
ok $? 'without it on demand' "$(cat "$T/log"; installed)"
done_testing
