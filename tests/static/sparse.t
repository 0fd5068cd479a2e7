#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# sparse.t - the module is clean under sparse. What sparse says of the kernel's own headers does not count.
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/kmod" "$dir/include"
cp -a kmod/. "$dir/kmod/"
cp -a include/. "$dir/include/"
headers=$(ci/kernel 6.1 | sed -n 's/^headers=//p')
make -j"$(getconf _NPROCESSORS_ONLN)" -C "$headers" M="$dir/kmod" C=2 modules >"$dir/log" 2>&1
rc=$?
echo "1..2"
if [ $rc = 0 ] && grep -q 'CHECK ' "$dir/log"; then
	echo "ok 1 - sparse ran"
else
	echo "not ok 1 - sparse ran"
	tail -n 20 "$dir/log" | sed 's/^/# /'
fi
if grep -E "^$dir/(kmod|include).*(warning|error):" "$dir/log" >"$dir/found"; then
	echo "not ok 2 - nothing found"
	sed "s,$dir/,# ," "$dir/found"
else
	echo "ok 2 - nothing found"
fi
