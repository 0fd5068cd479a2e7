#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# probe.t - where instructions begin on 2.6.9, by which 'lkst probe add' goes: the module's lengths against objdump's
# for every function of the kernel, and probes at every byte of three of them in the guest.
#
# Usage: probe.t [NAME]
#   NAME  as tests/legacy/build had it (smp)
#
# To see it red: let lkst_insn_length() take 0x8d (lea) for an instruction without ModRM, or check_place() return 0
# where it says EILSEQ.
# shellcheck source=tests/legacy/lib.sh
. "${0%/*}/lib.sh"

built "${1:-smp}"
hex='function hex(text,  i, n) {
	for (i = 1; i <= length(text); i++) n = n * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
	return n
}'

# instructions: "ADDRESS MNEMONIC" of each. 'fwait' is one, which objdump takes together with the next.
instructions() {
	objdump -d -j .text -w "$tmp/vmlinux" | awk -F '\t' "$hex"'
		NF < 3 { next }
		{
			gsub(/[ :]/, "", $1)
			sub(/ .*/, "", $3)
			if ($2 ~ /^9b ./ && $3 != "fwait") {
				print $1, "fwait"
				$1 = sprintf("%x", hex($1) + 1)
			}
			print $1, $3
		}'
}

# What BUG() leaves between instructions is no instruction.
base=$(objdump -h "$dir/build/vmlinux" | awk '$2 == ".text" { print $4 }')
"$b/host/lkst-blank-bugs" "$dir/build/vmlinux" "$tmp/vmlinux" >"$tmp/log" 2>&1 &&
	objcopy -O binary -j .text "$tmp/vmlinux" "$tmp/text" &&
	nm -n "$tmp/vmlinux" | awk '$2 ~ /^[tT]$/ { print $1, $3 }' >"$tmp/functions" &&
	instructions >"$tmp/instructions"
ok $? "the kernel is disassembled"
_rc=0
{ sed 's/^/f /' "$tmp/functions"; sed 's/^/i /' "$tmp/instructions"; } | sed 's/^\([fi] [0-9a-f]*\) .*/\1/' |
	"$b/host/insns" "$tmp/text" "$base" >"$tmp/said" || _rc=$?
cp "$tmp/said" "$tmp/log"
ok $_rc "the module's lengths lead from instruction to instruction: $(tail -n 1 "$tmp/said")"

# places FUNCTION: "FUNCTION OFFSET VERDICT" of each byte, up to where the next function begins
places() {
	_start=$(awk -v f="$1" '$2 == f { print $1 }' "$tmp/functions")
	_end=$(awk -v s="$_start" '$1 > s { print $1; exit }' "$tmp/functions")
	awk -v f="$1" -v start="$_start" -v end="$_end" "$hex"'
		$1 >= start && $1 < end { is[hex($1) - hex(start)] = $2 ~ /^ret/ ? "back" : "begins" }
		END {
			for (at = 0; at < hex(end) - hex(start); at++)
				printf "%s 0x%x %s\n", f, at, at in is ? is[at] : "inside"
		}' "$tmp/instructions"
}

# straight FUNCTION: the instructions before its return, of one without a jump that is taken
straight() {
	places "$1" | awk '$3 == "back" { exit } $3 == "begins" { printf " %s", $2 }'
}

{ places sys_getppid; places sys_kill; places kill_something_info; } >"$tmp/places"
{
	echo "sys_getppid getppid 23$(straight sys_getppid)"
	echo "sys_kill signal 46$(straight sys_kill)"
	echo "kill_something_info signal 46 0x0"
} >"$tmp/reached"
"$top/tests/legacy/run" "${1:-smp}" probe.sh --smp 2 --timeout 600 --stall 150 \
	--add "$tmp/places" --add "$tmp/reached" >"$tmp/guest" 2>&1
_rc=$?
tell_again "$tmp/guest" "in the guest: "
cp "$tmp/guest" "$tmp/log"
ok $_rc "the guest ends with 0"
echo "1..$tests"
