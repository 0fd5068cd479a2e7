#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# truth-proc.t - on 2.6.9, measures beyond the 18 beside what is known without the tracer (the guest suite); counted
# instructions.
exec tests/legacy/run up truth-proc.sh --icount --timeout 600
