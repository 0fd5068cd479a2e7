#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# bench.t - 'ci/bench --kutrace DIR': what is no checkout of KUtrace is refused in one line before anything is built;
# its patch finds its places in what Debian has by now, and where it does not, the hunks are named. The trees here are
# made for it and hold nothing of KUtrace but the words by which the patch is changed.
cd "$(dirname "$0")/../.." || exit 1
. tests/host.sh
PATCH=linux/linux-6.1.12/linux-6.1.12-patches.txt
TAB=$(printf '\t')

# says STATUS PATTERN COMMAND...: ends with STATUS and one line on standard error, which matches
says() {
	wanted=$1 pattern=$2
	shift 2
	rc=0
	DEPS=no "$@" >/dev/null 2>"$T/log" </dev/null || rc=$?
	[ $rc = "$wanted" ] && [ "$(wc -l <"$T/log")" = 1 ] && grep -Eq -- "$pattern" "$T/log"
	ok $? "$(echo "$*" | sed "s,$T/,,g"): status $wanted, one line"
}

# Two files as stable updates have left them, and a patch for what they were.
make_trees() {
	mkdir -p "$T/tree" "$T/checkout/${PATCH%/*}" "$T/checkout/linux/module"
	: >"$T/checkout/linux/module/kutrace_mod.c"
	{
		printf '\tif (known) {\n\t\tunr = limited(unr);\n\t\tregs->ax = x64_sys_call(regs, unr);\n'
		printf '\t\treturn true;\n\t}\n'
	} >"$T/tree/call.c"
	{
		printf 'handle_page_fault()\n{\n\t/*\n\t * as it was\n\t */\n\tlocal_irq_disable();\n}\n\n'
		printf 'DEFINE_IDTENTRY_RAW_ERRORCODE(exc_page_fault)\n'
	} >"$T/tree/fault.c"
	cat >"$T/checkout/$PATCH" <<-END
		--- a/call.c
		+++ b/call.c
		@@ -1,5 +1,6 @@
		 ${TAB}if (known) {
		 ${TAB}${TAB}unr = limited(unr);
		-${TAB}${TAB}regs->ax = sys_call_table[unr](regs);
		+${TAB}${TAB}before();
		+${TAB}${TAB}regs->ax = sys_call_table[nr](regs);
		 ${TAB}${TAB}return true;
		 ${TAB}}
		--- a/fault.c
		+++ b/fault.c
		@@ -1526,6 +1530,8 @@ handle_page_fault()
		 ${TAB}${TAB} */
		 ${TAB}${TAB}local_irq_disable();
		 ${TAB}}
		+
		+${TAB}after();
		 }
		 
		 DEFINE_IDTENTRY_RAW_ERRORCODE(exc_page_fault)
	END
}

# apply TREE: by the functions of the bench
apply() {
	# shellcheck disable=SC2016
	sh -euc '. ci/lib.sh; . tests/bench/part-kutrace.sh; kutrace=$1/checkout tmp=$1; kutrace_apply "$2"' \
		ci/bench "$T" "$1"
}

make_trees
says 2 "part kutrace wants --kutrace DIR" ci/bench kutrace
says 2 "part kutrace wants --kutrace DIR" ci/bench kutrace native
says 2 "--kutrace wants a value" ci/bench --kutrace
says 2 "there is no directory $T/none \(--kutrace: KUtrace's checkout\)" ci/bench --kutrace "$T/none" kutrace
says 2 "$T/tree is no checkout of KUtrace: it has no $PATCH" ci/bench --kutrace "$T/tree" kutrace

cp -r "$T/tree" "$T/other"
apply "$T/tree" >"$T/log" 2>&1
ok $? "a patch for 6.1.12 is applied to what 6.1 is by now"
cat "$T/tree/call.c" "$T/tree/fault.c" | tr -s '\t\n' ' ' >"$T/log"
grep -q 'before(); regs->ax = x64_sys_call(regs, unr); return' "$T/log" &&
	grep -q 'local_irq_disable(); after(); }' "$T/log" && ! grep -q sys_call_table "$T/log"
ok $? "what it adds is where it belongs, and the call is the one that was there"
sed -i 's/x64_sys_call/another_call/' "$T/other/call.c"
says 1 "applying KUtrace's patch to 6.1: hunk 1 of call.c: does not fit" apply "$T/other"
echo "no patch" >"$T/checkout/$PATCH"
says 1 "applying KUtrace's patch to 6.1: .*garbage" apply "$T/other"
done_testing
