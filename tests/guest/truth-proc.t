#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# truth-proc.t - measures beyond the 18 beside what the kernel itself counts; counted instructions, so that no host is
# too slow.
exec tests/guest/run truth-proc.sh --icount --timeout 600
