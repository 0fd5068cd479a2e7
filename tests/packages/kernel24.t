#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kernel24.t - kernel and kernel-smp from the user's 2.4.37.11, as packages: see kernel.sh.
# shellcheck disable=SC2034
version=2.4.37.11 uname=2.4.37-11.lkst1 kinds='up smp'
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/packages/kernel.sh
. "${0%/*}/kernel.sh"

need_tree
build_kernels
same smp
module up
module smp
install_kernels
boot up "$events"
boot smp "$events" --smp 2
echo "1..$tests"
