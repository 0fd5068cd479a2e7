# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2030,SC2031,SC2154
# tests/bench/part-overhead.sh - ci/bench overhead-KERNEL: whole loads under the patterns of 2005, in guest
# instructions. Sourced; prints table.awk's input.
#
# A boot is a round: every load once under every way, in an order of its own; a last boot has each event alone, on the
# load that it is thickest in.
# What a boot said stays in B/bench/overhead-KERNEL/ until something that it depends on changes: an interrupted run goes
# on there.

overhead_stock='syscall pipe context spawn execl shell filecopy dhrystone chat hackbench dbench compile'
overhead_old='syscall pipe context spawn execl shell filecopy dhrystone chat'
DBENCH_LINES=6000

# The loads as the guest has them: NAME RUNS COMMAND. What rounds differ by is up to 100 thousand instructions whatever
# the load, under ALL 140 thousand: each takes 200 million where it must to come below 0.1 %. What differs by more runs
# often, and the mean of the cheaper half counts: spawn by 0.3 % and now and then by a per cent, the others by 0.1 now
# and then.
overhead_loads() {
	# name, runs on stock and old kernels, load, count on stock and old kernels
	while read -r _name _runs _oldruns _load _count _oldcount; do
		[ "$overhead_family" = stock ] || _runs=$_oldruns _count=$_oldcount
		echo "$_name $_runs load $_load $(size "$_count")"
	done <<-END
		syscall 1 1 syscall 120000 90000
		pipe 1 1 pipe 90000 90000
		context 1 1 switch 36000 36000
		spawn 21 1 fork 1000 2500
		execl 3 1 execl 2400 3600
		filecopy 1 1 filecopy 60000 60000
		dhrystone 1 1 dhrystone 600000 200000
		chat 3 1 chat 200 300
	END
	echo "shell $([ "$overhead_family" = stock ] && echo 3 || echo 1) load run elapsed 0 sh /bench/shell.sh"
	[ "$overhead_family" = stock ] || return 0
	# dbench sleeps, and ends by a file that is not open: it would begin anew for ever.
	[ ! -x "$tmp/bench/dbench" ] ||
		echo "dbench 5 load run cpu 1 dbench -c /bench/dbench.load -t 100000 -D /tmp/work 1"
	# Whom the timer finds running would decide on the order of all its tasks.
	[ ! -x "$tmp/bench/hackbench" ] || echo "hackbench 1 load run fixed 0 hackbench -g 2 -f 4 -l $(size 900)"
	echo "compile 5 load run elapsed 0 sh /bench/compile.sh"
}

# A program to compile: $1 files, made the same each time.
overhead_sources() {
	awk -v dir="$tmp/bench" -v files="$1" 'BEGIN {
		h = dir "/common.h"
		for (i = 0; i < 20; i++)
			printf "struct s%d { struct s%d *next; int a[%d]; unsigned long b; const char *name; };\n" \
				"static inline int get%d(const struct s%d *s, int i)\n" \
				"{\n\treturn s->a[i %% %d] + (int)s->b;\n}\n",
				i, i, i % 7 + 1, i, i, i % 7 + 1 >h
		for (f = 0; f < files; f++) {
			c = dir "/unit" f ".c"
			print "#include \"common.h\"" >c
			for (i = 0; i < 6; i++)
				printf "int walk%d_%d(struct s%d *s, int n)\n{\n" \
					"\tint i, sum = 0;\n\n\tfor (; s; s = s->next) {\n" \
					"\t\tfor (i = 0; i < n; i++)\n\t\t\tsum += get%d(s, i) * %d;\n" \
					"\t\tswitch (sum %% 5) {\n" \
					"\t\tcase 0: sum += s->name[0]; break;\n\t\tcase 1: s->b ^= sum; break;\n" \
					"\t\tcase 3: if (s->next) s->next->b++; break;\n" \
					"\t\tdefault: sum -= n; }\n\t}\n\treturn sum;\n}\n",
					f, i, i * 3 % 20, i * 3 % 20, i + f >c
		}
	}'
	# shellcheck disable=SC2016
	echo 'for f in /bench/unit*.c; do gcc -nostdinc -O2 -Wall -c -o /tmp/work/unit.o $f || exit 1; done' \
		>"$tmp/bench/compile.sh"
}

# Scripts and input of the loads that are commands, and the lists of events.
overhead_layout() {
	mkdir -p "$tmp/bench"
	cp "$TOP/tests/bench/tracers.sh" "$tmp/bench/"
	awk 'BEGIN { for (i = 0; i < 400; i++) printf "%d the line %d of %d words\n", i * 7919 % 1000, i, i % 9 }' \
		>"$tmp/bench/words"
	cat >"$tmp/bench/shell.sh" <<-'END'
		i=0
		while [ $i -lt 12 ]; do
			sort /bench/words >sorted
			grep -n 7 sorted | tee found | wc >count
			od found | sort -n -k 1 | tail -n 50 >last
			expr $i + 1 >/dev/null
			rm -f sorted found count last
			i=$((i + 1))
		done
	END
	# What the 18 measures look at, and that without the locks.
	"$(built x86_64/lkstla)" list | awk '$2 ~ /^[0-9]+$/ { sub(/.*; needs /, ""); gsub(/[(),]/, " ")
		n = split($0, e, " "); for (i = 1; i <= n; i++) if (!(e[i] in seen)) { seen[e[i]] = 1; print e[i] } }' \
		>"$tmp/bench/events.logtools"
	grep -v '^LOCK_' "$tmp/bench/events.logtools" >"$tmp/bench/events.nolock"
	_table=$TOP/tests/bench/same.table
	awk '!/^#/ { print $1 }' "$_table" >"$tmp/bench/events.same"
	awk '!/^#/ { print $2 }' "$_table" >"$tmp/bench/events.ftrace"
	awk '!/^#/ && $3 != "-" { print $3 }' "$_table" >"$tmp/bench/events.lttng"
}

# What only stock kernels have: a compiler and peers of this machine's Debian.
overhead_layout_stock() {
	overhead_sources 1
	set -- gcc x86_64-linux-gnu-gcc-12 as x86_64-linux-gnu-as
	while [ $# -gt 0 ]; do
		[ ! -x "/usr/bin/$2" ] || overhead_adds="$overhead_adds --add /usr/bin/$2:/usr/bin/$1"
		shift 2
	done
	_cc1=$(gcc -print-prog-name=cc1)
	overhead_adds="$overhead_adds --add $_cc1:$_cc1"
	_debian=$("$CI/unpack" dbench rt-tests) && {
		# shellcheck disable=SC2086
		set -- $_debian
		for _p in "$1/usr/bin/dbench" "$2/usr/bin/hackbench"; do
			ldd "$_p" | grep -q "not found" || cp "$_p" "$tmp/bench/"
		done
		head -n $DBENCH_LINES "$1/usr/share/dbench/client.txt" >"$tmp/bench/dbench.load"
		echo 'Close 99999 NT_STATUS_OK' >>"$tmp/bench/dbench.load"
		overhead_versions="dbench $(cat "$1/VERSION"), hackbench $(cat "$2/VERSION"), "
	}
	overhead_versions="${overhead_versions:-}LTTng $(version_of lttng-tools), perf $(version_of linux-perf)"
	[ "$own" = no ] || return 0
	[ ! -x /usr/bin/perf ] || overhead_adds="$overhead_adds --add /usr/bin/perf:/usr/bin/perf"
	if lttng_guest "$tmp/lttng" "$release" "$headers" "$(echo "$where" | sed -n 's/^modules=//p')"; then
		overhead_adds="$overhead_adds --add $tmp/lttng/usr:/usr --add $tmp/lttng/lib:/lib"
	else
		echo "0 none lttng $(lttng_why)" >>"$tmp/nones"
	fi
}

# Is what LTTng recorded what was asked for? There must be some of these in its last megabyte, the compile's.
overhead_lttng_check() {
	[ -d "$1/lttng" ] && command -v babeltrace2 >/dev/null || return 0
	babeltrace2 "$1/lttng" 2>/dev/null | sed -n 's/^[^)]*) [^ ]* \([a-z_0-9]*\):.*/\1/p' |
		sort | uniq -c >"$1/kinds"
	for _e in sched_switch x86_exceptions_page_fault_user irq_softirq_entry; do
		grep -q " $_e\$" "$1/kinds" || { say "checking LTTng: its snapshot holds no $_e"; return 1; }
	done
	awk '{ n += $1 } END { print "note lttng-check its snapshots hold", n, "events of", NR, "kinds" }' "$1/kinds"
}

# overhead_boot NAME KERNEL ARGUMENT...: one guest, unless what it said is there
overhead_boot() {
	_log=$dir/$1.log _name=$1 _kernel=$2
	shift 2
	if [ "$(tail -n 1 "$_log" 2>/dev/null)" = "done" ]; then
		say "$_name: is there"
		return 0
	fi
	say "$_name: booting"
	_begin=$(date +%s)
	# shellcheck disable=SC2086
	"$CI/boot" "$_kernel" --icount --mem $overhead_mem --timeout 3600 --stall 1800 --console "$dir/$_name.console" \
		--append "$overhead_append" --out "$dir/$_name.out" --add "$tmp/bench:/bench" $overhead_adds \
		-- "$TOP/tests/bench/guest-overhead.sh" "$@" >"$_log.new" || { tail -n 20 "$_log.new" >&2; return 1; }
	! grep '^guest-overhead.sh:' "$_log.new" >&2 || return 1
	overhead_lttng_check "$dir/$_name.out" >>"$_log.new" || return 1
	rm -rf "$dir/$_name.out"
	echo "done" >>"$_log.new"
	mv "$_log.new" "$_log"
	say "$_name: done in $(($(date +%s) - _begin)) s"
}

# Is what the boots that are there were made of still what it was? If not, they go.
overhead_key() {
	{
		echo "$quick $own $release $(cat "$tmp/bench/loads")"
		"$overhead_qemu" --version
		(cd "$TOP" && find kmod include patches tests/bench -type f ! -name 'part-*' ! -name '*.awk' -print0 |
			LC_ALL=C sort -z | xargs -0 sha256sum)
	} | sha256sum >"$tmp/key"
	mkdir -p "$dir"
	if ! cmp -s "$tmp/key" "$dir/key"; then
		rm -f "$dir"/*.log "$dir"/*.new
		cp "$tmp/key" "$dir/key"
	fi
}

# The events that there are, each with the load that it is thickest in: one in 20,000 instructions at least, or what
# rounds differ by hides its price; on old kernels, where that is less, one in 50,000.
overhead_events() {
	cat "$dir"/*-1.log | awk -v least="$([ "$overhead_family" = stock ] && echo 5e-5 || echo 2e-5)" '
		$1 == "run" && $3 == "norec" { ticks[$2] = $5 }
		$1 == "hit" {
			n = ($5 - $6) / ticks[$2]
			if (n >= least && n > most[$3]) { most[$3] = n; load[$3] = $2 }
		}
		END { for (e in load) print e ":" load[e] }' | sort
}

overhead_kernel_stock() {
	where=$("$CI/kernel" "$kernel") || exit $?
	release=$(echo "$where" | sed -n 's/^release=//p')
	headers=$(echo "$where" | sed -n 's/^headers=//p')
	overhead_config=$(echo "$where" | sed -n 's/^config=//p')
	overhead_words="$release, Debian's"
	overhead_compiler="$(sed -n 's/^CONFIG_CC_VERSION_TEXT="\(.*\)"/\1/p' "$overhead_config")"
	# Nothing by chance that can be had without; the time stamp counter is the counter.
	overhead_append='nokaslr norandmaps randomize_kstack_offset=off' overhead_mem=1536
	make_programs "$B/bench/load" "$B/bench/control" "$B/x86_64/lkstla" "$B/x86_64/lkst"
	overhead_layout
	overhead_layout_stock
	cp "$out/load" "$out/control" "$tmp/bench/"
	"$CI/build-kmod" "$kernel" "$out/kmod" >"$tmp/kmod.log" 2>&1 ||
		{ cat "$tmp/kmod.log" >&2; die "$EX_FAIL" "building lkst.ko: ci/build-kmod failed"; }
	cp "$out/kmod/kmod/lkst.ko" "$tmp/bench/"
	strip --strip-debug "$tmp/bench/lkst.ko"
}

# Built for one CPU, as bench-legacy has it: no hooks in spin locks, so that nolock is logtools: its row says so.
overhead_kernel_old() {
	overhead_adds='' overhead_append='' overhead_mem=256
	"$CI/deps" build-i386 legacy || true
	make_programs "$B/bench/load-i386" "$B/bench/control-i386" "$B/x86_64/lkstla" "$B/x86_64/lkst"
	overhead_layout
	_series=$TOP/patches/${kernel%"${kernel#2.?}"}/series
	overhead_bare=$("$CI/legacy-kernel" "$kernel" | sed -n 's/^dir=//p')
	overhead_on=$("$CI/legacy-kernel" --series "$_series" --set CONFIG_LKST=y "$kernel" | sed -n 's/^dir=//p')
	if [ -z "$overhead_bare" ] || [ -z "$overhead_on" ]; then
		die "$EX_SKIP" "building $kernel: ci/legacy-kernel did not (its words are above)"
	fi
	release=$kernel overhead_config=$overhead_on/config
	overhead_words="$kernel, UP, with the series, beside the same without"
	overhead_compiler="GCC 3.4.6 (ci/toolchain)" overhead_versions="none of Debian's programs run there"
	cp "$out/load-i386" "$tmp/bench/load"
	cp "$out/control-i386" "$tmp/bench/control"
	"$CI/build-kmod" "$overhead_on" "$out/kmod-$kernel" >&2
	cp "$out/kmod-$kernel"/lkst.*o "$tmp/bench/"
}

# overhead_logs: their lines, each with its round before it
overhead_logs() {
	for _l in "$dir"/*.log; do
		_r=${_l##*-}
		sed "s/^/${_r%.log} /" "$_l"
	done
}

# In a shell of its own: a kernel that cannot be had does not end the measuring of others.
measure_overhead() (
	overhead_adds='' overhead_versions='' overhead_on='' overhead_reps=${reps:-3}
	: >"$tmp/nones"
	rm -rf "$tmp/bench"
	case $kernel in
	2.[46].*) overhead_family=old overhead_qemu=qemu-system-i386 overhead_names=$overhead_old
		overhead_run='norec logtools ALL RDEFAULT'
		overhead_ways='none norec nolock logtools ALL RDEFAULT'
		echo "0 none nolock a kernel for one CPU has no spin locks to hook: it is logtools" >"$tmp/nones" ;;
	*) overhead_family=stock overhead_qemu=qemu-system-x86_64
		overhead_names=$overhead_stock
		overhead_ways='none norec nolock logtools ALL RDEFAULT same ftrace lttng perf' ;;
	esac
	[ "$own" = no ] || overhead_ways=${overhead_ways% same*}
	dir=$out/overhead-$kernel
	need_tools boot "$overhead_qemu" cpio
	"overhead_kernel_$overhead_family"
	overhead_loads >"$tmp/bench/loads"
	overhead_key
	_begun=$(date +%s) _rep=1
	while [ $_rep -le "$overhead_reps" ]; do
		_more='' _peers=''
		[ $_rep != 1 ] || _more=count
		# LTTng's daemon leaves the kernel's lists of pages in another order: it comes last, and is compared
		# with the daemon alone.
		[ "$own" = yes ] || _peers="perf idle lttng"
		if [ "$overhead_family" = stock ]; then
			# shellcheck disable=SC2086
			overhead_boot round-$_rep "$kernel" \
				ways $_rep ${overhead_ways% lttng perf} $_peers $_more || return 1
		else
			overhead_boot bare-$_rep "$overhead_bare" ways $_rep none || return 1
			# shellcheck disable=SC2086
			overhead_boot round-$_rep "$overhead_on" \
				ways $_rep $overhead_run $_more || return 1
		fi
		_rep=$((_rep + 1))
	done
	# shellcheck disable=SC2046
	overhead_boot events-0 "${overhead_on:-$kernel}" events $(overhead_events) || return 1
	say "overhead-$kernel: $((($(date +%s) - _begun) / 60)) minutes this time"
	overhead_tables
	overhead_chart
)

overhead_tables() {
	_family=$([ "$overhead_family" = stock ] && echo stock || echo "${kernel%"${kernel#2.?}"}")
	"$(built x86_64/lkst)" events --source | awk -v family="$_family" '/^0x/ { e = $2 }
		$1 == family { $1 = ""; sub(/^ +/, ""); print e, $0 }' >"$tmp/sources"
	line part "overhead-$kernel" \
		"What LKST adds to whole loads on $kernel, in guest instructions; one CPU, a boot a round"
	line meta kernel "$overhead_words"
	line meta config "sha256 $(sha256sum <"$overhead_config" | cut -c1-16)"
	line meta kernel-compiler "$overhead_compiler"
	line meta qemu "$("$overhead_qemu" --version | head -n 1), tcg, -icount"
	if [ "$_family" = stock ]; then
		_box=$("$CI/unpack" busybox-static)/bin/busybox
	else
		_box=$("$CI/busybox-i386")
	fi
	line meta programs \
		"$("$_box" --help 2>&1 | sed -n '1s/ multi-call.*//; 1s/ ([0-9].*//; 1p'), $overhead_versions"
	line meta rounds "$overhead_reps"
	_peers="; ftrace: local clock; LTTng: snapshot; perf: --overwrite -c 1"
	[ "$_family" = stock ] || _peers=
	line meta buffers "1 MiB, overwrite; LKST: raw TSC$_peers"
	overhead_logs | cat - "$tmp/nones" | awk -f "$TOP/tests/bench/overhead.awk" -v loads="$overhead_names" \
		-v often="$(awk '$2 > 1 { print $1, $2 }' "$tmp/bench/loads")" \
		-v ways="$overhead_ways" -v limit="$([ "$overhead_family" = stock ] && echo 100 || echo 90)" \
		-v rdefault="$(sed -n 's/^LKST_EVENT([^,]*, \([A-Z0-9_]*\), [A-Z]*, RDEFAULT,.*/\1/p' \
			"$TOP/include/lkst/events.def" | tr '\n' ' ')" -v sources="$tmp/sources"
}

# Bars side by side as in the papers of 2005: a group a load, a bar a pattern, No LKST being 100.
overhead_chart() {
	_svg=$out/overhead-$kernel.svg
	command -v gnuplot >/dev/null || { say "no bar chart: gnuplot is not installed (ci/deps analyse)"; return 0; }
	overhead_logs | awk -v loads="$overhead_names" -v ways="$overhead_ways" '
		$2 == "run" { t[$3, $4] += $6; n[$3, $4]++ }
		END {
			nl = split(loads, l, " ")
			n_all = split(ways, all, " ")
			for (j = 1; j <= n_all; j++)
				for (i = 1; i <= nl; i++)
					if (n[l[i], all[j]]) {
						w[++nw] = all[j]
						break
					}
			printf "load"
			for (j = 1; j <= nw; j++)
				printf " %s", w[j] == "none" ? "\"No LKST\"" : w[j] == "same" ? "\"LKST: same\"" : w[j]
			print ""
			for (i = 1; i <= nl; i++) {
				if (!n[l[i], "none"]) continue
				printf "%s", l[i]
				for (j = 1; j <= nw; j++)
					if (n[l[i], w[j]]) {
						k = l[i] SUBSEP (w[j] == "lttng" ? "idle" : "none")
						printf " %.2f", 100 * t[l[i], w[j]] / n[l[i], w[j]] / (t[k] / n[k])
					} else
						printf " ?"
				print ""
			}
		}' >"$dir/chart.dat"
	_last=$(awk 'NR == 2 { print NF }' "$dir/chart.dat")
	{
		echo "set terminal svg size 1100,420 font 'sans,11'"
		echo "set output '$_svg'"
		echo "set title 'Instructions on $kernel, No LKST = 100'"
		echo "set style data histogram"
		echo "set style histogram clustered gap 2"
		echo "set style fill solid 0.8 border -1"
		echo "set yrange [90:*]"
		echo "set logscale y"
		echo "set ytics (100, 110, 125, 150, 200, 300, 500, 1000, 2000)"
		echo "set grid ytics"
		echo "set key outside right"
		echo "set linetype 9 linecolor rgb 'gray40'"
		echo "set linetype 10 linecolor rgb 'gray80'"
		echo "set xtics rotate by -30"
		echo "set datafile missing '?'"
		echo "plot for [i=2:$_last] '$dir/chart.dat' using i:xtic(1) title columnheader(i)"
	} | gnuplot || { say "drawing the bar chart: gnuplot failed"; return 1; }
	say "bar chart: $_svg"
}
