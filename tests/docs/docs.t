#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# docs.t - what the commands can do, the documents say: every command, subcommand and option that --help shows
# has its entry in the manual page and in the completion; pages have their sections; every measure, request,
# parameter and packet type is described; public functions have a word about them; generated documents are up to
# date; pages are clean.
#
# Run by 'make check-docs', from the top of the tree. That each of these can fail is shown by red.t.
#
# Usage: docs.t [TEST...]
#	TEST	  one of those at the end of this file (all of them)
#	DOCS_TOP  (environment) the tree whose documents are looked at (.)
#	DOCS_BIN  (environment) where the commands are (build/x86_64)
#	DOCS_GEN  (environment) where the generated documents are (build/doc)

set -u
top=${DOCS_TOP:-.}
bin=${DOCS_BIN:-build/x86_64}
gen=${DOCS_GEN:-build/doc}
here=$(dirname "$0")
bin=$(cd "$bin" && pwd -P) || exit 1
PATH=$bin:$PATH
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
tests=0
man=$top/doc/man

# ok NAME: passes when $T/log is empty, shows it otherwise
ok() {
	tests=$((tests + 1))
	if [ -s "$T/log" ]; then
		echo "not ok $tests - $1"
		sed 's/^/# /' "$T/log"
	else
		echo "ok $tests - $1"
	fi
	: >"$T/log"
}

# Every command line that has a --help of its own, and the page and section that describe it.
commands() {
	for c in lkst lkstm lkstbuf lksteh lkstla; do
		echo "$c"
	done
	echo lkstlogd
	echo lkst-abi-check
	echo lkst-series
	echo klasy
	words lkst-series | sed 's/^/lkst-series /'
	words lkst | sed 's/^/lkst /'
	words klasy | sed 's/^/klasy /'
}

# words COMMAND: its subcommands, as --help shows them
words() {
	case $1 in
	lkst | lkst-series | klasy) "$1" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' ;;
	lkstlogd | lkst-abi-check) ;;
	lkstla) echo list; echo all; echo overlay; lkstla list | awk '!/^#/ { print $1 }' ;;
	*) "$1" --help | sed -n 's/^\(Usage:\|      \) '"$1"' \([a-z]*\).*/\2/p' ;;
	esac
}

# options COMMAND...: one a line, "-m" and "--maskset" apart
options() {
	"$@" --help | sed -n 'h; s/^  \(-[a-zA-Z]\), .*/\1/p; g; s/^  \(-[a-zA-Z],\|   \) \(--[a-z-]*\).*/\2/p'
}

# with_argument COMMAND...: long options that take one
with_argument() {
	"$@" --help | sed -n 's/^  \(-[a-zA-Z],\|   \) \(--[a-z-]*\)[ =][A-Z][A-Z|+]*\( .*\|\)$/\2/p'
}

page() {
	echo "$man/$1.$2"
}

page_of() {
	case $1 in
	lkstlogd) page lkstlogd 8 ;;
	*) page "${1%% *}" 1 ;;
	esac
}

# part FILE [SUBSECTION]: a page, or one of its .Ss sections and what stands before them all
part() {
	if [ $# = 1 ]; then
		cat "$1"
		return
	fi
	awk -v want="$2" '/^\.Sh / { on = /^\.Sh DESCRIPTION/ } /^\.Ss / { on = $2 == want } on' "$1"
}

# ---- pages ----

pages() {
	for c in lkst.1 lkstm.1 lkstbuf.1 lksteh.1 lkstla.1 lkstlogd.8 lkst-abi-check.1 lkst-series.1 klasy.1 lkst-trace.5 lkst-events.5 lkst.4; do
		if [ ! -f "$man/$c" ]; then
			echo "doc/man/$c is not there" >>"$T/log"
			continue
		fi
		wanted='NAME DESCRIPTION EXIT_STATUS EXAMPLES SEE_ALSO HISTORY'
		case $c in
		*.5) ;;
		lkst.4) wanted='NAME DESCRIPTION EXIT_STATUS EXAMPLES SEE_ALSO OVERHEAD SECURITY' ;;
		*) wanted="$wanted SYNOPSIS OVERHEAD SECURITY" ;;
		esac
		for s in $wanted; do
			grep -q "^\.Sh $(echo "$s" | tr _ ' ')\$" "$man/$c" || echo "$c: no section $s" >>"$T/log"
			awk -v s=".Sh $(echo "$s" | tr _ ' ')" '
				/^\.Sh / { on = $0 == s; next }
				on && !/^\./ { words += NF }
				on && /^\.(Dl|It|Nd|Nm|Op|Xr)/ { words += NF }
				END { exit words < 2 }' "$man/$c" || echo "$c: section $s is empty" >>"$T/log"
		done
	done
	ok "every page has its sections: EXIT STATUS, EXAMPLES, OVERHEAD..."
}

references() {
	for f in "$man"/*.[1-8]; do
		sed -n 's/^\.Xr \(lkst[a-z-]*\) \([1-8]\).*/\1.\2/p' "$f" | sort -u | while read -r r; do
			[ -f "$man/$r" ] || echo "${f##*/} refers to $r"
		done
		# doc/....md named in pages
		grep -o 'doc/[a-z-]*\.md' "$f" | sort -u | while read -r r; do
			[ -f "$top/$r" ] || echo "${f##*/} refers to $r"
		done
	done >>"$T/log"
	for f in "$top"/doc/*.md; do
		grep -o '](\([^)#:]*\))' "$f" | tr -d '](' | tr -d ')' | sort -u | while read -r r; do
			[ -e "$top/doc/$r" ] || echo "${f##*/} refers to $r"
		done
	done >>"$T/log"
	ok "what pages and documents refer to is there"
}

lint() {
	for f in "$man"/*.[1-8]; do
		mandoc -Tlint -W warning "$f" >>"$T/log" 2>&1
		groff -mandoc -Tutf8 -rLL=80n -ww -z "$f" >>"$T/log" 2>&1
	done
	command -v mandoc >/dev/null || echo "mandoc is not installed" >>"$T/log"
	ok "pages are clean (mandoc -Tlint, groff -ww)"
}

# ---- commands, subcommands, options ----

help_texts() {
	commands | while read -r c; do
		# shellcheck disable=SC2086
		$c --help >"$T/help" 2>&1 || echo "'$c --help' fails"
		for s in 'EXIT STATUS' EXAMPLES; do
			grep -q "^$s\$" "$T/help" || echo "'$c --help' has no $s"
		done
	done >>"$T/log"
	ok "every --help has EXIT STATUS and EXAMPLES"
}

word_entries() {
	for c in lkst lkstm lkstbuf lksteh lkstla lkst-series; do
		words "$c" >"$T/words"
		[ -s "$T/words" ] || echo "'$c --help' shows no subcommand" >>"$T/log"
		while read -r w; do
			grep -Eq "^\.(Ss $w|It Cm $w)( |\$)" "$(page_of "$c")" || echo "$c.1: no entry for '$w'" >>"$T/log"
		done <"$T/words"
	done
	ok "every subcommand and measure has its entry in the manual page"
}

option_entries() {
	commands | while read -r c; do
		# shellcheck disable=SC2086
		options $c >"$T/options"
		[ -s "$T/options" ] || echo "'$c --help' shows no option"
		case $c in
		lkst\ * | lkst-series\ *) part "$(page_of "$c")" "${c#* }" ;;
		*) part "$(page_of "$c")" ;;
		esac >"$T/part"
		while read -r o; do
			grep -Eq "^\.It (.* )?Fl ${o#-}( |\$)" "$T/part" || echo "$c: no entry for '$o' in $(page_of "$c")"
		done <"$T/options"
	done >>"$T/log"
	ok "every option has its entry in the manual page"
}

completion() {
	commands >"$T/commands"
	# Command lines to complete: subcommands, then options.
	{
		printf '%s \n' lkst lkstm lkstbuf lksteh lkstla lkst-series
		sed 's/$/ -/' "$T/commands"
	} >"$T/lines"
	"$here/complete.bash" "$top/lkstutils/completion/lkst.bash" --all "$T/lines" >"$T/offers" 2>>"$T/log"
	for c in lkst lkstm lkstbuf lksteh lkstla lkst-series; do
		for w in $(words $c); do
			offered "$c " "$w" || echo "completion: '$c ' does not offer '$w'" >>"$T/log"
		done
	done
	while read -r c; do
		# shellcheck disable=SC2086
		for o in $(options $c); do
			offered "$c -" "$o" || echo "completion: '$c -' does not offer '$o'"
		done
		# shellcheck disable=SC2086
		for o in $(with_argument $c); do
			sed -n '/^_lkst_value()/,/^}/p' "$top/lkstutils/completion/lkst.bash" | grep -Eq -- "^	([^)]* )?$o( [^)]*)?\)" ||
				echo "completion: _lkst_value does not know the argument of '$o' ($c)"
		done
	done <"$T/commands" >>"$T/log"
	[ "$(grep -c . "$T/offers")" -gt 150 ] || echo "completion offers hardly anything" >>"$T/log"
	ok "every subcommand and option has its completion"
}

offered() {
	awk -v line="= $1" -v word="$2" '/^= / { on = $0 == line; next } on && $0 == word { found = 1 } END { exit !found }' \
		"$T/offers"
}

# line of a command, the candidates wanted
completion_values() {
	while IFS='|' read -r line wanted; do
		# shellcheck disable=SC2086
		got=$(cd "$top" && "$OLDPWD/$here/complete.bash" lkstutils/completion/lkst.bash $line 2>&1 | tr '\n' ' ')
		[ "$got" = "$wanted" ] || echo "completion of '$line': '$got', wanted '$wanted'" >>"$T/log"
	done <<-'END'
	lkstbuf create --mode o|overwrite 
	lkst record -e SYSCALL,PROCESS_F|SYSCALL,PROCESS_FORK SYSCALL,PROCESS_FREE 
	lkst events SYSCALL_S|SYSCALL_SYSENTER SYSCALL_SYSEXIT 
	lkst probe a|add 
	lkstla overlay biot|biotime 
	lkstla syscall --by = key,p|key,pid key,process 
	lkst record -- lkstlo|lkstlogd 
	lkst record -- cat include/lkst/ev|include/lkst/event.h include/lkst/events.def 
	lkst-series stat|status 
	lkst-series rebase --series include/lk|include/lkst 
	lkst-abi-check --hooks include/lkst/fi|include/lkst/file.h 
	lkstla syscall include/lkst/fi|include/lkst/file.h 
	klasy match --object include/lkst/fi|include/lkst/file.h 
	END
	ok "arguments of options are completed"
}

# ---- what else must be described ----

measures() {
	lkstla list | awk '!/^#/' >"$T/measures"
	[ -s "$T/measures" ] || echo "there are no measures" >>"$T/log"
	while read -r name rest; do
		awk -v want="$name" '/^\.S[sh] / { on = $1 == ".Ss" && $2 == want } on' "$man/lkstla.1" >"$T/part"
		grep -Fqx "Needs ${rest##*; needs }." "$T/part" || echo "lkstla.1: $name: no line 'Needs ${rest##*; needs }.'" >>"$T/log"
		grep -q "^\.Dl lkstla $name" "$T/part" || echo "lkstla.1: $name: no example" >>"$T/log"
	done <"$T/measures"
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18; do
		awk -v n=$n '$2 == n' "$T/measures" | grep -q . || echo "no measure has number $n" >>"$T/log"
	done
	ok "every measure has its section, with an example and the events it needs; all 18 are there"
}

# named WHAT PAGE: the names on standard input stand in the page
named() {
	_n=0
	while read -r name; do
		_n=$((_n + 1))
		grep -Eq -- "(^|[^A-Za-z_])$name([^A-Za-z_]|\$)" "$man/$2" || echo "$2: nothing about $1 $name" >>"$T/log"
	done
	[ $_n -gt 3 ] || echo "$2: hardly any $1 found: $_n" >>"$T/log"
}

interfaces() {
	sed -n 's/^#define \(LKST_IOC_[A-Z_]*\)	*_IO.*/\1/p' "$top/include/lkst/ioctl.h" >"$T/names"
	named request lkst.4 <"$T/names"
	sed -n 's/^module_param(\([a-z_]*\),.*/\1/p' "$top"/kmod/*.c "$top"/kmod/handlers/*.c >"$T/names"
	named parameter lkst.4 <"$T/names"
	sed -n 's/^	\(LKST_PKT_[A-Z]*\).*/\1/p' "$top/include/lkst/record.h" >"$T/names"
	named 'packet type' lkst-trace.5 <"$T/names"
	sed -n '/^struct lkst_packet {/,/^}/s/^	[a-z0-9_]* \([a-z_]*\).*;/\1/p' "$top/include/lkst/record.h" >"$T/names"
	sed -n '/^struct lkst_file_header {/,/^}/s/^	[a-z0-9_]* \([a-z_]*\).*;/\1/p' "$top/include/lkst/file.h" >>"$T/names"
	named field lkst-trace.5 <"$T/names"
	ok "every request, module parameter, packet type and field of the format is described"
}

# Members that lkstla prints as JSON: \"name\": in its sources.
json() {
	cat "$top"/lkstutils/analyse/*.c | grep -o '\\"[a-z][a-z0-9_.]*\\":' | tr -d '\\":' | sort -u >"$T/names"
	awk '/^\.S[sh] / { on = /^\.Ss JSON/ } on' "$man/lkstla.1" >"$T/part"
	[ "$(wc -l <"$T/names")" -gt 20 ] || echo "hardly any member of JSON found" >>"$T/log"
	while read -r name; do
		grep -Eq "^\.(It )?Ic .*\b$name\b" "$T/part" || echo "lkstla.1: JSON: nothing about $name"
	done <"$T/names" >>"$T/log"
	ok "every member of lkstla's JSON is described"
}

functions() {
	awk -f "$here/undescribed.awk" "$top"/include/lkst/*.h "$top"/lkstutils/lib/*.h "$top"/kmod/*.h "$top"/lkstutils/lib/*.c \
		"$top"/kmod/*.c | sort >>"$T/log"
	ok "every public function has a word about it"
}

# What README.md names is there: targets of make, files, subcommands.
readme() {
	make -pnq 2>/dev/null | sed -n 's/^\([a-z][a-z0-9-]*\):.*/\1/p' | sort -u >"$T/targets"
	# shellcheck disable=SC2016 # these are Markdown's
	grep -o '`[^`]*`' "$top/README.md" | grep -o '\<make [a-z][a-z0-9-]*' | sort -u | while read -r _ t; do
		grep -qx -- "$t" "$T/targets" || echo "README: there is no target '$t'"
	done >>"$T/log"
	# shellcheck disable=SC2016
	grep -o '`[^`]*`' "$top/README.md" | sed 's/[` ]/\n/g' | sort -u |
		grep -E '^(ci|doc|include|klasy|kmod|lkstutils|patches|spec|tests)/' | while read -r f; do
		[ -e "$f" ] || echo "README: there is no $f"
	done >>"$T/log"
	words lkst >"$T/words"
	grep -o '`lkst [a-z]*' "$top/README.md" | sort -u | while read -r _ w; do
		grep -qx -- "$w" "$T/words" || echo "README: there is no 'lkst $w'"
	done >>"$T/log"
	ok "README names what there is"
}

# The first page's numbers are those of the tables, to the nearest whole one.
costs() {
	awk '
		/^<!-- bench:/ { part = $2 }
		/^System calls:/ { calls = 1 }
		/^Switches:/ { calls = 0 }
		!calls || !match($0, /  +[0-9]+[.][0-9]/) { next }
		{ name = substr($0, 1, RSTART - 1); n[part, name] = sprintf("%.0f", substr($0, RSTART)) }
		END {
			g = "bench:guest"; k = "bench:kutrace"
			lkst = "LKST, SYSCALL_ENTRY and SYSCALL_EXIT"
			print "exit costs " n[g, lkst] " instructions, " n[g, "an empty probe"] " of which are the" \
				" kernel\047s own; by ftrace it is " n[g, "ftrace, raw_syscalls"] ", by LTTng " \
				n[g, "LTTng, all system calls"] ", by SystemTap " \
				n[g, "SystemTap, sys_enter and sys_exit"] ", and by KUtrace, on a" \
				" kernel with its patch, " n[k, "KUtrace, which records all it has"] \
				" where LKST takes " n[k, lkst]
		}' "$top/doc/performance.md" >"$T/costs"
	tr '\n' ' ' <"$top/README.md" | grep -qFf "$T/costs" ||
		echo "README does not say what doc/performance.md has: $(cat "$T/costs")" >>"$T/log"
	ok "README has the costs that were measured"
}

generated() {
	for f in doc/coverage.md doc/man/lkst-events.5 doc/man/lkstla.1 README.md; do
		if ! cmp -s "$gen/${f##*/}" "$top/$f"; then
			echo "$f is not what is generated ('make docs' writes it)" >>"$T/log"
			diff "$top/$f" "$gen/${f##*/}" 2>&1 | head -n 6 >>"$T/log"
		fi
	done
	ok "generated documents are up to date"
}

: >"$T/log"
[ $# != 0 ] || set -- pages references lint help_texts word_entries option_entries completion completion_values \
	measures interfaces json functions readme costs generated
echo 1..$#
for t; do
	$t
done
