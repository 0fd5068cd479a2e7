#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# truth.t - the 18 measures beside what is known without the tracer; counted instructions, so that no host is too slow.
null_blk=$(ci/kernel "${KERNEL:-6.1}" 2>/dev/null | sed -n 's/^modules=//p')/kernel/drivers/block/null_blk/null_blk.ko
exec tests/guest/run truth.sh --icount --kmod configfs --add "$null_blk:/t/" --timeout 600
