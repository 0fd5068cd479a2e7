#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# smp.t - an aspect comes and goes on four CPUs that reach its places (smp.sh).
#
#	ROUNDS  (environment) how often (20)

set -u
# shellcheck source=tests/klasy/lib.sh
. "${0%/*}/lib.sh"
b=${B:-build}
rounds=${ROUNDS:-20}
debug_kernel

for name in smp smp2; do
	cat >"$T/$name.aspect" <<'END'
<aspect><advice>
  <pointcut> access(sk_buff.%) AND target(skb) AND (within_function(ip_rcv_core) OR within_function(icmp_rcv))
  </pointcut>
  <before> print(smp_processor_id(), skb); </before>
  <after> print(smp_processor_id(), skb); </after>
</advice></aspect>
END
	"$klasy" build -q --object "$object" --build "$headers" -o "$T/$name.ko" "$T/$name.aspect" || exit 1
done
ci/boot "$kernel" --smp 4 --timeout $((200 + 20 * rounds)) --add "$T/smp.ko:/t/" --add "$T/smp2.ko:/t/" \
	--add "$b/kmod-$kernel/lkst.ko:/t/" --add "$b/x86_64/lkst:/t/" --add "$b/x86_64/lkstla:/t/" \
	--add tests/guest/lib.sh:/t/ --add tests/tap.sh:/t/ --add "$klasy:/bin/klasy" -- tests/klasy/smp.sh "$rounds"
