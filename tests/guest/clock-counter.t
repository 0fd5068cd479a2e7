#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# clock-counter.t - one CPU: the time stamp counter is fit.
exec tests/guest/run clock.sh --smp 1 -- tsc
