#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# clock-smp.t - CPUs that promise nothing of their counters: the fallback clock, in order across CPUs.
exec tests/guest/run clock.sh --smp 2 -- monotonic
