#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# truth-smp.t - truth.t for what takes a second CPU and a disk that takes its time (100 ms); noop: no request waits for
# another one.
exec tests/legacy/run "${1:-smp}" truth.sh --smp 2 --append elevator=noop --disk 16 --disk-ns 100000000 --timeout 600 \
	-- smp
