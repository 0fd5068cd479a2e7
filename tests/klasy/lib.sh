# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034
# lib.sh - what the tests of klasy share: the program, a folder with indexes of its own, TAP, the kernel with its debug
# information.

cd "$(dirname "$0")/../.." || exit 1
klasy=$(cd "${B:-build}/host" && pwd)/klasy || exit 1
kernel=${KERNEL:-6.1}
. tests/host.sh
export KLASY_CACHE="$T/cache"

# debug_kernel: sets $object, the kernel with its debug information, $module, virtio_net.ko with its own, $headers,
# $release, and $source, when $with_source is not empty. Where they are not to be had the test fails: nothing here may
# be skipped.
debug_kernel() {
	ci/kernel --debug ${with_source:+--source} "$kernel" >"$T/paths" || exit 1
	object=$(sed -n 's/^vmlinux=//p' "$T/paths")
	headers=$(sed -n 's/^headers=//p' "$T/paths")
	release=$(sed -n 's/^release=//p' "$T/paths")
	source=$(sed -n 's/^source=//p' "$T/paths")
	module=$(sed -n 's/^module=//p' "$T/paths")
}
