#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# lkstutils/lib/syscalls.sh - print the system calls of x86 as SYSCALL(number, name) lines, by rising number.
#
# Usage: lkstutils/lib/syscalls.sh 32|64
#   CC  (environment) a compiler that finds the kernel's <asm/unistd_32.h> and <asm/unistd_64.h> (gcc)
# Exit status: 0 done, 1 the headers were not found.

set -eu
case ${1:-} in
32 | 64) ;;
*) echo "Usage: ${0##*/} 32|64" >&2; exit 2 ;;
esac
text=$(echo "#include <asm/unistd_$1.h>" | ${CC:-gcc} -E -dM -)
printf '%s\n' "$text" |
	sed -n 's/^#define __NR_\([a-z0-9_]*\) \([0-9][0-9]*\)$/SYSCALL(\2, \1)/p' |
	sort -t '(' -k 2n |
	awk '{ print } END { if (NR < 300) exit 1 }'
