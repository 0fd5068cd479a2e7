#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# truth.t - on 2.6.9, measures beside what programs know without the tracer (the guest suite); counted instructions.
exec tests/legacy/run up truth.sh --icount --timeout 600
