#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# abi.t - lkst-abi-check tells what it is there to tell: two small kernels, a few structures in a file that is called
# vmlinux, differ in one place each, and the words and the exit status must come; and it is content with what does not
# differ.
#
# Usage: abi.t
#   B  (environment) build directory (build)

# shellcheck source=tests/series/lib.sh
. "${0%/*}/lib.sh"
CHECK=${B:-build}/host/lkst-abi-check
dwarf=5

# compile DIR: DIR/vmlinux from $T/linux.c and DIR/linux.h
compile() {
	(cd "$1" && gcc -gdwarf-$dwarf -gstrict-dwarf -fno-common -c -I . -o vmlinux ../linux.c) 2>"$T/out"
}

# fresh: two builds that do not differ
fresh() {
	rm -rf "$T/base" "$T/patched"
	mkdir "$T/base" "$T/patched"
	cat >"$T/linux.c" <<-'END'
		#include "linux.h"
		struct timer timer;
		struct packet packet;
		list_t list;
		ticks_t ticks;
		enum state state;
		int anonymous = FIRST;
	END
	cat >"$T/base/linux.h" <<-'END'
		typedef struct { int next; int prev; } list_t;
		typedef unsigned long ticks_t;
		enum state { RUNNING, SLEEPING = 5, DEAD };
		enum { FIRST = 1, SECOND };
		struct timer {
			void (*function)(unsigned long data, const char *name);
			long expires;
			unsigned int on : 3, off : 5;
			int slot[4][2];
		};
		struct packet {
			char *data;
			union { int tcp; struct { int low, high; } udp; } h;
			union { int raw; short half; };
			struct { int used; } frag[2];
			enum state state;
			const char *const name;
		};
	END
	cp "$T/base/linux.h" "$T/patched/linux.h"
	printf '0x%08x\t%s\tvmlinux\n' 1 printk 2 kmalloc 3 add_timer >"$T/base/Module.symvers"
	cp "$T/base/Module.symvers" "$T/patched/Module.symvers"
}

# run STATUS NAME OPTION...: compile both, compare
run() {
	_want=$1 _name=$2
	shift 2
	if ! compile "$T/base" || ! compile "$T/patched"; then
		result 1 "$_name: it compiles"
		return
	fi
	_rc=0
	"$CHECK" "$@" "$T/base" "$T/patched" >"$T/out" 2>&1 || _rc=$?
	echo "exit status $_rc" >>"$T/out"
	[ $_rc = "$_want" ]
	result $? "$_name"
}

# said WORDS: lines of the report
said() {
	for _w; do
		grep -qF -- "$_w" "$T/out" || { result 1 "... '$_w'"; return; }
	done
	result 0 "... and says so"
}

# change FILE SED-SCRIPT: it must make a difference
change() {
	sed "$2" "$T/patched/$1" >"$T/new"
	cmp -s "$T/new" "$T/patched/$1" && { echo "'$2' changes nothing" >"$T/out"; result 1 "changing $1"; }
	cp "$T/new" "$T/patched/$1"
}

# header NAME SED-SCRIPT WORDS...: a change that is an error
header() {
	_what=$1
	change linux.h "$2"
	shift 2
	run 1 "$_what"
	said "$@"
	fresh
}

fresh
run 0 "two equal builds"
said "symbols: 3, were 3: 0 changed, 0 lost, 0 added" "structures and unions: 3, were 3: 0 changed" \
	"enums: 2, were 2: 0 changed" "typedefs: 1, were 1: 0 changed" "0 errors"

# ---- symbols ----

change Module.symvers '/printk/d'
run 1 "a symbol is lost"
said "symbol-lost     printk" "1 lost"
fresh
change Module.symvers '/printk/s/00001/00009/'
run 1 "a symbol has another CRC"
said "CRC 0x00000009, was 0x00000001" "1 changed"
fresh
change Module.symvers '/printk/s/$/\tEXPORT_SYMBOL_GPL/'
run 1 "a symbol is no more for all"
said "symbol-licence  printk"
fresh
printf '0x00000004\tlkst_hook\tvmlinux\n' >>"$T/patched/Module.symvers"
run 0 "a symbol is added"
said "note      symbol-added    lkst_hook" "for all modules" "1 added"

# ---- the reasons file, with that symbol ----

echo 'error symbol-added * the series adds nothing' >"$T/reasons"
run 1 "... which the reasons call an error" --reasons "$T/reasons"
said "error     symbol-added    lkst_hook" "reason: the series adds nothing"
printf '%s\n' 'tolerated symbol-added lkst_* hook points' 'error symbol-added * nothing else' \
	'tolerated symbol-lost lkst_* is never lost' >"$T/reasons"
run 0 "... tolerated by a line before" --reasons "$T/reasons"
said "tolerated symbol-added    lkst_hook" "reason: hook points" "line 3: symbol-lost lkst_*"
echo 'tolerated symbol-added lkst_hook' >"$T/reasons"
run 2 "a line without a reason is refused" --reasons "$T/reasons"
echo 'allowed symbol-added lkst_hook because' >"$T/reasons"
run 2 "so is an unknown severity" --reasons "$T/reasons"
fresh

# ---- types, as DWARF 5 and DWARF 2 write them ----

for dwarf in 5 2; do
	header "DWARF $dwarf: a member is added" '/long expires;/s/$/ int slack;/' \
		"struct-changed  struct timer (linux.h)" "slack: new, int at 16" "slot: offset "
	header "a member is gone" '/long expires;/d' "expires: gone, was long int at 8"
	header "two members of a size change places" 's/int low, high/int high, low/' \
		"h.udp.low: offset 12, was 8" "h.udp.high: offset 8, was 12"
	header "a member has another type of the same size" '/long expires;/s/long/unsigned long/' \
		"expires: type long unsigned int, was long int"
	header "a member has another name" 's/\*data;/*head;/' "data: gone" "head: new"
	header "a bit-field gets wider" 's/on : 3/on : 4/' "on: width in bits 4, was 3" "off: offset 16 bit 4, was 16 bit 3"
	header "an array gets longer" 's/\[4\]/[5]/' "slot: type int[5][2], was int[4][2]" "size "
	header "a union without a name inside" 's/short half/char half/' "half: type char, was short int"
	header "a structure without a name in an array" 's/int used/long used/' "frag[].used: type long int, was int"
	header "a function pointer takes one argument more" 's/const char \*name)/const char *name, int more)/' \
		"function: type void (*)(long unsigned int, const char *, int), was void (*)(long unsigned int, const char *)"
	header "const goes from the pointer to nowhere" 's/const char \*const name/const char *name/' \
		"name: type const char *, was const char * const"
	header "a value of an enum changes" 's/SLEEPING = 5/SLEEPING = 6/' \
		"enum-changed    enum state" "SLEEPING: 6, was 5" "DEAD: 7, was 6"
	header "a value of an enum is added" 's/, SECOND/, MIDDLE, SECOND/' \
		"enum-changed    enum {FIRST}" "MIDDLE: new, 2" "SECOND: 3, was 2"
	header "a typedef stands for another type" 's/unsigned long ticks_t/long ticks_t/' \
		"typedef-changed ticks_t" "long int, was long unsigned int"
	header "a structure with the name of its typedef only" 's/int next; int prev;/int next, *prev;/' \
		"struct-changed  list_t (linux.h)" "prev: type int *, was int"
done

# One more structure, and the same the other way round.
change linux.h 's/^typedef unsigned long ticks_t;/typedef unsigned long ticks_t; struct hook { int id; };/'
echo 'struct hook here;' >"$T/patched/more.h"
: >"$T/base/more.h"
echo '#include "more.h"' >>"$T/linux.c"
run 0 "a structure is added"
said "note      struct-added    struct hook (linux.h)" "structures and unions: 4, were 3"
mv "$T/base" "$T/other"
mv "$T/patched" "$T/base"
mv "$T/other" "$T/patched"
run 1 "a structure is lost"
said "error     struct-lost     struct hook (linux.h)"
fresh

# ---- what cannot be compared ----

compile "$T/base" && compile "$T/patched" && strip -g "$T/patched/vmlinux"
_rc=0
"$CHECK" "$T/base" "$T/patched" >"$T/out" 2>&1 || _rc=$?
[ $_rc = 3 ]
result $? "without debug information the status is 3"
said "not compared: types"
"$CHECK" --symbols "$T/base" "$T/patched" >"$T/out" 2>&1
result $? "... and 0 when symbols only are asked for"
rm "$T/patched/vmlinux"
! "$CHECK" "$T/base" "$T/patched" >"$T/out" 2>&1
result $? "a build without vmlinux is refused"
said "there is no vmlinux (name a folder in which a kernel was built)"
"$CHECK" "$T/base" >"$T/out" 2>&1
[ $? = 2 ]
result $? "one folder is not enough"
"$CHECK" --no-such-option "$T/base" "$T/patched" >"$T/out" 2>&1
[ $? = 2 ]
result $? "an unknown option is refused"
fresh

# ---- symbols from the objects themselves ----

# exports FILE NAME...: what EXPORT_SYMBOL of 2.6 makes, NAME:CRC or NAME:CRC:gpl; of 2.4, NAME_Rcrc
exports() {
	_to=$1
	shift
	for _e; do
		_n=${_e%%:*} _c=${_e#*:}
		_s=__ksymtab _text=$_n
		case $_c in *:gpl) _s=__ksymtab_gpl ;; *:24gpl) _text=GPLONLY_$_n ;; esac
		printf 'asm(".section %s,\\"a\\"; __ksymtab_%s: .long 0; .section .rodata");\n' $_s "$_n"
		printf 'asm("__kstrtab_%s: .asciz \\"%s\\"; .text");\n' "$_n" "$_text"
		case $_n in
		*_R*) ;;
		*) printf 'asm(".globl __crc_%s; __crc_%s = %s");\n' "$_n" "$_n" "${_c%%:*}" ;;
		esac
	done >"$_to"
}

symbols_only() {
	rm -f "$T/base/Module.symvers" "$T/patched/Module.symvers"
	echo '#include "exports.h"' >>"$T/linux.c"
}

symbols_only
exports "$T/base/exports.h" printk:0x11 kmalloc:0x12 add_timer:0x13
exports "$T/patched/exports.h" printk:0x11 kmalloc:0x22 add_timer:0x13:gpl lkst_hook:0x14
run 1 "without Module.symvers, as 2.6 has them in vmlinux"
said "symbol-changed  kmalloc" "CRC 0x00000022, was 0x00000012" "symbol-licence  add_timer" \
	"symbol-added    lkst_hook" "symbols: 4, were 3: 2 changed, 0 lost, 1 added"
exports "$T/base/exports.h" printk_R00000011:0 kmalloc_Rsmp_00000012:0 add_timer_R00000013:0
exports "$T/patched/exports.h" printk_R00000011:0 kmalloc_Rsmp_00000022:0 add_timer_R00000013:0:24gpl
run 1 "... and 2.4"
said "CRC 0x00000022, was 0x00000012" "symbol-licence  add_timer" "symbols: 3, were 3: 2 changed, 0 lost, 0 added"
fresh

# A structure of a module counts, too.
mkdir -p "$T/base/fs" "$T/patched/fs"
for d in base patched; do
	echo 'struct journal { int a; } j;' >"$T/module.c"
	[ $d = base ] || echo 'struct journal { int b, a; } j;' >"$T/module.c"
	gcc -gdwarf-5 -c -o "$T/$d/fs/jbd.ko" "$T/module.c"
done
run 1 "a structure of a module changes"
said "struct journal" "b: new, int at 0" "a: offset 4, was 0"
fresh

# ---- hooks in headers, JSON ----

for family in 2.4 2.6; do
	run 0 "the hooks that the series for $family has in headers are listed" --hooks "patches/$family/series"
	said "inline-hook     PROCESS_INIT_WQH (include/linux/wait.h)" "modules that were built before do not pass it"
	[ "$(grep -c inline-hook "$T/out")" = "$(
		grep -hE '^\+\+\+ |^\+.*LKST_(HOOK|VALUE|FETCH|EITHER)[0-9]\(' "patches/$family"/*.patch |
		awk '/^\+\+\+ / { on = /\.h$/ && !/lkst\.h/; next } on { n++ } END { print n + 0 }')" ]
	result $? "... all of them"
done
change linux.h '/long expires;/s/$/ int slack;/'
run 1 "JSON" --json --hooks patches/2.6/series
sed '$d' "$T/out" >"$T/json"
jq -e '.errors == 1 and .changes[0].kind == "struct-changed" and .changes[0].name == "timer" and
	(.changes[0].detail | contains("slack: new")) and (.inline_hooks | length) > 0 and
	.not_compared == null' "$T/json" >/dev/null
result $? "... is what jq can read"

echo "1..$tests"
