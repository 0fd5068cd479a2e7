# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# ci/initramfs.sh - makes the two cpio archives of a guest: a base (busybox, init, modules; cached)
# and an overlay (the script and what --add names; made each time). Sourced by ci/boot, which sets
# $modules (lib/modules/RELEASE), $kmods, $adds (a file, one SRC[:DEST] a line), $root (a tree, or empty), $systemd, $tmp, and after
# ci/machine.sh has set $family, $base_modules (always loaded: the disks) and $static_nodes.

# load_order NAME...: the files of these modules and of what they need, in the order to load them.
# A module that is built in is nothing to load; an unknown one is an error.
load_order() {
	_built=$modules/modules.builtin	# kernels before 2.6.33 have no such list
	[ -f "$_built" ] || _built=/dev/null
	awk -v want="$*" '
	function base(p) { sub(/.*\//, "", p); sub(/\.(ko.*|o)$/, "", p); gsub(/-/, "_", p); return p }
	function load(n,  i, k, d) {
		if (n in done) return
		done[n] = 1
		k = split(needs[n], d, " ")
		for (i = k; i >= 1; i--) load(base(d[i]))
		print file[n]
	}
	FILENAME ~ /builtin$/ { built[base($0)] = 1; next }
	{ f = $1; sub(/:$/, "", f); n = base(f); file[n] = f; $1 = ""; needs[n] = $0 }
	END {
		m = split(want, w, " ")
		for (j = 1; j <= m; j++) {
			n = base(w[j])
			if (n in file) load(n)
			else if (!(n in built)) { print n > "/dev/stderr"; bad = 1 }
		}
		exit bad
	}' "$_built" "$modules/modules.dep"
}

copy_module() {
	case $1 in
	*.xz) xz -dc "$1" >"$2" ;;
	*.zst) zstd -qdc "$1" >"$2" ;;
	*) cp "$1" "$2" ;;
	esac
}

# pack DIR FILE: the tree as a newc archive owned by root.
pack() {
	(cd "$1" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0) >"$2.part" && mv "$2.part" "$2"
}

# cpio_entry NAME MODE(octal) MAJOR MINOR: one entry without contents, as newc has it.
cpio_entry() {
	printf '070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s\0' \
		0 "0$2" 0 0 1 0 0 0 0 "$3" "$4" $((${#1} + 1)) 0 "$1"
	_pad=$(((4 - (110 + ${#1} + 1) % 4) % 4))
	[ $_pad = 0 ] || head -c $_pad /dev/zero
}

# node_mode NAME: its permissions.
node_mode() {
	case $1 in
	null | zero | full | random | urandom | tty | ptmx) echo 666 ;;
	*) echo 600 ;;
	esac
}

# pack_nodes ARCHIVE: put the device nodes of $static_nodes before what is in it; making real ones takes root.
pack_nodes() {
	{
		cpio_entry dev 40755 0 0
		for _n in $static_nodes; do
			_nums=${_n#*:*:} _type=2
			case $_n in
			*:b:*) _type=6 ;;
			esac
			cpio_entry "dev/${_n%%:*}" "${_type}0$(node_mode "${_n%%:*}")" "${_nums%.*}" "${_nums#*.}"
		done
		cat "$1"
	} >"$1.nodes"
	mv "$1.nodes" "$1"
}

# base_archive: print the path of the base archive for $modules and $kmods.
base_archive() {
	_box=$(guest_busybox) || exit $?
	_list=
	if [ -f "$modules/modules.dep" ]; then
		# shellcheck disable=SC2086
		_list=$(load_order $base_modules $kmods 2>"$tmp/unknown") || die "$EX_FAIL" "looking for modules in" \
			"$modules: there is no $(tr '\n' ' ' <"$tmp/unknown")(ls $modules/kernel)"
	fi
	_key=$({ echo "$modules $_list $static_nodes"; cat "$CI"/guest-* "$CI/initramfs.sh" "$_box"
		[ ! -f "$modules/modules.dep" ] || cat "$modules/modules.dep"; } | sha256sum | cut -c1-16)
	_base=$LKST_CACHE/initramfs/base-$_key.cpio
	if [ ! -e "$_base" ]; then
		mkdir -p "$LKST_CACHE/initramfs" "$tmp/base/bin" "$tmp/base/lkst" "$tmp/base/usr/bin" "$tmp/base/etc"
		cp "$_box" "$tmp/base/bin/busybox"
		for _a in $("$_box" --list); do
			[ "$_a" = busybox ] || ln -s busybox "$tmp/base/bin/$_a"
		done
		ln -s /bin/busybox "$tmp/base/usr/bin/env"
		cp "$CI/guest-init" "$tmp/base/init"
		cp "$CI/guest-handover" "$tmp/base/bin/handover"
		cp "$CI/guest-plug-cpu" "$tmp/base/bin/plug-cpu"
		cp "$CI/guest-make-nodes" "$tmp/base/bin/make-nodes"
		chmod 755 "$tmp/base/init" "$tmp/base/bin/handover" "$tmp/base/bin/plug-cpu" "$tmp/base/bin/make-nodes"
		if [ -n "$static_nodes" ]; then
			for _a in insmod modprobe; do
				rm "$tmp/base/bin/$_a"
				cp "$CI/guest-load-module" "$tmp/base/bin/$_a"
			done
		fi
		echo "root:x:0:0:root:/root:/bin/sh" >"$tmp/base/etc/passwd"
		printf 'root:x:0:\nlkst:x:999:\n' >"$tmp/base/etc/group"
		: >"$tmp/base/lkst/modules"
		for _m in $_list; do
			_n=$(basename "$_m")
			case $_n in
			*.ko*) _n=${_n%%.ko*}.ko ;;
			esac
			copy_module "$modules/$_m" "$tmp/base/lkst/$_n"
			echo "/lkst/$_n" >>"$tmp/base/lkst/modules"
		done
		pack "$tmp/base" "$tmp/base.cpio"
		[ -z "$static_nodes" ] || pack_nodes "$tmp/base.cpio"
		mv "$tmp/base.cpio" "$_base.$$" && mv "$_base.$$" "$_base"
		find "$LKST_CACHE/initramfs" -name "base-*" -mtime +30 -delete
	fi
	echo "$_base"
}

is_elf() {
	[ "$(head -c 4 "$1" | od -An -tx1 | tr -d ' ')" = 7f454c46 ]
}

# The shared libraries of the dynamically linked programs of a tree, copied to the same places.
add_libraries() {
	find "$1" -type f -size +0 | while read -r _f; do
		is_elf "$_f" || continue
		ldd "$_f" 2>/dev/null | grep -oE '/[^ ]+' || true
	done | sort -u | while read -r _lib; do
		[ -e "$2$_lib" ] || { mkdir -p "$2${_lib%/*}" && cp -L "$_lib" "$2$_lib"; }
	done
}

# overlay_archive ARCHIVE SCRIPT [ARGS...]: the script, its arguments and environment, the --add files.
overlay_archive() {
	_to=$1 _over=$tmp/overlay
	shift
	mkdir -p "$_over/lkst"
	[ -z "$root" ] || cp -RPp "$root/." "$_over/"
	while IFS= read -r _line; do
		_src=${_line%%:*}
		case $_line in
		*:*) _dest=${_line#*:} ;;
		*) _dest=/${_src##*/}
			if [ -f "$_src" ] && [ -x "$_src" ]; then _dest=/bin$_dest; fi ;;
		esac
		[ -e "$_src" ] || die "$EX_USAGE" "adding $_src: no such file"
		case $_dest in
		*/) _dest=$_dest${_src##*/} ;;
		esac
		mkdir -p "$_over/$(dirname "$_dest")"
		if [ -d "$_src" ]; then
			mkdir -p "$_over/$_dest"
			cp -RL "$_src/." "$_over/$_dest/"
		else
			cp -L "$_src" "$_over/$_dest"
		fi
	done <"$adds"
	add_libraries "$_over" "$_over"
	if [ $# -gt 0 ]; then
		_name=/lkst/script/$(basename "$1")
		mkdir -p "$_over/lkst/script"
		cp -L "$1" "$_over$_name"
		[ "$(head -c 2 "$1")" != '#!' ] || chmod 755 "$_over$_name"
		add_libraries "$_over/lkst/script" "$_over"
		shift
		{
			printf "set -- '%s'" "$_name"
			for _arg; do
				printf " '%s'" "$(printf '%s' "$_arg" | sed "s/'/'\\\\''/g")"
			done
			echo
		} >"$_over/lkst/args"
	fi
	if [ "$systemd" = yes ]; then
		mkdir -p "$_over/etc/systemd/system/multi-user.target.wants"
		cp "$CI/guest-service" "$_over/etc/systemd/system/lkst-guest.service"
		ln -s ../lkst-guest.service "$_over/etc/systemd/system/multi-user.target.wants/lkst-guest.service"
	fi
	cp "$tmp/env" "$_over/lkst/env"
	pack "$_over" "$_to"
}

# make_initrd SCRIPT [ARGS...]: what the kernel is given, in $tmp/initrd.
make_initrd() {
	_base_cpio=$(base_archive) || exit $?
	overlay_archive "$tmp/overlay.cpio" "$@"
	if [ "$family" = 2.4 ]; then
		make_ramdisk "$_base_cpio" "$tmp/overlay.cpio"
	else
		cat "$_base_cpio" "$tmp/overlay.cpio" >"$tmp/initrd"
	fi
	rm -rf "$tmp/overlay" "$tmp/overlay.cpio"
}

# make_ramdisk ARCHIVE...: 2.4 knows no initramfs; the archives as an ext2 file system. Sets $ramdisk_kb.
# Nodes are made by debugfs, which needs no root for it.
make_ramdisk() {
	mkdir "$tmp/root"
	for _a; do
		(cd "$tmp/root" && cpio --quiet -id -f 'dev' 'dev/*' <"$_a")
	done
	ramdisk_kb=$(($(du -sk "$tmp/root" | cut -f1) * 5 / 4 + 8192))
	{
		echo "mkdir /dev"
		echo "cd /dev"
		for _n in $static_nodes; do
			_nums=${_n#*:*:}
			_type=${_n#*:}
			echo "mknod ${_n%%:*} ${_type%%:*} ${_nums%.*} ${_nums#*.}"
			case $_type in
			b:*) _type=060 ;;
			*) _type=020 ;;
			esac
			echo "set_inode_field ${_n%%:*} mode $_type$(node_mode "${_n%%:*}")"
		done
	} >"$tmp/nodes"
	{
		mke2fs -q -F -t ext2 -O none,filetype,sparse_super -I 128 -b 1024 -N 4096 -m 0 -E root_owner=0:0 \
			-d "$tmp/root" "$tmp/initrd" "${ramdisk_kb}k" && debugfs -w -f "$tmp/nodes" "$tmp/initrd"
	} >"$tmp/mke2fs.log" 2>&1 || {
		cat "$tmp/mke2fs.log" >&2
		die "$EX_FAIL" "making the guest's file system: mke2fs failed (its words are above)"
	}
	rm -rf "$tmp/root"
}
