#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# truth-proc-smp.t - truth-proc.t for what takes a second CPU: who ends a wait from there.
exec tests/guest/run truth-proc.sh --smp 2 --timeout 600 -- smp
