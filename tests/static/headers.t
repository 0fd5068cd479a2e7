#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# headers.t - include/lkst/ compiles alone, as C89 and C11, 32 and 64 bit; every file of code has its SPDX line.
cd "$(dirname "$0")/../.." || exit 1
. tests/host.sh

for header in include/lkst/*.h; do
	[ "$header" != include/lkst/handler.h ] || continue	# for kernel modules
	for how in "-m32 -std=gnu89" "-m64 -std=gnu89" "-m32 -std=gnu11" "-m64 -std=gnu11"; do
		# shellcheck disable=SC2086
		echo "#include <lkst/${header##*/}>" | gcc $how -Wdeclaration-after-statement -Wall -Wextra -Werror -Iinclude \
			-fsyntax-only -x c - >"$log" 2>&1
		ok $? "$header, $how"
	done
done

for f in $(git ls-files -co --exclude-standard | sort); do
	case $f in
	*.[chSt] | *.sh | *.def | *.awk | */Makefile* | Makefile | *Kbuild) ;;
	*) head -n 1 "$f" 2>/dev/null | tr -d '\000' | grep -q '^#!' || continue ;;
	esac
	head -n 2 "$f" | grep -q 'SPDX-License-Identifier: ' || echo "$f"
done >"$log"
[ ! -s "$log" ]
ok $? "SPDX lines"
done_testing
