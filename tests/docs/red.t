#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# red.t - the tests of docs.t can fail: one thing is taken out of a copy of the tree, or one thing put into what
# a command says, and the test that is for it must go red. On the copy as it is, the same test must be green.
#
# To see one by hand: delete the line '.It Fl q , Fl -quiet' of doc/man/lkst.1 and run 'make check-docs'.

set -u
bin=${DOCS_BIN:-build/x86_64}
gen=${DOCS_GEN:-build/doc}
bin=$(cd "$bin" && pwd -P) || exit 1
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
tests=0

# fresh: a copy of what docs.t looks at, and of the commands
fresh() {
	rm -rf "${T:?}/tree" "${T:?}/bin" "${T:?}/gen"
	mkdir -p "$T/tree" "$T/bin" "$T/gen"
	cp -r README.md doc include kmod patches "$T/tree"
	mkdir -p "$T/tree/lkstutils"
	cp -r lkstutils/lib lkstutils/analyse lkstutils/completion "$T/tree/lkstutils"
	ln -s "$bin"/lkst* "$bin"/klasy "$T/bin"
	cp "$gen"/coverage.md "$gen"/lkst-events.5 "$gen"/lkstla.1 "$gen"/README.md "$T/gen"
}

docs() {
	DOCS_TOP=$T/tree DOCS_BIN=$T/bin DOCS_GEN=$T/gen tests/docs/docs.t "$1" >"$T/out" 2>&1
}

# says COMMAND SED-SCRIPT: the command's output is changed from now on
says() {
	rm "$T/bin/$1"
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nout=$(%s "$@") || exit $?\nprintf "%%s\\n" "$out" | sed -e '\''%s'\''\n' "$bin/$1" "$2" >"$T/bin/$1"
	chmod +x "$T/bin/$1"
}

# cut FILE SED-SCRIPT: a file of the copy is changed; it must make a difference
cut_() {
	cp "$T/tree/$1" "$T/before"
	sed -i "$2" "$T/tree/$1"
	! cmp -s "$T/before" "$T/tree/$1" || echo "nothing to take away from $1" >>"$T/wrong"
}

# red TEST WHAT COMMAND...: after COMMAND the test fails, and says something with WHAT in it
red() {
	_test=$1 _what=$2
	shift 2
	: >"$T/wrong"
	fresh
	docs "$_test"
	grep -q '^not ok' "$T/out" && echo "it is red already" >>"$T/wrong"
	"$@"
	docs "$_test"
	grep -q '^not ok' "$T/out" || echo "it stays green" >>"$T/wrong"
	grep -q -- "$_what" "$T/out" || echo "it does not say '$_what'" >>"$T/wrong"
	tests=$((tests + 1))
	if [ -s "$T/wrong" ]; then
		echo "not ok $tests - $_test goes red and says: $_what"
		sed 's/^/# /' "$T/wrong" "$T/out"
	else
		echo "ok $tests - $_test goes red and says: $_what"
	fi
}

echo 1..25
red pages 'lkstm.1: no section OVERHEAD' cut_ doc/man/lkstm.1 '/^\.Sh OVERHEAD/d'
red pages 'lkstbuf.1: section EXAMPLES is empty' cut_ doc/man/lkstbuf.1 '/^\.Sh EXAMPLES/,/^\.Sh OVERHEAD/{/^\.Sh/!d}'
red pages 'doc/man/lksteh.1 is not there' rm "$T/tree/doc/man/lksteh.1"
red references 'refers to lksteh.1' rm "$T/tree/doc/man/lksteh.1"
red lint 'lkst.4' cut_ doc/man/lkst.4 's/^\.Sh BUGS/.Sh BUGS\n.Bl -bullet/'
red help_texts "'lkst stop --help' has no EXAMPLES" says lkst 's/^EXAMPLES$//'
red word_entries "no entry for 'polish'" says lkstm 's/^       lkstm read/       lkstm polish\n&/'
red word_entries "no entry for 'wakeup'" cut_ doc/man/lkstla.1 '/^\.Ss wakeup/d'
red option_entries "lkst record: no entry for '--quiet'" cut_ doc/man/lkst.1 '/^\.It Fl q , Fl -quiet/d'
red option_entries "lkstlogd: no entry for '--gently'" says lkstlogd 's/^      --keep N /      --gently N \n&/'
red completion "does not know the argument of '--gently'" says lkstlogd 's/^      --keep N /      --gently N \n&/'
red completion "'lkst record -' does not offer '--quiet'" cut_ lkstutils/completion/lkst.bash '/^_lkst_options/,/^}/s/a-zA-Z/a-pA-Z/'
red completion_values 'lkstbuf create --mode o' cut_ lkstutils/completion/lkst.bash '/--mode)/d'
red measures 'softirq: no line' says lkstla 's/needs SOFTIRQ_RAISE, SOFTIRQ_ENTRY$/needs SOFTIRQ_RAISE/'
red measures 'lifetime: no example' cut_ doc/man/lkstla.1 '/^\.Dl lkstla lifetime/d'
red interfaces 'LKST_IOC_MARK' cut_ doc/man/lkst.4 '/LKST_IOC_MARK/d'
red interfaces 'parameter breaker' cut_ doc/man/lkst.4 's/breaker/braker/g'
red json 'nothing about evicted' cut_ doc/man/lkstla.1 's/^\.Ic evicted$//'
red functions 'lkst_crc32c' cut_ lkstutils/lib/crc32c.h '/^\/\*\*/,/\*\//d'
red readme "no target 'check-alles'" cut_ README.md 's/make check-mutants\|make check-legacy/make check-alles/'
red readme 'there is no doc/examples/skt.aspect' cut_ README.md 's,examples/skb.aspect,examples/skt.aspect,'
red costs 'README does not say' cut_ README.md "s/own; by ftrace it/own; on ftrace it/"
red costs 'exit costs 92 instructions' cut_ doc/performance.md 's/^\(LKST, SYSCALL_ENTRY and SYSCALL_EXIT *\)81/\191/'
red generated 'coverage.md is not what is generated' cut_ doc/coverage.md '/^| 7 | biotime/d'
red generated 'README.md is not what is generated' cut_ README.md 's/hooks at 1/hooks at 2/'
