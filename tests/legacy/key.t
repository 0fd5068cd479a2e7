#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# key.t - ci/legacy-kernel knows a tree by its contents, though it does not read all of it again each time: a file that
# was changed is another tree, however much its size and times look as before, and that is known when it is back.
#
# To see it red: take %C@ out of find_tree_and_sum() in ci/legacy-tree.sh, or let it read the tree each time.
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
echo "1..$tests"
