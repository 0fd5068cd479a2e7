#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kernel.t - kernel and kernel-smp from the user's 2.6.9, as packages: see kernel.sh.
# shellcheck disable=SC2034
version=2.6.9 uname=2.6.9-1.lkst1 kinds='up smp'
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/packages/kernel.sh
. "${0%/*}/kernel.sh"

need_tree
build_kernels
make_tarball
same up "$tarball"
module up
module smp
install_kernels
boot up "$events"
boot smp "$events" --smp 2
echo "1..$tests"
