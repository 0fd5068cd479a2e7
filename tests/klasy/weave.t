#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# weave.t - both published aspects in a stock kernel: built here, woven in the guest (weave.sh).

set -u
# shellcheck source=tests/klasy/lib.sh
. "${0%/*}/lib.sh"
b=${B:-build}
debug_kernel

# build NAME OPTION...: the aspect on standard input
build() {
	_name=$1
	shift
	cat >"$T/$_name.aspect"
	"$klasy" build -q --object "$object" --build "$headers" "$@" -o "$T/$_name.ko" "$T/$_name.aspect"
	case $?:$* in
	0:* | 3:*--skip-unknown*) ;;
	*) exit 1 ;;
	esac
}

# change FROM TO IN OUT: bytes of a module, as sed has them; they must be there
change() {
	LC_ALL=C sed "s/$1/$2/" "$T/$3.ko" >"$T/$4.ko"
	! cmp -s "$T/$3.ko" "$T/$4.ko" || { echo "Bail out! $4: the bytes are not in $3.ko"; exit 1; }
}

build inode --alias inode_change_ok=setattr_prepare <doc/examples/inode.aspect
skb=
for f in __netif_receive_skb_core ip_rcv_core ip_rcv ip_rcv_finish_core ip_local_deliver ip_protocol_deliver_rcu \
	tcp_v4_rcv tcp_v4_do_rcv tcp_rcv_established __kfree_skb skb_copy_datagram_iter; do
	skb="$skb --within $f"
done
# shellcheck disable=SC2086
build skb $skb <doc/examples/skb.aspect
build skb2 --within ip_rcv_core <doc/examples/skb.aspect
build after <<'END'
<aspect><advice>
  <pointcut> set(inode.i_uid) AND within_function(setattr_copy) AND target(i) </pointcut>
  <before> print(0, i->i_uid); </before>
  <after> print(1, i->i_uid); </after>
</advice></aspect>
END
build behind <<'END'
<aspect>
<advice>
  <pointcut> set(inode.i_uid) AND within_function(setattr_copy) AND target(i) </pointcut>
  <after> print(1, i->i_uid); </after>
</advice>
<advice>
  <pointcut> set(sk_buff.cb) AND within_function(ip_rcv_core) AND target(skb) </pointcut>
  <before> print(2, skb); </before>
  <after> print(3, skb); </after>
</advice>
<advice>
  <pointcut> set(sk_buff.len) AND within_function(skb_put) AND target(skb) </pointcut>
  <before> print(4, skb->len); </before>
  <after> print(5, skb->len); </after>
</advice>
</aspect>
END
build names <<'END'
<aspect>
<advice>
  <pointcut> execution(setattr_prepare) AND argument(attr) AND argument(1, d) </pointcut>
  <before> print(1, attr->ia_uid, d->d_inode->i_uid); </before>
</advice>
<advice>
  <pointcut> set(inode.i_uid) AND within_function(setattr_copy) AND local_var(attr, a) AND local_var(ia_valid)
	AND target(i) </pointcut>
  <before> print(2, a->ia_uid, i->i_uid, ia_valid); </before>
  <after> print(3, a->ia_uid, i->i_uid, ia_valid); </after>
</advice>
</aspect>
END
build event <<'END'
<aspect><advice>
  <pointcut> event(LKST_MARK) AND argument(text0, t) AND argument(1, u) </pointcut>
  <before> print(t, u); </before>
</advice></aspect>
END
build iph --skip-unknown <<'END'
<aspect>
<import>linux/ip.h</import>
<advice>
  <pointcut> get(sk_buff.%) AND within_function(ip_rcv_core) AND local_var(iph) </pointcut>
  <before> print(iph->protocol, iph->tot_len); </before>
</advice></aspect>
END
build slow --within ip_rcv_core <<'END'
<aspect>
<import>linux/delay.h</import>
<advice>
  <pointcut> access(sk_buff.%) </pointcut>
  <before> udelay(1000); </before>
</advice></aspect>
END

# Modules that do not fit: the bytes expected at the places, the build id as text and as bytes. And targets that are not
# there: a place without a register, and one far off.
id=$(strings "$T/inode.ko" | sed -n 's/^klasy_build_id=//p')
bytes=$(echo "$id" | sed 's/^\(..\)\(..\)\(..\)\(..\).*/\\x\1\\x\2\\x\3\\x\4/')
pc=
for byte in $("$klasy" match -q -j -o "$object" --alias inode_change_ok=setattr_prepare "$T/inode.aspect" | jq -r .pc |
	head -n 1 | sed 's/^0x//; s/../& /g'); do
	pc="\\x$byte$pc"
done
zero='\x00\x00\x00\x00\x00\x00'
change 'A\x8bw\x04' 'A\x8bw\x05' inode bytes
change "klasy_build_id=${id%??????}......" "klasy_build_id=${id%??????}000000" inode id
change "$bytes" '\x00\x00\x00\x00' inode note
change "$pc$zero\\x00\\x00\\x00\\x00." "$pc$zero\\x00\\x00\\x00\\x00\\xff" inode null
change "$pc$zero\\x00\\x00" "$pc$zero\\x00\\x40" inode wild

set --
for f in inode skb skb2 after behind names event iph slow bytes id note null wild; do
	set -- "$@" --add "$T/$f.ko:/t/"
done
set -- "$@" --add "$b/kmod-$kernel/lkst.ko:/t/"
for f in lkst lkstla lkstm lksteh; do
	set -- "$@" --add "$b/x86_64/$f:/t/"
done
set -- "$@" --add tests/guest/lib.sh:/t/ --add tests/tap.sh:/t/
ci/boot "$kernel" --timeout 400 "$@" --add "$klasy:/bin/klasy" -- tests/klasy/weave.sh
