#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# complete.bash - what bash would offer: the words of a command line so far, the last one in work. One candidate a line.
#
# Usage: complete.bash COMPLETION-FILE COMMAND WORD...
#        complete.bash COMPLETION-FILE --all FILE		one command line a line of FILE; before the candidates of
#							each comes a line "= LINE"

# shellcheck source=/dev/null
. "$1"
shift

offer() {
	local how
	COMP_WORDS=("$@")
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	COMPREPLY=()
	how=$(complete -p "$1") || return 1
	how=${how#*-F }
	"${how%% *}"
	[ ${#COMPREPLY[@]} = 0 ] || printf '%s\n' "${COMPREPLY[@]}"
}

if [ "$1" != --all ]; then
	offer "$@"
	exit
fi
while IFS= read -r line; do
	echo "= $line"
	read -ra words <<<"$line"
	[ "${line% }" = "$line" ] || words+=("")
	offer "${words[@]}"
done <"$2"
