#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# key.t - ci/legacy-kernel knows a tree by its contents, though it does not read all of it again each time: a file that
# was changed is another tree, however much its size and times look as before, and that is known when it is back. And
# what was built of one is not built again, though this tree may have been elsewhere then.
#
# To see it red: take %C@ out of find_tree_and_sum() in ci/legacy-tree.sh, or let it read the tree each time; take
# renew_make out of ci/legacy-kernel.
# shellcheck source=tests/legacy/lib.sh
. "${0%/*}/lib.sh"

tree=$tmp/linux
mkdir -p "$tree/kernel"
printf 'VERSION = 2\nPATCHLEVEL = 6\nSUBLEVEL = 9\nEXTRAVERSION =\n' >"$tree/Makefile"
echo 'int one;' >"$tree/kernel/sched.c"
touch -d '2004-10-18' "$tree/Makefile" "$tree/kernel/sched.c"

# Who reads files for their sum is written down.
mkdir "$tmp/bin"
printf '#!/bin/sh\necho "$@" >>"%s"\nexec %s "$@"\n' "$tmp/read" "$(command -v sha256sum)" >"$tmp/bin/sha256sum"
chmod 755 "$tmp/bin/sha256sum"

# key FILE: of the tree as it is now; $tmp/read: what was read for it
key() {
	rm -f "$tmp/read"
	PATH=$tmp/bin:$PATH "$top/ci/legacy-kernel" --key "$tree" >"$tmp/$1" 2>"$tmp/log"
}

# in_place TEXT: the same file, as long and as old as before
in_place() {
	echo "$1" >"$tree/kernel/sched.c"
	touch -d '2004-10-18' "$tree/kernel/sched.c"
}

key first && key again && [ -s "$tmp/first" ] && cmp -s "$tmp/first" "$tmp/again"
ok $? "a tree has one key"
rc=0
key again && ! grep -q sched.c "$tmp/read" || rc=1
echo ' ' >>"$tree/Makefile"
key longer && grep -q sched.c "$tmp/read" || rc=1
ok $rc "it is not read again until a file of it changes"
sed -i '$d' "$tree/Makefile"
touch -d '2004-10-18' "$tree/Makefile"
in_place 'int two;'
key changed && ! cmp -s "$tmp/first" "$tmp/changed"
ok $? "with another word it has another one, though size and time of that file are the same"
in_place 'int one;'
key back && cmp -s "$tmp/first" "$tmp/back"
ok $? "and that of before when the word is back"
mv "$tree/kernel/sched.c" "$tree/kernel/fork.c"
key moved && ! cmp -s "$tmp/first" "$tmp/moved"
ok $? "a file of another name is another tree"

# A kernel of 2.4 as if it had been built by a tree of this project that is gone: what makes its symbol versions was
# there. What was built is a directory with its key, where its make is and no more is looked at.
printf 'VERSION = 2\nPATCHLEVEL = 4\nSUBLEVEL = 37\nEXTRAVERSION = .11\n' >"$tree/Makefile"
out=$tmp/out
mkdir -p "$out/lib/modules/2.4.37.11"
key of-2.4
echo "$(cat "$tmp/of-2.4") at $(cd "$out" && pwd -P)" >"$out/stamp"
printf '#!/bin/sh\nexec make GENKSYMS='\''/gone/ci/genksyms-2.4'\'' "$@"\n' >"$out/make"
chmod 755 "$out/make"
sed "s,/gone,$top," "$out/make" >"$tmp/make"
"$top/ci/legacy-kernel" "$tree" "$out" >"$tmp/said" 2>"$tmp/log" && grep -qx "make=$out/make" "$tmp/said" &&
	cmp "$tmp/make" "$out/make" >>"$tmp/log" && [ -x "$out/make" ] && [ ! -e "$out/build" ]
ok $? "what was built by a tree that is gone is not built again, and its make names this one"
stat -c %i "$out/make" >"$tmp/before"
"$top/ci/legacy-kernel" "$tree" "$out" >"$tmp/said" 2>"$tmp/log" &&
	stat -c %i "$out/make" | cmp "$tmp/before" - >>"$tmp/log"
ok $? "... and is left alone then"
echo "1..$tests"
