# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# lib.sh - what the tests of this folder share: the top of the tree to run in, a folder of their own ($T), and TAP. Sourced
# by '. "${0%/*}/lib.sh"'.

set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/host.sh

# result STATUS NAME: one test; a failed one shows the beginning of $T/out
result() {
	ok "$1" "$2" "$(head -n 40 "$T/out" 2>/dev/null)"
}

# tree VERSION: its place; without it the test ends with a word and 4, which fails it: 'make check-legacy' has looked before
tree() {
	tests/legacy/need-tree "$1" || exit $?
	echo "${LKST_TREES:-${LKST_CACHE:-$HOME/.cache/lkst}/trees}/linux-$1"
}
