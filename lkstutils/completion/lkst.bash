# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# lkst.bash - bash completion of lkst, lkstm, lkstbuf, lksteh, lkstlogd, lkstla, lkst-abi-check, lkst-series and klasy.
#
# Options, subcommands and measures come from the commands themselves (--help, 'lkstla list'), so they cannot be out of
# date here. What this file says is what the argument of an option may be: _lkst_value. Needs nothing but bash 4.

# _lkst_options COMMAND... - the options that its --help shows
_lkst_options() {
	"$@" --help 2>/dev/null | sed -n 's/^  \(\(-[a-zA-Z]\), \|    \)\(--[a-z-]*\).*/\2 \3/p'
}

# _lkst_takes OPTION COMMAND... - does that option take an argument? Its long name, if so.
_lkst_takes() {
	local option=$1
	shift
	"$@" --help 2>/dev/null | awk -v option="$option" '
		/^  (-[a-zA-Z],|   ) --[a-z-]/ {
			short = substr($1, 1, 2) == "--" ? "" : substr($1, 1, 2)
			word = short == "" ? $1 : $2
			name = word
			sub(/=.*/, "", name)
			argument = index(word, "=") || (short == "" ? $2 : $3) ~ /^[A-Z][A-Z|]*$/
			if (argument && (option == short || option == name))
				print name
		}'
}

# _lkst_subcommands COMMAND - the words that may stand first
_lkst_subcommands() {
	case $1 in
	lkst | lkst-series | klasy) "$1" --help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' ;;
	lkstm | lkstbuf | lksteh) "$1" --help 2>/dev/null | sed -n '/^Usage:/,/^[A-Z][^s]/s/^.* '"$1"' \([a-z]*\).*/\1/p' ;;
	lkstla) lkstla list 2>/dev/null | awk 'BEGIN { print "list\nall\noverlay" } !/^#/ { print $1 }' ;;
	esac
}

_lkst_masksets() {
	lkstm list 2>/dev/null | awk 'NR > 1 { print $NF }'
}

_lkst_buffers() {
	lkstbuf list 2>/dev/null | awk 'NR > 1 { print $NF }'
}

_lkst_aspects() {
	klasy list 2>/dev/null | awk 'NR > 1 { print $NF }'
}

_lkst_handlers() {
	lksteh list 2>/dev/null | awk 'NR > 1 { print $1, $NF }'
}

# Names and groups; the first two columns may be a mark of the module's.
_lkst_events() {
	lkst events --sizes 2>/dev/null | awk '{ print $2 }'
	lkst events --json 2>/dev/null | sed 's/.*"group":"\([A-Z]*\)".*/\1/' | sort -u
}

_lkst_cpus() {
	local n
	n=$(getconf _NPROCESSORS_CONF 2>/dev/null) && seq 0 $((n - 1))
}

_lkst_pids() {
	printf '%s\n' /proc/[0-9]* | sed 's,.*/,,'
}

# _lkst_value COMMAND OPTION - fill COMPREPLY for the argument of an option. Every option that takes one stands here,
# those whose argument nobody can guess too.
_lkst_value() {
	local words=
	case $2 in
	--maskset) words=$(_lkst_masksets) ;;
	--buffer) words=$(_lkst_buffers) ;;
	--handler) words=$(_lkst_handlers) ;;
	--value) words="$(_lkst_masksets) $(_lkst_buffers) -1" ;;
	--event | --except) _lkst_list "$(_lkst_events)"; return ;;
	--by) _lkst_list "key pid process cpu object"; return ;;
	--kind) words="time histogram cumulative" ;;
	--cpu) words=$(_lkst_cpus) ;;
	--pid) words=$(_lkst_pids) ;;
	--mode) words="overwrite discard" ;;
	--size | --buffer-size) words="1M 4M 16M 64M" ;;
	--subbuf) words="4K 16K 64K 256K 1M" ;;
	--output | --file | --pidfile | --plot | --reasons | --hooks | --object) _lkst_files -f; return ;;
	--directory | --series | --base | --build | --source) _lkst_files -d; return ;;
	--alias | --deny | --within | --max-sites | --breaker | --max | --known | --worst) return ;;
	--name | --time | --count | --first | --keep | --key | --top) return ;;
	*) return ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

# _lkst_list WORDS - the last word of a list with commas
_lkst_list() {
	local before=
	[[ $cur != *,* ]] || before=${cur%,*},
	mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${cur##*,}")
	compopt -o nospace 2>/dev/null || true
}

_lkst_files() {
	compopt -o filenames 2>/dev/null || true
	mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
}

# Measures, and files beside them; what stands behind a colon is the reader's to know.
_lkst_overlay() {
	local measures
	measures=$(lkstla list 2>/dev/null | awk '!/^#/ && $1 !~ /^(count|print|chain)$/ { print $1 }')
	compopt -o filenames 2>/dev/null || true
	mapfile -t COMPREPLY < <(compgen -W "$measures" -- "$cur"; compgen -f -- "$cur")
}

# What stands behind the options.
_lkst_argument() {
	case $1 in
	"lkst live" | "lkst events") mapfile -t COMPREPLY < <(compgen -W "$(_lkst_events)" -- "$cur") ;;
	"lkst report" | "lkst recover") _lkst_files -f ;;
	"lkst probe") mapfile -t COMPREPLY < <(compgen -W "add del list" -- "$cur") ;;
	"lkst record") mapfile -t COMPREPLY < <(compgen -c -- "$cur") ;;
	lkst-abi-check | lkst-series\ *) _lkst_files -d ;;
	"klasy index" | "klasy match" | "klasy build" | "klasy weave") _lkst_files -f ;;
	"klasy status" | "klasy unweave") mapfile -t COMPREPLY < <(compgen -W "$(_lkst_aspects)" -- "$cur") ;;
	"lkstla overlay") _lkst_overlay ;;
	lkstla\ *) [ "$1" = "lkstla list" ] || _lkst_files -f ;;
	esac
}

# The command that 'lkst record' runs: from its own place on, its completion is not ours.
_lkst_after_dashes() {
	local i
	for ((i = 2; i < COMP_CWORD; i++)); do
		[ "${COMP_WORDS[i]}" != -- ] || return 0
	done
	return 1
}

_lkst() {
	local command=${COMP_WORDS[0]##*/} cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local -a full=("$command")
	local name
	COMPREPLY=()
	if [ "$command" != lkstlogd ] && [ "$command" != lkst-abi-check ]; then
		if [ "$COMP_CWORD" = 1 ]; then
			mapfile -t COMPREPLY < <(compgen -W "$(_lkst_subcommands "$command") $(_lkst_options "$command")" -- "$cur")
			return
		fi
		full+=("${COMP_WORDS[1]}")
	fi
	if [ "${full[*]}" = "lkst record" ] && _lkst_after_dashes; then
		if [ "$before" = -- ]; then
			_lkst_argument "lkst record"
		else
			_lkst_files -f
		fi
		return
	fi
	# "--by=key" comes as three words.
	if [ "$cur" = = ]; then
		cur=
	elif [ "$before" = = ]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	if [[ $before = -* ]]; then
		name=$(_lkst_takes "$before" "${full[@]}")
		if [ -n "$name" ]; then
			_lkst_value "$command" "$name"
			return
		fi
	fi
	if [[ $cur = -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_lkst_options "${full[@]}")" -- "$cur")
	else
		_lkst_argument "${full[*]}"
	fi
}

complete -F _lkst lkst lkstm lkstbuf lksteh lkstlogd lkstla lkst-abi-check lkst-series klasy
