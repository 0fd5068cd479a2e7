#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# off-path.t - patches/check-off-path counts what hooks add, and goes red when it is too much: two small kernels, written
# in assembler, differ in one place each.
#
# Usage: off-path.t
#   B  (environment) build directory (build)

# shellcheck source=tests/series/lib.sh
. "${0%/*}/lib.sh"

# A kernel: two_ways() has a hook and two ways through it, none() has no hook, bug() has data between its
# instructions. fresh: base.s, and patched.s with the hook and its call out of line
fresh() {
	cat >"$T/base.s" <<-'END'
		.text
		.type two_ways,@function
		two_ways: pushl %ebx
		movl 8(%esp),%ebx
		#hook
		#spill
		testl %ebx,%ebx
		je 3f
		#long
		call none
		popl %ebx
		ret
		3: call bug
		#short
		popl %ebx
		ret
		.size two_ways,.-two_ways
		.type none,@function
		none: movl $1,%eax
		#none
		ret
		.size none,.-none
		.type bug,@function
		bug: testl %eax,%eax
		je 4f
		ud2
		.word LINE
		.long name
		4: movl %eax,%edx
		ret
		.size bug,.-bug
		#more
		.section .rodata
		.skip LINE
		name: .asciz "kernel/panic.c"
	END
	cat >"$T/hook" <<-'END'
		cmpb $0,lkst_armed+17
		jne 1f
		2: .subsection 1
		1: pushl %ebx
		pushl $17
		call lkst_hook
		addl $8,%esp
		jmp 2b
		.previous
	END
	sed "/#hook/r $T/hook" "$T/base.s" >"$T/patched.s"
	cat >>"$T/patched.s" <<-'END'
		.text
		.type lkst_hook,@function
		lkst_hook: ret
		.size lkst_hook,.-lkst_hook
		.comm lkst_armed,256
	END
}

# build NAME LINE
build() {
	as --32 --defsym LINE="$2" -o "$T/$1.o" "$T/$1.s" 2>"$T/out" &&
		ld -m elf_i386 -Ttext=0xc0100000 -e two_ways -o "$T/$1" "$T/$1.o" 2>"$T/out"
}

# run STATUS NAME WORDS...: build both, count; lines of the files differ
run() {
	_want=$1 _name=$2
	shift 2
	_rc=0
	if ! build base 3 || ! build patched 400; then
		result 1 "$_name: it builds"
		return
	fi
	# shellcheck disable=SC2086
	patches/check-off-path ${known:-} "$T/base" "$T/patched" >"$T/out" 2>&1 || _rc=$?
	echo "exit status $_rc" >>"$T/out"
	[ $_rc = "$_want" ] || { result 1 "$_name"; return; }
	for _w; do
		grep -qF -- "$_w" "$T/out" || { echo "wanted: $_w" >>"$T/out"; result 1 "$_name"; return; }
	done
	result 0 "$_name"
}

# put PLACE INSTRUCTION...: in the patched kernel
put() {
	_place=$1
	shift
	printf '%s\n' "$@" >"$T/put"
	sed -i "/#$_place\$/r $T/put" "$T/patched.s"
}

fresh
run 0 "a hook of two instructions, and data behind ud2" "1 functions with 1 hooks: 2.00 instructions a hook" "0 wrong" \
	"at most 2.00 a hook"
put spill 'movl %ebx,%ecx'
run 0 "one instruction more is allowed" "at most 3.00 a hook; 0 wrong"
put spill 'movl %ecx,%ebx'
run 1 "two more are not" "two_ways: the way by none has 4 instructions more (11, were 7), for 1 hooks"
known="--known two_ways=4"
run 0 "... unless they are known" "two_ways: known to grow by 4"
known="--known two_ways=5"
fresh
run 1 "... and what is no exception any more is said" "two_ways: is no exception any more"
known=
fresh
put spill 'nop' 'nop' 'nop' 'movl %esi,%esi' 'leal 0(%esi),%esi'
run 0 "what fills a gap is not counted" "at most 2.00 a hook; 0 wrong"
fresh
put short 'incl %eax' 'incl %eax'
sed -i '/^call none/i decl %eax\ndecl %eax\ndecl %eax\ndecl %eax' "$T/base.s"
run 1 "less on one way does not hide more on the other" "two_ways: the way by bug has 4 instructions more"
fresh
put none 'incl %eax'
run 1 "a function without a hook grows" "none: has no hook, and +1 instructions"
fresh
put more '.type extra,@function' 'extra: ret' '.size extra,.-extra'
run 1 "a function is not inlined any more" "extra: is in the second build only"
fresh
sed -i 's/\<none\>/lost/g' "$T/patched.s"
run 1 "a function is gone" "none: is in the first build only"
fresh
sed -i 's/jne 1f/je 1f/' "$T/patched.s"
run 1 "a hook that is not what it should be is no hook" "no function has a hook"
fresh
cp "$T/base.s" "$T/patched.s"
run 1 "a kernel without hooks" "has no lkst_armed"
fresh
mkdir "$T/libexec"
printf '#!/bin/sh\necho "from LKST_LIBEXEC" >&2\nexit 1\n' >"$T/libexec/lkst-blank-bugs"
chmod 755 "$T/libexec/lkst-blank-bugs"
export LKST_LIBEXEC="$T/libexec"
run 1 "the program that blanks BUG() is that of LKST_LIBEXEC" "from LKST_LIBEXEC"
unset LKST_LIBEXEC
patches/check-off-path "$T/base" >"$T/out" 2>&1
[ $? = 2 ]
result $? "one build is not enough"
echo "1..$tests"
